"""All pilots beside each other: the list, and outcomes that several of them measured."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from impact.disclosure import IndexEntry, ReleasedIndex, release_index
from impact.locale import _, spoken
from impact.report import words
from impact.report.shared import SharedOutcome, shared_outcomes
from impact.results import Part

__all__ = ["Portfolio", "SharedOutcomes", "portfolio", "shared"]


@dataclass(frozen=True, eq=False)
class Portfolio(Part):
    """The pilots that the index lists.

    Parameters
    ----------
    entries : tuple of IndexEntry
        In order; each made from a released page, or from a pilot's name alone.
    """

    part: ClassVar[str] = "portfolio"
    entries: tuple[IndexEntry, ...]

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def released(self) -> ReleasedIndex:
        """The entries as they may be published."""
        return release_index(self.entries)

    def to_payload(self) -> dict[str, Any]:
        """Return the entries as plain JSON."""
        return {"entries": [entry.to_payload() for entry in self.entries]}

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Portfolio:
        """Read back what `to_payload` returned."""
        return cls(tuple(IndexEntry.of_payload(entry) for entry in payload["entries"]))

    def __repr__(self) -> str:
        return "\n".join(f"{one.pilot}: {one.sentence or one.state}" for one in self.released)

    def _repr_html_(self) -> str:
        say = spoken().say
        certain = words.certainties()
        rows = [
            [
                *(one.pilot, one.programme, one.country, one.state),
                certain.get(one.certainty, one.certainty),
                say(one.sentence) if one.sentence else "",
            ]
            for one in self.released
        ]
        names = (_("Pilot"), _("Programme"), _("Country"), _("State of the run"), _("Certainty"))
        return _table(_("All pilots"), [*names, _("What was found")], rows)


@dataclass(frozen=True, eq=False)
class SharedOutcomes(Part):
    """Outcomes that three or more pilots measured, with their average where one is due.

    Parameters
    ----------
    pilots : Portfolio
        What they are read off: released estimates alone.
    """

    part: ClassVar[str] = "shared_outcomes"
    pilots: Portfolio

    @cached_property
    def outcomes(self) -> tuple[SharedOutcome, ...]:
        """One for each indicator and each way in which it was measured."""
        return shared_outcomes(self.pilots.released)

    def to_payload(self) -> dict[str, Any]:
        """Return the entries that the outcomes are read off, as plain JSON."""
        return self.pilots.to_payload()

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> SharedOutcomes:
        """Read back what `to_payload` returned."""
        return cls(Portfolio.of_payload(payload))

    def __repr__(self) -> str:
        return "\n\n".join(
            f"{one.name}\n{one.rows.to_string(index=False)}" for one in self.outcomes
        )

    def _repr_html_(self) -> str:
        return "".join(
            _table(one.name, list(one.rows.columns), one.rows.to_numpy().tolist())
            for one in self.outcomes
        )


def portfolio(entries: Sequence[Mapping[str, Any]] | None = None) -> Portfolio:
    """Return all pilots of a project, from the records of their runs.

    Parameters
    ----------
    entries : sequence of mapping, optional
        Lines of the index as `IndexEntry.to_payload` returns them; read from
        ``runs/*/run.json`` of the project unless given.

    Returns
    -------
    Portfolio
        In the order of the pilots' ids, where the records are read.

    Raises
    ------
    SpecError
        No entries are given, and there is no project.

    Examples
    --------
    >>> len(portfolio([]))
    0
    """
    given = _recorded() if entries is None else entries
    return Portfolio(tuple(IndexEntry.of_payload(entry) for entry in given))


def shared(pilots: Portfolio) -> SharedOutcomes:
    """Return the outcomes that three or more of the pilots measured.

    Estimand of an average: the mean of the effects that pilots of this kind have on the
    outcome. Identifying assumptions: each pilot's own; no person is in two pilots; pilots
    are exchangeable.

    Examples
    --------
    >>> shared(portfolio([])).outcomes
    ()
    """
    return SharedOutcomes(pilots)


def _recorded() -> list[Mapping[str, Any]]:
    """Read the lines of the index that runs left; a record that is broken says nothing."""
    from impact.spec.project import project_root

    found = []
    for record in sorted((project_root(None) / "runs").glob("*/run.json")):
        entry = _entry(record)
        if entry:
            found.append(entry)
    return found


def _entry(record: Path) -> Mapping[str, Any] | None:
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        entry: Mapping[str, Any] = known["entry"]
        return entry if known["pilot"] == record.parent.name else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _table(caption: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Write a plain table for the notebook; the page has a template of its own."""
    head = "".join(f'<th scope="col">{html.escape(name.replace("_", " "))}</th>' for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(value))}</td>" for value in row) + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
