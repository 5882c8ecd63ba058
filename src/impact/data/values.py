"""Raw columns to the values of their roles, with a fault for each value that is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from impact.data.columns import coded, numbers
from impact.data.faults import rows_of
from impact.data.periods import ONCE, timeline
from impact.data.roles import NO_CODES, Roles
from impact.data.table import Table, is_mark
from impact.data.variables import Values, at_column, read_covariate, read_outcome
from impact.errors import Fault

__all__ = ["values_of"]


def values_of(table: Table, roles: Roles) -> Values:
    """Read every named column that is there in its role.

    Parameters
    ----------
    table : Table, n rows
        Raw columns; left as they are.
    roles : Roles
        Which column is what.

    Returns
    -------
    Values
        With all faults of single columns.
    """
    frame, where = table.frame, table.where
    n = len(frame)
    blank = np.full(n, np.nan)
    read = Values(n, ONCE, np.zeros(n, dtype=np.int64), blank, blank.copy(), np.ones(n))
    _read_labels(read, frame, roles, where)
    _read_periods(read, frame, roles, where)
    _read_treatment(read, frame, roles, where)
    _read_weights(read, frame, roles, where)
    for outcome in roles.outcomes:
        if outcome.column in frame:
            read_outcome(read, frame[outcome.column], outcome, roles.missing, where)
    for name in dict.fromkeys((*roles.covariates, *roles.subgroups)):
        if name in frame and name not in read.variables:
            read_covariate(read, frame[name], name, roles.missing, where)
    read.simulated = _is_simulated(table)
    return read


def _is_simulated(table: Table) -> bool:
    """Say whether the file marks itself; with two marks it does, whatever stands in them."""
    marks = [name for name in table.header if is_mark(name)]
    if len(marks) != 1:
        return bool(marks)
    mark = numbers(table.frame[marks[0]], NO_CODES, truth=True)
    return bool((mark.bad | (mark.values > 0)).any())


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
        read.labels[role] = coded(frame[name])
        empty = read.labels[role].codes < 0
        # A place that is not known is -1; everything else must be known to count right.
        if role != "place" and empty.any():
            found = f"{int(empty.sum())} of {read.n} rows are empty (or NA)"
            code = f"{'cluster' if role == 'other' else role}-missing"
            advice = "fill them in, or take these rows out"
            fault = Fault(code, at_column(where, name), found, "", advice, rows_of(empty))
            read.refuse(role, fault)


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
