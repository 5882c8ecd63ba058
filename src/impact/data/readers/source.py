"""The files that a params file names, read in their raw columns."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from impact.data.address import address, is_database, suffix_of
from impact.data.readers.files import known, read_file
from impact.data.remote import fetched
from impact.data.roles import roles_of
from impact.data.sql import read_query
from impact.data.table import Table, refuse
from impact.spec.models import File, PilotSpec
from impact.spec.project import is_url, relative_to_root, resolve, root_of

__all__ = ["address", "load", "read_named", "read_table"]


def read_table(spec: PilotSpec) -> pd.DataFrame:
    """Read the columns that a params file names, as they stand in the data file.

    Parameters
    ----------
    spec : PilotSpec
        Says where the file is and which columns have a role; all others, and those of
        ``data.drop``, are never made.

    Returns
    -------
    pandas.DataFrame, shape (rows of the file, named columns that are there)
        CSV: text. Others: the types of the file.

    Raises
    ------
    DataError
        The file is missing, unreadable, empty, or not the table its suffix says.
    """
    return load(spec).frame


def load(spec: PilotSpec) -> Table:
    """Read as `read_table` does, and keep what stood in the header."""
    wanted, root = roles_of(spec).columns(), root_of(spec)
    return read_named(spec.data.files[0], wanted, root, query=spec.data.query)


def read_named(
    file: File, wanted: Collection[str], root: Path, *, query: str | None = None
) -> Table:
    """Read the wanted columns of what a params file names: a file, a URL, a database.

    Parameters
    ----------
    file : File
        Its path relative to the root, absolute, or a URL; with a query, the URL of a
        database too, or a pattern of files.
    wanted : collection of str
        Columns to keep; those that are not there are left out.
    root : Path
        The project's root.
    query : str, optional
        One SELECT, to the database or to the file.

    Raises
    ------
    DataError
        It is missing or unreadable, or the query fails.
    """
    if is_url(file.path):
        return _from_afar(file, wanted, root, query)
    path = Path(resolve(file.path, root))
    where = relative_to_root(path, root)
    if query is not None:
        return read_query(path, query, where, root, wanted=wanted)
    return read_file(path, wanted, where, sheet=file.sheet, encoding=file.encoding)


def _from_afar(file: File, wanted: Collection[str], root: Path, query: str | None) -> Table:
    where = address(file.path)
    if is_database(file.path):
        if query is None:
            advice = "say data.query: SELECT …"
            refuse("query-missing", where, "this is a database", "a query is expected", advice)
        return read_query(file.path, query, where, root, wanted=wanted)
    known(suffix_of(file.path), where)
    with fetched(file.path, where) as path:
        if query is not None:
            return read_query(path, query, where, root, wanted=wanted)
        return read_file(path, wanted, where, sheet=file.sheet, encoding=file.encoding)
