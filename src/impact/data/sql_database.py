"""A query to a database: SQLAlchemy asks, nothing is written, no password is shown."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from impact.data.address import filled
from impact.data.answer import Answer
from impact.data.arrow import quoted
from impact.data.table import refuse
from impact.spec.project import relative_to_root

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

__all__ = ["answer_of_database", "sqlite_file"]

ROWS = 50_000
PATIENCE = 30
SERVERS = ("postgresql", "mysql", "mariadb")
# Drivers whose ProgrammingError is about the query's text, its tables and its columns.
PLAIN = ("psycopg", "pymysql", "MySQLdb")
# What SQLite says of the query itself; all else could quote what a row holds.
OF_THE_QUERY = re.compile(
    r"no such (table|column|function): \S+|ambiguous column name: \S+|near \"[^\"]*\": syntax error"
    r"|misuse of aggregate[^:]*: \S+|wrong number of arguments to function \S+|incomplete input"
)


def sqlite_file(url: str, root: Path) -> Path | None:
    """Return the file of a SQLite URL, relative paths from the root; None of other databases.

    Examples
    --------
    >>> sqlite_file("sqlite:///data/answers.db", Path("/project")).as_posix()
    '/project/data/answers.db'
    """
    scheme, _, rest = url.partition("://")
    if scheme.partition("+")[0].lower() != "sqlite":
        return None
    return root / rest.partition("?")[0].removeprefix("/")


def answer_of_database(url: str, query: str, where: str, root: Path) -> Answer:
    """Return the answer of a database to a query.

    Parameters
    ----------
    url : str
        As SQLAlchemy takes them; ``${NAME}`` in its user, password, host, database or
        options is filled in from the environment.
    query : str
        One SELECT.
    where : str
        The database as faults name it: without what lets one in.
    root : Path
        The project's root, where the relative path of a SQLite file starts.

    Raises
    ------
    DataError
        The database cannot be reached, or the query fails.
    """
    from sqlalchemy import exc

    try:
        with _connected(url, where, root) as connection:
            return _asked(connection, query, where)
    except exc.SQLAlchemyError as error:
        _explain(error, where)
    except ImportError as error:
        found = "this database takes a package that is not installed"
        found += f": '{error.name}'" if error.name else ""
        refuse("missing-package", where, found, advice="install it beside this one")


@contextmanager
def _connected(url: str, where: str, root: Path) -> Iterator[Connection]:
    engine = _engine(url, where, root)
    try:
        with _open(engine, where) as connection:
            name = connection.dialect.name
            if name == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            elif name in SERVERS:
                connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
            yield connection
    finally:
        engine.dispose()


def _open(engine: Engine, where: str) -> Connection:
    from sqlalchemy import exc

    try:
        return engine.connect()
    except exc.DBAPIError:
        found = "the database cannot be reached, or refuses the user or the password"
        refuse("no-database", where, found, advice="check data.path, the network and the password")


def _engine(url: str, where: str, root: Path) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    file = sqlite_file(url, root)
    if file is not None:
        path = Path(filled(str(file), where))
        if not path.is_file():
            name = relative_to_root(path, root)
            refuse("file-missing", where, f"there is no file '{name}'", advice="check data.path")
        address = f"file:{quote(str(path))}?mode=ro"
        return create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
        )
    parsed = _parsed(url, where)
    known = parsed.get_backend_name() in SERVERS
    patience = {"connect_timeout": PATIENCE} if known else {}
    return create_engine(parsed, poolclass=NullPool, connect_args=patience, hide_parameters=True)


def _parsed(url: str, where: str) -> URL:
    from sqlalchemy import exc, make_url

    try:
        made = make_url(url)
    except (exc.ArgumentError, ValueError):
        advice = "write postgresql://user:${DB_PASSWORD}@host/database"
        refuse("database-url", where, "the address cannot be understood", advice=advice)
    parts = ("username", "password", "host", "database")
    said = {part: getattr(made, part) for part in parts}
    # Each part by itself: a password may hold the signs that part an address.
    values: dict[str, Any] = {part: filled(text, where) for part, text in said.items() if text}
    made = made.set(**values)
    return made.set(
        query={
            name: filled(text, where)
            if isinstance(text, str)
            else tuple(filled(one, where) for one in text)
            for name, text in made.query.items()
        }
    )


def _asked(connection: Connection, query: str, where: str) -> Answer:
    result = connection.execution_options(stream_results=True, no_parameters=True).exec_driver_sql(
        query
    )
    answer = Answer(map(str, result.keys()))
    for rows in result.partitions(ROWS):
        columns = [
            _piece([_plain(value) for value in column], where, name)
            for name, column in zip(answer.names, zip(*rows, strict=True), strict=True)
        ]
        answer.add(columns, len(rows), where)
    return answer


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        whole = value.is_finite() and value == value.to_integral_value()
        return int(value) if whole else float(value)
    if value is None or isinstance(value, str | int | float | dt.date | list | tuple | dict):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return str(value)


def _piece(values: Sequence[Any], where: str, name: str) -> Any:
    """Return values as an Arrow array, or as a list where they are of no one type."""
    import pyarrow as pa
    from pyarrow import types

    if any(isinstance(value, list | tuple | dict | bytes) for value in values):
        found = f"column {quoted([name])} holds lists, records or bytes"
        refuse("nested-column", where, found, "one value a row is expected")
    try:
        piece = pa.array(values, from_pandas=True)
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        return list(values)
    mixed = types.is_temporal(piece.type) and len({type(v) for v in values if v is not None}) > 1
    return list(values) if mixed else piece


def _explain(error: Exception, where: str) -> NoReturn:
    """Refuse with what went wrong; the database's own words only where they are the query's."""
    from sqlalchemy import exc

    asked = f"{where}, data.query"
    if isinstance(error, exc.NoSuchModuleError):
        found = "databases of this kind take a package that is not installed"
        refuse("missing-package", where, found, advice="install its SQLAlchemy dialect")
    raw = str(getattr(error, "orig", "")).strip().partition("\n")[0]
    if isinstance(error, exc.ProgrammingError) and type(error.orig).__module__.startswith(PLAIN):
        refuse("query-wrong", asked, f"the query cannot be understood: {raw[:200]}")
    told = OF_THE_QUERY.match(raw)
    if told:
        refuse("query-wrong", asked, f"the query cannot be understood: {told[0]}")
    if "not a database" in raw:
        refuse("not-a-database", where, "the file is no SQLite database")
    if "readonly" in raw or "read-only" in raw:
        refuse("query-refused", asked, "the query writes", "one SELECT is expected")
    if isinstance(error, exc.DataError):
        found = "a value cannot be made what the query asks for"
        refuse("query-conversion", asked, found, advice="look at its casts and divisions")
    advice = "run it in the database itself to see why"
    refuse("query-failed", asked, "the query broke off", advice=advice)
