"""How much memory reading a file may take, and who is told so beforehand."""

from __future__ import annotations

from impact.data.table import refuse

__all__ = ["MOST_BYTES", "fits"]

MOST_BYTES = 2 << 30


def fits(need: float, where: str, *, queried: bool = True) -> None:
    """Refuse a file whose reading would need more than 2 GiB, before it is read.

    Parameters
    ----------
    need : float
        Bytes of memory at the peak, as the file's own directory lets one estimate it.
    where : str
        The file as faults name it.
    queried : bool
        Whether a ``data.query`` can be put to files of this kind.

    Raises
    ------
    DataError
        With the advice to query the file, or to save less of it.
    """
    if need > MOST_BYTES:
        found = f"reading it would take about {_said(need)} of memory"
        expected = f"at most {_said(MOST_BYTES)} are used"
        advice = "name a data.query that picks its columns and rows, or split the file"
        if not queried:
            advice = "save the columns that are needed as CSV or Parquet, or split the file"
        refuse("too-large", where, found, expected, advice)


def _said(size: float) -> str:
    return f"{size / 2**30:.1f} GiB" if size >= 2**29 else f"{size / 2**20:.0f} MiB"
