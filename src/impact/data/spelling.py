"""How one value is spelled, the same whatever file it comes from, and the number it means."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["NOT_THERE", "NUMBER", "number_of", "spelled"]

NOT_THERE = frozenset(
    ("", ".", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "<NA>", "#N/A", "NULL", "null")
)
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?([iI]nf|INF|[iI]nfinity)$"


def spelled(value: Any) -> str | None:
    """Spell a value as text, the same for every file format; None where nothing stands."""
    if isinstance(value, str):
        text = value.strip()
        return None if text in NOT_THERE else text
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, float | np.floating):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, dt.datetime | np.datetime64):
        stamp = pd.Timestamp(value)
        midnight = stamp == stamp.normalize()
        return stamp.date().isoformat() if midnight else stamp.isoformat(sep=" ")
    return str(value)


def number_of(label: str) -> float | None:
    """Return the number that a text is, or None; thousands and decimal commas are none."""
    return float(label) if re.match(NUMBER, label) else None
