"""The effects that are built into a simulation, as a tidy frame."""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact.errors import DesignError
from impact.simulate.design import Simulation

__all__ = ["built_in_effect", "built_in_effects"]


def built_in_effects(simulation: Simulation) -> pd.DataFrame:
    """Return the built-in effect on every cohort in every treated period.

    Parameters
    ----------
    simulation : Simulation
        What is built in.

    Returns
    -------
    pandas.DataFrame
        Columns ``outcome, cohort, period, event_time, effect, n_units``: the average
        effect on the treated, in the outcome's own units, and the units of the cohort
        before any are lost. One row per outcome, cohort and period from the start on.

    Examples
    --------
    >>> from impact import simulate
    >>> design = simulate.staggered(cohorts={2: 5, 3: 5}, never=5, periods=3, growth=0.1)
    >>> simulate.built_in_effects(design)[["cohort", "period", "effect"]].to_numpy().tolist()
    [[2.0, 2.0, 0.5], [2.0, 3.0, 0.6], [3.0, 3.0, 0.25]]
    """
    units = _units(simulation)
    rows = [
        (outcome.column, start, t, t - start, outcome.effect_at(start, t), units[start])
        for outcome in simulation.outcomes
        for start in simulation.cohorts
        for t in range(start, simulation.periods + 1)
    ]
    columns = ["outcome", "cohort", "period", "event_time", "effect", "n_units"]
    return pd.DataFrame(rows, columns=columns)


def built_in_effect(simulation: Simulation, *, outcome: str | None = None) -> float:
    """Return the average built-in effect over all treated unit-periods.

    Parameters
    ----------
    simulation : Simulation
        What is built in.
    outcome : str, optional
        Column; the first outcome unless said.

    Returns
    -------
    float
        In the outcome's own units; cohorts count by their units before any are lost.

    Raises
    ------
    DesignError
        The simulation has no such outcome, or nobody is ever treated.
    """
    column = simulation.outcomes[0].column if outcome is None else outcome
    cells = built_in_effects(simulation)
    cells = cells[cells["outcome"] == column]
    if cells.empty:
        raise DesignError(f"the simulation builds no effect into '{column}'")
    return float(np.average(cells["effect"], weights=cells["n_units"]))


def _units(simulation: Simulation) -> dict[int, int]:
    if simulation.assignment == "unit":
        return dict(simulation.cohorts)
    units, first = {}, 0
    for start, places in simulation.cohorts.items():
        units[start] = sum(simulation.sizes[first : first + places])
        first += places
    return units
