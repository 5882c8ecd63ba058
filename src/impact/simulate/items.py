"""Items of a questionnaire behind a score that was drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from impact.errors import DesignError, Fault

__all__ = ["answers_behind"]

Array = np.ndarray


def answers_behind(
    score: pd.Series[float],
    *,
    items: Sequence[str],
    scale: tuple[int, int],
    reverse: Sequence[str] = (),
    apart: float = 0.5,
    seed: int = 20210301,
) -> pd.DataFrame:
    """Draw whole answers to several items whose mean is, on average, a given score.

    The sum of a row's answers is k times its score, rounded up or down at random with the
    chances that keep its expected value: an effect that is built into the score is built
    into the mean of the items.

    Parameters
    ----------
    score : pandas.Series of float, shape (N,)
        Within ``scale``; where it is missing, no item is answered.
    items : sequence of str, length k
        Names of the items.
    scale : tuple of int
        Lowest and highest answer to every item.
    reverse : sequence of str
        Items worded the other way round: their answers are turned.
    apart : float
        How far the answers of one person lie apart: how many times, on average, one
        item gives a point to another. 0 makes them as equal as they can be.
    seed : int
        Seed of the generator.

    Returns
    -------
    pandas.DataFrame of Int64, shape (N, k)
        With the index of ``score``.

    Raises
    ------
    DesignError
        The score leaves the scale, or a reversed item is none of the items.

    Examples
    --------
    >>> from impact import simulate
    >>> rating = pd.Series([1.0, 2.5, 5.0])
    >>> drawn = simulate.answers_behind(rating, items=["speaks", "reads"], scale=(1, 5))
    >>> drawn.mean(axis=1).tolist()
    [1.0, 2.5, 5.0]
    """
    low, high = scale
    faults = [f"{name} is none of the items" for name in reverse if name not in items]
    if not score.dropna().between(low, high).all():
        faults.append(f"the score leaves the scale of {low} to {high}")
    if faults:
        raise DesignError([Fault("simulation", "items", said) for said in faults])
    rng = np.random.default_rng([seed, len(items)])
    given = score.notna().to_numpy()
    total = len(items) * score.to_numpy(dtype=float)[given]
    # Rounded at random: what 4 x 2.30 has over 9 is the chance of a 10.
    points = np.floor(total + rng.random(len(total)) - 1e-9).clip(len(items) * low, None)
    answers = _moved(_even(points.astype(np.int64), len(items), rng), scale, apart, rng)
    turned = [name in reverse for name in items]
    answers[:, turned] = low + high - answers[:, turned]
    drawn = np.full((len(score), len(items)), np.nan)
    drawn[given] = answers
    return pd.DataFrame(drawn, index=score.index, columns=list(items)).astype("Int64")


def _even(points: Array, k: int, rng: np.random.Generator) -> Array:
    """Deal points out as evenly as can be, the rest to items drawn by lot, shape (N, k)."""
    order = rng.permuted(np.tile(np.arange(k), (len(points), 1)), axis=1)
    return np.asarray(points[:, None] // k + (order < (points % k)[:, None]))


def _moved(answers: Array, scale: tuple[int, int], apart: float, rng: np.random.Generator) -> Array:
    """Let items of a row give a point to one another where the scale has room for it."""
    n, k = answers.shape
    times = np.asarray(rng.poisson(apart, n))
    for turn in range(int(max(times, default=0))):
        pairs = rng.permuted(np.tile(np.arange(k), (n, 1)), axis=1)[:, :2]
        rows = np.arange(n)
        giver, taker = answers[rows, pairs[:, 0]], answers[rows, pairs[:, 1]]
        moves = (times > turn) & (giver > scale[0]) & (taker < scale[1])
        answers[rows, pairs[:, 0]] -= moves
        answers[rows, pairs[:, 1]] += moves
    return answers
