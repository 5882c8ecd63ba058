"""The restricted wild cluster bootstrap of four means, all pilots at once."""

from __future__ import annotations

import numpy as np

from calibration.four_means import BATCH, TIES, FourMeans

__all__ = ["wild"]


def wild(data: FourMeans, *, replications: int, seed: int) -> np.ndarray:
    """Return p-values with Rademacher weights, enumerated where they are few, shape (R,)."""
    groups = len(data.treated)
    if 2**groups <= replications:
        bits = np.arange(2 ** (groups - 1))[:, None] >> np.arange(groups) & 1
        signs = 1.0 - 2.0 * bits
    else:
        rng = np.random.default_rng(seed)
        signs = rng.integers(0, 2, (replications, groups), dtype=np.int8) * 2.0 - 1.0
    pull = data.sign / data.total
    # The column under test given the others is `pull` times this.
    scale = 1 / (1 / data.total[:, [np.argmax(data.treated), np.argmin(data.treated)]]).sum((1, 2))
    under = data.left + (data.estimate * scale)[:, None, None] * data.counts * pull
    load = data.counts * pull / data.total
    p = np.empty(len(data.sums))
    for at in range(0, len(p), BATCH):
        rows = slice(at, at + BATCH)
        p[rows] = _beyond(under[rows], load[rows], pull[rows], data.treated, signs.T)
    return p


def _beyond(
    under: np.ndarray, load: np.ndarray, pull: np.ndarray, treated: np.ndarray, signs: np.ndarray
) -> np.ndarray:
    """Return the share of weights (G, B) with which t² is farther out than the data's."""
    own = (under * pull).sum(axis=2)
    data_top, data_bottom = _squares(under, own, load, treated, np.ones((len(signs), 1)))
    top, bottom = _squares(under, own, load, treated, signs)
    return (top * data_bottom > data_top * np.maximum(bottom, 0.0) * (1 + TIES)).mean(axis=1)


def _squares(
    under: np.ndarray, own: np.ndarray, load: np.ndarray, treated: np.ndarray, signs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return estimate² and the scores' sum of squares, v s less what the fit takes of it."""
    top = (own @ signs) ** 2
    bottom = np.broadcast_to((own**2).sum(axis=1, keepdims=True), top.shape).copy()
    for side in (treated, ~treated):
        whole = [under[:, side, cell] @ signs[side] for cell in (0, 1)]
        for i in (0, 1):
            crossed = (own[:, side] * load[:, side, i]) @ signs[side]
            bottom -= 2 * whole[i] * crossed
            for j in (0, 1):
                both = (load[:, side, i] * load[:, side, j]).sum(axis=1, keepdims=True)
                bottom += both * whole[i] * whole[j]
    return top, bottom
