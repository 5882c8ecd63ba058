"""From latent normals to what is recorded: whole numbers, codes, empty fields."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import bdtr, betaincinv, gammaincinv, ndtr, ndtri

from impact.errors import DesignError
from impact.simulate.design import SimulatedOutcome

__all__ = ["recorded", "values"]

Array = np.ndarray
WHOLE = ("binary", "ordinal", "count")


def values(outcome: SimulatedOutcome, mean: Array, latent: Array) -> Array:
    """Map latent standard normals to an outcome whose expected value is `mean`.

    Each value is the quantile, at the latent's rank, of a distribution with that mean:
    so the mean is exact whatever correlations lie in the latent.

    Parameters
    ----------
    outcome : SimulatedOutcome
        Its kind picks the distribution.
    mean, latent : numpy.ndarray, shape (N,)
        Expected values in the outcome's units; latent normals of variance 1.

    Returns
    -------
    numpy.ndarray of float, shape (N,)
        The values, not yet rounded.
    """
    if outcome.kind == "binary":
        return np.asarray(latent > -ndtri(mean), dtype=float)
    if outcome.kind == "ordinal":
        return _levels(outcome, mean, ndtr(latent))
    if outcome.kind == "count":
        return _counts(outcome, mean, ndtr(latent))
    if outcome.kind == "duration":
        shape = (outcome.mean / outcome.sd) ** 2
        return np.asarray(mean / shape * gammaincinv(shape, ndtr(latent)))
    if outcome.scale is None:
        return np.asarray(mean + outcome.sd * latent)
    low, high = outcome.scale
    share, spread = (mean - low) / (high - low), outcome.sd / (high - low)
    size = share * (1 - share) / spread**2 - 1
    return np.asarray(
        low + (high - low) * betaincinv(share * size, (1 - share) * size, ndtr(latent))
    )


def recorded(
    outcome: SimulatedOutcome, mean: Array, latent: Array, rng: np.random.Generator
) -> pd.Series:
    """Return the values as written down, shape (N,), with codes and empty fields.

    Whole numbers come as ``int64``, or ``Int64`` where fields can be empty; others as
    ``float64`` with NaN.

    Raises
    ------
    DesignError
        A true value equals the code of an answer that was not given.
    """
    given = values(outcome, mean, latent)
    if outcome.decimals is not None:
        given = np.round(given, outcome.decimals)
    whole = outcome.kind in WHOLE or outcome.decimals == 0
    coded = outcome.refused + outcome.not_known
    if coded and np.isin(given, outcome.codes).any():
        codes = " and ".join(map(str, outcome.codes))
        raise DesignError(f"{outcome.column}: true values equal the codes {codes}; choose others")
    fate = rng.random(len(given))
    series = pd.Series(np.select([fate < outcome.refused, fate < coded], outcome.codes, given))
    series[(fate >= coded) & (fate < coded + outcome.missing)] = np.nan
    if whole:
        return series.astype("Int64" if outcome.missing else "int64")
    return series


def _levels(outcome: SimulatedOutcome, mean: Array, rank: Array) -> Array:
    """Binomial levels between the ends of the scale."""
    low, high = outcome.scale or (0.0, 1.0)
    steps = round(high - low)
    share = (mean - low) / (high - low)
    above = [rank > bdtr(level, steps, share) for level in range(steps)]
    return np.asarray(low + np.sum(above, axis=0, dtype=float))


def _counts(outcome: SimulatedOutcome, mean: Array, rank: Array) -> Array:
    from scipy import stats  # nine tenths of a second that only counts need

    if outcome.dispersion == 0:
        return np.asarray(stats.poisson.ppf(rank, mean))
    size = 1 / outcome.dispersion
    return np.asarray(stats.nbinom.ppf(rank, size, size / (size + mean)))
