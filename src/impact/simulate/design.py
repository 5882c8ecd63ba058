"""What a simulated pilot is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from impact.spec.models import Kind

__all__ = ["SimulatedCovariate", "SimulatedOutcome", "Simulation"]


@dataclass(frozen=True, kw_only=True)
class SimulatedOutcome:
    """One outcome, and the effect that is built into it.

    Its expected value for a unit of cohort g in period t (counted from 1) is ::

        mean + course[t] + (gap + drift * (t - 1)) * treated
             + (effect[g] + growth * (t - g)) * (t >= g)

    for every kind, in the outcome's own units: a share for a binary outcome, levels for
    an ordinal one, events per period for a count. The last line is the built-in effect,
    the average effect on the treated of cohort g in period t. With ``drift`` = 0 the
    expected courses are parallel, on exactly that scale.

    Parameters
    ----------
    column : str
        Name of the column.
    kind : str
        ``binary`` (share ``mean``), ``ordinal`` (whole levels within ``scale``,
        binomial), ``continuous`` (normal with ``sd``; with ``scale`` a beta between its
        ends), ``count`` (Poisson; with ``dispersion`` d a negative binomial of variance
        mean + d mean²) or ``duration`` (gamma; its SD stays in proportion to its mean).
    mean : float
        Expected value of the comparison in period 1.
    sd : float
        Standard deviation (continuous, duration).
    scale : tuple of float or None
        Lowest and highest value (ordinal: needed; continuous: optional).
    dispersion : float
        Extra variance of a count.
    course : float or tuple of float, length periods
        Change that all share: per period, or for each period.
    gap : float
        Treated minus comparison in period 1.
    drift : float
        Departure from parallel courses, per period, of the treated.
    effect : float or mapping of int to float
        Effect on the first treated period, for all or per cohort.
    growth : float
        What each further treated period adds to it.
    decimals : int or None
        Digits that are recorded (continuous, duration); None keeps them all.
    missing, refused, not_known : float
        Shares of the records with an empty field, the first and the second of ``codes``.
    codes : tuple of int
        Codes of "refused" and "not known".
    """

    column: str
    kind: Kind = "continuous"
    mean: float = 0.0
    sd: float = 1.0
    scale: tuple[float, float] | None = None
    dispersion: float = 0.0
    course: float | tuple[float, ...] = 0.0
    gap: float = 0.0
    drift: float = 0.0
    effect: float | Mapping[int, float] = 0.0
    growth: float = 0.0
    decimals: int | None = None
    missing: float = 0.0
    refused: float = 0.0
    not_known: float = 0.0
    codes: tuple[int, int] = (98, 99)

    def effect_at(self, cohort: int, period: int) -> float:
        """Return the built-in effect on that cohort in that period (both from 1)."""
        if period < cohort:
            return 0.0
        first = self.effect[cohort] if isinstance(self.effect, Mapping) else self.effect
        return float(first) + self.growth * (period - cohort)

    def course_at(self, period: int) -> float:
        """Return the change since period 1 that all share."""
        if isinstance(self.course, tuple):
            return float(self.course[period - 1])
        return float(self.course) * (period - 1)


@dataclass(frozen=True, kw_only=True)
class SimulatedCovariate:
    """What is known of a unit before the pilot.

    Parameters
    ----------
    column : str
        Name of the column.
    kind : str
        ``continuous`` (normal), ``binary`` (share ``mean``) or ``category`` (text).
    mean, sd : float
        Mean and standard deviation of the comparison; a share for a binary one.
    gap : float
        Treated minus comparison, in the covariate's units: the imbalance.
    shares : mapping of str to float
        Categories and their shares, the same in both groups; they sum to 1.
    loading : float
        Correlation with the latent level of every outcome, within groups.
    trend : float
        Change of every outcome per period, in its SD, for each SD of the covariate. With
        a ``gap``, courses are then parallel only given the covariate.
    decimals : int or None
        Digits that are recorded.
    """

    column: str
    kind: Literal["continuous", "binary", "category"] = "continuous"
    mean: float = 0.0
    sd: float = 1.0
    gap: float = 0.0
    shares: Mapping[str, float] = field(default_factory=dict)
    loading: float = 0.0
    trend: float = 0.0
    decimals: int | None = None


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """A pilot with known effects.

    Behind every outcome lies a latent normal of variance 1 per record. It is the sum of
    parts whose shares stand here; the rest is the record's own noise. Continuous
    outcomes without ``scale`` are linear in it, so that shares are intraclass
    correlations of the outcome; other kinds are monotone in it, and their correlations
    are smaller. Expected values do not depend on the shares.

    Parameters
    ----------
    sizes : tuple of int
        Units per place (per place and period in cross-sections); the first places are
        the treated ones where places are assigned, earliest cohort first.
    cohorts : mapping of int to int
        First treated period (counted from 1) to the number of places, or of units, that
        start then; the others never do.
    outcomes : tuple of SimulatedOutcome
        At least one.
    covariates : tuple of SimulatedCovariate
        Fixed in time.
    periods : int
        Number of waves, months or quarters.
    assignment : str
        ``place`` or ``unit``; units are drawn by lottery over all places.
    sample : str
        ``panel``, or ``cross_sections``: new units in every period.
    place_share, place_period_share, unit_share : float
        Variance of places, of places' own changes, of units. A place's change between
        two periods has SD sqrt(2 · place_period_share · (1 − place_serial)).
    serial, place_serial : float
        First-order autocorrelation of the records' noise and of places' own changes.
    together : float
        Correlation between the outcomes' latent parts, covariates apart.
    attrition, attrition_treated : float
        Share of units gone by the last period; of the treated, if another.
    attrition_loading : float
        Correlation between staying and the first outcome's latent value in period 1:
        positive where those who do well stay.
    seed : int
        Seed of the generator.
    """

    sizes: tuple[int, ...]
    cohorts: Mapping[int, int]
    outcomes: tuple[SimulatedOutcome, ...]
    covariates: tuple[SimulatedCovariate, ...] = ()
    periods: int = 2
    assignment: Literal["place", "unit"] = "place"
    sample: Literal["panel", "cross_sections"] = "panel"
    place_share: float = 0.0
    place_period_share: float = 0.0
    unit_share: float = 0.0
    serial: float = 0.0
    place_serial: float = 0.0
    together: float = 0.0
    attrition: float = 0.0
    attrition_treated: float | None = None
    attrition_loading: float = 0.0
    seed: int = 20210301

    def __post_init__(self) -> None:
        # A frozen record must not change through a mapping that its maker still holds.
        object.__setattr__(self, "cohorts", MappingProxyType(dict(sorted(self.cohorts.items()))))

    @property
    def own_share(self) -> float:
        """Variance of the record's own noise."""
        parts = self.place_share + self.place_period_share + self.unit_share
        return 1.0 - parts - sum(c.loading**2 for c in self.covariates)
