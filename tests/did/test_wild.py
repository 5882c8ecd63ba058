"""The wild cluster bootstrap as a params file asks for it."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel
from impact.did.other_methods import other_methods
from impact.errors import DesignError
from impact.evidence import methods
from impact.inference.covariance import covariance
from impact.inference.linear import fit
from impact.inference.wild_bootstrap import wild_bootstrap
from impact.spec.models import PilotSpec


def asked(given, outcome="y", design=None, **analysis):
    """Give a panel a params file that asks for the bootstrap."""
    kind = given.design.kind
    plain = {"kind": kind, "treated": "pilot", "starts": 2}
    spec = PilotSpec.model_validate(
        {
            "pilot": "made-up",
            "data": {"path": "nowhere.csv", "unit": "id", "period": "wave"},
            "design": design or plain,
            "outcomes": [{"column": outcome}],
            "analysis": {"inference": "wild_bootstrap", **analysis},
        }
    )
    return replace(given, spec=spec, outcomes=spec.outcomes)


def p_by_hand(y, X, town, at):
    """Fit every draw again with the null imposed; count those farther out than the data."""
    rest = np.delete(X, at, axis=1)
    under = rest @ np.linalg.lstsq(rest, y, rcond=None)[0]
    bread = np.linalg.pinv(X.T @ X)
    found = []
    for signs in product([1.0, -1.0], repeat=town.max() + 1):
        drawn = under + (y - under) * np.array(signs)[town]
        beta = bread @ X.T @ drawn
        error = drawn - X @ beta
        sums = np.array([X[town == g].T @ error[town == g] for g in range(town.max() + 1)])
        found.append(abs(beta[at]) / np.sqrt((bread @ sums.T @ sums @ bread)[at, at]))
    return float(np.mean(np.array(found) > found[0] * (1 + 1e-7)))


@pytest.mark.parametrize("method", ["did", "twfe"])
def test_p_is_every_draw_fitted_again(make, panel, method):
    rows = make(units=24, clusters=8, effect=0.5)
    given = asked(panel(rows, cluster="town"), methods=[method])
    effect = did.estimate(given).headline("y")
    after, pilot = (rows["wave"] >= 2).to_numpy(float), rows["pilot"].to_numpy(float)
    columns = [pilot * after]
    if method == "did":
        columns += [np.ones(len(rows)), pilot, after]
    else:
        columns += [rows["id"] == unit for unit in range(24)]
        columns += [rows["wave"] == wave for wave in range(1, 4)]
    X = np.column_stack(columns).astype(float)
    by_hand = p_by_hand(rows["y"].to_numpy(), X, rows["town"].to_numpy(), 0)
    assert (effect.method, effect.inference) == (method, "wild_bootstrap")
    assert effect.p_value == max(by_hand, 2 / 256)
    assert effect.details["smallest_p"] == 2 / 256
    assert effect.details["enumerated"]


def test_the_interval_holds_the_effects_that_are_not_rejected(make, panel):
    rows = make(units=24, clusters=8)
    found = did.did(panel(rows, cluster="town"), inference="wild_bootstrap", level=0.9)

    def p_value(effect):
        less = rows.assign(y=rows["y"] - effect * rows["pilot"] * (rows["wave"] >= 2))
        return did.did(panel(less, cluster="town"), inference="wild_bootstrap").p_value

    wide = found.conf_high - found.conf_low
    for end, inward in ((found.conf_low, 1), (found.conf_high, -1)):
        assert p_value(end + 0.001 * inward * wide) > 0.1 >= p_value(end - 0.001 * inward * wide)


def test_a_p_value_is_never_nought_and_the_smallest_is_said(make, panel):
    rows = make(units=24, clusters=6, effect=30)
    effect = did.did(panel(rows, cluster="town"), inference="wild_bootstrap")
    assert effect.p_value == 2 / 64
    said = " ".join(str(note) for note in effect.notes)
    assert "all 64 draws (Rademacher weights)" in said
    assert "cannot be smaller than 0.0312" in said
    many = did.did(panel(make(clusters=20, effect=30), cluster="town"), inference="wild_bootstrap")
    assert many.p_value == 1 / 999
    assert not many.details["enumerated"]


@pytest.mark.parametrize(
    ("clusters", "weights", "smallest"),
    [(4, "webb", 2 / 6**4), (6, "rademacher", 2 / 64), (12, "webb", 1 / 999)],
)
def test_weights_go_by_the_number_of_clusters(make, panel, clusters, weights, smallest):
    given = panel(make(units=24, clusters=clusters), cluster="town")
    details = did.did(given, inference="wild_bootstrap").details
    assert (details["weights"], details["smallest_p"]) == (weights, smallest)


def test_draws_that_cannot_reach_the_level_give_no_p_value(make, panel):
    given = panel(make(units=24, clusters=2), cluster="town")
    effect = did.did(given, inference="wild_bootstrap")
    assert np.isnan([effect.p_value, effect.conf_low, effect.conf_high]).all()
    assert np.isfinite(effect.std_error)
    assert any("cannot reach the level" in str(note) for note in effect.notes)
    few = asked(panel(make(clusters=20), cluster="town"), level=0.99, replications=99)
    assert np.isnan(did.estimate(few).headline("y").p_value)


@pytest.mark.parametrize("clusters", [6, 9, 10])
def test_under_ten_clusters_the_page_says_that_the_test_is_liberal(make, panel, clusters):
    given = panel(make(units=60, clusters=clusters), cluster="town")
    said = [str(note) for note in did.did(given, inference="wild_bootstrap").notes]
    assert any("in 6 to 9 of 100 cases where it should be 5." in one for one in said) == (
        clusters < 10
    )


def test_the_size_under_ten_clusters_is_what_the_page_says():
    rng, draws = np.random.default_rng(2), 1_000
    town = np.repeat(np.arange(6), 5)
    X = np.column_stack([np.ones(30), town < 3])
    rejected = 0
    for _ in range(draws):
        y = rng.normal(size=6)[town] + rng.normal(size=30)
        found = wild_bootstrap(fit(y, X, names=["one", "d"]), "d", town, replications=999)
        rejected += max(found.p_value, found.step) <= 0.05
    assert abs(rejected / draws - 0.08) < 4 * np.sqrt(0.08 * 0.92 / draws)


def test_draws_belong_to_the_clusters_whatever_the_order_of_the_rows(make, panel):
    rows = make(clusters=20)
    one, other = (
        did.did(panel(some, cluster="town"), inference="wild_bootstrap")
        for some in (rows, rows.sample(frac=1, random_state=1))
    )
    assert one.to_frame().equals(other.to_frame())


def test_every_term_of_an_event_study_is_tested_by_itself(make, panel):
    rows = make(units=24, clusters=8)
    given = panel(rows, cluster="town")
    found = did.event_study(given, inference="wild_bootstrap")
    errors = did.event_study(given, inference="cr1")
    np.testing.assert_allclose(found.rows["std_error"], errors.rows["std_error"])
    assert set(found.rows["inference"]) == {"wild_bootstrap"}
    shown = [(rows["wave"] - 2 == e) & (rows["pilot"] == 1) for e in (0, -2, 1)]
    dummies = [rows["id"] == unit for unit in range(24)]
    dummies += [rows["wave"] == wave for wave in range(1, 4)]
    X = np.column_stack([*shown, *dummies]).astype(float)
    by_hand = p_by_hand(rows["y"].to_numpy(), X, rows["town"].to_numpy(), 0)
    assert found.rows.set_index("term")["p_value"]["0"] == max(by_hand, 2 / 256)


def test_a_sum_of_coefficients_is_one_coefficient_of_the_model_written_otherwise(make, panel):
    """The mean of two effects is the coefficient beside their difference."""
    rows = make(units=24, clusters=8)
    found = did.event_study(panel(rows, cluster="town"), inference="wild_bootstrap")
    pilot, wave = rows["pilot"], rows["wave"]
    columns = [pilot * (wave >= 2), pilot * (wave == 2), pilot * (wave == 0)]
    columns[1] = columns[1] - pilot * (wave == 3)
    columns += [rows["id"] == unit for unit in range(24)]
    columns += [rows["wave"] == at for at in range(1, 4)]
    X = np.column_stack(columns).astype(float)
    by_hand = p_by_hand(rows["y"].to_numpy(), X, rows["town"].to_numpy(), 0)
    assert found.p_value == max(by_hand, 2 / 256)


@pytest.mark.parametrize("method", ["ancova", "difference_in_means"])
def test_a_lottery_of_places_can_be_bootstrapped(make, method):
    rows = make(units=40, clusters=8, periods=2, start=1)
    given = Panel.from_frame(
        rows, unit="id", period="wave", outcomes=["y"], treated="pilot", starts=1,
        kind="randomised", cluster="town",
    )  # fmt: skip
    found = getattr(did, method)(given, inference="wild_bootstrap")
    wide = rows.pivot(index="id", columns="wave", values="y")
    first = rows.drop_duplicates("id").set_index("id")
    columns = [first["pilot"], np.ones(40)] + ([wide[0]] if method == "ancova" else [])
    X = np.column_stack(columns).astype(float)
    by_hand = p_by_hand(wide[1].to_numpy(), X, first["town"].to_numpy(), 0)
    assert found.p_value == max(by_hand, 2 / 256)


def test_a_triple_difference_and_a_change_can_be_bootstrapped(make, panel):
    rows = make(units=48, clusters=8)
    rows["reach"] = (rows["id"] % 16 < 8).astype(int)
    found = did.triple_difference(
        panel(rows, cluster="town", subgroups=["reach"]), inference="wild_bootstrap"
    )
    assert (found.inference, found.n_clusters) == ("wild_bootstrap", 8)
    assert found.conf_low < found.estimate < found.conf_high
    alone = rows[rows["pilot"] == 1]
    given = Panel.from_frame(
        alone, unit="id", period="wave", outcomes=["y"], kind="before_after", starts=2
    )
    assert did.before_after(given, inference="wild_bootstrap").p_value >= 1 / 999


def test_a_method_without_a_bootstrap_is_refused_with_what_to_take_instead(cohorts):
    given = Panel.from_frame(
        cohorts, unit="id", period="wave", outcomes=["y"], first_treated="first", cluster="town"
    )
    design = {"kind": "staggered", "first_treated": "first"}
    with pytest.raises(DesignError, match=r"callaway_santanna, is none: take inference: auto"):
        did.estimate(asked(given, design=design))
    with pytest.raises(DesignError, match="not available for imputation"):
        did.imputation(given, inference="wild_bootstrap")
    effects = did.estimate(asked(given, design=design, methods=["sun_abraham", "imputation"]))
    assert [effect.inference for effect in effects] == ["wild_bootstrap", "cr2"]


def test_where_no_standard_error_is_valid_the_bootstrap_is_not_the_headline(make, panel):
    rows = make(units=48, clusters=8)
    rows["pilot"] = (rows["town"] == 0).astype(int)
    effects = did.estimate(asked(panel(rows, cluster="town"), methods=["did"]))
    assert [(e.role, e.inference) for e in effects] == [
        ("headline", "none"),
        ("convention", "wild_bootstrap"),
    ]


def test_the_page_says_what_was_drawn(make, panel):
    given = asked(panel(make(clusters=8), cluster="town"))
    effects = did.estimate(given)
    said = " ".join(str(one) for one in methods(given, effects).sentences)
    for part in (
        "restricted wild cluster bootstrap over the units of assignment",
        "The params file names the test: the wild cluster bootstrap.",
        "it cannot be smaller than 0.00781",
    ):
        assert part in said
    beside = other_methods(given, effects).rows.set_index("method")
    assert beside.loc["callaway_santanna", "inference"] == "cr2"
    assert np.isfinite(beside["conf_low"]).all()


def test_a_cluster_that_may_be_a_person_is_not_counted_by_the_number_of_draws(make, panel):
    alone = did.did(panel(make(units=8, clusters=8)), inference="wild_bootstrap")
    assert alone.notes[0].counts == {"clusters": 8}
    towns = did.did(panel(make(units=40, clusters=8), cluster="town"), inference="wild_bootstrap")
    assert towns.notes[0].counts == {}


def test_a_true_null_is_rejected_at_its_nominal_rate_with_ten_against_ten():
    rng, draws = np.random.default_rng(21), 1_000
    unit = np.repeat(np.arange(60), 2)
    frame = pd.DataFrame({"id": unit, "wave": np.tile([0, 1], 60), "town": unit // 3})
    frame["pilot"] = (frame["town"] < 10).astype(int)
    rejected = 0
    for _ in range(draws):
        shock = rng.normal(size=(20, 2))[frame["town"], frame["wave"]]
        given = Panel.from_frame(
            frame.assign(y=shock + rng.normal(size=120)),
            unit="id", period="wave", outcomes=["y"], treated="pilot", starts=1, cluster="town",
        )  # fmt: skip
        effect = did.did(given, inference="wild_bootstrap")
        rejected += effect.p_value <= 0.05
        # The interval and the test are one.
        assert (effect.p_value <= 0.05) == (not effect.conf_low < 0 < effect.conf_high)
    assert rejected / draws <= 0.06 + 3 * np.sqrt(0.06 * 0.94 / draws)


def test_the_error_beside_the_test_is_cr1(make, panel):
    rows = make(clusters=12)
    effect = did.did(panel(rows, cluster="town"), inference="wild_bootstrap")
    pilot, after = rows["pilot"].to_numpy(), (rows["wave"] >= 2).to_numpy()
    X = np.column_stack([np.ones(len(rows)), pilot, after, pilot * after]).astype(float)
    model = fit(rows["y"].to_numpy(), X)
    assert effect.std_error == pytest.approx(
        covariance(model, "cr1", cluster=rows["town"].to_numpy()).std_error[3]
    )
