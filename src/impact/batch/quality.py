"""What a check tells of sound data: the table of their quality, through the page's gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from impact.data.panel import Panel
    from impact.results import Status, SummaryTable

__all__ = ["BESIDE", "plainly", "quality_of"]

BESIDE = (
    "participants",
    "flow",
    "leavers",
    "comparison",
    "trends",
    "distribution",
    "changes",
    "totals",
    "subgroups",
    "balance",
    "reliability",
)
"""The tables of a pilot's page. A log of a check may be read beside the page, so what is hidden
there to protect another number is hidden here."""


def quality_of(panel: Panel, status: Status) -> dict[str, Any]:
    """Return the quality of a pilot's data as a check may tell it.

    Parameters
    ----------
    panel : Panel
    status : Status
        States the rule of the gate.

    Returns
    -------
    dict
        Plain JSON. ``text``: the tables as lines of text; ``cells``: their released values,
        ``value`` null where one is withheld; ``notes``: what stands beside them.
    """
    from impact import describe
    from impact.disclosure import Rule
    from impact.disclosure.tables import gate_tables
    from impact.report.readable import without_blank_lines
    from impact.tables import apart, summary_text

    rule = Rule.of(status)
    verbs = [getattr(describe, name) for name in BESIDE] if rule.guarded else []
    gated, _ = gate_tables([describe.quality(panel), *(verb(panel) for verb in verbs)], rule)
    parts = [without_blank_lines(part) for part in apart(gated[0])]
    told = [summary_text(part, threshold=rule.minimum_cell) for part in parts]
    return {
        "text": "\n\n".join(told),
        "cells": _cells(gated[0]),
        "notes": [str(note) for note in gated[0].notes],
    }


def plainly(told: Mapping[str, Any], plain: Callable[[str], str]) -> dict[str, Any]:
    """Return what `quality_of` returned with the machine's folders taken out of its text."""
    if not told:
        return {}
    notes = [plain(note) for note in told["notes"]]
    return {**told, "text": plain(told["text"]), "notes": notes}


def _cells(table: SummaryTable) -> list[Mapping[str, Any]]:
    payload = table.to_payload()["cells"]
    names = [name for name in payload["columns"] if name != "base"]
    rows = (dict(zip(payload["columns"], row, strict=True)) for row in payload["rows"])
    return [{name: row[name] for name in names} for row in rows]
