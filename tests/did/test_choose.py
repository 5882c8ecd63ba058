"""The rule from design and data to method and inference."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from impact import did
from impact.data.panel import Panel
from impact.did.uncertainty import inference_for
from impact.spec.models import PilotSpec


def said(choice):
    return " ".join(str(reason) for reason in choice.reasons)


def towns(make, treated, total, **more):
    """Let some of several towns have the pilot, ten people in each."""
    rows = make(units=10 * total, clusters=total, **more)
    return rows.assign(pilot=(rows["town"] < treated).astype(int))


@pytest.mark.parametrize(
    ("treated", "total", "inference", "tested"),
    [
        (1, 8, "none", False),
        (1, 19, "none", False),
        (1, 20, "permutation", True),
        (2, 5, "none", False),
        (2, 8, "permutation", True),
        (18, 20, "permutation", True),
        (3, 6, "cr2", True),
        (5, 40, "cr2", True),
        (20, 40, "cr2", True),
        (50, 100, "cr1", True),
    ],
)
@pytest.mark.parametrize("role", ["place", "cluster"])
def test_the_inference_follows_the_number_of_places(
    make, panel, treated, total, inference, tested, role
):
    given = panel(towns(make, treated, total), **{role: "town"})
    choice = did.choose(given)
    assert (choice.method, choice.inference, choice.tested) == ("did", inference, tested)
    effect = did.did(given)
    assert effect.inference == inference
    assert np.isfinite(effect.p_value) == tested
    if not tested:
        assert np.isnan([effect.conf_low, effect.conf_high, effect.std_error]).all()
        assert any("without a test" in str(note) for note in effect.notes)


def test_comparison_people_in_the_same_place_are_counted_by_assignment(make, panel):
    rows = make(units=120, clusters=4).assign(pilot=lambda rows: rows["id"] // 4 % 2)
    choice = did.choose(panel(rows, place="town"))
    assert (choice.inference, choice.over) == ("cr1", "assignment")


def test_one_large_town_among_many_makes_them_few(make, panel):
    rows = towns(make, 60, 120)
    assert did.choose(panel(rows, place="town")).inference == "cr1"
    joined = rows.assign(town=np.where(rows["town"] < 9, 0, rows["town"]))
    assert did.choose(panel(joined, place="town")).inference == "cr2"


def sized(treated, sizes, waves=2, seed=0):
    """Draw towns of the given sizes, the first ones with the pilot."""
    rng = np.random.default_rng(seed)
    town = np.tile(np.repeat(np.arange(len(sizes)), sizes), waves)
    people = sum(sizes)
    return pd.DataFrame(
        {
            "id": np.tile(np.arange(people), waves),
            "wave": np.repeat(np.arange(waves), people),
            "town": town,
            "pilot": (town < treated).astype(int),
            "y": rng.normal(size=people * waves),
        }
    )


def test_one_small_treated_place_is_permuted_with_its_size_allowed_for(panel):
    """A large change of five people among places of fifty is no rarity."""
    rows = sized(1, (5, *(50,) * 19))
    change = np.where((rows["town"] == 0) & (rows["wave"] == 1), 0.2, 0.0)
    given = panel(rows.assign(y=0.2 * rows["y"] + change), starts=1, place="town")
    effect = did.did(given)
    assert effect.inference == "permutation"
    held = given.values.groupby([given.place, given.period])["y"].agg(["sum", "size"])
    sums, counts = (held[name].to_numpy().reshape(20, 2) for name in ("sum", "size"))
    others = (sums.sum(axis=0) - sums) / (counts.sum(axis=0) - counts)
    plain = np.diff(sums / counts - others).ravel()
    assert plain[0] == pytest.approx(effect.estimate)
    assert (np.abs(plain) >= abs(plain[0])).mean() == 1 / 20
    assert effect.p_value > 0.05


@pytest.mark.parametrize(("sizes", "kind"), [((20,) * 20, "permutation"), ((5, 5), "none")])
def test_two_places_are_permuted_only_among_places_of_like_sizes(panel, sizes, kind):
    sizes = sizes if len(sizes) == 20 else (5, 5, *(4, 9, 15, 30, 60, 150) * 3)
    choice = did.choose(panel(sized(2, sizes), starts=1, place="town"))
    assert choice.inference == kind
    assert choice.declines
    assert ("too unlike" in said(choice)) == (kind == "none")


def test_one_town_of_half_the_treated_leaves_fewer_degrees_of_freedom(panel):
    given = panel(sized(10, (100, *(10,) * 19)), starts=1, place="town")
    ruled, asked = did.did(given), did.did(given, inference="cr2", cluster="place")
    assert ruled.std_error == asked.std_error
    assert ruled.details["dof"][0] < 0.7 * asked.details["dof"][0]
    assert did.estimate(given).headline("y").p_value == ruled.p_value


def test_towns_of_one_size_are_read_with_satterthwaites_degrees_of_freedom(panel):
    given = panel(sized(4, (10,) * 10), starts=1, place="town")
    ruled, asked = did.did(given), did.did(given, inference="cr2", cluster="place")
    assert ruled.details["dof"] == pytest.approx(asked.details["dof"], rel=1e-9)


def test_a_roll_out_with_one_start_is_permuted_like_any_other_pilot(panel):
    rows = sized(1, (10,) * 20).assign(first=lambda rows: rows["pilot"])
    given = Panel.from_frame(
        rows, unit="id", period="wave", outcomes=["y"], first_treated="first", place="town"
    )
    choice = did.choose(given)
    assert (choice.method, choice.inference) == ("did", "permutation")


def test_few_clusters_with_several_starts_take_cr2_within_cohorts(cohorts):
    given = Panel.from_frame(
        cohorts,
        unit="id",
        period="wave",
        outcomes=["y"],
        first_treated="first",
        place="town",
    )
    choice = did.choose(given)
    assert (choice.method, choice.inference, choice.tested) == ("callaway_santanna", "cr2", True)
    headline = did.estimate(given).headline("y")
    assert headline.inference == "cr2"
    assert np.isfinite(headline.p_value)
    analytic = did.callaway_santanna(given, cluster="place")
    assert headline.estimate == analytic.estimate
    assert headline.p_value > 0
    assert headline.conf_high - headline.conf_low > analytic.conf_high - analytic.conf_low


def test_many_units_with_several_starts_take_the_sum_of_squared_influences(make):
    rows = make(units=240, periods=5)
    first = np.where(rows["id"] % 3 == 0, 2, np.where(rows["id"] % 3 == 1, 3, 0))
    given = Panel.from_frame(
        rows.assign(first=first), unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    assert did.choose(given).inference == "analytic"


def test_a_lottery_person_by_person_takes_ancova_and_hc2(two_waves):
    given = Panel.from_frame(
        two_waves,
        unit="id",
        period="wave",
        outcomes=["y"],
        treated="pilot",
        starts=1,
        kind="randomised",
    )
    choice = did.choose(given)
    assert (choice.method, choice.inference) == ("ancova", "hc2")


def test_a_lottery_over_clusters_takes_cr2(two_waves):
    given = Panel.from_frame(
        two_waves,
        unit="id",
        period="wave",
        outcomes=["y"],
        treated="pilot",
        starts=1,
        kind="randomised",
        cluster="town",
    )
    assert did.choose(given).inference == "cr2"


def test_a_lottery_without_a_baseline_takes_the_difference_in_means(two_waves):
    given = Panel.from_frame(
        two_waves[two_waves["wave"] == 1],
        unit="id",
        outcomes=["y"],
        treated="pilot",
        kind="randomised",
    )
    assert did.choose(given).method == "difference_in_means"


def test_several_starts_never_take_twfe(cohorts):
    given = Panel.from_frame(
        cohorts, unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    assert did.choose(given).method == "callaway_santanna"


def test_one_group_takes_before_after(frame):
    given = Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], kind="before_after", starts=2
    )
    choice = did.choose(given)
    assert (choice.method, choice.inference) == ("before_after", "hc2")
    assert "no effect is claimed" in said(choice)


def test_reasons_are_whole_sentences_without_the_words_a_page_may_not_have(make, panel):
    forbidden = ("significant", "no effect ", "proves", "promising", "trend")
    for treated, total in ((1, 8), (1, 20), (2, 8), (2, 5), (3, 6), (20, 40)):
        for role in ("place", "cluster"):
            for reason in did.choose(panel(towns(make, treated, total), **{role: "town"})).reasons:
                text = str(reason)
                assert text[0].isupper()
                assert text.endswith(".")
                assert not any(word in text.lower() for word in forbidden)


def test_units_of_assignment_are_not_counted_in_a_reason(make, panel):
    """They may be people: less the numbers of the tables they would tell of those not there."""
    reason = inference_for(panel(towns(make, 3, 6), cluster="town")).reasons[0]
    assert "are few" in str(reason)
    assert not reason.counts
    assert not any(digit in str(reason) for digit in "36")


@pytest.mark.parametrize("level", [0.8, 0.9])
def test_a_wider_level_lets_fewer_places_be_permuted(make, panel, level):
    given = panel(towns(make, 1, 10), place="town")
    assert inference_for(given, level=0.95).kind == "none"
    assert inference_for(given, level=level).kind == "permutation"


BIG_FIRST = (100, *(10,) * 19)


@pytest.mark.parametrize("method", ["did", "twfe", "event_study", "sun_abraham"])
def test_a_large_town_leaves_every_method_fewer_degrees_of_freedom(panel, method):
    """The interval is as wide as Student's t with the term's own degrees of freedom has it."""
    given = panel(sized(10, BIG_FIRST, waves=4), starts=2, place="town")
    run = getattr(did, method)
    ruled, asked = run(given), run(given, inference="cr2", cluster="place")
    guarded, plain = (np.array(effect.details["dof"]) for effect in (ruled, asked))
    np.testing.assert_allclose(ruled.rows["std_error"], asked.rows["std_error"])
    assert guarded[0] < 0.7 * plain[0]
    assert (guarded <= plain + 1e-9).all()
    rows = ruled.rows
    t = np.abs(rows["estimate"] / rows["std_error"])
    np.testing.assert_allclose(rows["p_value"], 2 * stats.t.sf(t, guarded), rtol=1e-8)
    wide = stats.t.ppf(0.975, guarded) * rows["std_error"]
    np.testing.assert_allclose(rows["conf_high"] - rows["estimate"], wide, rtol=1e-8)


def test_the_balanced_difference_is_guarded_like_the_headline(panel):
    rows = sized(10, BIG_FIRST)
    thin = rows.drop(rows.index[[15, 1200 // 8]])
    given = panel(thin, starts=1, place="town")
    balanced = did.estimate(given).headline("y")
    asked = did.did(given, inference="cr2", cluster="place", balanced=True)
    assert balanced.inference == "cr2"
    assert balanced.std_error == asked.std_error
    assert balanced.details["dof"][0] < 0.7 * asked.details["dof"][0]


def test_a_triple_difference_is_guarded_by_who_is_in_reach(panel):
    rows = sized(10, BIG_FIRST).assign(reach=lambda rows: (rows["id"] % 2 == 0).astype(int))
    given = panel(rows, starts=1, place="town", subgroups=["reach"])
    ruled = did.triple_difference(given)
    asked = did.triple_difference(given, inference="cr2", cluster="place")
    assert ruled.std_error == asked.std_error
    assert ruled.details["dof"][0] < 0.7 * asked.details["dof"][0]


@pytest.mark.parametrize("treated", [0, 1, 7])
def test_twfe_permutes_with_sizes_allowed_for_as_did_does(panel, treated):
    """With two waves and everybody in both the two are one estimate."""
    sizes = (5, 50, *range(20, 56, 2))
    rows = sized(1, sizes, seed=treated)
    rows = rows.assign(pilot=(rows["town"] == treated).astype(int))
    given = panel(rows, starts=1, place="town")
    one = did.did(given, inference="permutation", cluster="place")
    other = did.twfe(given, inference="permutation", cluster="place")
    for name in ("estimate", "p_value", "conf_low", "conf_high"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-8), name
    towns = given.values.assign(town=given.place, wave=given.period)
    means = towns.groupby(["wave", "town"])["y"].mean().unstack("town").to_numpy()
    rest = np.array([np.delete(means[1] - means[0], at) for at in range(20)])
    weight = np.array([np.delete(np.array(sizes), at) for at in range(20)])
    apart = means[1] - means[0] - (rest * weight).sum(axis=1) / weight.sum(axis=1)
    plain = np.mean(np.abs(apart) >= abs(apart[treated]) - 1e-12)
    # A small town's change is held against chances as wide as its own.
    assert (one.p_value > plain) or treated != 0


@pytest.mark.parametrize("method", ["synthetic_did", "synthetic_control"])
def test_a_synthetic_method_is_not_given_reasons_for_errors_that_it_does_not_use(panel, method):
    rows = sized(4, (1,) * 30, waves=6)
    given = panel(rows, starts=4)
    choice = did.choose(asked_for(given, method))
    assert (choice.method, choice.inference, choice.tested) == (method, "placebo", True)
    assert "CR1" not in said(choice)
    assert "CR2" not in said(choice)
    assert "comparison places show when they are taken for the pilot's" in said(choice)


def asked_for(given, method):
    spec = PilotSpec.model_validate(
        {
            "pilot": "made-up",
            "data": {"path": "nowhere.csv", "unit": "id", "period": "wave"},
            "design": {"kind": "did", "treated": "pilot", "starts": 4},
            "outcomes": [{"column": "y"}],
            "analysis": {"methods": [method, "twfe"]},
        }
    )
    return replace(given, spec=spec)


def test_what_stands_beside_a_synthetic_method_follows_the_rule(panel):
    given = asked_for(panel(sized(4, (1,) * 30, waves=6), starts=4), "synthetic_did")
    effects = did.estimate(given)
    assert [(e.method, e.inference) for e in effects] == [
        ("synthetic_did", "placebo"),
        ("twfe", "cr2"),
    ]
    beside = did.other_methods(given, effects).rows.set_index("method")
    assert np.isfinite(beside["conf_low"]).all()
