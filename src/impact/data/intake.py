"""The files of a pilot, read and put under the names of its params file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from impact.data.kobo import named
from impact.data.naming import naming
from impact.data.private import left_out, private_faults
from impact.data.readers.source import read_named
from impact.data.roles import Roles, roles_of
from impact.data.submissions import sent_in, with_times_read, without_order
from impact.data.submitted import with_periods
from impact.data.table import SIMULATED, Table
from impact.data.words import with_codes
from impact.errors import DataError, Fault
from impact.spec.models import Data, File, PilotSpec
from impact.spec.project import root_of

__all__ = ["sources_of", "tables_of"]


def tables_of(spec: PilotSpec) -> tuple[Table, ...]:
    """Read every file that a params file names, under its names for the columns.

    Parameters
    ----------
    spec : PilotSpec
        The params file.

    Returns
    -------
    tuple of Table
        One a file, in the order of the params file: columns of survey exports under their
        short names, words as their numbers; not yet one row a unit and period.

    Raises
    ------
    DataError
        A file cannot be read; the faults of all files come at once.
    """
    roles, root = roles_of(spec), root_of(spec)
    tables: list[Table] = []
    faults: list[Fault] = []
    chosen: dict[str, bool] = {}
    if not spec.data.files:
        raise DataError(Fault("no-file", "data", "no file is named", "expected path or waves"))
    for file in spec.data.files:
        try:
            table, joined = _table_of(file, spec, roles, root)
            tables.append(table)
            for name in joined & set(table.frame):
                chosen[name] = chosen.get(name, False) or bool((table.frame[name] == "1").any())
        except DataError as error:
            faults += error.faults
    faults += [_never_chosen(name, tables) for name, by_any in chosen.items() if not by_any]
    if len(tables) == len(spec.data.waves):
        faults += without_order(tables, list(spec.data.waves))
    if faults:
        raise DataError([*faults, *(fault for table in tables for fault in table.faults)])
    return tuple(tables)


def sources_of(data: Data | None, roles: Roles) -> dict[str, str]:
    """Return each column that is read from a file, with the key that names it.

    Parameters
    ----------
    data : Data or None
        How the records lie; None where they lie as they are used.
    roles : Roles
        Which column plays which role.
    """
    wanted = roles.named()
    if data is None or not data.makes_periods:
        return wanted
    if data.period is not None:
        wanted.pop(data.period, None)
    if data.spells is not None:
        wanted.pop(data.spells.column, None)
        wanted |= {data.spells.entry: "data.spells.entry", data.spells.exit: "data.spells.exit"}
    for variable, columns in data.wide.items():
        wanted.pop(variable, None)
        wanted |= dict.fromkeys(columns.values(), f"data.wide.{variable}")
    return wanted


def _never_chosen(name: str, tables: list[Table]) -> Fault:
    question, _, _ = name.rpartition("/")
    where = " and ".join(dict.fromkeys(table.where for table in tables))
    found = f"nobody gave this answer to '{question}'"
    advice = "write the choice as the form writes it, or take it out"
    return Fault("never-chosen", f"{where}, column '{name}'", found, "", advice)


def _table_of(
    file: File, spec: PilotSpec, roles: Roles, root: Path
) -> tuple[Table, frozenset[str]]:
    """Read a file, in two looks where names are not headers; name choices of joined answers."""
    data = spec.data
    sources = sources_of(data, roles)
    wanted = (frozenset(sources) - frozenset(data.drop)) | {SIMULATED}
    if data.waves and data.period is not None:
        # A file that says itself which wave it is must not say another.
        wanted |= {data.period}
    table = read_named(file, wanted, root, query=data.query)
    found = naming(
        table.header,
        wanted,
        several=data.select_multiple,
        drop=data.drop,
        listed=(*roles.covariates, *roles.subgroups),
    )
    sent = sent_in(table.header, data.drop) if found.is_export else None
    headers = found.headers | ({sent} if sent else set())
    if not headers <= set(table.frame):
        table = read_named(file, wanted | headers, root, query=data.query)
    if found.is_export:
        table = with_times_read(table, sent, found.columns, unit=roles.unit, period=roles.period)
        read = found.headers - ({found.identifier} - wanted)
        notes = left_out(table.header, read, data.drop)
        refused = tuple(private_faults(sources, table.where))
        table = replace(table, notes=(*table.notes, *notes), faults=(*table.faults, *refused))
    table = named(table, found, missing=data.missing, several=data.select_multiple)
    if found.is_export:
        table = with_periods(table, roles.period, roles.design.starts)
    joined = frozenset(name for name in found.asked if name not in found.columns)
    return with_codes(table, _codes(data), data.missing), joined


def _codes(data: Data) -> Mapping[str, Mapping[str, float]]:
    """Return the codes of every column of the file; of a wide variable, of all its columns."""
    codes = {name: words for name, words in data.codes.items() if name not in data.wide}
    for variable, columns in data.wide.items():
        if variable in data.codes:
            codes |= {
                column: {**data.codes[variable], **codes.get(column, {})}
                for column in columns.values()
            }
    return codes
