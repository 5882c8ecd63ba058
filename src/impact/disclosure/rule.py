"""The rule by which a page is released."""

from __future__ import annotations

import math
from dataclasses import dataclass

from impact.errors import DisclosureError
from impact.results import Status

__all__ = ["DIGITS", "LEAST", "Rule", "half_of", "significant"]

LEAST = 5
DIGITS = 3
"""Of what a table tells neither by steps nor exactly."""
GUARDED_DIGITS = 4
FREE_DIGITS = 7


@dataclass(frozen=True)
class Rule:
    """How small a group may be and still be shown.

    Parameters
    ----------
    minimum_cell : int
        Smallest number of people that is shown; never under 5.
    guarded : bool
        Whether the units are people or households. Where they are places (counties,
        shops), nothing is hidden.

    Raises
    ------
    DisclosureError
        The minimum is under 5.

    Examples
    --------
    >>> Rule(10, guarded=True).small(9), Rule(10, guarded=True).small(10)
    (True, False)
    """

    minimum_cell: int
    guarded: bool

    def __post_init__(self) -> None:
        if self.minimum_cell < LEAST:
            raise DisclosureError(
                f"a minimum cell of {self.minimum_cell} is too small; it is at least {LEAST}"
            )

    @classmethod
    def of(cls, status: Status) -> Rule:
        """Return the rule that a page's status states; people are always guarded."""
        return cls(status.minimum_cell, status.guarded or status.unit_is != "place")

    def small(self, people: float) -> bool:
        """Return whether a number of people, zero included, is too small to be shown.

        A number that is missing is small: what is not known to be large is not shown.
        """
        return self.guarded and not people >= self.minimum_cell

    def near(self, people: float) -> int:
        """Return the multiple of the minimum that is nearest to a number of people."""
        return self.minimum_cell * math.floor(people / self.minimum_cell + 0.5)

    def round(self, value: float) -> float:
        """Return an estimate with the digits that may be published.

        Four significant digits where people are guarded, seven where they are not:
        enough to compare with a published table, too few to solve for single answers.
        """
        return significant(value, GUARDED_DIGITS if self.guarded else FREE_DIGITS)


def significant(value: float, digits: int) -> float:
    """Return the value rounded to so many significant digits; missing stays missing."""
    if not math.isfinite(value) or value == 0:
        return value
    return float(f"{value:.{digits - 1}e}")


def half_of(value: float, digits: int) -> float:
    """Return how far a number may lie from the one that is told with so many digits."""
    if not math.isfinite(value) or value == 0:
        return 0.0
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
