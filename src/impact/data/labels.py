"""What a file says of its own codes: which are no answers, and which stand for words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from impact.data.columns import ANSWERS, Coded, coded
from impact.data.spelling import number_of, spelled
from impact.data.table import Described
from impact.spec.models import Missing

__all__ = ["Codes", "codes_of", "in_words"]

ZERO_ONE = frozenset(("0", "1"))


@dataclass(frozen=True)
class Codes:
    """Codes of one column that stand for an answer not given, as text.

    Parameters
    ----------
    refused, not_known, not_asked, missing : tuple of str
        As in `ANSWERS`.
    """

    refused: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def codes_of(missing: Missing, described: Described | None) -> Missing | Codes:
    """Return a column's codes of answers not given, by the params file and by the data file.

    Parameters
    ----------
    missing : Missing
        ``data.missing`` of the params file; what it says of a code holds.
    described : Described or None
        What the data file says of the column.

    Examples
    --------
    >>> said = Described(missing={"98": "refused", "99": "missing"})
    >>> codes_of(Missing(not_known=(99,)), said)
    Codes(refused=('98',), not_known=('99',), not_asked=(), missing=())
    """
    if described is None or not described.missing:
        return missing
    held: dict[str, list[str]] = {name: [] for name in ANSWERS[1:]}
    stated = set()
    for name in ("refused", "not_known", "not_asked"):
        for code in getattr(missing, name):
            held[name].append(spelled(code) or str(code).strip())
            stated.add(_same(held[name][-1]))
    for code, answer in described.missing.items():
        if _same(code) not in stated:
            held[answer].append(code)
    return Codes(**{name: tuple(codes) for name, codes in held.items()})


def _same(code: str) -> float | str:
    number = number_of(code)
    return code if number is None else number


def in_words(
    series: pd.Series[Any], described: Described | None, missing: Missing | Codes
) -> pd.Series[Any]:
    """Return a column of codes in the words that the data file has for them.

    Parameters
    ----------
    series : pandas.Series, shape (N,)
        The raw column; left as it is.
    described : Described or None
        What the data file says of the column.
    missing : Missing or Codes
        Codes of answers not given; they stay codes.

    Returns
    -------
    pandas.Series, shape (N,)
        Text where every answer that was given has a label: the same categories as in a file of
        words. The column itself where one has none, or where they are 0 and 1.
    """
    if described is None or not described.values:
        return series
    column = coded(series)
    none = {_same(str(code)) for name in ANSWERS[1:] for code in getattr(missing, name, ())}
    given = [label for label in column.labels if _same(label) not in none]
    labelled = all(label in described.values for label in given)
    if len(given) < 2 or ZERO_ONE.issuperset(given) or not labelled:
        return series
    return _replaced(column, {label: described.values[label] for label in given}, series.index)


def _replaced(column: Coded, words: dict[str, str], index: pd.Index) -> pd.Series[Any]:
    table = [*(words.get(label, label) for label in column.labels), None]
    return pd.Series(pd.array(table, dtype="str").take(column.codes), index=index)
