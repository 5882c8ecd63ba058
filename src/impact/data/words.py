"""Columns of words as numbers, where the params file says which word stands for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from impact.data.columns import coded
from impact.data.faults import located, rows_of
from impact.data.spelling import number_of, spelled
from impact.data.table import Table
from impact.errors import Fault
from impact.spec.models import Missing

__all__ = ["with_codes"]


def with_codes(table: Table, codes: Mapping[str, Mapping[str, float]], missing: Missing) -> Table:
    """Put numbers for words in the columns that have codes.

    Parameters
    ----------
    table : Table
        Left as it is.
    codes : mapping of str to mapping of str to float
        Per column, the number of each word; upper and lower case are one.
    missing : Missing
        Codes of answers not given: they stay as they are.

    Returns
    -------
    Table
        A number stays a number. ``faults`` tells of words that no code has; they are
        taken out.
    """
    gone = {spelled(code) for name in Missing.model_fields for code in getattr(missing, name)}
    frame, faults, broken = table.frame, list(table.faults), set(table.broken)
    for name in (name for name in codes if name in frame):
        numbers = {word.strip().casefold(): number for word, number in codes[name].items()}
        seen = coded(frame[name])
        meant = [_meant(label, numbers, gone) for label in seen.labels]
        unknown = np.array([*(word is None for word in meant), False])[seen.codes]
        if unknown.any():
            found = f"{int(unknown.sum())} of {len(frame)} rows hold a word without a code"
            expected = f"expected one of {len(numbers)} words"
            advice = f"add it under data.codes.{name}, or under data.missing"
            where = f"{table.where}, column '{name}'"
            fault = Fault("word-without-code", where, found, expected, advice, rows_of(unknown))
            faults += located([fault], table)
            broken.add(name)
        words = np.array([*(word or "" for word in meant), ""], dtype=object)
        frame = frame.assign(**{name: pd.Series(words[seen.codes], index=frame.index, dtype=str)})
    return replace(table, frame=frame, faults=tuple(faults), broken=frozenset(broken))


def _meant(label: str, numbers: Mapping[str, float], gone: set[str | None]) -> str | None:
    number = numbers.get(label.casefold())
    if number is not None:
        return spelled(float(number))
    return label if label in gone or number_of(label) is not None else None
