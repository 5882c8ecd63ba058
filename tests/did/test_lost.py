"""What those who were lost may do to the result: bounds, and weights that make up for them."""

import numpy as np
import pandas as pd
import pytest
from tests.did.test_robustness import guarded, staggered, texts

from impact import did
from impact.data.panel import Panel
from impact.did.everybody import FEW_LOST
from impact.errors import DesignError
from impact.inference.lee import Lost, lee_bounds
from impact.results import EffectResult, from_payload
from impact.spec.models import Design

LOTTERY = Design(kind="randomised", treated="pilot", starts=2)


def leaving(n=400, seed=3, *, from_pilot=0.1, from_other=0.25):
    """Draw two waves of which some are missing in the second, the more the older they are."""
    rng = np.random.default_rng(seed)
    pilot, age = np.arange(n) < n // 2, rng.normal(35, 8, n)
    before = rng.normal(size=n) + age / 20
    after = before + 0.5 * pilot + rng.normal(size=n)
    gone = rng.random(n) < np.where(pilot, from_pilot, from_other) + 0.1 * (age > 35)
    wide = pd.DataFrame({"id": np.arange(n), "pilot": pilot.astype(int), "age": age})
    waves = [wide.assign(wave=1, y=before), wide.assign(wave=2, y=np.where(gone, np.nan, after))]
    return pd.concat(waves, ignore_index=True)


def panel_of(frame, design=None, **said):
    given = {"unit": "id", "period": "wave", "outcomes": ["y"]}
    how = {"treated": "pilot", "starts": 2} if design is None else {"design": design}
    return Panel.from_frame(frame, **given, **how, **said)


def both(panel, look, **said):
    return look(panel, did.estimate(panel), **said)


def wide_of(frame):
    wide = frame.pivot(index="id", columns="wave", values="y")
    return wide[1].to_numpy(), wide[2].to_numpy(), frame.groupby("id")["pilot"].first() == 1


class TestBounds:
    def test_of_a_lottery_they_are_of_the_means_at_the_end(self):
        frame = leaving()
        found = both(panel_of(frame, LOTTERY), did.bounds)
        _, after, pilot = wide_of(frame)
        n = len(pilot)
        hand = lee_bounds(Lost(after, pilot.to_numpy(), np.ones(n), np.zeros(n, dtype=int)))
        assert list(found.rows["estimate"][1:]) == pytest.approx([hand.low, hand.high])
        assert set(found.rows["estimand"][1:]) == {"ITT"}

    def test_of_one_start_they_are_of_the_changes(self):
        frame = leaving()
        found = both(panel_of(frame), did.bounds)
        before, after, pilot = wide_of(frame)
        n = len(pilot)
        hand = lee_bounds(Lost(after - before, pilot.to_numpy(), np.ones(n), np.zeros(n, int)))
        assert list(found.rows["estimate"][1:]) == pytest.approx([hand.low, hand.high])

    def test_both_rows_carry_the_one_interval_of_the_effect(self):
        rows = both(panel_of(leaving()), did.bounds).rows
        low, high = rows["conf_low"], rows["conf_high"]
        assert low[1] == low[2] < rows["estimate"][1] < rows["estimate"][2] < high[1] == high[2]

    def test_the_base_is_the_fewest_that_were_lost_kept_or_set_aside(self):
        frame = leaving()
        found = both(panel_of(frame), did.bounds)
        _, after, pilot = wide_of(frame)
        lost = np.isnan(after)
        kept = {side: (~lost & (pilot == side)).sum() for side in (True, False)}
        share = {side: kept[side] / (pilot == side).sum() for side in (True, False)}
        more = max(share, key=share.get)
        aside = kept[more] * (1 - share[not more] / share[more])
        counts = [(lost & (pilot == side)).sum() for side in (True, False)]
        assert found.base == min(*counts, int(np.ceil(aside - 1e-9)))

    def test_within_quarters_of_a_covariate_they_lie_closer(self):
        frame = leaving(4000)
        frame["y"] += 3.0 * (frame["age"] > 35) * (frame["wave"] == 2)
        panel = panel_of(frame, covariates=["age"])
        wide = both(panel, did.bounds).rows["estimate"]
        close = both(panel, did.bounds, within="age").rows["estimate"]
        assert close[2] - close[1] < wide[2] - wide[1]
        with pytest.raises(DesignError, match="covariate of the panel"):
            both(panel, did.bounds, within="nobody")

    def test_no_bounds_where_some_leave_the_pilot_and_others_the_comparison(self):
        frame = leaving(2000, from_pilot=0.0, from_other=0.0)
        old, second = frame["age"] > 35, frame["wave"] == 2
        rng = np.random.default_rng(1)
        gone = second & (rng.random(len(frame)) < 0.4) & (old == (frame["pilot"] == 1))
        panel = panel_of(frame.assign(y=frame["y"].mask(gone)), covariates=["age"])
        assert "others more often from the comparison" in texts(both(panel, did.bounds))

    def test_losses_by_chance_rarely_look_as_if_they_went_both_ways(self):
        refused = 0
        for seed in range(60):
            frame = leaving(300, seed, from_pilot=0.2, from_other=0.2)
            part = both(panel_of(frame, covariates=["age"]), did.bounds)
            refused += not isinstance(part, EffectResult)
        # Two tests at 5 % together must both reject, in opposite directions.
        assert refused <= 3

    def test_a_single_treated_place_gives_bounds_without_a_range(self):
        frame = leaving().assign(town=lambda f: np.where(f["pilot"] == 1, 0, f["id"] % 5 + 1))
        found = both(panel_of(frame, place="town", cluster="town"), did.bounds)
        assert found.rows["estimate"].notna().all()
        assert found.rows[["conf_low", "conf_high"]][1:].isna().all(axis=None)
        assert any("no standard error is valid" in str(note) for note in found.notes)


