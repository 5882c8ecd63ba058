"""What a simulation must be before it is drawn: all faults at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from impact.errors import DesignError, Fault
from impact.simulate.design import SimulatedCovariate, SimulatedOutcome, Simulation

__all__ = ["check"]

ROLES = ("unit", "period", "place", "treated", "first_treated", "_simulated")


def check(simulation: Simulation) -> None:
    """Refuse a simulation that cannot be drawn.

    Raises
    ------
    DesignError
        With every fault: shares outside 0 to 1 or over 1 in sum, cohorts that do not fit
        the places, expected values outside an outcome's range, names used twice.
    """
    faults = [Fault("simulation", where, said) for where, said in _faults(simulation)]
    if faults:
        raise DesignError(faults)


def _faults(simulation: Simulation) -> Iterator[tuple[str, str]]:
    yield from _structure(simulation)
    yield from _shares(simulation)
    yield from _names(simulation)
    for covariate in simulation.covariates:
        yield from _covariate(simulation, covariate)
    for outcome in simulation.outcomes:
        yield from _outcome(simulation, outcome)


def _structure(simulation: Simulation) -> Iterator[tuple[str, str]]:
    if not simulation.sizes or min(simulation.sizes) < 1:
        yield "sizes", "every place needs at least one unit, and there must be a place"
    if simulation.periods < 1:
        yield "periods", f"{simulation.periods} periods; expected at least 1"
    if not simulation.outcomes:
        yield "outcomes", "there is none; name at least one"
    for start, count in simulation.cohorts.items():
        if not 1 <= start <= simulation.periods or count < 1:
            yield "cohorts", f"{start}: {count} does not fit {simulation.periods} periods"
    by_place = simulation.assignment == "place"
    there_are = len(simulation.sizes) if by_place else sum(simulation.sizes)
    if sum(simulation.cohorts.values()) > there_are:
        yield "cohorts", f"{sum(simulation.cohorts.values())} start, but there are {there_are}"
    if not by_place and simulation.sample == "cross_sections":
        yield "assignment", "new units in every period cannot be assigned one by one; use 'place'"
    if simulation.sample == "cross_sections" and simulation.attrition:
        yield "attrition", "units that are seen once cannot be lost"


def _shares(simulation: Simulation) -> Iterator[tuple[str, str]]:
    named = {
        "place_share": simulation.place_share,
        "place_period_share": simulation.place_period_share,
        "unit_share": simulation.unit_share,
        "together": simulation.together,
        "attrition": simulation.attrition,
        "attrition_treated": simulation.attrition_treated or 0.0,
    }
    for outcome in simulation.outcomes:
        lost = outcome.missing + outcome.refused + outcome.not_known
        named[f"{outcome.column}: missing + refused + not_known"] = lost
    for name, value in named.items():
        if not 0 <= value <= 1:
            yield name, f"{value:g} is no share; expected 0 to 1"
    for name in ("serial", "place_serial", "attrition_loading"):
        if not -1 <= getattr(simulation, name) <= 1:
            yield name, f"{getattr(simulation, name):g} is no correlation; expected -1 to 1"
    if simulation.own_share < -1e-12:
        over = 1 - simulation.own_share
        yield "shares", f"the parts and squared loadings sum to {over:g}; expected at most 1"


def _names(simulation: Simulation) -> Iterator[tuple[str, str]]:
    columns = [*ROLES]
    columns += [covariate.column for covariate in simulation.covariates]
    columns += [outcome.column for outcome in simulation.outcomes]
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        yield name, "two columns have this name"


def _covariate(simulation: Simulation, covariate: SimulatedCovariate) -> Iterator[tuple[str, str]]:
    where = covariate.column
    ends = (covariate.mean, covariate.mean + covariate.gap)
    if covariate.kind == "binary" and not (min(ends) > 0 and max(ends) < 1):
        yield where, f"shares of {ends[0]:g} and {ends[1]:g}; expected between 0 and 1"
    if covariate.kind == "category":
        if abs(sum(covariate.shares.values()) - 1) > 1e-9:
            yield where, f"the shares sum to {sum(covariate.shares.values()):g}; expected 1"
        if covariate.gap or covariate.trend:
            yield where, "a category has no gap and no trend"
    linear = all(o.kind == "continuous" and o.scale is None for o in simulation.outcomes)
    if covariate.trend and not linear:
        yield where, "a trend needs continuous outcomes without a scale"


def _outcome(simulation: Simulation, outcome: SimulatedOutcome) -> Iterator[tuple[str, str]]:
    where = outcome.column
    if outcome.kind == "ordinal" and outcome.scale is None:
        yield where, "an ordinal outcome needs its scale"
        return
    if isinstance(outcome.course, tuple) and len(outcome.course) != simulation.periods:
        yield where, f"a course of {len(outcome.course)} for {simulation.periods} periods"
        return
    if isinstance(outcome.effect, Mapping):
        unsaid = [start for start in simulation.cohorts if start not in outcome.effect]
        if unsaid:
            yield where, f"no effect is said for the cohorts {unsaid}"
            return
    low, high = _range(outcome)
    reached = list(_expected(simulation, outcome))
    if min(reached) < low or max(reached) > high:
        span = f"{min(reached):g} to {max(reached):g}"
        yield where, f"expected values of {span}; a {outcome.kind} outcome allows {low:g}–{high:g}"
    elif outcome.kind == "continuous" and outcome.scale is not None:
        room = min((m - low) * (high - m) for m in reached)
        if outcome.sd**2 >= room:
            yield where, f"an SD of {outcome.sd:g} does not fit the scale at these means"


def _range(outcome: SimulatedOutcome) -> tuple[float, float]:
    if outcome.scale is not None:
        return outcome.scale
    if outcome.kind == "binary":
        return 0.0, 1.0
    return (0.0 if outcome.kind in ("count", "duration") else -float("inf")), float("inf")


def _expected(simulation: Simulation, outcome: SimulatedOutcome) -> Iterator[float]:
    for period in range(1, simulation.periods + 1):
        untreated = outcome.mean + outcome.course_at(period)
        yield untreated
        apart = outcome.gap + outcome.drift * (period - 1)
        for cohort in simulation.cohorts:
            yield untreated + apart + outcome.effect_at(cohort, period)
