"""The simulated panels that every tool is given: units by 20 periods, sorted, nothing missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["KINDS", "PERIODS", "drawn", "written"]

PERIODS = 20
NEVER = 0.4
KINDS = {
    "staggered": (6, 9, 12, 15, 18),
    "one start": (11,),
    "gaps": (6, 9, 12, 15, 18),
}


def drawn(kind: str, units: int, seed: int = 20261121) -> pd.DataFrame:
    """Draw a panel: two in five never treated, effects that grow, courses that lean on ``x``.

    Parameters
    ----------
    kind : str
        ``staggered`` (five starts), ``one start``, or ``gaps``: staggered, and a tenth of
        the rows missing.
    units : int
    seed : int

    Returns
    -------
    pandas.DataFrame
        ``unit period first treated after under x y``; ``first`` is 0 for the never treated.
    """
    rng = np.random.default_rng(seed)
    starts = np.array([0, *KINDS[kind]])
    shares = [NEVER, *[(1 - NEVER) / len(KINDS[kind])] * len(KINDS[kind])]
    first = rng.choice(starts, units, p=shares)
    time = np.arange(1, PERIODS + 1)
    since = np.where(first > 0, time[:, None] - first, -1).T
    x = rng.normal(size=units)
    course = 0.1 * time + 0.05 * x[:, None] * time
    effect = np.where(since >= 0, 1 + 0.1 * since, 0.0)
    y = rng.normal(size=(units, 1)) + course + effect + rng.normal(size=(units, PERIODS))
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), PERIODS),
            "period": np.tile(time, units),
            "first": np.repeat(first, PERIODS),
            "treated": np.repeat((first > 0).astype(int), PERIODS),
            "after": np.tile((time >= KINDS[kind][0]).astype(int), units),
            "under": (since >= 0).astype(int).ravel(),
            "x": np.repeat(x, PERIODS),
            "y": y.ravel(),
        }
    )
    if kind == "gaps":
        frame = frame[rng.random(len(frame)) < 0.9].reset_index(drop=True)
    return frame


def written(folder: Path, kind: str, units: int) -> Path:
    """Write a panel as Parquet, once, and return its path."""
    path = folder / f"{kind.replace(' ', '-')}-{units}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        drawn(kind, units).to_parquet(path)
    return path
