"""The smallest effect that a pilot can find, by simulation on its own design."""

from __future__ import annotations

from typing import Any

from impact.data import read_panel
from impact.data.panel import Panel
from impact.did.choose import choose
from impact.power.asked import at_level, draws_for, outcome_named, refuse, seed_for, sign_of
from impact.power.facts import check_facts
from impact.power.known import facts_given, facts_of
from impact.power.measure import Asks, measured
from impact.power.planned import Planned, planned_spec
from impact.power.record import Power
from impact.power.resampled import Resampled
from impact.power.search import Tries
from impact.spec.models import PilotSpec

__all__ = ["detectable", "planned"]


def detectable(
    pilot: Panel | PilotSpec,
    *,
    outcome: str | None = None,
    power: float = 0.8,
    effect: float | None = None,
    sample: float | None = None,
    units: int | None = None,
    level: float | None = None,
    draws: int | None = None,
    seed: int | None = None,
) -> Power:
    """Find the smallest effect that a pilot detects, by drawing it from its own data.

    Whole clusters are drawn with replacement, with all their waves, gaps and weights; the
    effect that was measured is taken out and another put in; then the method and the
    inference of the headline are run, the rule applied anew to every draw.

    Parameters
    ----------
    pilot : Panel or PilotSpec
        A params file's data are read.
    outcome : str, optional
        Column; the first primary outcome unless said.
    power : float
        Share of pilots that shall find the effect.
    effect : float, optional
        An effect of interest, as a size in the direction of the outcome, or negative: a
        fall. The params file's ``smallest_effect`` unless said.
    sample : float, optional
        Draw pilots of so many times the clusters. Without it, and without `units`, the
        sample that finds the effect of interest is searched.
    units : int, optional
        The same, as a number of units.
    level : float, optional
        Of the intervals; the params file's unless said.
    draws : int, optional
        Pilots to draw: 300, or 100 with synthetic methods.
    seed : int, optional
        The params file's unless said.

    Returns
    -------
    Power
        Its first sentence is the verdict.

    Raises
    ------
    DesignError
        What was asked cannot be, or the headline cannot be estimated.

    Notes
    -----
    A pilot finds an effect where the interval of its headline leaves zero out, as the test at
    one less the level does. Estimates of draws from n clusters spread less than those of
    new pilots, by (n − 1)/n in variance; that is put back. Power is for one outcome by
    itself, before any correction for several.

    Examples
    --------
    >>> import impact
    >>> spec = impact.load_spec("params/tilburg-integration.yml")  # doctest: +SKIP
    >>> impact.power.detectable(spec)  # doctest: +SKIP
    """
    refuse(
        power=power,
        effect=effect,
        sample=sample,
        units=units,
        draws=draws,
        level=level,
        seed=seed,
    )
    panel = at_level(read_panel(pilot) if isinstance(pilot, PilotSpec) else pilot, level)
    said = panel.outcome(outcome)
    choice = choose(panel, said.column)
    source = Resampled(panel, said.column, choice, sign_of(said, effect))
    ratio = sample or 1.0 if units is None else units / source.units
    tries = Tries(power, draws_for(choice, draws), seed_for(panel, seed), ratio)
    search = units is None and sample is None
    return measured(source, Asks(said, tries, effect, search=search))


def planned(
    spec: PilotSpec | None = None,
    *,
    power: float = 0.8,
    effect: float | None = None,
    level: float | None = None,
    draws: int | None = None,
    seed: int | None = None,
    outcome: str | None = None,
    baseline: bool = False,
    **facts: Any,
) -> Power:
    """Find the smallest effect that a planned pilot would detect, from what is known.

    Pilots are drawn by `impact.simulate` and analysed as the rule would.

    Parameters
    ----------
    spec : PilotSpec, optional
        The params file of the pilot: its design, outcome and analysis hold unless said.
    power, effect, level, draws, seed, outcome
        As in `detectable`.
    baseline : bool
        Take what is not said from the rows of the data file before the start.
    **facts
        Of `impact.power.Facts`: ``units``, ``sd``, ``mean``, ``kind``, ``scale``,
        ``correlation``, ``clusters``, ``icc``, ``treated``, ``periods``, ``starts``,
        ``attrition``, ``design``, ``sample``.

    Returns
    -------
    Power

    Raises
    ------
    DesignError
        Facts are missing or cannot be: all of them are told.

    Examples
    --------
    >>> from impact.power import planned
    >>> found = planned(units=128, sd=1.0, design="randomised", periods=1, draws=200)
    >>> 0.4 < found.detectable < 0.6
    True
    """
    refuse(power=power, effect=effect, draws=draws, level=level, seed=seed)
    said = None if spec is None else outcome_named(spec, outcome)
    known = {} if spec is None or said is None else facts_of(spec, said, baseline=baseline)
    given = facts_given(known, facts)
    check_facts(given)
    made = planned_spec(given, spec, level=level, seed=seed)
    shown = made.outcomes[0] if said is None else said
    source = Planned(given, made, sign_of(shown, effect))
    tries = Tries(power, draws_for(source.choice, draws), made.analysis.seed)
    return measured(source, Asks(shown, tries, effect, from_data=False))
