"""Outcomes and covariates: numbers on their scale, words as 0/1 columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from impact.data.columns import (
    Coded,
    Numbers,
    categories,
    is_text,
    is_true_or_false,
    numbers,
)
from impact.data.faults import rows_of
from impact.data.labels import Codes, codes_of
from impact.data.periods import Timeline
from impact.data.scores import scored
from impact.data.table import Table
from impact.errors import Fault
from impact.spec.models import Missing, Outcome

__all__ = [
    "MOST_CATEGORIES",
    "Values",
    "at_column",
    "read_covariate",
    "read_outcome",
    "read_score",
]

MOST_CATEGORIES = 30


@dataclass
class Values:
    """What stands in each role, one entry a row of the table, and what is wrong.

    Parameters
    ----------
    n : int
        Rows of the table.
    line : Timeline
        The periods.
    period : numpy.ndarray of int, shape (n,)
        Codes; -1 where no period stands.
    group : numpy.ndarray of float, shape (n,)
        1 in the pilot group, 0 outside it, NaN where nothing stands.
    start : numpy.ndarray of float, shape (n,)
        First treated time; inf is never.
    weight : numpy.ndarray of float, shape (n,)
        Sampling weights.
    labels : mapping of str to Coded
        Units, clusters, places, other clusters and reasons for leaving, by role.
    variables, answers : mapping of str to numpy.ndarray, shape (n,)
        Outcomes, covariates and subgroups, by the name they have in the panel.
    split : mapping of str to tuple of str
        Names that a source column of words became.
    references : mapping of str to str
        Per column of words the first category, which became no column.
    faults : list of Fault
        What is wrong with values and columns.
    broken : set of str
        Roles and outcomes that cannot be checked further.
    """

    n: int
    line: Timeline
    period: np.ndarray
    group: np.ndarray
    start: np.ndarray
    weight: np.ndarray
    labels: dict[str, Coded] = field(default_factory=dict)
    variables: dict[str, np.ndarray] = field(default_factory=dict)
    answers: dict[str, np.ndarray] = field(default_factory=dict)
    split: dict[str, tuple[str, ...]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    simulated: bool = False
    faults: list[Fault] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def refuse(self, role: str, fault: Fault) -> None:
        """Note a fault and that the role cannot be used."""
        self.faults.append(fault)
        self.broken.add(role)


def at_column(where: str, name: str) -> str:
    """Return how faults name a column of a file."""
    return f"{where}, column '{name}'"


def read_outcome(
    read: Values, series: pd.Series[Any], outcome: Outcome, missing: Missing | Codes, where: str
) -> None:
    """Read an outcome into ``read``: numbers on their scale."""
    got = numbers(series, missing, truth=outcome.kind == "binary")
    for fault in (
        *_no_numbers(got, at_column(where, outcome.column)),
        *_off_scale(got, outcome, where),
    ):
        read.refuse(outcome.column, fault)
    got.values[np.isinf(got.values)] = np.nan
    read.variables[outcome.column] = got.values
    read.answers[outcome.column] = got.answers


def read_score(read: Values, table: Table, outcome: Outcome, missing: Missing) -> None:
    """Read the items of a score into ``read``, as they were answered, and the score."""
    frame = table.frame
    if outcome.score is None or any(item not in frame for item in outcome.score.items):
        return
    names = outcome.score.items
    for name in names:
        if name not in read.variables:
            kept = {"column": name, "scale": outcome.item_scale, "score": None}
            item = outcome.model_copy(update=kept)
            codes = codes_of(missing, table.described.get(name))
            read_outcome(read, frame[name], item, codes, table.where)
    items = np.column_stack([read.variables[name] for name in names])
    answers = np.column_stack([read.answers[name] for name in names])
    value, answer = scored(outcome, items, answers)
    read.variables[outcome.column], read.answers[outcome.column] = value, answer
    if read.broken.intersection(names):
        read.broken.add(outcome.column)


def _no_numbers(got: Numbers, where: str) -> Iterator[Fault]:
    n = len(got.values)
    if got.bad.any():
        found = f"{int(got.bad.sum())} of {n} values are text, a number is expected"
        advice = "write 1.5, not 1,5 (decimal comma); name codes of missing answers in data.missing"
        yield Fault("text-in-number", where, found, "", advice, rows_of(got.bad))
    infinite = np.isinf(got.values)
    if infinite.any():
        found = f"{int(infinite.sum())} of {n} values are infinite"
        advice = "look for a division by zero where the file was made"
        yield Fault("infinite", where, found, "", advice, rows_of(infinite))


def _off_scale(got: Numbers, outcome: Outcome, where: str) -> Iterator[Fault]:
    column, n = at_column(where, outcome.column), len(got.values)
    finite = np.isfinite(got.values)
    if outcome.kind == "binary":
        other = finite & ~np.isin(got.values, (0, 1))
        if other.any():
            found = f"{int(other.sum())} of {n} values are neither 0 nor 1"
            advice = "name codes of missing answers in data.missing, or change outcomes.kind"
            yield Fault("not-binary", column, found, "", advice, rows_of(other))
        return
    low, high = outcome.scale or (-np.inf, np.inf)
    if outcome.scale is None and outcome.kind in ("count", "duration"):
        low = 0.0
    outside = finite & ((got.values < low) | (got.values > high))
    if outside.any():
        span = f"{low:g} to {high:g}" if np.isfinite(high) else f"{low:g} and above"
        found = f"{int(outside.sum())} of {n} values are outside the scale {span}"
        advice = "name codes of missing answers in data.missing, or mend outcomes.scale"
        yield Fault("outside-scale", column, found, "", advice, rows_of(outside))


def read_covariate(
    read: Values, series: pd.Series[Any], name: str, missing: Missing | Codes, where: str
) -> None:
    """Read a covariate or subgroup into ``read``; words become 0/1 columns."""
    got = numbers(series, missing)
    if is_text(got) and is_true_or_false(series):
        got = numbers(series, missing, truth=True)
    if is_text(got):
        _split(read, *categories(series, missing), name, at_column(where, name))
        return
    for fault in _no_numbers(got, at_column(where, name)):
        read.refuse(name, fault)
    read.variables[name], read.answers[name] = got.values, got.answers
    read.split[name] = (name,)


def _split(read: Values, words: Coded, answers: np.ndarray, name: str, where: str) -> None:
    """Make a 0/1 column of every category but the first."""
    if len(words.labels) > MOST_CATEGORIES:
        found = f"{len(words.labels)} different texts stand here"
        expected = f"at most {MOST_CATEGORIES} categories are expected"
        advice = "group them, or write numbers if they are numbers"
        read.refuse(name, Fault("too-many-categories", where, found, expected, advice))
        return
    known = words.codes >= 0
    names = []
    for code, label in enumerate(words.labels[1:], start=1):
        names.append(f"{name}={label}")
        read.variables[names[-1]] = np.where(known, words.codes == code, np.nan).astype(float)
        read.answers[names[-1]] = answers
    read.split[name] = tuple(names)
    if words.labels:
        read.references[name] = words.labels[0]
