"""Sums of coefficients, tested by the restricted wild cluster bootstrap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from impact.did.result import Estimates, rounding_of
from impact.did.uncertainty import Inference
from impact.inference.absorb import compact
from impact.inference.clusters import effective_clusters
from impact.inference.covariance import covariance
from impact.inference.hat import spanned
from impact.inference.linear import LinearFit
from impact.inference.wild_bootstrap import FEW, WildBootstrap, weights_for, wild_bootstrap
from impact.locale import N_
from impact.results import Sentence

__all__ = ["by_wild_bootstrap"]

WEIGHTS = {"rademacher": "Rademacher", "webb": "Webb"}
OPEN = Sentence(
    "Where the draws rule out no value on one side, that end of the interval is missing."
)
# Simulated, clusters of one size, half of them treated: 8.4, 8.7, 7.4, 6.1 % of true nulls
# rejected at 5 % with 6, 7, 8, 9 clusters, 5.2 % with 10; 3,000 samples each.
TOO_OFTEN = 10
LIBERAL = Sentence(
    "With under ten clusters this test finds a difference where there is none somewhat more often "
    "than its level says: in simulations in 6 to 9 of 100 cases where it should be 5."
)
ALL = Sentence(
    "The p-value is the share of the only draw (%(n)s; %(weights)s weights) of the wild cluster "
    "bootstrap that is farther from zero than the data; it cannot be smaller than "
    "%(smallest).3g. The interval holds the values that are not rejected.",
    many="The p-value is the share of all %(n)s draws (%(weights)s weights) of the wild cluster "
    "bootstrap that are farther from zero than the data; it cannot be smaller than "
    "%(smallest).3g. The interval holds the values that are not rejected.",
)
RANDOM = Sentence(
    "The p-value is the share of %(n)s random draw (%(weights)s weights) of the wild cluster "
    "bootstrap that is farther from zero than the data; it cannot be smaller than "
    "%(smallest).3g. The interval holds the values that are not rejected.",
    many="The p-value is the share of %(n)s random draws (%(weights)s weights) of the wild "
    "cluster bootstrap that are farther from zero than the data; it cannot be smaller than "
    "%(smallest).3g. The interval holds the values that are not rejected.",
)


def by_wild_bootstrap(
    fitted: LinearFit,
    contrasts: Mapping[str, np.ndarray],
    clusters: np.ndarray,
    chosen: Inference,
    *,
    level: float = 0.95,
) -> Estimates:
    """Test every sum of coefficients by itself, its null imposed; all by the same draws.

    The standard error is CR1. The p-value is never told as smaller than the draws can tell
    apart; where that is over 1 − level, p-values and intervals are missing.

    Parameters
    ----------
    fitted : LinearFit
        N rows, K coefficients.
    contrasts : mapping of str to numpy.ndarray, each shape (K,)
        By term.
    clusters : numpy.ndarray of int, shape (N,)
        Codes in an order that does not depend on that of the rows.
    chosen : Inference
        Holds the number of draws and their seed.
    level : float
        Of the intervals.
    """
    draws = chosen.draws
    matrix = np.array(list(contrasts.values()), dtype=float)
    codes, count = compact(clusters)
    weights = weights_for(count, replications=draws.replications, level=level)
    basis = spanned(fitted, codes)
    tests = [
        wild_bootstrap(
            fitted,
            one,
            codes,
            level=level,
            weights=weights,
            replications=draws.replications,
            seed=draws.seed,
            basis=basis,
        )
        for one in matrix
    ]
    first = tests[0]
    reaches = first.step <= 1 - level + 1e-12
    errors = covariance(fitted, "cr1", cluster=codes, contrasts=matrix)
    effective = effective_clusters(fitted, codes, matrix[:1])
    rounding = rounding_of(fitted)
    flat = np.array([test.std_error <= rounding for test in tests])

    def read(name: str, *, tested: bool = reaches) -> np.ndarray:
        values = np.array([float(getattr(test, name)) for test in tests])
        return np.where(np.isfinite(values) & ~flat & tested, values, np.nan)

    low, high = read("conf_low"), read("conf_high")
    return Estimates(
        tuple(contrasts),
        matrix @ fitted.beta,
        np.where(flat, 0.0, errors.std_error),
        read("statistic", tested=True),
        np.maximum(read("p_value"), first.step),
        low,
        high,
        "wild_bootstrap",
        count,
        errors.matrix,
        _notes(first, WEIGHTS[weights], [low, high], reaches=reaches, people=chosen.alone),
        {
            "dof": errors.dof.tolist(),
            "effective_clusters": float(effective[0]),
            "weights": weights,
            "draws": first.draws,
            "enumerated": first.enumerated,
            "smallest_p": first.step,
        },
    )


def _notes(
    test: WildBootstrap, weights: str, ends: Sequence[np.ndarray], *, reaches: bool, people: bool
) -> tuple[Sentence, ...]:
    """Say how many draws there were, of what, and the smallest p-value they can reach.

    The number of all draws gives that of the clusters away, which may be ``people``.
    """
    counts = {"clusters": test.n_clusters} if people and test.n_clusters < FEW else {}
    values = {"n": test.draws, "weights": weights, "smallest": test.step}
    if not reaches:
        said = N_(
            "The wild cluster bootstrap cannot reach the level: its smallest possible p-value "
            "is %(smallest).3f. So the difference is shown without a test."
        )
        return (Sentence(said, values, counts),)
    first = replace(ALL if test.enumerated else RANDOM, values=values, counts=counts)
    notes = (first, OPEN) if np.isnan(ends).any() else (first,)
    return (*notes, LIBERAL) if test.n_clusters < TOO_OFTEN else notes
