"""The rule from design and data to method and inference."""

import numpy as np
import pytest

from impact import did
from impact.data.panel import Panel
from impact.did.uncertainty import inference_for


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
        (20, 40, "cr1", True),
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
    rows = make(units=80, clusters=4).assign(pilot=lambda rows: rows["id"] // 4 % 2)
    choice = did.choose(panel(rows, place="town"))
    assert (choice.inference, choice.over) == ("cr1", "assignment")


def test_one_large_town_among_many_makes_them_few(make, panel):
    rows = towns(make, 22, 44)
    large = rows["town"] == 0
    rows = rows.assign(town=np.where(rows["id"] % 44 < 15, rows["town"] * ~large, rows["town"]))
    rows = rows.assign(town=np.where(rows["town"] < 12, 0, rows["town"]))
    assert did.choose(panel(rows, place="town")).inference == "cr2"


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


def test_units_of_assignment_are_counted_where_the_gate_sees_them(make, panel):
    """Numbers of what may be people travel in `counts`, never in the text."""
    choice = inference_for(panel(towns(make, 3, 6), cluster="town"))
    assert choice.reasons[0].counts == {"treated": 3, "comparison": 3}


@pytest.mark.parametrize("level", [0.8, 0.9])
def test_a_wider_level_lets_fewer_places_be_permuted(make, panel, level):
    given = panel(towns(make, 1, 10), place="town")
    assert inference_for(given, level=0.95).kind == "none"
    assert inference_for(given, level=level).kind == "permutation"
