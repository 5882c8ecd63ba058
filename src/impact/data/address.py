"""Addresses of data: how messages show them, and what the environment fills in."""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath
from urllib.parse import unquote

from impact.data.table import refuse

__all__ = ["DATABASES", "address", "filled", "is_database", "suffix_of"]

DATABASES = frozenset(
    (
        *("access", "athena", "awsathena", "bigquery", "clickhouse", "cockroachdb", "databricks"),
        *("db2", "duckdb", "firebird", "hana", "ibm_db", "ibm_db_sa", "mariadb", "mssql", "mysql"),
        *("oracle", "postgres", "postgresql", "redshift", "snowflake", "sqlite", "teradatasql"),
        *("trino", "vertica"),
    )
)
HOSTS = frozenset(("http", "https", "ftp", "sftp", "ssh", "smb"))
VARIABLE = re.compile(r"\$\{([^${}]*)\}")


def address(url: str) -> str:
    """Return a URL as messages show it: its scheme and host, without what lets one in.

    Of a chain (``zip://…::https://…``) the schemes, and the host that is asked.

    Examples
    --------
    >>> address("https://name:password@example.org/data.csv?token=1")
    'https://example.org/…'
    >>> address("zip://answers.csv::https://example.org/all.zip?token=1")
    'zip::https://example.org/…'
    """
    *before, last = url.split("::")
    if before and "://" in last and all(map(_is_link, before)):
        schemes = (link.partition("://")[0] for link in before)
        return "::".join((*schemes, address(last)))
    scheme, _, rest = url.partition("://")
    place = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host = place.rpartition("@")[2].partition(":")[0]
    # A password with a slash in it makes its first part look like the host.
    plain = re.fullmatch(r"[A-Za-z0-9.-]+", host) and ("@" in place or "@" not in rest)
    return f"{scheme}://{host}/…" if plain else f"{scheme}://…"


def _is_link(link: str) -> bool:
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*(://[^@?#:]*)?", link) is not None


def suffix_of(url: str) -> str:
    """Return the ending of the file that a URL leads to, as it is written, in small letters.

    Examples
    --------
    >>> suffix_of("https://example.org/data.CSV?token=a.b")
    '.csv'
    >>> suffix_of("zip://wave1.parquet::https://example.org/all.zip")
    '.parquet'
    """
    links = [link for link in url.split("::") if "://" in link]
    scheme, _, rest = links[0].partition("://")
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    if scheme.lower() in HOSTS:
        path = path.partition("/")[2]
    return PurePosixPath(unquote(path)).suffix.lower()


def is_database(path: str) -> bool:
    """Say whether ``data.path`` is the URL of a database, as SQLAlchemy takes them."""
    scheme, parted, _ = path.partition("://")
    return bool(parted) and scheme.partition("+")[0].lower() in DATABASES


def filled(text: str, where: str) -> str:
    """Fill the environment's variables in where ``${NAME}`` stands, as they are.

    What comes back may let one in: it is used at once and never stored or shown.

    Parameters
    ----------
    text : str
        An address, or a part of one.
    where : str
        The address as faults name it.

    Raises
    ------
    DataError
        A variable is not set.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is None:
            refuse("variable-name", where, "a name in ${…} is no name of a variable")
        if name not in os.environ:
            found = f"the environment has no variable '{name}', which the address names"
            refuse("variable-missing", where, found, advice="set it before the run")
        return os.environ[name]

    return VARIABLE.sub(value, text)
