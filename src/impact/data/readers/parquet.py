"""A Parquet file, in the file's own types."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from impact.data.arrow import of_one_value, series_of
from impact.data.readers.limit import fits
from impact.data.readers.rows import sound
from impact.data.table import Table, doubled, kept, refuse

__all__ = ["read_parquet"]


def read_parquet(path: Path, wanted: Collection[str], where: str) -> Table:
    """Read the wanted columns of a Parquet file, in the file's own types.

    Neither the file nor the whole table is ever held beside the columns that are made of it.

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
        The file is not Parquet, is cut off, has no rows, a wanted column is nested, or
        reading it would need more than 2 GiB.
    """
    import pyarrow as pa
    from pyarrow import parquet

    if not path.stat().st_size:
        refuse("empty-file", where, "the file is empty", "a table with rows is expected")
    columns: dict[str, pd.Series] = {}
    try:
        with parquet.ParquetFile(path, memory_map=True) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
            header = tuple(schema.names)
            names = [header[at] for at in kept(header, wanted)]
            _fits(file.metadata, names, where)
            of_one_value([schema.field(name) for name in names], where)
        texts = [name for name in names if _is_text(schema.field(name).type)]
        with parquet.ParquetFile(path, memory_map=True, read_dictionary=texts) as file:
            for name in names if rows else ():
                column = file.read(columns=[name]).column(0)
                if name in texts:
                    column = _written_out(column, schema.field(name).type, where)
                columns[name] = series_of(column, where, name)
    except PermissionError:
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        advice = "it may be cut off or of another format: write it again"
        refuse("not-parquet", where, "the file cannot be read as Parquet", advice=advice)
    if not rows:
        refuse("no-rows", where, "the file has columns and no rows", "rows are expected")
    frame = pd.DataFrame(columns, index=pd.RangeIndex(rows), copy=False)
    return sound(Table(frame, header, doubled(header), where))


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _written_out(column: Any, kind: Any, where: str) -> Any:
    """Return a column of texts, each of which may stand once in the file and in many rows."""
    from pyarrow import compute, types

    if not types.is_dictionary(column.type):
        return column
    need = 16.0 * len(column)
    for piece in column.chunks:
        lengths = compute.binary_length(piece.dictionary)
        need += compute.sum(lengths.take(piece.indices).cast("int64")).as_py() or 0
    fits(need, where)
    return column.cast(kind)


def _fits(metadata: Any, names: Collection[str], where: str) -> None:
    """Refuse columns that take more memory than is allowed, by what the file says of them."""
    need = 0
    for at in range(metadata.num_row_groups):
        group = metadata.row_group(at)
        for place in range(group.num_columns):
            column = group.column(place)
            if column.path_in_schema in names:
                text = column.physical_type in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
                need += group.num_rows * (17 if text else 9)
                need += column.total_uncompressed_size if text else 0
    fits(need, where)
