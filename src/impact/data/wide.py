"""Waves that stand side by side in one row: one row a unit and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from impact.data.columns import coded
from impact.data.table import Table

__all__ = ["to_long"]

MADE = "made: a row for each further period of a unit"
UNSEEN = "dropped: not seen in the period"


def to_long(table: Table, wide: Mapping[str, Mapping[str, str]], period: str) -> Table:
    """Make a row a unit and period of a row a unit.

    Parameters
    ----------
    table : Table, n rows
        With every column that ``wide`` names.
    wide : mapping of str to mapping of str to str
        Per variable and period the column that holds it; the same periods for each.
    period : str
        Name of the column of periods.

    Returns
    -------
    Table
        Columns outside ``wide`` are repeated. A period in which all columns of a unit are
        empty is one in which it was not seen: it has no row, and is counted.
    """
    periods = list(next(iter(wide.values())))
    n = len(table.frame)
    sources = {column for columns in wide.values() for column in columns.values()}
    constant = [name for name in table.frame if name not in sources and name not in wide]
    blocks, seen = [], []
    for label in periods:
        held = {variable: table.frame[columns[label]] for variable, columns in wide.items()}
        block = table.frame[constant].assign(**held)
        block[period] = label
        blocks.append(block)
        seen.append(np.logical_or.reduce([coded(column).codes >= 0 for column in held.values()]))
    at = np.flatnonzero(np.concatenate(seen))
    long = _stacked(blocks).iloc[at].reset_index(drop=True)
    unseen = n * len(periods) - len(at)
    return replace(
        table,
        frame=long,
        header=tuple(dict.fromkeys([*table.header, *wide, period])),
        described=dict(table.described)
        | {
            variable: table.described[column]
            for variable, columns in wide.items()
            for column in list(columns.values())[:1]
            if column in table.described
        },
        lost={**table.lost, **({UNSEEN: unseen} if unseen else {})},
        made={**table.made, MADE: n * (len(periods) - 1)},
        broken=table.broken
        | {name for name, columns in wide.items() if table.broken & {*columns.values()}},
        origin=table.behind().taken(np.tile(np.arange(n), len(periods))[at]),
    )


def _stacked(blocks: list[pd.DataFrame]) -> pd.DataFrame:
    """Stack the blocks; a column that is text in one and numbers in another stays both."""
    columns: dict[Any, Any] = {}
    for name in blocks[0]:
        parts = [block[name] for block in blocks]
        if len({str(part.dtype) for part in parts}) > 1:
            parts = [part.astype(object) for part in parts]
        columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)
