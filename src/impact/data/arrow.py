"""Arrow columns as pandas columns, alike whatever reader they come from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from impact.data.spelling import spelled
from impact.data.table import refuse

__all__ = [
    "flagged",
    "give_back",
    "of_one_value",
    "positions",
    "quoted",
    "series_of",
    "texts",
]


def series_of(column: Any, where: str, name: str) -> pd.Series[Any]:
    """Return an Arrow column in its own type, as few copies of it as can be.

    Parameters
    ----------
    column : pyarrow.ChunkedArray, shape (N,)
        Of any type but lists and records.
    where, name : str
        File and column, as faults name them.

    Returns
    -------
    pandas.Series, shape (N,)
        Whole numbers stay whole where some are missing; decimals are the floats nearest
        to them, as they are where they are read from text.

    Raises
    ------
    DataError
        The column holds what its type cannot.
    """
    import pyarrow as pa
    from pyarrow import compute, types

    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        found = f"column '{name}' holds what its type cannot"
        advice = "texts that are not UTF-8, it may be: write the file again"
        refuse("parquet-values", where, found, advice=advice)
    if types.is_decimal(column.type):
        column = compute.cast(compute.cast(column, pa.string()), pa.float64())
    kinds = _with_missing() if column.null_count else {}
    made = pa.table([column], names=["0"]).to_pandas(
        ignore_metadata=True, types_mapper=kinds.get, split_blocks=True
    )
    series: pd.Series[Any] = made["0"]
    give_back()
    return series


def give_back() -> None:
    """Return to the system what Arrow keeps of memory that nothing uses any more."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def of_one_value(schema: Any, where: str) -> None:
    """Refuse columns that hold lists or records."""
    from pyarrow import types

    def holds_more(kind: Any) -> bool:
        kind = kind.value_type if types.is_dictionary(kind) else kind
        return bool(types.is_nested(kind))

    nested = [field.name for field in schema if holds_more(field.type)]
    if nested:
        found = f"column {quoted(nested)} holds lists or records"
        refuse("nested-column", where, found, "one value a row is expected")


def quoted(names: Collection[str]) -> str:
    """Return names as faults list them."""
    return ", ".join(f"'{name}'" for name in names)


def _with_missing() -> dict[Any, Any]:
    """Types of whole numbers and truth values that stay exact beside missing values."""
    import pyarrow as pa

    return {
        pa.bool_(): pd.BooleanDtype(),
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.uint8(): pd.UInt8Dtype(),
        pa.uint16(): pd.UInt16Dtype(),
        pa.uint32(): pd.UInt32Dtype(),
        pa.uint64(): pd.UInt64Dtype(),
    }


def positions(text: Any) -> tuple[np.ndarray, Any]:
    """Return texts as int32 positions in the different ones, -1 for none, and those."""
    encoded = text.dictionary_encode().unify_dictionaries()
    at = np.empty(len(text), dtype=np.int32)
    end = 0
    for piece in encoded.chunks:
        begin, end = end, end + len(piece)
        at[begin:end] = piece.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return at, encoded.chunk(0).dictionary if encoded.num_chunks else text.combine_chunks()


def texts(series: pd.Series[Any]) -> Any:
    """Return the column as a chunked Arrow array of text."""
    import pyarrow as pa

    if isinstance(series.dtype, pd.StringDtype):
        text = pa.array(series, type=pa.large_string(), from_pandas=True)
    else:
        text = pa.array([spelled(value) for value in series], type=pa.large_string())
    return text if isinstance(text, pa.ChunkedArray) else pa.chunked_array([text])


def flagged(flags: Any) -> np.ndarray:
    """Return an Arrow array of truth values as a mask; what is not known is not so."""
    mask: np.ndarray = flags.fill_null(False).to_numpy(zero_copy_only=False)
    return mask.astype(bool, copy=True)
