"""How a result holds up: each look equals the same estimate made by hand on other rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel
from impact.did.subpanel import subpanel
from impact.results import EffectResult, Statement, from_payload
from impact.spec.models import PilotSpec

TOWNS = {"cluster": "town", "place": "town"}


def guarded(given, minimum=10, unit_is="person"):
    """Give a panel a params file, and with it a rule for its page."""
    spec = PilotSpec.model_validate(
        {
            "pilot": "made-up",
            "data": {"path": "nowhere.csv", "unit": "id", "period": "wave", "unit_is": unit_is},
            "design": {"kind": given.design.kind, "treated": "pilot", "starts": 2},
            "outcomes": [{"column": "y"}],
            "report": {"minimum_cell": minimum},
        }
    )
    return replace(given, spec=spec)


def staggered(frame, **said):
    return Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], first_treated="first", **said
    )


def numbers(effect):
    return effect.rows.set_index("term")["estimate"]


def texts(part):
    assert isinstance(part, Statement)
    return " ".join(str(sentence) for sentence in part.sentences)


class TestSubpanel:
    def test_it_is_the_panel_of_a_file_without_those_rows(self, frame, panel):
        keep = (frame["town"] != 3) & (frame["wave"] > 0)
        whole = panel(frame, covariates=["age"], **TOWNS)
        towns, waves = whole.clusters[whole.cluster], whole.times[whole.period]
        some = subpanel(whole, (towns.astype(str) != "3") & (waves > 0))
        other = panel(frame[keep], covariates=["age"], **TOWNS)
        for name in ("treated", "start", "times", "weight"):
            np.testing.assert_array_equal(getattr(some, name), getattr(other, name))
        # Which number a label has depends on the file; which row has which label does not.
        for one, several in (("unit", "units"), ("period", "periods"), ("cluster", "clusters")):
            labels = [getattr(each, several)[getattr(each, one)] for each in (some, other)]
            assert list(labels[0]) == list(labels[1])
            assert sorted(getattr(some, several)) == sorted(getattr(other, several))
        assert list(some.places[some.place]) == list(other.places[other.place])
        pd.testing.assert_frame_equal(some.values, other.values)
        np.testing.assert_array_equal(some.grid("y"), other.grid("y"))

    def test_the_whole_panel_stays_as_it_was(self, frame, panel):
        whole = panel(frame, **TOWNS)
        before = whole.values.copy(), whole.unit.copy()
        subpanel(whole, whole.period > 1)
        pd.testing.assert_frame_equal(whole.values, before[0])
        np.testing.assert_array_equal(whole.unit, before[1])


class TestLeaveOneOut:
    def test_each_row_is_the_headline_refitted_on_a_file_without_that_place(self, frame, panel):
        made = panel(frame, covariates=["age"], **TOWNS)
        found = did.leave_one_out(made, did.estimate(made))
        assert found.term == "all places"
        rest = found.rows.iloc[1:]
        refits = [
            did.did(panel(frame[frame["town"] != town], covariates=["age"], **TOWNS)).rows.iloc[0]
            for town in range(12)
        ]
        refits.sort(key=lambda row: row["estimate"])
        for name in ("estimate", "std_error", "conf_low", "conf_high"):
            expected = [row[name] for row in refits]
            np.testing.assert_allclose(rest[name], expected, rtol=1e-9)

    def test_with_several_starts_it_is_callaway_and_santanna_refitted(self, cohorts):
        made = staggered(cohorts, **TOWNS)
        found = did.leave_one_out(made, did.estimate(made))
        refits = [
            did.callaway_santanna(staggered(cohorts[cohorts["town"] != town], **TOWNS)).estimate
            for town in range(12)
        ]
        np.testing.assert_allclose(found.rows["estimate"].iloc[1:], sorted(refits), rtol=1e-9)

    def test_how_many_are_left_is_not_told_since_it_counts_the_places_people(self, frame, panel):
        made = panel(frame, **TOWNS)
        rows = did.leave_one_out(made, did.estimate(made)).rows
        assert rows[["n_obs", "n_units", "n_treated"]].iloc[1:].isna().all(axis=None)
        assert (rows["n_clusters"].iloc[1:] == 11).all()

    def test_places_of_people_are_numbered_and_places_as_units_are_named(self, make, panel):
        made = panel(make(units=240), **TOWNS)
        people = guarded(made)
        found = did.leave_one_out(people, did.estimate(people))
        terms = list(found.rows["term"])[1:]
        assert sorted(terms) == sorted(
            f"without {side} place {at}" for side in ("pilot", "comparison") for at in range(1, 7)
        )
        shops = guarded(made, unit_is="place")
        found = did.leave_one_out(shops, did.estimate(shops))
        assert set(found.rows["term"]) == {"all places", *(f"without {at}" for at in range(12))}

    def test_a_place_of_few_people_is_not_left_out_since_the_difference_would_tell_of_them(
        self, make, panel
    ):
        frame = make(units=240)
        few = frame[(frame["town"] != 2) | (frame["id"] < 9 * 12)]
        assert few.loc[few["town"] == 2, "id"].nunique() == 9
        made = guarded(panel(few, **TOWNS))
        found = did.leave_one_out(made, did.estimate(made))
        assert len(found.rows) == 12
        assert found.base == 20
        [note] = found.notes
        assert "1 of the places" in str(note)
        open_page = guarded(panel(few, **TOWNS), unit_is="place")
        found = did.leave_one_out(open_page, did.estimate(open_page))
        assert (len(found.rows), found.base) == (13, 9)

    def test_where_all_places_are_small_nothing_is_shown(self, frame, panel):
        made = guarded(panel(frame, **TOWNS))
        assert "Too few people" in texts(did.leave_one_out(made, did.estimate(made)))

    def test_the_only_pilot_place_cannot_be_left_out(self, make, panel):
        frame = make(units=160, clusters=8)
        one = panel(frame.assign(pilot=(frame["town"] == 0).astype(int)), **TOWNS)
        found = did.leave_one_out(one, did.estimate(one))
        assert len(found.rows) == 8
        assert "One place cannot be left out" in str(found.notes[0])
        assert found.rows["conf_low"].isna().all()

    def test_people_assigned_one_by_one_and_two_places_leave_nothing_out(self, frame, panel):
        alone = guarded(panel(frame))
        assert "one by one" in texts(did.leave_one_out(alone, did.estimate(alone)))
        two = panel(frame, place="pilot", cluster="pilot")
        assert "either side" in texts(did.leave_one_out(two, did.estimate(two)))

    def test_hundreds_of_places_are_not_tried_one_by_one(self, make, panel):
        many = panel(make(units=61, clusters=61), **TOWNS)
        assert "too many places" in texts(did.leave_one_out(many, did.estimate(many)))


class TestPlacebo:
    def test_it_is_the_difference_of_four_means_on_the_waves_before(self, make, panel):
        frame = make(periods=6, start=4)
        made = panel(frame, starts=4, **TOWNS)
        found = did.placebo(made, did.estimate(made))
        cut = panel(frame[frame["wave"] < 4], starts=2, **TOWNS)
        by_hand = did.did(cut).rows.iloc[0]
        row = found.rows.iloc[1]
        assert row["term"] == "an invented start: 2"
        for name in ("estimate", "std_error", "conf_low", "conf_high", "n_obs"):
            assert row[name] == pytest.approx(by_hand[name], rel=1e-12)
        assert numbers(found)["the real start"] == pytest.approx(did.did(made).estimate)

    def test_waves_in_which_the_pilot_was_anticipated_are_left_out(self, make, panel):
        frame = make(periods=6, start=4)
        made = panel(frame, starts=4, anticipation=1, **TOWNS)
        found = did.placebo(made, did.estimate(made))
        cut = panel(frame[frame["wave"] < 3], starts=1, **TOWNS)
        assert found.rows["estimate"].iloc[1] == pytest.approx(did.did(cut).estimate, rel=1e-12)

    def test_with_several_starts_it_compares_the_two_periods_before_each(self, cohorts):
        made = staggered(cohorts, **TOWNS)
        found = did.placebo(made, did.estimate(made))
        cells = did.callaway_santanna(made).rows.set_index("term")["estimate"]
        sizes = cohorts[cohorts["first"] > 0].groupby("first")["id"].nunique()
        expected = (cells["ATT(2,1)"] * sizes[2] + cells["ATT(3,2)"] * sizes[3]) / sizes.sum()
        assert found.rows["estimate"].iloc[1] == pytest.approx(expected, rel=1e-9)

    def test_it_takes_two_waves_before_the_start(self, two_waves, panel):
        made = panel(two_waves, starts=1)
        assert "two waves or more" in texts(did.placebo(made, did.estimate(made)))

    def test_courses_that_part_before_the_start_are_found(self, make, panel):
        frame = make(units=600, periods=6, start=4, clusters=60, effect=0)
        apart = frame.assign(y=frame["y"] + 2 * frame["pilot"] * frame["wave"])
        made = panel(apart, starts=4, **TOWNS)
        row = did.placebo(made, did.estimate(made)).rows.iloc[1]
        assert row["conf_low"] > 0
        assert row["estimate"] == pytest.approx(4.0, abs=0.5)


class TestByTime:
    def test_the_points_and_their_own_intervals_are_the_event_studys(self, frame, panel):
        made = panel(frame, **TOWNS)
        found = did.by_time(made, did.estimate(made))
        own = found.rows[found.rows["inference"] != "uniform"].set_index("term")
        expected = did.event_study(made).rows.set_index("term").loc[own.index]
        for name in ("estimate", "std_error", "conf_low", "conf_high"):
            np.testing.assert_allclose(own[name], expected[name], rtol=1e-12)

    def test_the_uniform_band_lies_around_every_interval(self, frame, panel):
        made = panel(frame, **TOWNS)
        rows = did.by_time(made, did.estimate(made)).rows
        uniform, own = rows[rows["inference"] == "uniform"], rows[rows["inference"] == "cr2"]
        assert list(uniform["term"]) == list(own["term"])
        assert (uniform["conf_low"].to_numpy() < own["conf_low"].to_numpy()).all()
        assert (uniform["conf_high"].to_numpy() > own["conf_high"].to_numpy()).all()
        assert uniform["p_value"].isna().all()

    def test_with_several_starts_it_is_near_the_multiplier_bootstraps_band(self, make):
        frame = make(units=1000, periods=5, clusters=1000)
        first = np.where(frame["town"] < 300, 2, np.where(frame["town"] < 600, 3, 0))
        made = staggered(frame.assign(first=first))
        rows = did.by_time(made, did.estimate(made)).rows
        uniform = rows[rows["inference"] == "uniform"].set_index("term")
        drawn = did.callaway_santanna(made, bands=True, replications=20_000, seed=1)
        bands = pd.DataFrame(drawn.details["bands"]).set_index("term")
        np.testing.assert_allclose(
            uniform["conf_high"] - uniform["estimate"],
            bands.loc[uniform.index, "conf_high"] - uniform["estimate"],
            rtol=0.04,
        )

    def test_without_a_valid_test_the_points_stand_alone(self, make, panel):
        frame = make(units=160, clusters=8)
        one = panel(frame.assign(pilot=(frame["town"] == 0).astype(int)), **TOWNS)
        rows = did.by_time(one, did.estimate(one)).rows
        assert set(rows["inference"]) == {"none"}
        assert rows["conf_low"].isna().all()

    def test_two_waves_cannot_be_followed(self, two_waves, panel):
        made = panel(two_waves, starts=1)
        assert "two waves" in texts(did.by_time(made, did.estimate(made)))


class TestOtherMethods:
    def test_each_row_is_that_method_by_itself(self, cohorts):
        made = staggered(cohorts, **TOWNS)
        rows = did.other_methods(made, did.estimate(made)).rows.set_index("method")
        from impact.did.imputation import imputation
        from impact.did.stacked import stacked
        from impact.did.sun_abraham import sun_abraham

        for method in (did.callaway_santanna, did.twfe, imputation, sun_abraham, stacked):
            expected = method(made).estimate
            assert rows.loc[method.__name__, "estimate"] == pytest.approx(expected, rel=1e-12)

    def test_with_few_clusters_errors_that_the_rule_would_not_give_are_left_out(self, cohorts):
        made = staggered(cohorts, **TOWNS)
        rows = did.other_methods(made, did.estimate(made)).rows
        tested = rows[rows["conf_low"].notna()]
        assert set(tested["inference"]) == {"cr2"}
        assert {"imputation", "stacked"} < set(tested["method"])

    def test_the_headline_without_its_covariates_stands_beside_it(self, frame, panel):
        made = panel(frame, covariates=["age", "hours"], **TOWNS)
        found = did.other_methods(made, did.estimate(made))
        plain = did.did(panel(frame, **TOWNS)).estimate
        assert numbers(found)["ATT without covariates"] == pytest.approx(plain, rel=1e-12)

    def test_conventions_are_errors_and_no_other_method(self, frame, panel):
        one = frame.assign(pilot=(frame["town"] == 0).astype(int))
        spec = guarded(panel(one, **TOWNS)).spec
        spec = spec.model_copy(
            update={"analysis": spec.analysis.model_copy(update={"inference": "cr1"})}
        )
        made = replace(panel(one, **TOWNS), spec=spec)
        effects = did.estimate(made)
        assert any(effect.role == "convention" for effect in effects)
        assert set(did.other_methods(made, effects).rows["inference"]) == {"none"}


LOOKS = [did.by_time, did.leave_one_out, did.placebo, did.other_methods]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.__name__)
class TestEveryLook:
    def test_it_travels_in_a_notebook_cell(self, look, frame, panel):
        made = panel(frame, **TOWNS)
        part = look(made, did.estimate(made))
        assert isinstance(part, EffectResult)
        assert part.role == look.__name__
        back = from_payload({"part": part.part, **part.to_payload()})
        pd.testing.assert_frame_equal(back.rows, part.rows)
        assert "<table" in part._repr_html_()

    def test_a_change_of_one_group_is_no_result_to_hold_up(self, look, frame, panel):
        alone = panel(frame[frame["pilot"] == 1], kind="before_after", treated=None)
        part = look(alone, did.estimate(alone))
        assert (part.section, part.sentences) == (look.__name__, ())

    def test_a_lottery_needs_none_of_the_courses(self, look, frame, panel):
        drawn = guarded(panel(frame, kind="randomised", randomised=True))
        part = look(drawn, did.estimate(drawn))
        if look is did.other_methods:
            assert {"ancova", "difference_in_means"} <= set(part.rows["method"])
        else:
            assert texts(part)

    def test_another_outcome_can_be_asked_for(self, look, frame, panel):
        made = panel(frame, outcomes=["y", "hours"], **TOWNS)
        part = look(made, did.estimate(made), outcome="hours")
        assert set(part.rows["outcome"]) == {"hours"}
