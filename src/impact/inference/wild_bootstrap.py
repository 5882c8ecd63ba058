"""The wild cluster bootstrap, with the null imposed, of one coefficient or sum of them.

The model is fitted under the null, the residuals of every cluster are multiplied by one
random weight, and the coefficient's t is computed anew (Cameron, Gelbach & Miller 2008,
WCR; the clustered errors are CR1). Nothing is fitted again: what a cluster adds to the
estimate and to its standard error is linear in its weight, so all draws are products of
the matrix of weights (draws × clusters) with a few columns (MacKinnon 2023). The null
enters linearly as well: the interval, the nulls that are not rejected, reuses the same
products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.errors import DesignError
from impact.inference.absorb import compact
from impact.inference.covariance import covariance
from impact.inference.linear import LinearFit
from impact.inference.wild_draws import POINTS, Draws, Weights, drawn, scores_of

__all__ = ["FEW", "WildBootstrap", "weights_for", "wild_bootstrap"]

FARTHEST = 1e3
STEPS = 60
FEW = 13


@dataclass(frozen=True)
class WildBootstrap:
    """What the wild cluster bootstrap found.

    Parameters
    ----------
    estimate, std_error : float
        The coefficient and its CR1 standard error.
    statistic : float
        Its t against the null.
    p_value : float
        Share of draws whose t is farther from zero than ``statistic``: strictly, so the
        two draws that repeat the data or mirror them do not count, as in R's boottest. It
        is a multiple of ``step``, and 0 means no more than ``step``: where that is over
        1 − level the draws are too few to reject anything, whatever the p-value says.
    conf_low, conf_high : float
        The nulls that are not rejected at 1 − level; infinite where the draws reject none.
    step : float
        The share of the draws that are the data or their mirror image; where draws are not
        enumerated, one of them if that is more. No p-value is told apart from a smaller one.
    draws : int
        Draws behind the p-value.
    enumerated : bool
        Whether they are all there are.
    n_clusters : int
    """

    estimate: float
    std_error: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    step: float
    draws: int
    enumerated: bool
    n_clusters: int


def weights_for(count: int, *, replications: int, level: float = 0.95) -> Weights:
    """Return which weights tell enough draws apart.

    Rademacher where all its draws are enumerated and can reach 1 − level; else Webb with
    under 13 clusters, of which Rademacher has only a few thousand different draws;
    Rademacher with more.

    Parameters
    ----------
    count : int
        Number of clusters.
    replications : int
    level : float

    Examples
    --------
    >>> [weights_for(count, replications=999) for count in (5, 6, 10, 13)]
    ['webb', 'rademacher', 'webb', 'rademacher']
    """
    enumerated = 2**count <= replications and 2 / 2**count <= 1 - level + 1e-12
    return "rademacher" if enumerated or count >= FEW else "webb"


def wild_bootstrap(
    fit: LinearFit,
    name: str | np.ndarray,
    cluster: np.ndarray,
    *,
    null: float = 0.0,
    level: float = 0.95,
    weights: Weights = "rademacher",
    replications: int = 9_999,
    seed: int = 0,
    basis: np.ndarray | None = None,
) -> WildBootstrap:
    """Test one coefficient, or sum of them, by the restricted wild cluster bootstrap.

    Valid for few clusters when they are alike and several of them are treated; with one or
    two treated clusters it hardly ever rejects (MacKinnon & Webb 2017).

    Parameters
    ----------
    fit : LinearFit
        N rows, K coefficients.
    name : str or numpy.ndarray, shape (K,)
        The coefficient, or the factors of a sum of coefficients.
    cluster : numpy.ndarray of int, shape (N,)
        Codes. The draws belong to the codes in their order: number clusters by something
        that does not depend on the order of the rows.
    null : float
        Value under test.
    level : float
        Of the interval.
    weights : str
        ``rademacher`` (±1) or ``webb`` (six points), which tells more draws apart with
        under about ten clusters.
    replications : int
        Rademacher draws are enumerated where there are no more than this.
    seed : int
        Of a generator of its own.
    basis : numpy.ndarray, optional
        `impact.inference.covariance.spanned` of the fit and the clusters, where it is
        known already.

    Returns
    -------
    WildBootstrap

    Raises
    ------
    DesignError
        There is one cluster, or no such coefficient.

    Examples
    --------
    >>> import numpy as np
    >>> from impact.inference.linear import fit
    >>> group, y = np.repeat([0, 1], 4), np.array([1.0, 6, 2, 4, 3, 8, 5, 7])
    >>> model = fit(y, np.column_stack([np.ones(8), group]), names=["one", "d"])
    >>> test = wild_bootstrap(model, "d", np.arange(8))
    >>> test.p_value, test.enumerated, test.draws
    (0.140625, True, 256)
    """
    if not 0 < level < 1:
        raise DesignError(f"a level lies between 0 and 1; found {level}")
    contrast = _contrast(fit, name)
    codes, count = compact(cluster)
    std_error = float(
        covariance(fit, "cr1", cluster=codes, contrasts=contrast[None, :]).std_error[0]
    )
    scores = scores_of(fit, contrast, codes, count, basis=basis)
    draws, enumerated = drawn(scores, weights, replications, seed)
    estimate = float(contrast @ fit.beta)
    n = 2**count if enumerated else replications
    step = 2 / n if enumerated else max(1 / n, 2 / POINTS[weights] ** count)
    low, high = -np.inf, np.inf
    if step <= 1 - level + 1e-12:
        low, high = (_farthest(draws, estimate, way * std_error, 1 - level) for way in (-1.0, 1.0))
    return WildBootstrap(
        estimate,
        std_error,
        (estimate - null) / std_error if std_error > 0 else float("nan"),
        draws.p_value(null) if std_error > 0 else float("nan"),
        low,
        high,
        step,
        n,
        enumerated,
        count,
    )


def _contrast(fit: LinearFit, name: str | np.ndarray) -> np.ndarray:
    if not isinstance(name, str):
        return np.asarray(name, dtype=float)
    if name not in fit.names:
        raise DesignError(f"the regression holds no '{name}'; it holds {', '.join(fit.names)}")
    return np.asarray(np.arange(fit.rank) == fit.position(name), dtype=float)


def _farthest(draws: Draws, estimate: float, step: float, alpha: float) -> float:
    """Return the null, from the estimate in the direction of ``step``, where p falls to alpha."""
    if not abs(step) > 0:
        return float("nan")
    inside, outside = 0.0, 1.0
    while draws.p_value(estimate + outside * step) > alpha:
        inside, outside = outside, 2 * outside
        if outside > FARTHEST:
            return float(np.copysign(np.inf, step))
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        if draws.p_value(estimate + middle * step) > alpha:
            inside = middle
        else:
            outside = middle
    return estimate + outside * step
