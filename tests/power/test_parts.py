"""The pieces that power is simulated with."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint
from tests.power.made import waves

from impact.power.baseline import baseline_facts
from impact.power.reach import Reach, Share
from impact.power.roots import root
from impact.power.within import Within, within_of
from impact.power.words import shown
from impact.spec import Outcome, PilotSpec


@pytest.mark.parametrize(("hits", "draws"), [(0, 50), (40, 50), (50, 50), (240, 300)])
def test_the_interval_of_a_share_is_wilsons(hits: int, draws: int) -> None:
    share = Share.of(hits, draws)
    low, high = proportion_confint(hits, draws, method="wilson")
    assert (share.low, share.high) == pytest.approx((max(low, 0), min(high, 1)), abs=1e-12)
    assert share.std_error == math.sqrt(share.value * (1 - share.value) / draws)


class TestWithin:
    def outcome(self, kind: str, scale: tuple[float, float] | None = None) -> Outcome:
        return Outcome.model_validate({"column": "y", "kind": kind, "scale": scale})

    @pytest.mark.parametrize(
        ("kind", "scale", "y", "expected"),
        [
            ("binary", None, [0, 1, 1], Within(0, 1, True)),
            ("ordinal", (1, 5), [1, 4, np.nan], Within(1, 5, True)),
            ("ordinal", (1, 5), [1.5, 4], Within(1, 5, False)),
            ("continuous", None, [1, 2], Within()),
            ("continuous", (0, 100), [1, 2], Within(0, 100)),
            ("count", None, [0, 12], Within(0, math.inf, True)),
            ("duration", None, [3.0, 12], Within(0, math.inf)),
        ],
    )
    def test_what_an_outcome_can_be_follows_from_its_kind(
        self, kind: str, scale: tuple[float, float] | None, y: list[float], expected: Within
    ) -> None:
        assert within_of(self.outcome(kind, scale), np.array(y, dtype=float)) == expected

    @pytest.mark.parametrize("by", [0.3, -0.3, 1.6, -2.0, 0.0])
    @pytest.mark.parametrize(
        "within", [Within(1, 5, True), Within(1, 5), Within(), Within(0, math.inf, True)]
    )
    def test_what_moves_by_lot_moves_on_average_as_expected(
        self, within: Within, by: float
    ) -> None:
        rng = np.random.default_rng(3)
        y = np.repeat([1.0, 2.0, 5.0], 20_000)
        moved = within.moved(y, by, rng.random(len(y)))
        for one in np.unique(y):
            gain = moved[y == one].mean() - within.expected(np.array([one]), by)[0]
            assert abs(gain) < 4 * 0.5 / math.sqrt(20_000)
        assert moved.min() >= within.low
        assert moved.max() <= within.high

    def test_what_is_missing_stays_missing(self) -> None:
        moved = Within(0, 1, True).moved(np.array([np.nan, 0.0]), 1.0, np.array([0.5, 0.5]))
        assert np.isnan(moved[0])
        assert moved[1] == 1


class TestReach:
    beyond = np.array([0.1, 0.2, 0.3, 0.4, np.inf])
    reach = Reach(0.0, beyond, -beyond, 0)

    def test_power_is_the_share_of_draws_whose_end_an_effect_passes(self) -> None:
        assert [self.reach.power(size).value for size in (0.05, 0.25, 9.0)] == [0.0, 0.4, 0.8]

    def test_power_rises_with_the_size(self) -> None:
        shares = [self.reach.power(size).value for size in np.linspace(0, 1, 30)]
        assert all(one <= other for one, other in pairwise(shares))

    def test_the_smallest_size_is_the_end_that_as_many_draws_pass(self) -> None:
        assert self.reach.smallest(0.6)[0] == 0.3
        assert self.reach.smallest(0.8)[0] == 0.4
        assert self.reach.smallest(0.9)[0] == math.inf


def test_a_root_is_found_or_there_is_none() -> None:
    assert root(lambda x: x**3 - 2, 0, 4) == pytest.approx(2 ** (1 / 3))
    assert root(lambda x: x + 5, 0, 4) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0934, "0.093"), (-0.5, "-0.50"), (12345.6, "12346"), (0, "0"), (3, "3.0")],
)
def test_numbers_are_written_with_two_telling_digits(value: float, said: str) -> None:
    assert shown(value) == said


def spec_of(kind: str) -> PilotSpec:
    return PilotSpec.model_validate(
        {
            "pilot": "made",
            "data": {"path": "made.csv", "unit": "id", "period": "wave"},
            "design": {
                "kind": kind,
                "treated": "pilot",
                "starts": 2,
                "assignment": "place",
            },
            "outcomes": [{"column": "score"}],
        }
    )


def test_the_facts_of_the_first_rows_are_those_that_they_were_made_with() -> None:
    panel = waves(places=300, each=20)
    facts = baseline_facts(panel, "score", spec_of("did"))
    before = panel.period == 0
    assert facts["units"] == len(np.unique(panel.unit[before & panel.values["score"].notna()]))
    assert facts["clusters"] == 300
    assert facts["treated"] == 0.5
    # A lasting level of 1, noise of 1, and places of 0.3 and 0.2.
    assert facts["sd"] == pytest.approx(math.sqrt(2.13), rel=0.03)
    assert facts["icc"] == pytest.approx(0.13 / 2.13, abs=0.02)
    assert "correlation" not in facts
    assert (facts["periods"], facts["starts"]) == (2, (2,))