class TestReweighted:
    def test_those_who_stayed_are_the_difference_of_differences_of_both_waves(self):
        panel = panel_of(leaving(), covariates=["age"])
        row = both(panel, did.reweighted).rows.iloc[1]
        balanced = did.did(panel, balanced=True)
        assert row["estimate"] == pytest.approx(float(balanced.estimate), rel=1e-9)
        assert row["n_units"] == balanced.n_units

    def test_of_a_lottery_those_who_stayed_are_the_headline(self):
        panel = panel_of(leaving(), LOTTERY, covariates=["age"])
        rows = both(panel, did.reweighted).rows
        assert rows["estimate"][1] == pytest.approx(rows["estimate"][0], rel=1e-9)

    def test_weights_turn_back_what_leaving_by_age_had_bent(self):
        """The pilot works for the old alone, and the old of the pilot leave."""
        rng = np.random.default_rng(8)
        frame = leaving(8000, from_pilot=0.0, from_other=0.0)
        old = frame["age"] > 35
        second = frame["wave"] == 2
        y = frame["y"] + 2.0 * (old & second & (frame["pilot"] == 1))
        gone = second & old & (frame["pilot"] == 1) & (rng.random(len(frame)) < 0.6)
        frame = frame.assign(y=y.mask(gone), old=old.astype(float))
        panel = panel_of(frame, covariates=["old"])
        whole = did.did(panel_of(frame.assign(y=y)), balanced=True).estimate
        rows = both(panel, did.reweighted).rows
        assert abs(rows["estimate"][2] - whole) < 0.4 * abs(rows["estimate"][1] - whole)

    def test_few_clusters_are_left_out_in_turn(self):
        frame = leaving().assign(town=lambda f: f["id"] % 20)
        frame["pilot"] = (frame["town"] < 10).astype(int)
        found = both(panel_of(frame, cluster="town", covariates=["age"]), did.reweighted)
        assert set(found.rows["inference"][1:]) == {"cluster_jackknife"}
        assert np.isfinite(found.rows["conf_low"]).all()

    def test_nothing_is_weighted_by_nothing(self):
        frame = leaving()
        frame = frame[frame["wave"] == 2]
        design = Design(kind="randomised", treated="pilot")
        part = both(panel_of(frame, design), did.reweighted)
        assert "Nothing is known from the start" in texts(part)


@pytest.mark.parametrize("look", [did.bounds, did.reweighted], ids=["bounds", "reweighted"])
class TestWhereItCannotBeDone:
    def test_where_few_or_nobody_left_the_same_is_said(self, look):
        nobody = leaving(from_pilot=-1, from_other=-1)
        few = nobody.assign(y=nobody["y"].mask((nobody["wave"] == 2) & (nobody["id"] < 4)))
        said = {texts(both(guarded(panel_of(frame)), look)) for frame in (nobody, few)}
        assert said == {FEW_LOST}

    def test_other_people_each_time(self, look):
        frame = leaving().dropna().assign(id=lambda f: range(len(f)))
        design = Design(kind="did", sample="cross_sections", treated="pilot", starts=2)
        part = both(panel_of(frame, design), look)
        assert "Different people were asked each time" in texts(part)

    def test_several_starts(self, look, cohorts):
        part = both(staggered(cohorts), look)
        assert "several times" in texts(part)

    def test_no_comparison_says_nothing(self, look):
        panel = panel_of(leaving().assign(pilot=1), Design(kind="before_after", starts=2))
        assert texts(both(panel, look)) == ""

    def test_the_result_travels(self, look):
        part = both(panel_of(leaving(), covariates=["age"]), look)
        back = from_payload({"part": part.part, **part.to_payload()})
        pd.testing.assert_frame_equal(back.rows, part.rows)

    def test_the_order_of_the_rows_changes_nothing(self, look):
        frame = leaving()
        mixed = frame.sample(frac=1, random_state=1)
        one, other = (both(panel_of(f, covariates=["age"]), look).rows for f in (frame, mixed))
        for name in ("estimate", "std_error", "conf_low"):
            np.testing.assert_allclose(one[name], other[name], rtol=1e-9)
