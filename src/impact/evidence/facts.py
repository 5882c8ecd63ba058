"""The recorded facts that certainty is computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.describe import attrition, baseline_balance
from impact.did.before_permuted import permuted_pre_test
from impact.did.placebo import placebo
from impact.did.sides import known_rows, lives_beside
from impact.results import EffectResult, Effects

__all__ = ["Facts", "facts"]

PRE_TEST_LEVEL = 0.05
ROUNDING = 1e-12


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
        Whether the comparison is of people in the pilot's own places.
    pre_periods : str
        ``compatible``, ``failed`` (a joint test of them, or an invented start), or
        ``not_examined`` where the data cannot tell.
    tested : bool
        Whether a valid interval exists.
    balance : float or None
        Largest absolute standardised mean difference at baseline.
    attrition, attrition_gap : float or None
        Share lost on this outcome between start and end, and the groups' difference.
    chosen_late : bool
        Whether it is recorded that the outcome was chosen after endline data were seen.
    plan : str
        ``before`` where it was frozen before the first endline record, ``late`` after it,
        ``never`` where it was not.
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
    plan: str = "before"


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
    known = known_rows(panel, str(effect.outcome))
    beside = lives_beside(panel, known)
    with_pilot, without = _places(panel, beside)
    lost = attrition(panel, str(effect.outcome))
    return Facts(
        design=panel.design.kind,
        randomised=panel.design.randomised or panel.design.kind == "randomised",
        treated_places=None if with_pilot is None else len(with_pilot),
        comparison_places=None if without is None else len(without),
        same_place=beside,
        pre_periods=_pre_periods(panel, effect, effects),
        tested=bool(np.isfinite(effect.conf_low) and np.isfinite(effect.conf_high)),
        balance=baseline_balance(panel),
        attrition=lost.overall,
        attrition_gap=lost.difference,
        chosen_late=_chosen_late(panel, str(effect.outcome)),
        plan=_frozen(panel),
    )


def _places(panel: Panel, beside: bool) -> tuple[set[int] | None, set[int] | None]:
    """Return the codes of the places with pilot units and with comparison units.

    A few who moved do not make the pilot's place a place of the comparison.
    """
    known = panel.place >= 0
    if not known.all() or not len(panel.places):
        return None, None
    with_pilot = {int(code) for code in np.unique(panel.place[panel.treated])}
    without = {int(code) for code in np.unique(panel.place[~panel.treated])}
    return with_pilot, without if beside else without - with_pilot


def _pre_periods(panel: Panel, effect: EffectResult, effects: Effects) -> str:
    """Say what the periods before the start show, wherever a valid test of them was run.

    A joint test of all of them, and the same calculation with an invented start: with two
    tests each has half the level, so that parallel courses fail in 5 of 100 cases at most.
    A permutation of few places cannot reach half the level: there the joint test is the one.
    """
    joint = _joint_test(panel, effect, effects)
    invented = (
        None
        if joint is not None and joint[1] > PRE_TEST_LEVEL / 2
        else (_invented_start(panel, effect, effects))
    )
    found = [None if joint is None else joint[0], invented]
    run = [p_value for p_value in found if p_value is not None and np.isfinite(p_value)]
    if not run:
        return "not_examined"
    return "failed" if min(run) <= PRE_TEST_LEVEL / len(run) + ROUNDING else "compatible"


def _joint_test(panel: Panel, effect: EffectResult, effects: Effects) -> tuple[float, float] | None:
    """Return the p-value of the joint test of the pre-periods, and the smallest possible.

    A published source's convention is no valid test here, nor is one beside an effect that
    nothing could test. Where clusters are few, the small-sample p-value is the one; where
    only a permutation is valid, it is by permutation.
    """
    same = [effect, *(other for other in effects if other.outcome == effect.outcome)]
    valid = [e for e in same if e.role != "convention" and np.isfinite(e.p_value)]
    for test in (e.details["pre_test"] for e in valid if e.details.get("pre_test")):
        p_value = test.get("p_value_small_sample", test.get("p_value"))
        if p_value is not None and np.isfinite(p_value):
            return float(p_value), 0.0
    if not valid or panel.design.kind == "randomised":
        return None
    test = permuted_pre_test(panel, str(effect.outcome))
    return None if test is None else (float(test["p_value"]), float(test["smallest_p"]))


def _invented_start(panel: Panel, effect: EffectResult, effects: Effects) -> float | None:
    """Return the p-value of the same calculation before the start, with an invented one."""
    if not np.isfinite(effect.p_value):
        return None
    shown = placebo(panel, effects, outcome=str(effect.outcome))
    return float(shown.rows["p_value"].iloc[-1]) if isinstance(shown, EffectResult) else None


def _chosen_late(panel: Panel, outcome: str) -> bool:
    """Whether a recorded change of plan took up the outcome after endline data were seen."""
    changes = panel.spec.plan.deviations if panel.spec is not None else ()
    return any(change.after_seeing_data and change.outcome == outcome for change in changes)


def _frozen(panel: Panel) -> str:
    """Say whether the plan came before the first endline record."""
    plan = panel.spec.plan if panel.spec is not None else None
    if plan is None or plan.frozen is None:
        return "never"
    return "late" if plan.endline is not None and plan.frozen > plan.endline else "before"
