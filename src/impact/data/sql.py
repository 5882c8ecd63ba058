"""The answer to one SELECT as a table: asked of a database, or of files by DuckDB.

Nothing is written anywhere: what is no single SELECT is refused before it is sent, and
where the other side can be told that the connection only reads, it is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

from impact.data.address import is_database
from impact.data.sql_database import answer_of_database
from impact.data.sql_files import answer_of_files
from impact.data.table import Table, doubled, kept, refuse

__all__ = ["one_select", "read_query"]

# What is in quotation marks is no part of the statement, and neither is a comment.
QUOTED = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\$(\w*)\$.*?\$\1\$", re.DOTALL
)
WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "INTO"})
EXPECTED = "one SELECT is expected"


def read_query(
    path: str | Path, query: str, where: str, root: Path, *, wanted: Collection[str] | None = None
) -> Table:
    """Read the answer to a query.

    Parameters
    ----------
    path : str or Path
        The URL of a database (``sqlite:///data/x.db``, its file relative to the root;
        ``postgresql://user:${DB_PASSWORD}@host/db``), or a Parquet or CSV file, or a
        pattern of such files (``data/part-*.parquet``), which the query calls ``data``.
        ``${NAME}`` in a URL is filled in from the environment. Every column of a CSV file
        is text: ``CAST(y AS DOUBLE)``.
    query : str
        One SELECT, or WITH … SELECT.
    where : str
        The database or file as faults name it.
    root : Path
        The project's root.
    wanted : collection of str, optional
        Columns to keep; all of them unless said.

    Returns
    -------
    Table
        Its rows have no numbers: their order is the database's own affair.

    Raises
    ------
    DataError
        The query is refused, or fails; the answer has no rows, or is too large.

    Examples
    --------
    >>> query = "SELECT id, wave, avg(y) AS y FROM data GROUP BY id, wave"
    >>> table = read_query("data/days.parquet", query, "days", root)  # doctest: +SKIP
    """
    one_select(query, where)
    if is_database(str(path)):
        _is_installed("sqlalchemy", where)
        columns = answer_of_database(str(path), query, where, root)
    else:
        _is_installed("duckdb", where)
        columns = answer_of_files(path, query, where, root)
    header = tuple(name.strip() for name in columns.names)
    if not columns.rows:
        refuse("no-rows", where, "the answer to the query has no rows", "rows are expected")
    at = range(len(header)) if wanted is None else kept(header, wanted)
    twice = doubled(header)
    frame = columns.frame([position for position in at if header[position] not in twice], where)
    frame.columns = frame.columns.str.strip()
    return Table(frame, header, twice, where, numbered=False)


def _is_installed(package: str, where: str) -> None:
    if find_spec(package) is None:
        found = f"a query takes the package '{package}', which is not installed"
        refuse("missing-package", where, found, advice="pip install 'impact[sql]'")


def one_select(query: str, where: str) -> None:
    """Refuse what is no single statement that only reads.

    Parameters
    ----------
    query : str
        As the params file states it.
    where : str
        The database or file as faults name it.

    Raises
    ------
    DataError
        It is empty, several statements, or one that writes.
    """
    where = f"{where}, data.query"
    if "/*!" in query:
        refuse("query-refused", where, "a comment holds a command", EXPECTED, "take it out")
    bare = QUOTED.sub(" ", query).strip().rstrip("; \n\t")
    if not bare:
        refuse("query-empty", where, "the query is empty", EXPECTED)
    if ";" in bare:
        found = "the query holds several statements"
        refuse("query-refused", where, found, EXPECTED, "prepare the rest in the database")
    words = re.findall(r"[A-Za-z_]\w*", bare.upper())
    if not words or words[0] not in ("SELECT", "WITH"):
        refuse("query-refused", where, "the query is no SELECT", EXPECTED, "it may only read")
    writes = sorted(WRITES.intersection(words))
    if writes:
        found = f"the query holds {', '.join(writes)}"
        advice = "it may only read; put a column of that name in quotation marks"
        refuse("query-refused", where, found, EXPECTED, advice)
