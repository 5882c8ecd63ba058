"""From a file to raw columns: one reader a suffix, only the columns that are named.

A further format is one function ``(path, wanted, where) -> Table`` and one line in
`READERS`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from impact.data.delimited import read_csv
from impact.data.roles import roles_of
from impact.data.table import Table, doubled, kept, refuse
from impact.spec.models import PilotSpec
from impact.spec.project import is_url, relative_to_root, resolve, root_of

__all__ = ["READERS", "address", "load", "read_file", "read_parquet", "read_table"]

Reader = Callable[[Path, Collection[str], str], Table]


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
        CSV: text. Parquet: the types of the file.

    Raises
    ------
    DataError
        The file is missing, unreadable, empty, or not the table its suffix says.
    """
    return load(spec).frame


def load(spec: PilotSpec) -> Table:
    """Read as `read_table` does, and keep what stood in the header."""
    if is_url(spec.data.path):
        expected, where = "a file of this project is expected", address(spec.data.path)
        refuse("not-a-file", where, "an address cannot be read", expected, "download it to data/")
    root = root_of(spec)
    path = Path(resolve(spec.data.path, root))
    return read_file(path, roles_of(spec).columns(), relative_to_root(path, root))


def address(url: str) -> str:
    """Return a URL as messages show it: its scheme and host, without what lets one in.

    Examples
    --------
    >>> address("https://name:password@example.org/data.csv?token=1")
    'https://example.org/…'
    """
    scheme, _, rest = url.partition("://")
    place = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host = place.rpartition("@")[2].partition(":")[0]
    # A password with a slash in it makes its first part look like the host.
    plain = re.fullmatch(r"[A-Za-z0-9.-]+", host) and ("@" in place or "@" not in rest)
    return f"{scheme}://{host}/…" if plain else f"{scheme}://…"


def read_file(path: Path, wanted: Collection[str], where: str) -> Table:
    """Read the wanted columns of a file by the reader of its suffix.

    Parameters
    ----------
    path : Path
        The file.
    wanted : collection of str
        Columns to keep; those the file does not have are left out.
    where : str
        The file as faults name it.

    Raises
    ------
    DataError
        The file is missing, unreadable, empty, or not the table its suffix says.
    """
    if path.is_dir():
        refuse("folder", where, "this is a folder", "a file is expected", "name the file in it")
    suffix = path.suffix.lower()
    if suffix not in READERS:
        found = f"files ending in '{suffix}' cannot be read" if suffix else "the name has no ending"
        expected = f"one of {' '.join(READERS)} is expected"
        refuse("unknown-suffix", where, found, expected, "save the data as CSV UTF-8")
    if not path.exists():
        refuse("file-missing", where, "there is no such file", advice=_near(path))
    try:
        return READERS[suffix](path, wanted, where)
    except OSError:
        advice = "check who may read it, and whether another program holds it"
        refuse("unreadable", where, "the file cannot be opened", advice=advice)


def _near(path: Path) -> str:
    there = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, there, 1)
    return f"did you mean '{near[0]}'?" if near else "check data.path"


def read_parquet(path: Path, wanted: Collection[str], where: str) -> Table:
    """Read the wanted columns of a Parquet file, in the file's own types.

    Parameters
    ----------
    path : Path
        The file.
    wanted : collection of str
        Columns to keep; those the file does not have are left out.
    where : str
        The file as faults name it.

    Returns
    -------
    Table
        Whole numbers stay whole where some are missing.

    Raises
    ------
    DataError
        The file is not Parquet, is cut off, has no rows, or a wanted column is nested.
    """
    import pyarrow as pa
    from pyarrow import parquet, types

    content = path.read_bytes()
    if not content:
        refuse("empty-file", where, "the file is empty", "a table with rows is expected")
    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        header = tuple(file.schema_arrow.names)
        table = file.read(columns=[header[at] for at in kept(header, wanted)])
    except (pa.ArrowException, OSError):
        advice = "it may be cut off or of another format: write it again"
        refuse("not-parquet", where, "the file cannot be read as Parquet", advice=advice)
    if not file.metadata.num_rows:
        refuse("no-rows", where, "the file has columns and no rows", "rows are expected")
    nested = [field.name for field in table.schema if types.is_nested(field.type)]
    if nested:
        found = f"column {_quoted(nested)} holds lists or records"
        refuse("nested-column", where, found, "one value a row is expected")
    frame = _frame(table, where)
    return Table(frame.set_index(pd.RangeIndex(len(frame))), header, doubled(header), where)


def _frame(table: Any, where: str) -> pd.DataFrame:
    """Return the columns in the file's own types, or name those that hold no such thing."""
    broken = [name for name in table.column_names if not _is_valid(table.column(name))]
    if broken:
        found = f"column {_quoted(broken)} holds what its type cannot"
        advice = "texts that are not UTF-8, it may be: write the file again"
        refuse("parquet-values", where, found, advice=advice)
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, types_mapper=_whole().get)
    return frame


def _is_valid(column: Any) -> bool:
    import pyarrow as pa

    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _whole() -> dict[Any, Any]:
    """Types of whole numbers that stay exact beside missing values."""
    import pyarrow as pa

    return {
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.uint8(): pd.UInt8Dtype(),
        pa.uint16(): pd.UInt16Dtype(),
        pa.uint32(): pd.UInt32Dtype(),
        pa.uint64(): pd.UInt64Dtype(),
    }


def _quoted(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".csv": read_csv,
        ".tsv": read_csv,
        ".txt": read_csv,
        ".parquet": read_parquet,
        ".pq": read_parquet,
    }
)
