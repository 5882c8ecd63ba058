"""A table of statistics, kept tidy until the moment somebody reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from impact.results.part import Part, frame_from_payload, frame_to_payload
from impact.results.text import Sentence, label_of_payload, label_to_payload

__all__ = ["ABSENT", "BETWEEN", "COUNTS", "SummaryTable"]

ABSENT = ("missing", "refused", "not_known", "not_asked")
"""Why no answer was given."""
BETWEEN = " – "
"""Between the two periods that a change is from and to."""
COUNTS = frozenset({"n", "units", "lost", *ABSENT})
COLUMNS = ("variable", "category", "group", "period", "statistic", "value", "base")


@dataclass(frozen=True, eq=False)
class SummaryTable(Part):
    """Statistics by variable, group and period, one value a row.

    Parameters
    ----------
    section : str
        Which table this is (``participants``, ``balance``, ``trends``, ``flow`` …).
    cells : pandas.DataFrame
        One row a value, columns ``variable, category, group, period, statistic, value,
        base``. ``group`` is ``treated``, ``comparison`` or ``all``; ``period`` and
        ``category`` are text (empty where they do not apply); ``statistic`` is one of
        ``n units clusters places missing refused not_known not_asked lost total mean sd
        share median q1 q3 change low high smd smd_unweighted smd_lost variance_ratio difference
        p_value alpha alpha_low alpha_high item_rest alpha_without``;
        ``value`` is a float; ``base`` is the number of units the value rests on (the
        smaller group's where two are compared).
    labels : mapping of str to str
        What a reader calls each variable and category; a `Label` where the package put the
        name together.
    notes : tuple of Sentence
        What must be read with the table.
    """

    part: ClassVar[str] = "summary"
    section: str
    cells: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()

    def __post_init__(self) -> None:
        missing = [name for name in COLUMNS if name not in self.cells.columns]
        if missing:
            raise ValueError(f"a summary table needs the columns {missing}")

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the tidy cells."""
        return self.cells.copy()

    def to_payload(self) -> dict[str, Any]:
        """Return the table as plain JSON."""
        return {
            "section": self.section,
            "cells": frame_to_payload(self.cells.loc[:, list(COLUMNS)]),
            "labels": {key: label_to_payload(said) for key, said in self.labels.items()},
            "notes": [note.to_payload() for note in self.notes],
        }

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> SummaryTable:
        """Read back what `to_payload` returned."""
        return cls(
            payload["section"],
            frame_from_payload(payload["cells"]),
            {key: label_of_payload(said) for key, said in payload["labels"].items()},
            tuple(Sentence.of_payload(note) for note in payload["notes"]),
        )

    def __repr__(self) -> str:
        from impact import tables

        return tables.summary_text(self)

    def _repr_html_(self) -> str:
        from impact import tables

        return tables.summary_html(self)
