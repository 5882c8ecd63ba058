"""What one finds in the rows of any format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from .base import FORMATS, RIGHT, Broken, of, set_to


def of_values() -> Iterator[Broken]:
    """Give every case."""
    words: dict[str, tuple[Any, tuple[str, ...]]] = {
        "no-rows": (lambda f: f.iloc[:0], ("no-rows",)),
        "other-columns": (lambda f: f.add_suffix("_x"), ("no-known-column",)),
        "no-outcome": (lambda f: f.drop(columns="trust"), ("column-missing",)),
        "no-unit": (lambda f: f.drop(columns="person"), ("column-missing",)),
        "no-group": (lambda f: f.drop(columns="in_pilot"), ("column-missing",)),
        "misspelt-outcome": (lambda f: f.rename(columns={"trust": "Trust"}), ("column-missing",)),
        "rows-twice": (lambda f: pd.concat([f, f.iloc[[2]]]), ("repeated-pairs",)),
        "unit-empty": (set_to("person", ""), ("unit-missing",)),
        "outcome-of-words": (lambda f: f.assign(trust=f["person"]), ("text-in-number",)),
        "outcome-all-empty": (lambda f: f.assign(trust=np.nan), ("outcome-missing",)),
        "outcome-constant": (lambda f: f.assign(trust=4.5), ("outcome-constant",)),
        "outcome-as-text": (lambda f: f.assign(trust=f["trust"].map(repr)), (RIGHT,)),
        "wave-as-text": (lambda f: f.assign(wave=f["wave"].astype(str)), (RIGHT,)),
        "wave-as-float": (lambda f: f.assign(wave=f["wave"].astype(float)), (RIGHT,)),
        "group-as-text": (lambda f: f.assign(in_pilot=f["in_pilot"].astype(str)), (RIGHT,)),
        "group-of-words": (lambda f: f.assign(in_pilot="yes"), ("not-zero-one",)),
        "units-padded": (lambda f: f.assign(person=f["person"] + "   "), (RIGHT,)),
        "wave-serial-numbers": (lambda f: f.assign(wave=44196 + f["wave"]), ("serial-dates",)),
        "wave-with-hours": (
            lambda f: f.assign(
                wave=pd.Timestamp("2021-03-01 14:30") + pd.to_timedelta(f["wave"], "D")
            ),
            ("date-format",),
        ),
        "one-wave": (lambda f: f[f["wave"] == 2], ("no-pre-period",)),
        "failed-formula": (_text_of("trust", "#REF!"), ("formula-error",)),
        "failed-division": (_text_of("trust", "#DIV/0!"), ("formula-error",)),
        "failed-name-in-words": (_text_of("origin", "#NAME?"), ("formula-error",)),
        "decimal-comma-in-text": (_text_of("trust", "3,5"), ("text-in-number",)),
        "header-again": (_header_again, ("header-repeated",)),
        "shuffled": (lambda f: f.sample(frac=1, random_state=1), (RIGHT,)),
        "column-order": (lambda f: f[list(f.columns[::-1])], (RIGHT,)),
        "note-with-lines": (lambda f: f.assign(note='one\ntwo; "three", four'), (RIGHT,)),
        "note-empty": (lambda f: f.assign(note=""), (RIGHT,)),
    }
    for suffix in FORMATS:
        # A file of Stata or SPSS is read in a process of its own: each has half of the cases.
        part = {".dta": slice(0, None, 2), ".sav": slice(1, None, 2)}.get(suffix, slice(None))
        for name, (change, due) in list(words.items())[part]:
            yield Broken(f"{suffix}-{name}", suffix, of(change, suffix), due)
    for suffix in (".csv", ".parquet"):
        infinite = of(lambda f: f.assign(trust=np.inf), suffix)
        yield Broken(f"{suffix}-infinite", suffix, infinite, ("infinite",))
    for suffix in (".csv", ".xlsx"):
        mixed = of(set_to("trust", "a lot"), suffix)
        yield Broken(f"{suffix}-mixed-types", suffix, mixed, ("text-in-number",))
    for suffix in (".csv", ".xlsx", ".parquet"):
        wide = of(_ten_thousand, suffix)
        yield Broken(f"{suffix}-ten-thousand-columns", suffix, wide, (RIGHT,))


def _text_of(column: str, value: str) -> Any:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        held = frame[column].astype(str)
        held.iloc[[3, 8]] = value
        return frame.assign(**{column: held})

    return change


def _header_again(frame: pd.DataFrame) -> pd.DataFrame:
    names = pd.DataFrame([list(frame.columns)], columns=frame.columns)
    return pd.concat([frame.astype(str), names])


def _ten_thousand(frame: pd.DataFrame) -> pd.DataFrame:
    more = {f"q{at}": None for at in range(10_000)}
    return pd.concat([frame, pd.DataFrame(more, index=frame.index)], axis=1)
