"""The same people written as CSV, Parquet, Excel, Stata and SPSS files.

In CSV, Parquet and Excel the answers stand in words and the codes of answers not given in
``data.missing``; in Stata and SPSS they are codes, and the file itself says what they mean.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat

PEOPLE, WAVES = 240, 3
LANGUAGES = ("Dari", "Français", "Tigrinya", "Türkçe")
STAY = {1: "Rented", 2: "Shared", 3: "Shelter"}
TRUST = {0: "none", 10: "full", 97: "Question not asked", 98: "Refused", 99: "Don't know"}
NO_ANSWER = {97: "not_asked", 98: "refused", 99: "not_known"}
SUFFIXES = (".csv", ".semicolon.csv", ".windows.csv", ".parquet", ".xlsx", ".dta", ".sav")


def people() -> pd.DataFrame:
    """Return one row a person and wave, with answers of every sort; codes for what is a code."""
    rng = np.random.default_rng(5)
    who, when = np.repeat(np.arange(PEOPLE), WAVES), np.tile(np.arange(WAVES), PEOPLE)
    n, treated = len(who), who % 2
    trust = (rng.integers(0, 11, n) + treated * (when == 2)).clip(0, 10).astype(float)
    trust[rng.random(n) < 0.05] = 98
    trust[rng.random(n) < 0.04] = 99
    trust[rng.random(n) < 0.03] = 97
    trust[rng.random(n) < 0.05] = np.nan
    income = np.round(rng.normal(1100, 200, n) + 60 * treated * (when == 2), 2)
    income[rng.random(n) < 0.06] = np.nan
    stay = rng.integers(1, 4, PEOPLE)[who].astype(float)
    stay[who % 17 == 0] = 9
    days = [dt.date(2021, 3, 1), dt.date(2021, 9, 1), dt.date(2022, 3, 1)]
    return pd.DataFrame(
        {
            "person": [f"p{at:03d}" for at in who],
            "asked_on": [days[at] for at in when],
            "town": [f"town {at % 20:02d}" for at in who // 2],
            "in_pilot": treated,
            "trust": trust,
            "income": income,
            "working": rng.integers(0, 2, n),
            "age": rng.integers(18, 70, PEOPLE)[who],
            "language": np.array(LANGUAGES)[rng.integers(0, 4, PEOPLE)][who],
            "stay": stay,
            "weight": np.round(0.5 + rng.random(PEOPLE), 3)[who],
        }
    )


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame as a file of words has it."""
    stay = frame["stay"].map({**STAY, 9: "Refused"}).astype(object)
    return frame.assign(stay=stay)


def params(path: str, *, words: bool) -> dict[str, Any]:
    """Return the params of such a file; one of codes says itself what they mean."""
    missing = {"not_asked": [97], "refused": [98, "Refused"], "not_known": [99]}
    return {
        "pilot": "same",
        "data": {
            "path": path,
            "unit": "person",
            "period": "asked_on",
            "weight": "weight",
            "missing": missing if words else {},
        },
        "design": {
            "kind": "did",
            "treated": "in_pilot",
            "starts": "2022-03-01",
            "assignment": "person",
        },
        "outcomes": [
            {"column": "trust", "label": "Trust", "kind": "ordinal", "scale": [0, 10]},
            {"column": "income", "label": "Income", "kind": "continuous"},
            {"column": "working", "label": "Works", "kind": "binary"},
        ],
        "covariates": ["age", "language", "stay"],
        "subgroups": ["stay"],
    }


def write(suffix: str, folder: Path) -> Path:
    """Write the people as a file of that kind; return its path."""
    path, frame = folder / f"same{suffix}", people()
    WRITERS[suffix](frame, path)
    return path


def _csv(frame: pd.DataFrame, path: Path) -> None:
    in_words(frame).to_csv(path, index=False)


def _semicolon(frame: pd.DataFrame, path: Path) -> None:
    words = in_words(frame)
    words.to_csv(path, index=False, sep=";", decimal=",", encoding="utf-16")


def _windows(frame: pd.DataFrame, path: Path) -> None:
    in_words(frame).to_csv(path, index=False, sep=";", encoding="cp1252")


def _parquet(frame: pd.DataFrame, path: Path) -> None:
    in_words(frame).to_parquet(path, index=False)


def _excel(frame: pd.DataFrame, path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(list(frame))
    for row in in_words(frame).astype(object).itertuples(index=False):
        page.append([None if value != value else value for value in row])
    book.create_sheet("Sheet2")
    book.save(path)


def _codes_of_words(frame: pd.DataFrame) -> pd.DataFrame:
    codes = {word: at for at, word in enumerate(LANGUAGES, start=1)}
    return frame.assign(language=frame["language"].map(codes))


LABELS = {
    "trust": TRUST,
    "language": dict(enumerate(LANGUAGES, start=1)),
    "stay": {**STAY, 9: "Refused to say"},
    "working": {0: "no", 1: "yes"},
}
QUESTIONS = {"trust": "How far do you trust people?", "income": "Income of the household"}


def _stata(frame: pd.DataFrame, path: Path) -> None:
    """Write missing codes of Stata itself: .a refused, .b not known, .c not asked."""
    letters = {98.0: "a", 99.0: "b", 97.0: "c"}
    coded = _codes_of_words(frame)
    trust = coded["trust"].astype(object)
    stay = coded["stay"].astype(object)
    coded["trust"] = [letters.get(value, value) for value in trust]
    coded["stay"] = ["a" if value == 9 else value for value in stay]
    labels = {
        **LABELS,
        "trust": {0: "none", 10: "full", "a": "Refus", "b": "Ne sait pas", "c": "Non posée"},
        "stay": {**STAY, "a": "Refus"},
    }
    pyreadstat.write_dta(
        coded,
        path,
        column_labels=QUESTIONS,
        variable_value_labels=labels,
        missing_user_values={"trust": ["a", "b", "c"], "stay": ["a"]},
    )


def _spss(frame: pd.DataFrame, path: Path) -> None:
    """Write a range of missing codes, and a single one."""
    coded = _codes_of_words(frame)
    pyreadstat.write_sav(
        coded,
        path,
        column_labels=QUESTIONS,
        variable_value_labels=LABELS,
        missing_ranges={"trust": [{"lo": 97, "hi": 99}], "stay": [9]},
    )


WRITERS = dict(
    zip(
        SUFFIXES,
        (_csv, _semicolon, _windows, _parquet, _excel, _stata, _spss),
        strict=True,
    )
)
