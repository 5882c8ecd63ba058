"""A table with roles becomes a panel: columns, values, drops, order, checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from impact.data.arrow import give_back
from impact.data.case import Case
from impact.data.checks import check
from impact.data.columns import ANSWERS, Coded
from impact.data.faults import column_faults, located
from impact.data.panel import Panel
from impact.data.roles import Roles, roles_of
from impact.data.shape import shaped
from impact.data.table import Table
from impact.data.values import values_of
from impact.data.variables import Values
from impact.errors import DataError, Fault
from impact.spec.models import PilotSpec

__all__ = ["panel_of", "read_panel"]

# All rows as they stand are no copy of them.
Rows = np.ndarray | slice
STRUCTURE = frozenset({"unit", "period", "group", "cluster", "weight"})


def read_panel(spec: PilotSpec) -> Panel:
    """Read a pilot's data files into a panel, or say everything that is wrong with it.

    Parameters
    ----------
    spec : PilotSpec
        The params file: where the data are and which column plays which role.

    Returns
    -------
    Panel
        Rows sorted by unit and period, so that results do not depend on the file's order.
        ``rows`` counts what was read, used and dropped.

    Raises
    ------
    DataError
        With every fault that was found: a file that is no table, columns that are not
        there, values that are none, a table the design cannot be estimated on.
    DesignError
        The params file leaves out a key that its design cannot do without.

    Examples
    --------
    >>> import impact
    >>> spec = impact.load_spec("params/card-krueger-1994.yml")  # doctest: +SKIP
    >>> panel = impact.read_panel(spec)  # doctest: +SKIP
    >>> panel.rows  # doctest: +SKIP
    {'read': 794, 'used': 794}
    """
    return panel_of(shaped(spec), roles_of(spec))


def panel_of(table: Table, roles: Roles) -> Panel:
    """Make a panel of a table that was read; the one way in for files and frames.

    Parameters
    ----------
    table : Table
        Raw columns; its own to use up, so that a large table is not held twice.
    roles : Roles
        Which column plays which role.

    Raises
    ------
    DataError
        With every fault that was found.
    """
    faults = list(column_faults(table, roles))
    there = {*table.frame.columns, *table.choices}
    values = values_of(table, roles)
    # The columns need not be kept any longer: a large table would be there twice.
    read, table = table.read, replace(table, frame=pd.DataFrame(columns=table.frame.columns))
    give_back()
    faults += values.faults
    structure = STRUCTURE - table.broken | roles.structure() & table.broken
    if not there.issuperset(roles.named()) or values.broken & structure:
        raise DataError([*table.faults, *located(faults, table)])
    dropped = dict(_dropped(values, roles))
    keep = ~np.logical_or.reduce([np.zeros(values.n, dtype=bool), *dropped.values()])
    if not keep.any():
        found = f"none of {values.n} rows is left after those without period, group or weight"
        faults.append(Fault("no-rows-left", table.where, found))
        raise DataError([*table.faults, *located(faults, table)])
    kept = np.flatnonzero(keep)
    order = _order(values, roles, kept)
    counts = {reason: int(hit.sum()) for reason, hit in dropped.items() if hit.any()}
    rows = {"read": read, **table.made, "used": len(order), **counts, **table.lost}
    in_order = len(order) == values.n and order is kept
    panel = _panel(values, roles, slice(None) if in_order else order, table, rows)
    faults += check(Case(panel, roles, table.where, order + 2, frozenset(values.broken)))
    if faults or table.faults:
        raise DataError([*table.faults, *located(faults, table)])
    return panel


def _dropped(values: Values, roles: Roles) -> Iterator[tuple[str, np.ndarray]]:
    """Say which rows cannot be used and why, each row under its first reason."""
    gone = np.zeros(values.n, dtype=bool)
    for reason, hit in (
        ("dropped: no period", values.period < 0),
        ("dropped: group not known", np.isnan(values.group)),
        ("dropped: weight of zero", values.weight == 0),
    ):
        yield reason, hit & ~gone
        gone |= hit


def _order(values: Values, roles: Roles, kept: np.ndarray) -> np.ndarray:
    """Return the kept rows by unit and period; without units, by all that they hold."""
    if roles.unit is not None:
        key = values.labels["unit"].codes[kept] * len(values.line.labels) + values.period[kept]
        if (np.diff(key) > 0).all():
            return kept
        lead: tuple[np.ndarray, ...] = (key,)
    else:
        lead = (*_content(values, kept), values.period[kept])
    return kept[np.lexsort(lead)]


def _content(values: Values, kept: np.ndarray) -> tuple[np.ndarray, ...]:
    labels = (values.labels[role].codes for role in sorted(values.labels) if role != "unit")
    columns = (*values.variables.values(), *values.answers.values(), values.weight, *labels)
    return tuple(column[kept] for column in (*columns, values.start, values.group))


def _panel(values: Values, roles: Roles, order: Rows, table: Table, rows: dict[str, int]) -> Panel:
    who = _who(values, roles, order, rows["used"])
    there = np.bincount(values.period[order], minlength=len(values.line.labels)) > 0
    return Panel(
        pilot=roles.pilot,
        design=roles.design,
        outcomes=roles.outcomes,
        units=who["unit"].labels,
        periods=values.line.labels[there],
        clusters=who["cluster"].labels,
        places=who["place"].labels,
        times=_fixed(values.line.times[there]),
        unit=who["unit"].codes,
        period=_fixed((np.cumsum(there) - 1)[values.period[order]]),
        cluster=who["cluster"].codes,
        place=who["place"].codes,
        treated=_fixed(values.group[order] == 1),
        start=_fixed(values.start[order]),
        weight=_fixed(values.weight[order]),
        values=_frame(values, order, rows["used"]),
        covariates=_after_split(values, roles.covariates),
        subgroups=_after_split(values, roles.subgroups),
        references=values.references,
        answers=_answers(values, order),
        rows=rows,
        simulated=roles.simulated or values.simulated,
        spec=roles.spec,
        other_cluster=who["other"].codes if roles.cluster is not None else None,
        lost_because=_reasons(values, order),
        described=table.described,
        notes=table.notes,
        matched=table.matched,
    )


@dataclass(frozen=True, eq=False)
class Members:
    """Who or where each row of the panel is: labels that occur, and their codes."""

    labels: pd.Index
    codes: np.ndarray


def _who(values: Values, roles: Roles, order: Rows, n: int) -> dict[str, Members]:
    once = {id(label): _members(label, order) for label in values.labels.values()}
    who = {role: once[id(label)] for role, label in values.labels.items()}
    alone = Members(pd.RangeIndex(n), _fixed(np.arange(n)))
    nowhere = Members(pd.Index([], dtype=object), _fixed(np.full(n, -1)))
    who.setdefault("unit", alone)
    who.setdefault("cluster", who["unit"])
    who.setdefault("place", who["cluster"] if roles.unit_is == "place" else nowhere)
    return {"other": nowhere, **who}


def _members(label: Coded, order: Rows) -> Members:
    codes = label.codes[order]
    there = np.bincount(codes[codes >= 0], minlength=len(label.labels)) > 0
    names = [name for name, seen in zip(label.labels, there, strict=True) if seen]
    at = np.append(np.cumsum(there) - 1, -1)
    return Members(pd.Index(names, dtype=str if names else object), _fixed(at[codes]))


def _fixed(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def _frame(values: Values, order: Rows, n: int) -> pd.DataFrame:
    """Return the variables in order; each is let go as soon as its copy is made."""
    names = list(values.variables)
    columns = {name: _fixed(values.variables.pop(name)[order]) for name in names}
    return pd.DataFrame(columns, index=pd.RangeIndex(n), columns=names, copy=False)


def _after_split(values: Values, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for name in dict.fromkeys(names) for part in values.split.get(name, (name,)))


def _answers(values: Values, order: Rows) -> dict[str, pd.Series[str]]:
    kind: pd.CategoricalDtype[str] = pd.CategoricalDtype(list(ANSWERS))
    return {
        name: pd.Series(pd.Categorical.from_codes(codes[order], dtype=kind), name=name)
        for name, codes in values.answers.items()
    }


def _reasons(values: Values, order: Rows) -> pd.Series[str] | None:
    if "lost" not in values.labels:
        return None
    reasons = values.labels["lost"]
    kind: pd.CategoricalDtype[str] = pd.CategoricalDtype(list(reasons.labels))
    codes = reasons.codes[order]
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kind), name="lost_because")
