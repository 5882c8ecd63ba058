"""Designs that methods are judged on: two groups and one start, and a roll-out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from impact.simulate.design import SimulatedOutcome, Simulation
from impact.spec.models import Kind

__all__ = ["sizes", "staggered", "two_by_two"]

_OUTCOMES: dict[str, dict[str, Any]] = {
    "binary": {"mean": 0.4},
    "ordinal": {"mean": 2.0, "scale": (0, 6)},
    "continuous": {"mean": 0.0, "sd": 1.0},
    "count": {"mean": 5.0, "dispersion": 0.2},
    "duration": {"mean": 60.0, "sd": 60.0},
}


def sizes(places: int, *, mean: int = 20, ratio: float = 1.0) -> tuple[int, ...]:
    """Return units per place, geometrically spread from smallest to largest.

    Parameters
    ----------
    places : int
        Number of places.
    mean : int
        Mean units per place, met up to rounding.
    ratio : float
        Largest over smallest; 1 makes all equal. Small and large places take turns, so
        that the first part, the treated one, is about as large as the rest.
    """
    if places < 2 or ratio == 1:
        return (mean,) * places
    raw = [ratio ** (k / (places - 1)) for k in range(places)]
    spread = [max(1, round(mean * places * value / sum(raw))) for value in raw]
    half = (places + 1) // 2
    mixed = [size for pair in zip(spread[:half], spread[::-1], strict=False) for size in pair]
    return tuple(mixed[:places])


def two_by_two(
    *,
    treated: int,
    comparison: int,
    effect: float = 0.0,
    kind: Kind = "continuous",
    size: int = 20,
    ratio: float = 1.0,
    **parts: Any,
) -> Simulation:
    """Two groups of places, one start: the difference-in-differences design.

    The built-in effect is constant and additive in the outcome's units; courses are
    parallel.

    Parameters
    ----------
    treated, comparison : int
        Numbers of places.
    effect : float
        Built-in average effect on the treated.
    kind : str
        Kind of the outcome ``outcome``: a binary one of share 0.4, an ordinal one 0 to 6
        of mean 2, a standard normal, a count of mean 5, or a skewed duration of mean 60.
    size, ratio
        Units per place: see `sizes`.
    **parts
        Anything of `Simulation`; by default two periods with the start in the second,
        places 5 %, their own changes 1 %, units 44 % of the variance, so that two
        records of a person correlate about 0.5.
    """
    periods = parts.setdefault("periods", 2)
    outcome = SimulatedOutcome(column="outcome", kind=kind, effect=effect, **_OUTCOMES[kind])
    shares = {"place_share": 0.05, "place_period_share": 0.01, "unit_share": 0.44}
    return Simulation(
        sizes=sizes(treated + comparison, mean=size, ratio=ratio),
        cohorts={periods // 2 + 1: treated},
        outcomes=(outcome,),
        **(shares | parts),
    )


def staggered(
    *,
    cohorts: Mapping[int, int],
    never: int,
    periods: int,
    effect: float | Mapping[int, float] | None = None,
    growth: float = 0.1,
    size: int = 20,
    **parts: Any,
) -> Simulation:
    """Places that start one cohort after the other, with effects that differ and grow.

    The built-in effect on cohort g in period t is ``effect[g] + growth * (t - g)``, in SD
    of the outcome; courses are parallel. By default each cohort's first effect is half
    of the one before, from 0.5: weights that ignore cohorts then miss the average.

    Parameters
    ----------
    cohorts : mapping of int to int
        First treated period to number of places.
    never : int
        Places that never start.
    periods : int
        Number of periods.
    effect, growth
        See above; ``effect=0, growth=0`` is a true null.
    size : int
        Units per place.
    **parts
        Anything else of `Simulation`.
    """
    if effect is None:
        effect = {start: 0.5 / 2**k for k, start in enumerate(sorted(cohorts))}
    outcome = SimulatedOutcome(column="outcome", effect=effect, growth=growth)
    shares = {"place_share": 0.05, "place_period_share": 0.01, "unit_share": 0.44}
    return Simulation(
        sizes=(size,) * (sum(cohorts.values()) + never),
        cohorts=cohorts,
        outcomes=(outcome,),
        periods=periods,
        **(shares | parts),
    )
