"""One raw column at a time: labels with codes, numbers with answers, categories."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from impact.data.arrow import flagged, positions, texts
from impact.data.spelling import NOT_THERE, NUMBER, number_of, spelled
from impact.spec.models import Missing

if TYPE_CHECKING:
    from impact.data.labels import Codes

__all__ = [
    "ANSWERS",
    "Coded",
    "Numbers",
    "categories",
    "coded",
    "is_text",
    "is_true_or_false",
    "numbers",
]

ANSWERS = ("given", "refused", "not_known", "not_asked", "missing")
GIVEN, MISSING = 0, 4
HEAD = 10_000
TRUTH = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of labels as codes.

    Parameters
    ----------
    codes : numpy.ndarray of int, shape (N,)
        Positions in ``labels``; -1 where nothing stands.
    labels : tuple of str
        The different labels as text, sorted as text.
    """

    codes: np.ndarray
    labels: tuple[str, ...]

    def of(self, meaning: Callable[[str], float], nothing: float = math.nan) -> np.ndarray:
        """Return the number that each row's label means, shape (N,)."""
        table = np.array([*(meaning(label) for label in self.labels), nothing], dtype=float)
        meant: np.ndarray = table[self.codes]
        return meant


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of numbers.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (N,)
        NaN where no number was given.
    answers : numpy.ndarray of int8, shape (N,)
        Positions in `ANSWERS`.
    bad : numpy.ndarray of bool, shape (N,)
        Whether something stands there that is no number.
    """

    values: np.ndarray
    answers: np.ndarray
    bad: np.ndarray


def coded(series: pd.Series[Any]) -> Coded:
    """Give every label of a column a code, the labels sorted as text.

    Parameters
    ----------
    series : pandas.Series, shape (N,)
        Text, numbers, dates or truth values.

    Returns
    -------
    Coded
        ``1`` and ``01`` are two labels; ``1.0`` stored as a number is ``1``.
    """
    raw, different = _different(series)
    words = [spelled(value) for value in different]
    labels = tuple(sorted({word for word in words if word is not None}))
    at = {label: code for code, label in enumerate(labels)}
    table = np.array([*(-1 if word is None else at[word] for word in words), -1], dtype=np.int64)
    return Coded(table[raw], labels)


def _different(series: pd.Series[Any]) -> tuple[np.ndarray, Any]:
    """Return each row's position among the different values, -1 for none, and those values."""
    if isinstance(series.dtype, pd.StringDtype):
        at, different = positions(texts(series))
        return at, different.to_pylist()
    return pd.factorize(series)


def numbers(series: pd.Series[Any], missing: Missing | Codes, *, truth: bool = False) -> Numbers:
    """Read a column as numbers, with why a number is not there.

    Parameters
    ----------
    series : pandas.Series, shape (N,)
        The raw column.
    missing : Missing or Codes
        Codes of answers not given: ``98`` is met by 98, 98.0 and "98".
    truth : bool
        Whether ``true`` and ``false`` are 1 and 0.

    Returns
    -------
    Numbers
        A code that stands for a missing answer is not a number.
    """
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    if series.dtype.kind in "biuf":
        values = series.to_numpy(dtype=float, na_value=np.nan, copy=True)
        answers = np.where(np.isnan(values), MISSING, GIVEN).astype(np.int8)
        read = Numbers(values, answers, np.zeros(len(values), dtype=bool))
    else:
        read = _from_text(series, missing, truth=truth)
    for answer, code in _codes(missing):
        value = number_of(code)
        if value is not None:
            hit = read.values == value
            read.answers[hit] = answer
            read.values[hit] = np.nan
    return read


def _codes(missing: Missing | Codes) -> Iterator[tuple[int, str]]:
    """Each missing code as text, with the position of its answer."""
    for answer, name in enumerate(ANSWERS[1:], start=1):
        for code in getattr(missing, name, ()):
            yield answer, spelled(code) or str(code).strip()


def _from_text(series: pd.Series[Any], missing: Missing | Codes, *, truth: bool) -> Numbers:
    import pyarrow as pa

    text = texts(series)
    if not _repeats(text):
        return _read(text.combine_chunks(), missing, truth=truth)
    # Each different text is read once, and nothing stands behind the last of them.
    at, different = positions(text)
    different = pa.concat_arrays([different, pa.nulls(1, different.type)])
    once = _read(different, missing, truth=truth)
    return Numbers(once.values[at], once.answers[at], once.bad[at])


def _repeats(text: Any) -> bool:
    """Say whether a column is of few different texts, going by its first rows."""
    head = text.slice(0, HEAD)
    return 2 * len(head.unique()) < len(head)


def _read(text: Any, missing: Missing | Codes, *, truth: bool) -> Numbers:
    """Read an Arrow array of texts as numbers."""
    import pyarrow as pa
    from pyarrow import compute

    text = compute.utf8_trim_whitespace(text)
    answers = np.zeros(len(text), dtype=np.int8)
    for answer, code in _codes(missing):
        # Every array is made of Arrow's masks, so that two million rows take no loop.
        answers[flagged(compute.equal(text, code))] = answer
    empty = flagged(compute.is_in(text, value_set=pa.array(sorted(NOT_THERE), text.type)))
    empty |= flagged(compute.is_null(text))
    answers[empty & (answers == GIVEN)] = MISSING
    text = compute.if_else(pa.array(answers == GIVEN), text, pa.scalar(None, text.type))
    if truth:
        for word, number in TRUTH.items():
            hit = compute.equal(compute.utf8_lower(text), word)
            text = compute.if_else(compute.fill_null(hit, False), f"{number:.0f}", text)
    bad = np.zeros(len(text), dtype=bool)
    try:
        cast = compute.cast(text, pa.float64())
    except pa.ArrowInvalid:
        bad = flagged(compute.invert(compute.match_substring_regex(text, NUMBER)))
        cast = compute.cast(
            compute.if_else(pa.array(bad), pa.scalar(None, text.type), text), pa.float64()
        )
    values = cast.to_numpy(zero_copy_only=False).astype(float, copy=True)
    return Numbers(values, answers, bad)


def is_true_or_false(series: pd.Series[Any]) -> bool:
    """Say whether a column holds nothing but ``true`` and ``false``, in text or as such."""
    labels = coded(series).labels
    return bool(labels) and all(label.lower() in TRUTH for label in labels)


def is_text(read: Numbers) -> bool:
    """Say whether a column holds categories: more of its answers are words than numbers."""
    given = int((read.answers == GIVEN).sum())
    return 2 * int(read.bad.sum()) > given


def categories(series: pd.Series[Any], missing: Missing | Codes) -> tuple[Coded, np.ndarray]:
    """Read a column of words: the categories, and why one is not there.

    Parameters
    ----------
    series : pandas.Series, shape (N,)
        The raw column.
    missing : Missing or Codes
        Codes of answers not given.

    Returns
    -------
    Coded
        The categories sorted as text; -1 where no answer was given.
    numpy.ndarray of int8, shape (N,)
        Positions in `ANSWERS`.
    """
    column = coded(series)
    codes = {code: answer for answer, code in _codes(missing)}
    answer = column.of(lambda label: codes.get(label, GIVEN), MISSING).astype(np.int8)
    kept = [label for label in column.labels if label not in codes]
    at = {label: code for code, label in enumerate(kept)}
    code = column.of(lambda label: at.get(label, -1), -1).astype(np.int64)
    return Coded(code, tuple(kept)), answer
