"""The recorded facts that certainty is computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.describe import attrition, baseline_balance
from impact.results import EffectResult, Effects

__all__ = ["Facts", "facts"]

PRE_TEST_LEVEL = 0.05


@dataclass(frozen=True)
class Facts:
    """What is known about how a pilot's number came about.

    Parameters
    ----------
    design : str
        The kind of design in the params file.
    randomised : bool
        Whether a lottery decided who took part.
    treated_places, comparison_places : int or None
        Places with and without the pilot; None where the params file names none.
    same_place : bool
        Whether every pilot place has comparison people of its own.
    pre_periods : str
        ``compatible``, ``failed``, or ``not_examined`` where the data cannot tell.
    tested : bool
        Whether a valid interval exists.
    balance : float or None
        Largest absolute standardised mean difference at baseline.
    attrition, attrition_gap : float or None
        Share lost between start and end, and the difference between the groups.
    chosen_late : bool
        Whether the plan was frozen after the first endline record.
    """

    design: str
    randomised: bool
    treated_places: int | None
    comparison_places: int | None
    same_place: bool
    pre_periods: str
    tested: bool
    balance: float | None
    attrition: float | None
    attrition_gap: float | None
    chosen_late: bool


def facts(panel: Panel, effect: EffectResult, effects: Effects) -> Facts:
    """Collect the facts that bear on one outcome's headline effect.

    Parameters
    ----------
    panel : Panel
        The pilot's data.
    effect : EffectResult
        The headline effect on the outcome.
    effects : Effects
        All effects of the pilot; the pre-period test is taken from those on the same
        outcome.
    """
    with_pilot, without = _places(panel)
    lost = attrition(panel)
    return Facts(
        design=panel.design.kind,
        randomised=panel.design.randomised or panel.design.kind == "randomised",
        treated_places=None if with_pilot is None else len(with_pilot),
        comparison_places=None if without is None else len(without),
        same_place=bool(with_pilot and without and with_pilot <= without),
        pre_periods=_pre_periods(effect, effects),
        tested=bool(np.isfinite(effect.conf_low) and np.isfinite(effect.conf_high)),
        balance=baseline_balance(panel),
        attrition=lost.overall,
        attrition_gap=lost.difference,
        chosen_late=_chosen_late(panel),
    )


def _places(panel: Panel) -> tuple[set[int] | None, set[int] | None]:
    """Return the codes of the places with pilot units and with comparison units."""
    known = panel.place >= 0
    if not known.all() or not len(panel.places):
        return None, None
    return (
        {int(code) for code in np.unique(panel.place[panel.treated])},
        {int(code) for code in np.unique(panel.place[~panel.treated])},
    )


def _pre_periods(effect: EffectResult, effects: Effects) -> str:
    """Say what the joint test of the pre-periods found, wherever a valid one was run.

    A published source's convention is no valid test here, nor is one beside an effect that
    nothing could test. Where clusters are few, the small-sample p-value is the one.
    """
    same = [effect, *(other for other in effects if other.outcome == effect.outcome)]
    valid = [e for e in same if e.role != "convention" and np.isfinite(e.p_value)]
    for test in (e.details["pre_test"] for e in valid if e.details.get("pre_test")):
        found = test.get("p_value_small_sample", test.get("p_value"))
        if found is not None and np.isfinite(found):
            return "failed" if found < PRE_TEST_LEVEL else "compatible"
    return "not_examined"


def _chosen_late(panel: Panel) -> bool:
    """Whether the plan, and with it the choice of outcomes, came after the endline."""
    plan = panel.spec.plan if panel.spec else None
    return bool(plan and plan.frozen and plan.endline and plan.frozen > plan.endline)
