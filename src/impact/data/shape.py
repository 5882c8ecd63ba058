"""However the records lie, one table of one row a unit and period comes out."""

from __future__ import annotations

from collections.abc import Sequence

from impact.data.faults import source_faults
from impact.data.intake import sources_of, tables_of
from impact.data.roles import Roles, roles_of
from impact.data.spells import to_periods
from impact.data.table import Table
from impact.data.waves import joined
from impact.data.wide import to_long
from impact.errors import DataError, DesignError, Fault
from impact.spec.models import Data, PilotSpec
from impact.spec.spans import spans

__all__ = ["shape", "shaped"]


def shaped(spec: PilotSpec) -> Table:
    """Read the files of a pilot into one table of one row a unit and period."""
    return shape(tables_of(spec), spec)


def shape(tables: Sequence[Table], spec: PilotSpec) -> Table:
    """Bring tables, one a file, into one row a unit and period.

    Parameters
    ----------
    tables : sequence of Table
        Under the names of the params file.
    spec : PilotSpec
        Says how the records lie: ``data.waves``, ``data.wide``, ``data.spells``, or
        already one row a unit and period.

    Returns
    -------
    Table
        ``read`` rows of the files and those ``made`` are those in ``frame`` and ``lost``.

    Raises
    ------
    DataError
        With every fault that keeps the records from that shape.
    """
    data, roles = spec.data, roles_of(spec)
    table, period = tables[0], data.period
    if period is None or not data.makes_periods:
        return table
    if data.waves:
        return joined(tables, list(data.waves), roles)
    unit = _unit_of(data)
    _columns_are_there(table, roles, sources_of(data, roles))
    if data.spells is not None:
        return to_periods(table, data.spells, unit=unit, period=period)
    return to_long(table, data.wide, period)


def _unit_of(data: Data) -> str:
    """Return the unit of wide columns or stays; what no params file would get past is refused."""
    found = "wide columns and stays need data.unit"
    if data.unit is not None:
        if len({frozenset(columns) for columns in data.wide.values()}) < 2 and (
            data.spells is None or spans(data.spells.every, data.spells.first, data.spells.last)
        ):
            return data.unit
        found = "the periods of data.wide differ, or those of data.spells are none"
    raise DesignError(Fault("design-incomplete", "data", found))


def _columns_are_there(table: Table, roles: Roles, sources: dict[str, str]) -> None:
    sources = {name: key for name, key in sources.items() if name not in table.choices}
    faults = list(source_faults(table, sources, roles.drop))
    if faults:
        raise DataError([*table.faults, *faults])
