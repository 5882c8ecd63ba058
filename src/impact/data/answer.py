"""The answer to a query: columns by position, gathered piece by piece within a bound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from impact.data.arrow import series_of
from impact.data.table import refuse

__all__ = ["MOST_BYTES", "Answer"]

MOST_BYTES = 2 << 30


class Answer:
    """Columns of an answer as Arrow arrays, or as lists where their values are of no one type.

    Parameters
    ----------
    names : iterable of str
        Names of the columns; some may stand twice.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self.rows = 0
        self._size = 0
        self._pieces: list[list[Any]] = [[] for _ in self.names]

    def add(self, pieces: Iterable[Any], rows: int, where: str) -> None:
        """Add the next rows: an Arrow array or a list a column.

        Raises
        ------
        DataError
            The answer is larger than `MOST_BYTES`.
        """
        for held, piece in zip(self._pieces, pieces, strict=True):
            held.append(piece)
            self._size += 64 * len(piece) if isinstance(piece, list) else piece.nbytes
        self.rows += rows
        if self._size > MOST_BYTES:
            found = f"the answer is larger than {MOST_BYTES >> 30} GB"
            advice = "name fewer columns, or let the query count or average"
            refuse("answer-too-large", where, found, advice=advice)

    def frame(self, at: Iterable[int], where: str) -> pd.DataFrame:
        """Return the columns at these positions; the pieces of each are let go."""
        made = {self.names[position]: self._column(position, where) for position in at}
        return pd.DataFrame(made, index=pd.RangeIndex(self.rows), copy=False)

    def _column(self, position: int, where: str) -> pd.Series[Any]:
        import pyarrow as pa

        pieces, self._pieces[position] = self._pieces[position], []
        kind = _one_kind(pieces)
        if kind is None:
            values = [value for piece in pieces for value in _listed(piece)]
            return pd.Series(values, dtype=object)
        chunks = [piece if piece.type == kind else piece.cast(kind) for piece in pieces]
        return series_of(pa.chunked_array(chunks, type=kind), where, self.names[position])


def _one_kind(pieces: list[Any]) -> Any:
    """Return the Arrow type that all pieces are of, nothing and whole numbers giving way."""
    import pyarrow as pa
    from pyarrow import types

    if any(isinstance(piece, list) for piece in pieces):
        return None
    kinds = {piece.type for piece in pieces if not types.is_null(piece.type)}
    if not kinds:
        return pa.string()
    if kinds == {pa.int64(), pa.float64()} and all(map(_fits_a_float, pieces)):
        return pa.float64()
    return kinds.pop() if len(kinds) == 1 else None


def _fits_a_float(piece: Any) -> bool:
    import pyarrow as pa

    try:
        piece.cast(pa.float64())
    except pa.ArrowInvalid:
        return False
    return True


def _listed(piece: Any) -> list[Any]:
    return piece if isinstance(piece, list) else piece.to_pylist()
