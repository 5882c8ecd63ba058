"""Raw columns to the values of their roles, with a fault for each value that is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from impact.data.arrow import give_back
from impact.data.columns import categories, coded, numbers
from impact.data.faults import rows_of
from impact.data.labels import codes_of, in_words
from impact.data.periods import ONCE, timeline
from impact.data.roles import NO_CODES, Roles
from impact.data.table import Table, is_mark
from impact.data.variables import (
    MOST_CATEGORIES,
    Values,
    at_column,
    read_covariate,
    read_outcome,
    read_score,
)
from impact.errors import Fault

__all__ = ["values_of"]


def values_of(table: Table, roles: Roles) -> Values:
    """Read every named column that is there in its role.

    Parameters
    ----------
    table : Table, n rows
        Raw columns; those of names alone are taken out of it when they have been read.
    roles : Roles
        Which column is what.

    Returns
    -------
    Values
        With all faults of single columns.
    """
    frame, where = table.frame, table.where
    n = len(frame)
    group, start = (np.full(n, np.nan) for _ in range(2))
    read = Values(n, ONCE, np.zeros(n, dtype=np.int64), group, start, np.ones(n))
    del group, start
    read.broken |= table.broken
    _read_labels(read, frame, roles, where)
    _let_go(frame, roles)
    _read_periods(read, frame, roles, where)
    _read_treatment(read, frame, roles, where)
    _read_weights(read, frame, roles, where)
    _read_reasons(read, table, roles)
    for outcome in roles.outcomes:
        if outcome.score is not None:
            read_score(read, table, outcome, roles.missing)
        elif outcome.column in frame:
            codes = codes_of(roles.missing, table.described.get(outcome.column))
            read_outcome(read, frame[outcome.column], outcome, codes, where)
    for name in dict.fromkeys((*roles.covariates, *roles.subgroups)):
        parts = table.choices.get(name, (name,))
        for part in (part for part in parts if part in frame and part not in read.variables):
            said = table.described.get(part)
            codes = codes_of(roles.missing, said)
            read_covariate(read, in_words(frame[part], said, codes), part, codes, where)
        if name in table.choices:
            read.split[name] = parts
    read.simulated = _is_simulated(table)
    return read


def _is_simulated(table: Table) -> bool:
    """Say whether the file marks itself: where the mark is empty or there are two, it does."""
    marks = [name for name in table.header if is_mark(name)]
    if len(marks) != 1:
        return bool(marks)
    mark = numbers(table.frame[marks[0]], NO_CODES, truth=True)
    return bool((mark.bad | ~(mark.values == 0)).any())


def _read_labels(read: Values, frame: pd.DataFrame, roles: Roles, where: str) -> None:
    named = {
        "unit": roles.unit,
        "cluster": roles.design.assignment,
        "place": roles.design.place,
        "other": roles.cluster,
    }
    for role, name in named.items():
        if name is None or name not in frame:
            continue
        same = next((other for other in read.labels if named[other] == name), None)
        read.labels[role] = coded(frame[name]) if same is None else read.labels[same]
        empty = read.labels[role].codes < 0
        # A place that is not known is -1; everything else must be known to count right.
        if role != "place" and empty.any():
            found = f"{int(empty.sum())} of {read.n} rows are empty (or NA)"
            code = f"{'cluster' if role == 'other' else role}-missing"
            advice = "fill them in, or take these rows out"
            fault = Fault(code, at_column(where, name), found, "", advice, rows_of(empty))
            read.refuse(role, fault)


def _let_go(frame: pd.DataFrame, roles: Roles) -> None:
    """Take columns of names out of the table as soon as they are codes: texts are large."""
    items = (item for o in roles.outcomes if o.score is not None for item in o.score.items)
    other = {roles.period, roles.group, roles.start, roles.weight, roles.lost_because, *items}
    other |= {*(o.column for o in roles.outcomes), *roles.covariates, *roles.subgroups}
    names = {roles.unit, roles.design.assignment, roles.design.place, roles.cluster} - other
    for name in names.intersection(frame.columns):
        del frame[name]
    give_back()


def _read_periods(read: Values, frame: pd.DataFrame, roles: Roles, where: str) -> None:
    if roles.period is None or roles.period not in frame:
        return
    column = coded(frame[roles.period])
    found = timeline(column, at_column(where, roles.period))
    if isinstance(found, Fault):
        read.refuse("period", found)
    else:
        read.line, read.period = found


def _read_treatment(read: Values, frame: pd.DataFrame, roles: Roles, where: str) -> None:
    if roles.start is not None:
        if roles.start in frame and "period" not in read.broken:
            _read_cohorts(read, frame[roles.start], at_column(where, roles.start))
        return
    if roles.group is None:
        read.group = np.ones(read.n)
    elif roles.group in frame:
        column = at_column(where, roles.group)
        got = numbers(frame[roles.group], NO_CODES, truth=True)
        other = got.bad | (~np.isnan(got.values) & ~np.isin(got.values, (0, 1)))
        if other.any():
            found = f"{int(other.sum())} of {read.n} values are neither 0 nor 1"
            advice = "write 1 for the pilot group and 0 for the comparison"
            fault = Fault("not-zero-one", column, found, "", advice, rows_of(other))
            read.refuse("group", fault)
        read.group = np.where(other, np.nan, got.values)
    if "period" in read.broken or (roles.period and roles.period not in frame):
        return
    first = _first_treated(read, roles, where)
    read.start = np.where(read.group == 1, first, np.inf)


def _first_treated(read: Values, roles: Roles, where: str) -> float:
    """Return the first treated time of the whole pilot group."""
    starts, line = roles.design.starts, read.line
    if starts is None or roles.period is None:
        # By lottery, the first wave is the baseline and all that follows is after it.
        return float(line.times[min(1, len(line.times) - 1)])
    time = line.time_of(starts)
    if time is not None:
        return time
    found = f"design.starts is '{starts}', and the periods are of the form '{line.form}'"
    advice = "write it as the periods are written"
    read.refuse("group", Fault("start-form", at_column(where, roles.period), found, "", advice))
    return np.inf


def _read_cohorts(read: Values, series: pd.Series[Any], where: str) -> None:
    read.start = coded(series).of(read.line.start_of, np.inf)
    other = np.isnan(read.start)
    if other.any():
        found = (
            f"{int(other.sum())} of {read.n} values are no period of the form '{read.line.form}'"
        )
        advice = "write first treated periods as the periods are written; empty or 0 is never"
        fault = Fault("first-treated-form", where, found, "", advice, rows_of(other))
        read.refuse("group", fault)
    read.group = np.isfinite(read.start).astype(float)


def _read_weights(read: Values, frame: pd.DataFrame, roles: Roles, where: str) -> None:
    if roles.weight is None or roles.weight not in frame:
        return
    got = numbers(frame[roles.weight], NO_CODES)
    column = at_column(where, roles.weight)
    read.weight = got.values
    wrong = {
        "text-in-number": (got.bad, "are no numbers"),
        "weight-missing": (np.isnan(got.values) & ~got.bad, "are empty"),
        "weight-negative": (got.values < 0, "are below zero"),
        "infinite": (np.isinf(got.values), "are infinite"),
    }
    for code, (hit, said) in wrong.items():
        if hit.any():
            found = f"{int(hit.sum())} of {read.n} weights {said}"
            expected = "a number above zero is expected; zero leaves a row out"
            fault = Fault(code, column, found, expected, "", rows_of(hit))
            read.refuse("weight", fault)


def _read_reasons(read: Values, table: Table, roles: Roles) -> None:
    """Read why units left; codes of answers not given are no reasons."""
    name = roles.lost_because
    if name is None or name not in table.frame:
        return
    said = table.described.get(name)
    codes = codes_of(roles.missing, said)
    read.labels["lost"], _ = categories(in_words(table.frame[name], said, codes), codes)
    n = len(read.labels["lost"].labels)
    if n > MOST_CATEGORIES:
        found = f"{n} different texts stand here"
        expected = f"at most {MOST_CATEGORIES} reasons are expected, each in a word"
        where = at_column(table.where, name)
        read.refuse("lost", Fault("too-many-categories", where, found, expected, "group them"))
