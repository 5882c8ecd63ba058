"""Panels with little in them: every estimator says what is wrong, or gives numbers with notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from impact.errors import ImpactError
from impact.results import EffectResult

NUMBERS = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
# Words of the arithmetic, which tell an evaluator nothing.
INNER = re.compile(
    r"singular|numpy|\bnan\b|\binf\b|array|\baxis\b|\bshape\b|divi(de|sion) by|LinAlg|index|dtype",
    re.IGNORECASE,
)


def reached(frame: pd.DataFrame) -> pd.Series:
    """Whether the row's unit is treated in any of the designs."""
    return (frame["first"] > 0) | (frame["pilot"] > 0)


def alone(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep one unit a start, and one that never starts."""
    some = frame[frame["id"].isin([0, 1, 2, 11])]
    return some.assign(pilot=(some["id"] == 0).astype(int), near=some["id"] % 2)


def singular(frame: pd.DataFrame) -> pd.DataFrame:
    """Add covariates that say nothing more: a multiple, a constant, the group, the time."""
    after = (frame["wave"] > 3).astype(float)
    group = frame["pilot"].astype(float)
    return frame.assign(double=2 * frame["x"], one=1.0, group=group, after=after)


def many(frame: pd.DataFrame) -> pd.DataFrame:
    """Add more covariates than there are units."""
    drawn = np.random.default_rng(1).normal(size=(len(frame), 40))
    return frame.assign(**{f"c{at}": drawn[:, at] for at in range(40)})


def at_once(frame: pd.DataFrame, start: int) -> pd.DataFrame:
    """Let all that are treated start together."""
    return frame.assign(
        **{name: np.where(frame[name] > 0, start, 0) for name in ("first", "alone")}
    )


PANELS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "one unit a cohort": alone,
    "one unit a cohort, each by itself": alone,
    "one treated and one comparison unit": lambda f: f[f["id"].isin([0, 11])],
    "one cluster": lambda f: f.assign(town=0),
    "singular covariates": singular,
    "more covariates than units": many,
    "an outcome of ones": lambda f: f.assign(y=1.0),
    "an outcome of zeros": lambda f: f.assign(y=0.0),
    "an outcome without change": lambda f: f.assign(y=3 * f["age"]),
    "an outcome of units and periods alone": lambda f: f.assign(y=10 + f["age"] + 0.37 * f["wave"]),
    "everybody treated at once": lambda f: f.assign(pilot=1, alone=4, first=4),
    "everybody treated in the end": lambda f: f.assign(pilot=1, alone=4, first=3 + f["town"] % 3),
    "nobody treated": lambda f: f.assign(pilot=0, alone=0, first=0),
    "a gap in time": lambda f: f[f["wave"] != 3],
    "a gap where it starts": lambda f: f[f["wave"] != 4],
    "no unit seen in every period": lambda f: f[(f["id"] + f["wave"]) % 6 > 0],
    "one period after the start": lambda f: f[f["wave"] == 4],
    "one period before the start": lambda f: f[f["wave"] == 1],
    "the first and the last period": lambda f: f[f["wave"].isin([1, 6])],
    "all weights zero": lambda f: f.assign(w=0.0),
    "some weights zero": lambda f: f.assign(w=np.where(f["id"] % 3 == 1, 0, f["w"])),
    "weights of the treated zero": lambda f: f.assign(w=np.where(reached(f), 0, f["w"])),
    "weights of one cohort zero": lambda f: f.assign(w=np.where(f["first"] == 3, 0, f["w"])),
    "a cohort treated from the first period": lambda f: f.assign(
        first=f["first"].replace({3: 1}), alone=np.where(f["town"] == 1, 1, f["alone"])
    ),
    "all treated from the first period": lambda f: at_once(f, 1),
    "a start after the last period": lambda f: at_once(f, 9),
    "no outcome": lambda f: f.assign(y=np.nan),
    "no outcome of the treated": lambda f: f.assign(y=f["y"].mask(reached(f))),
    "no outcome before the start": lambda f: f.assign(y=f["y"].where(f["wave"] >= 4)),
    "no outcome after the start": lambda f: f.assign(y=f["y"].where(f["wave"] < 3)),
}
ROLES: dict[str, dict[str, Any]] = {
    "one unit a cohort, each by itself": {"cluster": None},
    "singular covariates": {"covariates": ["x", "double", "one", "group", "after"]},
    "more covariates than units": {"covariates": [f"c{at}" for at in range(40)]},
    **{name: {"weight": "w"} for name in PANELS if "zero" in name and "outcome" not in name},
    "all treated from the first period": {"starts": 1},
    "a start after the last period": {"starts": 9},
}


def roles(name: str, design: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a panel's design says otherwise; only some designs have one start."""
    said = ROLES.get(name, {})
    return {key: value for key, value in said.items() if key != "starts" or key in design}


@pytest.mark.parametrize("name", PANELS)
def test_nothing_is_missing_in_silence(every, case, name):
    frame = PANELS[name](every.drawn(3))
    ruled = ("inference", "errors")
    by_rule = {key: value for key, value in case.asked.items() if key not in ruled}
    for asked in (case.asked, by_rule) if by_rule != case.asked else (by_rule,):
        found = outcome_of(case, frame, roles(name, case.design), asked)
        if isinstance(found, ImpactError):
            # A sentence that names what is wrong, in words of the design.
            assert len(str(found).split()) >= 5
            assert not INNER.search(str(found)), str(found)
        else:
            tell(found, np.abs(frame["y"]).max())


def outcome_of(
    case: Any, frame: pd.DataFrame, said: Mapping[str, Any], asked: Mapping[str, Any]
) -> EffectResult | ImpactError:
    """Return the effect, or the refusal; any other error is a defect."""
    try:
        return case.method(case.panel(frame, **said), **asked)
    except ImpactError as refused:
        return refused


def tell(effect: EffectResult, largest: float) -> None:
    """Fail where a number is missing, infinite or only rounding, and no note says why."""
    found = effect.rows[NUMBERS].to_numpy(dtype=float)
    notes = " ".join(str(note) for note in effect.notes)
    assert not INNER.search(notes), notes
    assert not np.isinf(found).any()
    assert notes or not np.isnan(found).any(), effect.rows[["term", *NUMBERS]]
    # A standard error that is only what rounding left tests nothing.
    assert np.isnan(found[found[:, 1] <= 1e-12 * largest, 2:]).all()
    # A decomposition is of an estimate, whose error `twfe` gives.
    if np.isnan(found[0, [1, 3]]).all() and effect.method != "bacon":
        assert re.search(r"without a test|tested|[Nn]o range", notes), notes


def counted(effect: EffectResult) -> int:
    """Return how many units or rows the notes say were dropped."""
    return sum(note.counts.get("n", 0) for note in effect.notes)


WITHOUT_THE_FIRST = (
    "callaway_santanna",
    "sun_abraham",
    "imputation",
    "two_stage",
    "stacked",
    "synthetic_did of several",
)


def test_a_cohort_treated_from_the_first_period_is_dropped_by_name_and_count(every):
    frame = PANELS["a cohort treated from the first period"](every.drawn(3))
    rows = frame["first"] == 1
    for case in every.CASES:
        if case.name in WITHOUT_THE_FIRST:
            effect = case.run(frame)
            assert effect.n_units == 30, case.name
            assert counted(effect) == frame.loc[rows, "id"].nunique(), case.name
            same = case.run(frame[~rows])
            np.testing.assert_allclose(effect.estimate, same.estimate, rtol=1e-12)


def test_rows_with_a_weight_of_zero_are_counted_where_they_leave(every):
    frame = PANELS["some weights zero"](every.drawn(3))
    for case in every.CASES:
        if "weight" in case.roles:
            panel = case.panel(frame)
            assert panel.rows["dropped: weight of zero"] == (frame["w"] == 0).sum()
            weighted, without = case.run(frame), case.run(frame[frame["w"] > 0])
            pd.testing.assert_frame_equal(weighted.rows, without.rows)


def test_covariates_that_say_nothing_more_are_left_out_by_name(every):
    """Regressions name them; the estimate is that without them."""
    frame = singular(every.drawn(3))
    said = {"covariates": ["x", "double", "one"]}
    for case in every.CASES:
        if case.name in ("did", "twfe", "event_study", "ancova"):
            effect = case.run(frame, **said)
            notes = " ".join(str(note) for note in effect.notes)
            assert "Left out: double, one" in notes, case.name
            alike = case.run(frame, covariates=["x"])
            assert effect.estimate == pytest.approx(alike.estimate, rel=1e-9)
