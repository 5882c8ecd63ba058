"""What can go wrong, and whose fault it is.

::

    ImpactError
    ├── SpecError         the params file
    ├── DataError         the data file
    ├── DesignError       the method does not fit the design or the panel
    ├── DisclosureError   a result may not be published
    └── RunError          a notebook broke, hung or ran another pilot

An error carries all its faults, not the first one. Its text never holds a value
of a person; the row numbers of a fault are kept apart and go to ``runs/`` only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "DataError",
    "DesignError",
    "DisclosureError",
    "Fault",
    "ImpactError",
    "RunError",
    "SpecError",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, told so that it can be mended.

    Parameters
    ----------
    code : str
        The name of the kind of defect, in kebab-case (``unknown-key``).
    where : str
        File, line and key (``params/x.yml:14 design.first_treated``).
    found : str
        What stands there; counts, never a value of a person.
    expected : str
        What should stand there.
    advice : str
        What to do.
    rows : tuple of int
        Rows of the data file, counted as a spreadsheet counts them (the header
        is row 1). Private: they go to ``runs/`` and are not part of the text.
    """

    code: str
    where: str
    found: str
    expected: str = ""
    advice: str = ""
    rows: tuple[int, ...] = ()

    def __str__(self) -> str:
        said = "; ".join(part for part in (self.found, self.expected, self.advice) if part)
        return f"{self.where}: {said}" if self.where else said


class ImpactError(Exception):
    """Anything that `impact` refuses, with all its reasons.

    Parameters
    ----------
    faults : str, Fault or iterable of Fault
        A plain sentence, or the faults that were found.
    """

    def __init__(self, faults: str | Fault | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            faults = (Fault("error", "", faults),)
        elif isinstance(faults, Fault):
            faults = (faults,)
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class SpecError(ImpactError):
    """The params file is wrong: the evaluator who wrote it mends it."""


class DataError(ImpactError):
    """The data are wrong: whoever delivered the file mends it."""


class DesignError(ImpactError):
    """The method does not fit the design or the panel; the text names one that does."""


class DisclosureError(ImpactError):
    """A result could identify a person and may not be published."""


class RunError(ImpactError):
    """The notebook broke, hung, or ran another pilot than the one asked for."""
