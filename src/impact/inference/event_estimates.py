"""Estimates by event time, as the pre-test and the sensitivity analyses read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from impact.errors import DesignError

__all__ = ["EventEstimates", "HonestInterval"]

SINGULAR = 1e-10


@dataclass(frozen=True, eq=False)
class EventEstimates:
    """Estimates of P periods before and L from the start on, without the reference period.

    The periods follow one another without a gap, and the reference period, the last
    before the start, lies between the two parts and is left out.

    Parameters
    ----------
    estimate : numpy.ndarray, shape (P + L,)
        In the order of time.
    vcov : numpy.ndarray, shape (P + L, P + L)
        Their covariance.
    n_pre : int
        P, one or more.
    weights : numpy.ndarray, shape (L,), optional
        What is asked for is the sum of the later effects times these; the first one
        unless said.
    guide : numpy.ndarray, shape (P + L, P + L), optional
        A covariance fixed beforehand, up to scale, that decides how smoothness weighs the
        estimates; ``vcov`` unless said. Weights that are fitted to a covariance from few
        clusters pick what it happens to find small.

    Raises
    ------
    DesignError
        The shapes do not fit, a value is missing, there is no period before, or the
        covariance has no inverse.
    """

    estimate: np.ndarray
    vcov: np.ndarray
    n_pre: int
    weights: np.ndarray | None = None
    guide: np.ndarray | None = None

    def __post_init__(self) -> None:
        size = len(self.estimate)
        if not 1 <= self.n_pre < size:
            raise DesignError(
                "these tests need a period before the reference and one after it; found "
                f"{self.n_pre} before, {size - self.n_pre} after"
            )
        if self.vcov.shape != (size, size):
            raise DesignError(f"{size} estimates need a {size} × {size} covariance")
        if self.weights is not None and len(self.weights) != size - self.n_pre:
            raise DesignError(
                f"{size - self.n_pre} later periods need as many weights; found {len(self.weights)}"
            )
        if not (np.isfinite(self.estimate).all() and np.isfinite(self.vcov).all()):
            raise DesignError("an estimate or a covariance is missing; leave its period out")
        spread = np.sqrt(np.maximum(np.diag(self.vcov), 0.0))
        if not (spread > 0).all():
            raise DesignError("an estimate has no standard error; leave its period out")
        if np.linalg.eigvalsh(self.vcov / np.outer(spread, spread))[0] < SINGULAR:
            raise DesignError(
                "the covariance of the estimates has no inverse, as with fewer clusters than "
                "periods; pool periods or leave some out"
            )

    @property
    def n_post(self) -> int:
        """L, the number of periods from the start on."""
        return len(self.estimate) - self.n_pre

    @cached_property
    def guided(self) -> np.ndarray:
        """The covariance that decides the weights, of the size of ``vcov``."""
        if self.guide is None:
            return self.vcov
        scale = np.mean(np.diag(self.vcov) / np.diag(self.guide))
        return np.asarray(self.guide * scale)

    @cached_property
    def toward(self) -> np.ndarray:
        """What is asked for, as weights of the later estimates, shape (L,)."""
        if self.weights is None:
            first: np.ndarray = np.arange(self.n_post) == 0
            return first.astype(float)
        return np.asarray(self.weights, dtype=float)

    @property
    def value(self) -> float:
        """The estimate of what is asked for."""
        return float(self.toward @ self.estimate[self.n_pre :])

    @property
    def std_error(self) -> float:
        """Its standard error."""
        later = self.vcov[self.n_pre :, self.n_pre :]
        return float(np.sqrt(self.toward @ later @ self.toward))

    def interval(self, level: float) -> HonestInterval:
        """Return the usual interval, which takes the parallel trends for granted."""
        wide = float(special.ndtri(0.5 + level / 2)) * self.std_error
        return HonestInterval(self.value - wide, self.value + wide, level, 0.0, "parallel")


@dataclass(frozen=True)
class HonestInterval:
    """An interval that holds under a limit on how far the trends may have differed.

    Parameters
    ----------
    conf_low, conf_high : float
    level : float
    limit : float
        M in the outcome's units, or the multiple M̄.
    restriction : str
        ``smoothness``, ``relative_magnitudes``, or ``parallel`` for none but the usual.
    """

    conf_low: float
    conf_high: float
    level: float
    limit: float
    restriction: str

    @property
    def holds_zero(self) -> bool:
        """Whether zero lies inside."""
        return self.conf_low <= 0.0 <= self.conf_high
