"""Who the page is about, and the rule by which it may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from impact.results.part import Part, plain
from impact.results.text import Sentence

__all__ = ["Status"]


@dataclass(frozen=True)
class Status(Part):
    """The status strip: the first part of every page, and the facts the index lists.

    Parameters
    ----------
    pilot, title, place, country, programme, starts, ends, comparison, source : str
        As in the params file; dates in ISO form; empty where not supplied.
    themes, partners : tuple of str
        As in the params file.
    mentor, mentee : str
        Mentoring pairs only.
    simulated, invented : bool
        Whether the data are simulated, and whether the pilot itself is invented. Either
        is said on the page and cannot be turned off.
    plan : str
        ``frozen_before_endline``, ``frozen_after_endline``, ``frozen`` (no endline date
        is known) or ``not_frozen``.
    guarded : bool
        Whether the units are people or households, so that small groups are hidden.
    minimum_cell : int
        Smallest group that is shown.
    unit_is : str
        ``person``, ``household`` or ``place``.
    language : str
        Of the page.
    """

    part: ClassVar[str] = "status"
    pilot: str
    title: str
    place: str = ""
    country: str = ""
    programme: str = ""
    starts: str = ""
    ends: str = ""
    comparison: str = ""
    source: str = ""
    themes: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    mentor: str = ""
    mentee: str = ""
    simulated: bool = False
    invented: bool = False
    plan: str = "not_frozen"
    guarded: bool = True
    minimum_cell: int = 10
    unit_is: str = "person"
    language: str = "en"

    def to_payload(self) -> dict[str, Any]:
        """Return the status as plain JSON."""
        payload: dict[str, Any] = plain(asdict(self))
        return payload

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Status:
        """Read back what `to_payload` returned."""
        given = {key: value for key, value in payload.items() if key != "part"}
        return cls(**given | {name: tuple(given[name]) for name in ("themes", "partners")})

    def _repr_html_(self) -> str:
        from impact import tables

        marks = (Sentence("Simulated data"),) if self.simulated else ()
        return tables.line((self.title, self.place, self.programme, *marks))
