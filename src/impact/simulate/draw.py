"""Draw a pilot: who is where, what lies behind the records, who is lost."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from impact.simulate.check import check
from impact.simulate.design import SimulatedCovariate, SimulatedOutcome, Simulation
from impact.simulate.values import recorded

__all__ = ["pilot"]

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Units:
    """The units of a pilot: ``place`` (U,), ``start`` (U,; inf is never), ``seen`` (U, T)."""

    place: Array
    start: Array
    seen: Array

    @property
    def treated(self) -> Array:
        """Whether the unit is ever treated, shape (U,)."""
        return np.asarray(np.isfinite(self.start))


def pilot(simulation: Simulation, *, seed: int | None = None) -> pd.DataFrame:
    """Draw one data set from a simulation.

    The built-in effect is that of `SimulatedOutcome`: an average effect on the treated,
    in the outcome's own units. The same simulation and seed give the same frame. Each
    variable has a stream of its own, so that one more outcome leaves the others as they
    were.

    Parameters
    ----------
    simulation : Simulation
        What is built in.
    seed : int, optional
        Takes the place of the simulation's own seed.

    Returns
    -------
    pandas.DataFrame
        One row per unit and period in which it was seen, sorted: ``unit``, ``period``
        and ``place`` count from 1; ``treated`` is 1 for units that are ever treated;
        ``first_treated`` is their first treated period, 0 for never; covariates;
        outcomes; ``_simulated`` = 1.

    Raises
    ------
    DesignError
        The simulation cannot be drawn; all its faults are told.

    Examples
    --------
    >>> from impact import simulate
    >>> frame = simulate.pilot(simulate.two_by_two(treated=5, comparison=5, effect=0.3))
    >>> frame.shape
    (400, 7)
    >>> int(frame["_simulated"].min())
    1
    """
    check(simulation)
    seed = simulation.seed if seed is None else seed
    units = _units(simulation, seed)
    hidden = {c.column: _latent_covariate(c, seed, units) for c in simulation.covariates}
    latent = _latent(simulation, seed, units, hidden)
    seen = units.seen & _stays(simulation, seed, units, latent[simulation.outcomes[0].column])
    who, when = np.nonzero(seen)
    data: dict[str, Array | pd.Series] = _roles(units, who, when)
    for covariate in simulation.covariates:
        given = _covariate(covariate, units.treated, hidden[covariate.column])
        data[covariate.column] = given[who]
    for outcome in simulation.outcomes:
        rng = _stream(seed, f"answers:{outcome.column}")
        mean = _expected(simulation, outcome, units, hidden)[who, when]
        data[outcome.column] = recorded(outcome, mean, latent[outcome.column][who, when], rng)
    return pd.DataFrame(data | {"_simulated": np.ones(len(who), dtype=np.int64)})


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _units(simulation: Simulation, seed: int) -> Units:
    """Place the units, and say when each starts and in which periods it exists."""
    sizes, periods = np.array(simulation.sizes), simulation.periods
    starts = np.repeat([float(s) for s in simulation.cohorts], list(simulation.cohorts.values()))
    place = np.repeat(np.arange(len(sizes)), sizes)
    if simulation.assignment == "place":
        by_place = np.full(len(sizes), np.inf)
        by_place[: len(starts)] = starts
        start = by_place[place]
    else:
        start = np.full(len(place), np.inf)
        drawn = _stream(seed, "lottery").permutation(len(place))[: len(starts)]
        start[drawn] = starts
    if simulation.sample == "panel":
        return Units(place, start, np.ones((len(place), periods), dtype=bool))
    seen = np.repeat(np.eye(periods, dtype=bool), len(place), axis=0)
    return Units(np.tile(place, periods), np.tile(start, periods), seen)


def _roles(units: Units, who: Array, when: Array) -> dict[str, Array | pd.Series]:
    start = units.start[who]
    return {
        "unit": who + 1,
        "period": when + 1,
        "place": units.place[who] + 1,
        "treated": units.treated[who].astype(np.int64),
        "first_treated": np.where(np.isfinite(start), start, 0).astype(np.int64),
    }


def _latent_covariate(covariate: SimulatedCovariate, seed: int, units: Units) -> Array:
    return _stream(seed, f"covariate:{covariate.column}").standard_normal(len(units.place))


def _covariate(covariate: SimulatedCovariate, treated: Array, hidden: Array) -> Array:
    """Return the covariate as recorded, shape (U,)."""
    if covariate.kind == "category":
        names = np.array(list(covariate.shares), dtype=object)
        ends = np.cumsum(list(covariate.shares.values()))[:-1]
        return np.asarray(names[np.searchsorted(ends, ndtr(hidden))])
    mean = covariate.mean + covariate.gap * treated
    if covariate.kind == "binary":
        return np.asarray(hidden > -ndtri(mean), dtype=np.int64)
    given = mean + covariate.sd * hidden
    if covariate.decimals is None:
        return np.asarray(given)
    given = np.round(given, covariate.decimals)
    return given.astype(np.int64) if covariate.decimals == 0 else given


def _latent(
    simulation: Simulation, seed: int, units: Units, hidden: dict[str, Array]
) -> dict[str, Array]:
    """Return per outcome the latent normal, shape (U, T), variance 1."""
    from_covariates = np.zeros(len(units.place))
    for covariate in simulation.covariates:
        from_covariates += covariate.loading * hidden[covariate.column]
    shared = _parts(simulation, _stream(seed, "shared"), units.place)
    latent = {}
    for outcome in simulation.outcomes:
        own = _parts(simulation, _stream(seed, f"outcome:{outcome.column}"), units.place)
        mixed = np.sqrt(simulation.together) * shared + np.sqrt(1 - simulation.together) * own
        latent[outcome.column] = from_covariates[:, None] + mixed
    return latent


def _parts(simulation: Simulation, rng: np.random.Generator, place: Array) -> Array:
    """Sum places, their changes, units and noise, shape (U, T)."""
    places, periods = len(simulation.sizes), simulation.periods
    of_place = rng.standard_normal(places)[place, None]
    of_change = _serial(rng, places, periods, simulation.place_serial)[place]
    of_unit = rng.standard_normal(len(place))[:, None]
    noise = _serial(rng, len(place), periods, simulation.serial)
    return np.asarray(
        np.sqrt(simulation.place_share) * of_place
        + np.sqrt(simulation.place_period_share) * of_change
        + np.sqrt(simulation.unit_share) * of_unit
        + np.sqrt(max(simulation.own_share, 0.0)) * noise
    )


def _serial(rng: np.random.Generator, rows: int, periods: int, rho: float) -> Array:
    """Draw stationary first-order autoregressions of variance 1, shape (rows, periods)."""
    course = rng.standard_normal((rows, periods))
    for t in range(1, periods):
        course[:, t] = rho * course[:, t - 1] + np.sqrt(1 - rho**2) * course[:, t]
    return course


def _expected(
    simulation: Simulation, outcome: SimulatedOutcome, units: Units, hidden: dict[str, Array]
) -> Array:
    """Return the expected value of every unit in every period, shape (U, T)."""
    periods = range(1, simulation.periods + 1)
    since = np.arange(simulation.periods)
    course = np.array([outcome.course_at(t) for t in periods])
    apart = np.where(units.treated[:, None], outcome.gap + outcome.drift * since, 0.0)
    mean = outcome.mean + course + apart
    for cohort in simulation.cohorts:
        gained = np.array([outcome.effect_at(cohort, t) for t in periods])
        mean = mean + np.where((units.start == cohort)[:, None], gained, 0.0)
    for covariate in simulation.covariates:
        if covariate.trend:
            level = hidden[covariate.column] + covariate.gap / covariate.sd * units.treated
            mean = mean + outcome.sd * covariate.trend * np.outer(level, since)
    return mean


def _stays(simulation: Simulation, seed: int, units: Units, latent: Array) -> Array:
    """Return who is still there, shape (U, T); leavers spread evenly over the later periods."""
    later = simulation.periods - 1
    share = np.full(len(units.place), simulation.attrition)
    if simulation.attrition_treated is not None:
        share[units.treated] = simulation.attrition_treated
    if later == 0 or not share.any():
        return np.ones_like(units.seen)
    chance = _stream(seed, "attrition").standard_normal(len(share))
    loading = simulation.attrition_loading
    rank = ndtr(loading * latent[:, 0] + np.sqrt(1 - loading**2) * chance)
    periods_kept = np.full(len(share), simulation.periods)
    leaves = rank < share
    spread = np.floor(rank[leaves] / share[leaves] * later).astype(np.int64)
    periods_kept[leaves] = 1 + np.minimum(spread, later - 1)
    return np.arange(simulation.periods) < periods_kept[:, None]
