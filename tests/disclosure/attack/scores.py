"""Scores of several items in the records of a pilot, and the answers that one can have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["ITEMS", "LOOSE", "SCORE", "answers_to", "with_score"]

ITEMS = ("q1", "q2", "q3")
LOWEST, HIGHEST = 1, 5
SCORE, LOOSE = "score", "loose score"
"""Of all items, or of those that were answered."""
OFTEN = 0.08


def answers_to(scale: tuple[int, int], parts: int) -> tuple[float, ...]:
    """Return the answers that an outcome can have, none where they are not so few.

    Parameters
    ----------
    scale : tuple
    parts : int
        Of how many whole numbers it is the mean; zero where that is not known.
    """
    if parts == 0:
        return ()
    low, high = (end * parts for end in scale)
    return tuple(one if parts == 1 else one / parts for one in range(low, high + 1))


def with_score(
    seed: int, frame: pd.DataFrame, name: str, codes: tuple[float, float]
) -> tuple[str, Mapping[str, Any]] | None:
    """Add a score and its items to the records of some pilots.

    Parameters
    ----------
    seed : int
        Of the pilot: its other records stay as they are.
    frame : pandas.DataFrame
        A row a person and wave; gets a column an item, and the score.
    name : str
        Of the score.
    codes : tuple
        Of refused, and of not known.

    Returns
    -------
    tuple or None
        The kind of score, and its keys of a params file.
    """
    rng = np.random.default_rng([seed, 20_261_122])
    if rng.random() >= OFTEN:
        return None
    taste = rng.normal(0, 1, int(frame["id"].max()) + 1)[frame["id"]]
    silent = rng.uniform(0, 0.06) * (rng.random() < 0.7)
    items = []
    for item in ITEMS:
        latent = taste * rng.uniform(0.2, 1.5) + rng.normal(0, 0.9, len(frame))
        draw = rng.random(len(frame))
        answer = np.clip(np.round(3 + latent + 0.2 * frame["w"]), LOWEST, HIGHEST)
        answer = np.where(draw < silent, codes[0], answer)
        answer = np.where((draw >= silent) & (draw < 1.5 * silent), codes[1], answer)
        frame[item] = np.where((draw >= 1.5 * silent) & (draw < 2 * silent), np.nan, answer)
        items.append(frame[item].to_numpy(dtype=float))
    least = 2 if rng.random() < 0.3 else len(ITEMS)
    keys: dict[str, Any] = {"items": list(ITEMS), "of": str(rng.choice(["mean", "sum"]))}
    keys |= {"answered": least} if least < len(ITEMS) else {}
    by = len(ITEMS) if keys["of"] == "sum" else 1
    frame[name] = _scored(np.column_stack(items), codes, least, by)
    outcome = {"column": name, "label": f"Outcome {name}", "direction": "higher", "score": keys}
    scale = {"kind": "continuous", "scale": [LOWEST * by, HIGHEST * by]}
    return (LOOSE if least < len(ITEMS) else SCORE), outcome | scale


def _scored(items: np.ndarray, codes: tuple[float, float], least: int, by: int) -> np.ndarray:
    """Return the mean of the answers, or the sum, or the code of why there is none."""
    reasons = np.stack([items == codes[0], items == codes[1], np.isnan(items)])
    given = ~reasons.any(axis=0)
    answered = given.sum(axis=1)
    value = np.where(given, items, 0.0).sum(axis=1) / np.maximum(answered, 1) * by
    # The reason that most items give, of two as frequent the first.
    why = np.array([*codes, np.nan])[reasons.sum(axis=2).argmax(axis=0)]
    return np.where(answered >= least, value, why)
