"""Treated places against weighted comparison places, cohort by cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from impact.data.panel import Panel
from impact.did.draws import draws_of
from impact.did.labels import listed_sentences, time_label
from impact.did.observed import smallest_cell
from impact.did.places import Places, read_places
from impact.did.result import Size, effect, level_of
from impact.did.synthetic_errors import Told, jackknifed, placebo, untested
from impact.did.synthetic_fit import Synthetic, fit_synthetic
from impact.did.synthetic_weights import Recipe
from impact.errors import DesignError
from impact.locale import N_
from impact.results import EffectResult, Sentence

__all__ = ["Asked", "ErrorKind", "synthetic"]

WEIGHED = Sentence(
    "The comparison is a weighted mean of %(n)s comparison unit; the largest weight is "
    "%(largest).2f.",
    many="The comparison is a weighted mean of %(n)s of the comparison units; the largest weight "
    "is %(largest).2f.",
)
NAMED = Sentence(
    "The comparison is a weighted mean of %(n)s place; those with the most weight are %(places)s.",
    many="The comparison is a weighted mean of %(n)s places; those with the most weight are "
    "%(places)s.",
)

ErrorKind = Literal["placebo", "jackknife", "none"]
ERRORS = {"placebo": placebo, "jackknife": jackknifed, "none": untested}
MOST_NAMED = 5


@dataclass(frozen=True)
class Asked:
    """What was asked of a synthetic comparison, as its keywords say."""

    outcome: str | None
    errors: ErrorKind
    level: float | None
    replications: int | None
    seed: int | None


def synthetic(panel: Panel, recipe: Recipe, asked: Asked) -> EffectResult:
    """Estimate by a synthetic comparison and write the result.

    Raises
    ------
    DesignError
        The panel does not fit the method, or the errors do not fit the panel.
    """
    if asked.errors not in ERRORS:
        raise DesignError(
            f"errors '{asked.errors}' are not available for {recipe.method}; it takes "
            f"{', '.join(ERRORS)}"
        )
    drawn = draws_of(panel)
    told = Told(
        level_of(panel, asked.level),
        drawn.replications if asked.replications is None else asked.replications,
        drawn.seed if asked.seed is None else asked.seed,
    )
    if told.replications < 1:
        raise DesignError(f"replications are at least 1; here {told.replications} are asked for")
    places = read_places(panel, asked.outcome, recipe.method)
    fitted = fit_synthetic(places, recipe)
    found = ERRORS[asked.errors](fitted, told)
    return effect(
        places.seen,
        found,
        _size(fitted),
        method=recipe.method,
        level=told.level,
        notes=(*_weighted_most(fitted), *_several(fitted), *places.notes),
        details=_details(fitted, asked.errors),
    )


def _size(fitted: Synthetic) -> Size:
    places, seen = fitted.places, fitted.places.seen
    used = np.concatenate([places.compared, places.treated])
    units, n_treated = int(places.sizes[used].sum()), int(places.sizes[places.treated].sum())
    behind = [
        int(places.sizes[rows].sum())
        for cohort, weights in zip(places.cohorts, fitted.weights, strict=True)
        for rows in (cohort.rows, places.compared[weights.place[0] > 0])
    ]
    base = min(*behind, smallest_cell(seen.unit, seen.treated))
    return Size(units * len(places.times), units, n_treated, base)


def _weighted_most(fitted: Synthetic) -> tuple[Sentence, ...]:
    """Name the places with the most weight, where a place is no person."""
    total = _mean_weights(fitted)
    order = [int(at) for at in np.argsort(-total, kind="stable") if total[at] > 0]
    if not fitted.places.names:
        largest = {"largest": float(total.max())}
        return (replace(WEIGHED, values=largest, counts={"n": len(order)}),)
    names = [fitted.places.names[fitted.places.compared[at]] for at in order[:MOST_NAMED]]
    shown = listed_sentences(
        [
            Sentence("%(name)s (%(weight)s)", {"name": name, "weight": f"{total[at]:.2f}"})
            for at, name in zip(order, names, strict=False)
        ]
    )
    if len(order) <= MOST_NAMED:
        return (Sentence("The comparison is a weighted mean of %(places)s.", {"places": shown}),)
    return (replace(NAMED, values={"n": len(order), "places": shown}),)


def _mean_weights(fitted: Synthetic) -> np.ndarray:
    """Return the places' weights, averaged over the cohorts by their share, shape (n,)."""
    stacked = np.vstack([weights.place for weights in fitted.weights])
    mean: np.ndarray = fitted.places.shares @ stacked
    return mean


def _several(fitted: Synthetic) -> tuple[Sentence, ...]:
    if len(fitted.places.cohorts) == 1:
        return ()
    said = N_(
        "Places that started together are compared with weights of their own; the effects of all "
        "starts (%(starts)s) are averaged by treated places and periods."
    )
    return (Sentence(said, {"starts": len(fitted.places.cohorts)}),)


def _details(fitted: Synthetic, errors: str) -> Mapping[str, Any]:
    places, panel = fitted.places, fitted.places.seen.panel
    cohorts = []
    for at, (cohort, weights) in enumerate(zip(places.cohorts, fitted.weights, strict=True)):
        names = [time_label(panel, float(time)) for time in places.times[cohort.before]]
        period = weights.period[0]
        cohorts.append(
            {
                "start": time_label(panel, cohort.start),
                "effect": float(fitted.effects[at]),
                "treated_places": len(cohort.rows),
                "treated_periods": cohort.n_after,
                "unit_weights": _named(places, weights.place[0]),
                "time_weights": {
                    name: float(share)
                    for name, share in zip(names, period, strict=True)
                    if share > 0
                },
                "pre_fit_rmse": fitted.misfit(at),
            }
        )
    first = cohorts[0] if len(cohorts) == 1 else {}
    weights_of = {name: first[name] for name in ("unit_weights", "time_weights") if first}
    return {
        **weights_of,
        "cohorts": cohorts,
        "comparison_places": len(places.compared),
        "clusters": places.over,
        "errors": errors,
    }


def _named(places: Places, weight: np.ndarray) -> dict[str, float] | list[float]:
    """Return the weights by name, largest first; without names where those may be persons'."""
    order = [int(at) for at in np.argsort(-weight, kind="stable") if weight[at] > 0]
    if not places.names:
        return [float(weight[at]) for at in order]
    return {places.names[places.compared[at]]: float(weight[at]) for at in order}
