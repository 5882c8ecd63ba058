"""How sure a synthetic comparison is: placebo places, or one place left out at a time.

Placebo. The pilot is given to comparison places, as many as were treated and at the same
starts, and the spread of the effects that they then show is the standard error
(Arkhangelsky et al. 2021, algorithm 4). The p-value is another's: see
`impact.did.synthetic_permutation`.

Jackknife. One place is left out at a time, the weights stay as they are (algorithm 3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from impact.did.permuted import by_permutation
from impact.did.result import Estimates, undecided
from impact.did.synthetic_fit import Synthetic
from impact.did.synthetic_permutation import DONOR, permuted
from impact.did.uncertainty import TOO_FEW
from impact.errors import DesignError
from impact.inference.relabel import relabelled
from impact.inference.wald import read
from impact.results import Sentence

__all__ = ["Told", "jackknifed", "placebo", "untested"]

ROUNDING = 1e-12
UNREACHED = Sentence(
    "With %(n)s place the smallest p-value that a permutation can reach is %(smallest).3f, so "
    "nothing is tested at the level of %(level)s and no interval is given.",
    many="With %(n)s places the smallest p-value that a permutation can reach is %(smallest).3f, "
    "so nothing is tested at the level of %(level)s and no interval is given.",
)
FEW_TREATED = Sentence(
    "With so few treated places the jackknife's standard error is too unsure for a test, so no "
    "p-value and no interval are given."
)


@dataclass(frozen=True)
class Told:
    """Level of the interval, most assignments looked at, and the seed of draws."""

    level: float
    replications: int
    seed: int


def untested(fitted: Synthetic, told: Told) -> Estimates:
    """Return the estimate alone."""
    return undecided(("ATT",), np.array([fitted.estimate]), _count(fitted))


def placebo(fitted: Synthetic, told: Told) -> Estimates:
    """Give the pilot to places that had none.

    Raises
    ------
    DesignError
        There are no more comparison places than treated ones.
    """
    places = fitted.places
    treated, compared = len(places.treated), len(places.compared)
    if compared <= treated:
        raise DesignError(
            f"placebo errors need more comparison than treated places; there are {compared} and "
            f"{treated}: take errors='jackknife', or did"
        )
    effects = _shown_alone(fitted) if treated == 1 else _shown_together(fitted, told)
    test = permuted(fitted, told.level, told.replications, told.seed)
    found = by_permutation("ATT", test, _count(fitted))
    details = {**found.details, "placebos": len(effects)}
    if places.names and treated == 1:
        names = (places.names[row] for row in places.compared)
        details["placebo_effects"] = dict(zip(names, effects.tolist(), strict=True))
    spread = float(effects.std()) if len(effects) > 1 else np.nan
    found = replace(
        found,
        estimate=np.array([fitted.estimate]),
        std_error=np.array([spread]),
        inference="placebo",
        details=details,
    )
    if test.smallest <= 1 - told.level + ROUNDING:
        return found
    nothing = np.array([np.nan])
    values = {"n": _count(fitted), "smallest": test.smallest, "level": f"{told.level:g}"}
    notes = (replace(UNREACHED, values=values),)
    return replace(found, p_value=nothing, conf_low=nothing, conf_high=nothing, notes=notes)


def _count(fitted: Synthetic) -> int:
    return len(fitted.places.treated) + len(fitted.places.compared)


def _shown_alone(fitted: Synthetic) -> np.ndarray:
    """Return the effect of every comparison place, shape (n,)."""
    y = fitted.places.y[fitted.places.compared]
    return fitted.against(0, y, np.eye(len(y), dtype=bool))


def _shown_together(fitted: Synthetic, told: Told) -> np.ndarray:
    """Return the effects of comparison places drawn as the treated ones were, shape (R,)."""
    places = fitted.places
    y = places.y[places.compared]
    sizes = [len(cohort.rows) for cohort in places.cohorts]
    labels = np.full(len(y), DONOR)
    labels[: sum(sizes)] = np.repeat(np.arange(len(sizes)), sizes)
    drawn = relabelled(labels, replications=told.replications, seed=told.seed)
    chosen = drawn.labels if drawn.enumerated else drawn.labels[1:]
    total = np.zeros(len(chosen))
    for at, (size, share) in enumerate(zip(sizes, places.shares, strict=True)):
        mean = (chosen == at) @ y / size
        total += share * fitted.against(at, mean, chosen != DONOR, size)
    return total


def jackknifed(fitted: Synthetic, told: Told) -> Estimates:
    """Leave out one place at a time.

    Raises
    ------
    DesignError
        A cohort is of one place, or one comparison place has all the weight: without it
        nothing is left.
    """
    places = fitted.places
    lone = [cohort for cohort in places.cohorts if len(cohort.rows) == 1]
    if lone or any((weights.place > 0).sum() == 1 for weights in fitted.weights):
        raise DesignError(
            "the jackknife leaves out every place in turn, but where one treated place starts "
            "alone, or one comparison place has all the weight, nothing is left without it: "
            "take errors='placebo'"
        )
    without = np.concatenate([_without_compared(fitted), _without_treated(fitted)])
    count = len(without)
    error = np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum())
    dof = len(places.treated) - len(places.cohorts)
    estimate, std_error = np.array([fitted.estimate]), np.array([error])
    seen = read(estimate, std_error, float(dof), level=told.level)
    tested = len(places.treated) > TOO_FEW
    numbers = (seen.statistic, seen.p_value, seen.conf_low, seen.conf_high)
    shown = numbers if tested else (np.array([np.nan]),) * 4
    notes = () if tested else (FEW_TREATED,)
    details = {"dof": dof}
    return Estimates(
        ("ATT",), estimate, std_error, *shown, "jackknife", count, None, notes, details
    )


def _without_compared(fitted: Synthetic) -> np.ndarray:
    """Return the estimate without each comparison place, shape (n,)."""
    places = fitted.places
    change = np.zeros(len(places.compared))
    for at, share in enumerate(places.shares):
        weight = fitted.weights[at].place[0]
        moved = places.y[places.compared] @ fitted.contrast(at)
        # What is left, weighted anew to a sum of one.
        change += share * (weight @ moved - (weight @ moved - weight * moved) / (1 - weight))
    without: np.ndarray = fitted.estimate + change
    return without


def _without_treated(fitted: Synthetic) -> np.ndarray:
    """Return the estimate without each treated place, shape (k,)."""
    places = fitted.places
    sizes = np.array([len(cohort.rows) for cohort in places.cohorts], dtype=float)
    lengths = np.array([cohort.n_after for cohort in places.cohorts], dtype=float)
    out = []
    for at, cohort in enumerate(places.cohorts):
        moved = places.y[cohort.rows] @ fitted.contrast(at)
        left = sizes - (np.arange(len(sizes)) == at)
        shares = left * lengths / (left @ lengths)
        for own in moved:
            effects = fitted.effects.copy()
            effects[at] += (moved.mean() - own) / (sizes[at] - 1)
            out.append(float(shares @ effects))
    return np.array(out)
