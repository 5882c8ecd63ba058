"""Outcomes that are made of several items of a questionnaire."""

from __future__ import annotations

import numpy as np

from impact.data.columns import ANSWERS, GIVEN
from impact.data.panel import Panel
from impact.spec.models import Outcome

__all__ = ["items_of", "scored", "turned"]

# Where two reasons are as frequent among the items, the first of them counts.
REASONS = tuple(ANSWERS.index(name) for name in ("refused", "not_known", "not_asked", "missing"))


def scored(
    outcome: Outcome, items: np.ndarray, answers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the score of each row, and why one is not there.

    Parameters
    ----------
    outcome : Outcome
        With a score.
    items : numpy.ndarray of float, shape (N, k)
        As they were answered; NaN where they were not.
    answers : numpy.ndarray of int8, shape (N, k)
        Positions in `ANSWERS`.

    Returns
    -------
    numpy.ndarray of float, shape (N,)
        Mean of the answered items, or k times that; NaN where fewer than
        ``score.answered`` are.
    numpy.ndarray of int8, shape (N,)
        The reason that most unanswered items give; of two as frequent the first of
        refused, not known, not asked, missing.
    """
    if outcome.score is None:
        raise ValueError("the outcome is no score")
    k = items.shape[1]
    given = ~np.isnan(items)
    count = given.sum(axis=1)
    enough = count >= (outcome.score.answered or k)
    total = np.where(given, turned(outcome, items), 0.0).sum(axis=1)
    mean = np.divide(total, count, out=np.full(len(items), np.nan), where=enough)
    value = mean * k if outcome.score.of == "sum" else mean
    asked = np.stack([((answers == reason) & ~given).sum(axis=1) for reason in REASONS])
    reason = np.array(REASONS, dtype=np.int8)[asked.argmax(axis=0)]
    return value, np.where(enough, np.int8(GIVEN), reason).astype(np.int8)


def turned(outcome: Outcome, items: np.ndarray) -> np.ndarray:
    """Return items with those turned round that are worded the other way.

    Parameters
    ----------
    outcome : Outcome
        With a score.
    items : numpy.ndarray of float, shape (N, k)
        As they were answered.
    """
    score, scale = outcome.score, outcome.item_scale
    if score is None or scale is None:
        return items
    other = np.array([item in score.reverse for item in score.items])
    return np.where(other, scale[0] + scale[1] - items, items)


def items_of(panel: Panel, outcome: Outcome) -> np.ndarray:
    """Return the items of a score, all worded one way, for reliability and item tables.

    Parameters
    ----------
    panel : Panel
        Its ``values`` hold the items as they were answered.
    outcome : Outcome
        One of its outcomes, with a score.

    Returns
    -------
    numpy.ndarray of float, shape (N, k)
        In the order of ``outcome.score.items``; NaN where an item was not answered.

    Raises
    ------
    ValueError
        The outcome is no score.
    """
    if outcome.score is None:
        raise ValueError("the outcome is no score")
    return turned(outcome, panel.values[list(outcome.score.items)].to_numpy())
