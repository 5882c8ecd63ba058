"""What a pilot finds, drawn again from its own data."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.power.made import few_places, lottery, waves

from impact.data import Panel
from impact.did import choose
from impact.did.ruled import as_ruled
from impact.errors import DesignError
from impact.power import detectable, planned
from impact.power.resampled import Resampled
from impact.spec import PilotSpec

DRAWS = 300
CHANCE = 3.5


def test_a_lottery_has_the_power_of_the_noncentral_t_of_its_own_spread() -> None:
    panel = lottery(60)
    y, treated = panel.values["score"].to_numpy(), panel.treated
    error = math.sqrt(sum(y[side].var(ddof=1) / side.sum() for side in (treated, ~treated)))
    bound = stats.t.ppf(0.975, 118)
    expected = float(stats.nct.sf(bound, 118, 0.5 / error))
    share = detectable(panel, effect=0.5, draws=DRAWS).power_at_effect
    assert share is not None
    spread = math.sqrt(expected * (1 - expected) / DRAWS)
    assert abs(share.value - expected) <= CHANCE * spread


@pytest.mark.parametrize("kind", ["continuous", "binary", "ordinal"])
def test_the_smallest_effect_is_a_multiple_of_the_pilots_own_standard_error(kind: str) -> None:
    panel = waves(kind=kind)
    headline = as_ruled(panel, "score", choose(panel))
    # t at 97.5 % plus t at 80 %, with the degrees of freedom of two times twelve places.
    multiple = stats.t.ppf(0.975, 22) + stats.t.ppf(0.8, 22)
    found = detectable(panel, sample=1, draws=DRAWS)
    assert found.detectable == pytest.approx(multiple * headline.std_error, rel=0.15)


@pytest.mark.parametrize("kind", ["continuous", "binary", "ordinal"])
def test_where_there_is_no_effect_one_is_found_at_the_level(kind: str) -> None:
    share = detectable(waves(kind=kind, effect=0.8), sample=1, draws=DRAWS).at_zero
    assert share is not None
    low, high = stats.binom.ppf([0.0005, 0.9995], DRAWS, 0.05) / DRAWS
    assert low <= share.value <= high


@pytest.mark.parametrize("kind", ["continuous", "binary", "ordinal"])
def test_what_was_measured_does_not_move_what_can_be_found_much(kind: str) -> None:
    without, large = (
        detectable(waves(kind=kind, effect=e), sample=1, draws=80) for e in (0.0, 0.6)
    )
    assert large.detectable == pytest.approx(without.detectable, rel=0.25)


def test_power_grows_with_the_effect() -> None:
    panel = waves(kind="binary")
    shares = [
        detectable(panel, effect=e, sample=1, draws=80).power_at_effect for e in (0.05, 0.15, 0.3)
    ]
    values = [share.value for share in shares if share is not None]
    assert values == sorted(values)
    assert len(set(values)) == 3


def test_a_larger_sample_finds_smaller_effects() -> None:
    panel = waves()
    once, fourfold = (detectable(panel, sample=size, draws=150) for size in (1, 4))
    assert once.detectable is not None
    assert fourfold.detectable is not None
    assert fourfold.sample.clusters == 4 * once.sample.clusters
    assert once.detectable / fourfold.detectable == pytest.approx(2.0, rel=0.2)


def test_the_sample_that_it_takes_has_the_power_that_was_asked() -> None:
    panel = waves(places=16)
    found = detectable(panel, effect=0.4, draws=DRAWS)
    assert found.needed is not None
    there = detectable(panel, effect=0.4, units=found.needed.units, draws=DRAWS)
    assert there.power_at_effect is not None
    assert there.power_at_effect.value == pytest.approx(0.8, abs=0.08)
    assert there.needed is None


def test_a_number_of_units_and_a_multiple_are_the_same_sample() -> None:
    panel = waves()
    twice = detectable(panel, sample=2, draws=30)
    assert detectable(panel, units=480, draws=30).to_dict() == twice.to_dict()


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    panel = waves(kind="ordinal")
    once, again, other = (
        json.dumps(detectable(panel, sample=1, draws=30, seed=seed).to_dict()) for seed in (7, 7, 8)
    )
    assert once == again
    assert once != other


def test_the_order_of_the_rows_does_not_matter() -> None:
    plain, shuffled = (detectable(waves(shuffled=turn), draws=40) for turn in (False, True))
    assert plain.to_dict() == shuffled.to_dict()


def test_the_panel_is_left_as_it_was() -> None:
    panel = waves(kind="binary")
    values, unit, start = panel.values.copy(), panel.unit.copy(), panel.start.copy()
    detectable(panel, draws=30)
    pd.testing.assert_frame_equal(panel.values, values)
    assert (panel.unit == unit).all()
    assert (panel.start == start).all()


@pytest.mark.parametrize("kind", ["continuous", "binary", "ordinal"])
@pytest.mark.parametrize("effect", [0.0, 0.25])
def test_an_effect_that_is_put_in_is_found_on_average(kind: str, effect: float) -> None:
    panel = waves(kind=kind, effect=0.5)
    source = Resampled(panel, "score", choose(panel))
    estimates = [
        as_ruled(source.draw(seed, effect), "score", source.choice).estimate for seed in range(200)
    ]
    error = np.std(estimates) / math.sqrt(len(estimates))
    assert abs(np.mean(estimates) - effect) <= CHANCE * error


@pytest.mark.parametrize(("kind", "allowed"), [("binary", {0, 1}), ("ordinal", {1, 2, 3, 4, 5})])
def test_values_stay_what_the_outcome_can_be(kind: str, allowed: set[int]) -> None:
    panel = waves(kind=kind)
    drawn = Resampled(panel, "score", choose(panel)).draw(1, 0.4)
    assert set(drawn.values["score"].dropna().unique()) <= allowed


def test_clusters_are_drawn_whole() -> None:
    panel = waves(kind="binary")
    drawn = Resampled(panel, "score", choose(panel)).draw(4, 0.0)
    before = panel.values["score"].where(~panel.under_treatment)
    rows = {tuple(np.nan_to_num(before[panel.cluster == one], nan=-1.0)) for one in range(24)}
    after = drawn.values["score"].where(~drawn.under_treatment)
    for one in range(24):
        assert tuple(np.nan_to_num(after[drawn.cluster == one], nan=-1.0)) in rows


def test_a_drawn_pilot_is_laid_out_as_a_panel_is() -> None:
    panel = waves()
    drawn = Resampled(panel, "score", choose(panel)).draw(4, 0.0, 2.0)
    key = drawn.unit * len(drawn.periods) + drawn.period
    assert (np.diff(key) > 0).all()
    assert len(drawn.clusters) == len(np.unique(drawn.cluster)) == 48
    assert len(drawn.units) == len(np.unique(drawn.unit)) == 480
    assert np.bincount(drawn.cluster[drawn.treated]).astype(bool).sum() == 24


def test_estimates_of_draws_spread_as_unbiased_variances_say_once_stretched() -> None:
    panel = waves(places=10, each=4, missing=0.0)
    source = Resampled(panel, "score", choose(panel))
    later = panel.values["score"] * np.where(panel.period == 1, 1, -1)
    change = np.bincount(panel.cluster, later) / 4
    treated = np.bincount(panel.cluster, panel.treated) > 0
    groups = (change[treated], change[~treated])
    expected = math.sqrt(sum(group.var(ddof=1) / len(group) for group in groups))
    draws = [
        as_ruled(source.draw(seed, 0.0), "score", source.choice).estimate for seed in range(600)
    ]
    # The standard deviation of 600 normal draws is known to 2.9 %; the stretch is 11.8 %.
    assert np.std(draws) * source.stretch() == pytest.approx(expected, rel=0.08)
    assert source.stretch() == pytest.approx(math.sqrt(5 / 4))


class TestFewPlaces:
    def test_four_places_can_find_nothing_of_any_size(self) -> None:
        found = detectable(few_places(4), effect=5.0, draws=40)
        assert found.at_zero is None
        assert found.detectable is None
        assert "cannot find effects of any size, since nothing is tested" in found.sentences[0]
        assert "smallest possible p-value is 0.250" in found.sentences[0]

    def test_thirty_places_can_by_permutation(self) -> None:
        found = detectable(few_places(30), draws=100)
        assert found.inference == "permutation"
        assert found.detectable is not None
        assert found.at_zero is not None
        assert found.at_zero.value <= 0.1
        assert found.smallest_p == pytest.approx(1 / 30)
        assert any("deal all 30 clusters out by lot" in said for said in found.notes)

    def test_an_interval_leaves_zero_out_where_the_p_value_is_small(self) -> None:
        panel = few_places(30)
        source = Resampled(panel, "score", choose(panel))
        for seed in range(60):
            found = as_ruled(source.draw(seed, 2.0), "score", source.choice)
            left_out = found.conf_low > 0 or found.conf_high < 0
            assert left_out == (found.p_value <= 0.05)

    def test_a_permutation_that_cannot_reach_the_level_is_said_to_find_nothing(self) -> None:
        spec = PilotSpec.model_validate(
            {
                "pilot": "made",
                "data": {"path": "made.csv", "unit": "id", "period": "wave"},
                "design": {"kind": "did", "treated": "pilot", "starts": 2, "assignment": "place"},
                "outcomes": [{"column": "score"}],
                "analysis": {"inference": "permutation"},
            }
        )
        panel = replace(waves(places=6), spec=spec)
        found = detectable(panel, effect=3.0, sample=1, draws=30)
        # Twenty ways to choose three of six places, and each has its mirror image.
        assert found.smallest_p == pytest.approx(0.1)
        assert found.detectable is None
        assert found.sentences[0].endswith("can give is 0.100, which is above 0.05.")
        assert detectable(panel, sample=2, draws=30).detectable is not None

    def test_of_two_places_nothing_can_be_said(self) -> None:
        found = detectable(few_places(2), effect=1.0, draws=40)
        assert found.needed is None
        assert any("cannot be read from 2 of them" in said for said in found.notes)


def test_a_change_without_a_comparison_is_no_effect() -> None:
    rows = waves(places=20, each=1)
    frame = pd.DataFrame(
        {"id": rows.unit, "wave": rows.period + 1, "score": rows.values["score"].to_numpy()}
    )
    panel = Panel.from_frame(frame, unit="id", period="wave", outcomes=["score"], starts=2)
    found = detectable(panel, effect=0.5, draws=60)
    assert found.method == "before_after"
    assert "effect" not in " ".join(found.sentences)
    assert "changes of" in found.sentences[0]


def test_an_outcome_at_the_end_of_its_scale_has_no_room() -> None:
    panel = waves(kind="binary", shift=2.0)
    found = detectable(panel, effect=0.4, draws=40)
    assert found.power_at_effect is None
    assert any("no room for an effect of 0.40" in said for said in found.notes)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"power": 1.5}, "power: found 1.5"),
        ({"units": 3, "sample": 2.0}, "the sample is said twice"),
        ({"sample": 0.0}, "sample: found 0"),
        ({"level": 0.99}, "a panel without a params file is tested at the level 0.95"),
        ({"level": 2.0}, "level: found 2"),
        ({"outcome": "nonsense"}, "the panel has no outcome of that name; it has score"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, float], said: str) -> None:
    with pytest.raises(DesignError) as told:
        detectable(waves(), draws=30, **asked)  # type: ignore[arg-type]
    assert said in str(told.value)


def test_a_record_shows_itself_as_a_frame_and_in_a_notebook() -> None:
    found = detectable(waves(kind="ordinal"), draws=30)
    frame = found.to_frame()
    assert frame.shape[0] == 1
    assert frame["n_clusters"].item() == 24
    assert frame["detectable"].item() == found.detectable
    assert found.sentences[0].replace("&", "&amp;") in found._repr_html_()
    assert repr(found).splitlines()[1] == found.sentences[0]


class TestOnlySomeInReach:
    def panel(self) -> Panel:
        panel = waves(places=20, each=8, missing=0.0)
        reach = (panel.unit % 2).astype(float)
        spec = PilotSpec.model_validate(
            {
                "pilot": "made",
                "data": {"path": "made.csv", "unit": "id", "period": "wave"},
                "design": {"kind": "did", "treated": "pilot", "starts": 2},
                "outcomes": [{"column": "score"}],
                "subgroups": ["woman"],
                "analysis": {"methods": ["triple_difference"]},
            }
        )
        values = panel.values.assign(woman=reach)
        return replace(panel, values=values, subgroups=("woman",), spec=spec)

    def test_an_effect_falls_on_those_in_reach(self) -> None:
        panel = self.panel()
        source = Resampled(panel, "score", choose(panel))
        plain, moved = (source.draw(3, effect) for effect in (0.0, 0.7))
        gain = (moved.values["score"] - plain.values["score"]).to_numpy()
        under = plain.under_treatment & (plain.values["woman"] == 1).to_numpy()
        assert gain[under] == pytest.approx(0.7)
        assert not gain[~under].any()

    def test_a_triple_difference_finds_what_is_put_in(self) -> None:
        found = detectable(self.panel(), effect=9.0, sample=1, draws=30)
        assert found.method == "triple_difference"
        assert found.power_at_effect is not None
        assert found.power_at_effect.value == 1.0

    def test_a_method_that_fits_no_draw_says_why(self) -> None:
        with pytest.raises(DesignError, match="triple_difference needs a second dimension"):
            planned(self.panel().spec, units=60, sd=1.0, correlation=0.5, draws=20)
