"""Small panels, reached by a second road: general solvers, loops and formulas."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import minimize

from impact import did


def simplex(columns, target, ridge):
    """Minimise the mean squared error plus a ridge over the simplex, by a general solver."""
    rows, size = columns.shape

    def loss(x):
        gap = columns @ x - target
        return gap @ gap / rows + ridge * x @ x

    def slope(x):
        return 2 * (columns.T @ (columns @ x - target) / rows + ridge * x)

    return minimize(
        loss,
        np.full(size, 1 / size),
        jac=slope,
        bounds=[(0, 1)] * size,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1, "jac": lambda x: np.ones(size)},
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 1000},
    ).x


def by_hand(y, donors, target, before, treated=1):
    """Return synthetic DiD's exact estimate, by the formulas of the paper."""
    own = y[donors]
    after = own[:, before:].mean(axis=1)
    noise = np.diff(own[:, :before], axis=1).std(ddof=1)
    length = y.shape[1] - before
    zeta = (treated * length) ** 0.25 * noise
    demeaned = own[:, :before].T - own[:, :before].mean(axis=1)
    aim = y[target].mean(axis=0)
    place = simplex(demeaned, aim[:before] - aim[:before].mean(), zeta**2)
    columns = own[:, :before] - own[:, :before].mean(axis=0)
    period = simplex(columns, after - after.mean(), (1e-6 * noise) ** 2)
    contrast = np.concatenate([-period, np.full(length, 1 / length)])
    return float((aim - place @ own) @ contrast)


@pytest.mark.parametrize("seed", range(4))
def test_synthetic_did_is_near_the_exact_solution_of_its_two_problems(draw, panel, wide, seed):
    frame = draw(10, 9, starts=(6, 6), seed=seed)
    y, first = wide(frame)
    exact = by_hand(y, np.flatnonzero(first == 0), np.flatnonzero(first), 6, 2)
    found = did.synthetic_did(panel(frame), errors="none")
    # The stopping rule leaves weights a few thousandths from the exact ones.
    assert found.estimate == pytest.approx(exact, abs=0.01 * y.std())


@pytest.mark.parametrize("seed", range(4))
def test_synthetic_control_fits_as_well_as_the_exact_solution(draw, panel, wide, seed):
    frame = draw(9, 9, starts=(7,), seed=seed)
    y, first = wide(frame)
    donors, target = y[first == 0], y[first > 0][0]
    exact = simplex(donors[:, :7].T, target[:7], 0.0)
    best = np.sqrt(((target[:7] - exact @ donors[:, :7]) ** 2).mean())
    found = did.synthetic_control(panel(frame), errors="none")
    assert found.details["cohorts"][0]["pre_fit_rmse"] == pytest.approx(best, rel=0.02)
    weights = found.details["unit_weights"]
    ours = np.array([weights.get(f"town {at:02d}", 0.0) for at in range(8)])
    gap = target[7:].mean() - ours @ donors[:, 7:].mean(axis=1)
    assert found.estimate == pytest.approx(gap, rel=1e-10)


def test_an_effect_in_places_that_run_parallel_is_found_whole(draw, panel):
    frame = draw(8, 7, starts=(4,), seed=1)
    rng = np.random.default_rng(0)
    noise = {town: 1e-6 * rng.normal(size=7) for town in frame["town"].unique()}
    level = frame["town"].str[-2:].astype(float)
    tiny = np.concatenate([noise[town] for town in frame["town"].unique()])
    under = (frame["first"] > 0) & (frame["year"] >= 4)
    frame["y"] = level + frame["year"] ** 2 + 3.0 * under + tiny
    assert did.synthetic_did(panel(frame), errors="none").estimate == pytest.approx(3, abs=1e-5)


def test_several_starts_are_averaged_by_treated_places_and_periods(draw, panel):
    frame = draw(14, 9, starts=(5, 7, 7), seed=3)
    whole = did.synthetic_did(panel(frame), errors="none")
    effects = []
    for start in (5, 7):
        some = frame[frame["first"].isin([0, start])]
        effects.append(did.synthetic_did(panel(some), errors="none").estimate)
    # One place for four periods; two for two.
    assert whole.estimate == pytest.approx(np.average(effects, weights=[4, 4]), rel=1e-10)
    assert [one["effect"] for one in whole.details["cohorts"]] == pytest.approx(effects, rel=1e-10)
    assert whole.n_treated == 3


def test_placebos_of_one_place_are_the_estimates_of_panels_made_for_them(draw, panel):
    frame = draw(9, 8, starts=(5,), seed=4)
    found = did.synthetic_did(panel(frame))
    rest = frame[frame["first"] == 0]
    for town, effect in found.details["placebo_effects"].items():
        as_if = rest.assign(first=np.where(rest["town"] == town, 5, 0))
        theirs = did.synthetic_did(panel(as_if), errors="none").estimate
        # Other starting weights and the noise of one place fewer: the same but for the stop.
        assert effect == pytest.approx(theirs, abs=0.15 * frame["y"].std())


def test_placebo_draws_of_two_places_are_every_pair_of_comparison_places(draw, panel):
    found = did.synthetic_did(panel(draw(10, 8, starts=(5, 5))))
    assert found.details["placebos"] == len(list(combinations(range(8), 2)))
    assert found.details["assignments"] == len(list(combinations(range(10), 2)))


def test_the_permutation_of_synthetic_control_is_every_places_estimate_among_all_others(
    draw, panel
):
    """Each place in turn is treated, and the treated one a comparison like any other."""
    frame = draw(9, 8, starts=(5,), seed=8)
    found = did.synthetic_control(panel(frame), level=0.8)
    effects = []
    for town in frame["town"].unique():
        as_if = frame.assign(first=np.where(frame["town"] == town, 5, 0))
        effects.append(did.synthetic_control(panel(as_if), errors="none").estimate)
    rank = (np.abs(effects) >= abs(found.estimate) * (1 - 1e-3)).sum()
    assert found.p_value == pytest.approx(rank / 9)


@pytest.mark.parametrize("starts", [(5,), (5, 5)])
@pytest.mark.parametrize("method", [did.synthetic_did, did.synthetic_control])
def test_the_interval_holds_the_effects_that_the_permutation_does_not_reject(
    draw, panel, method, starts
):
    frame = draw(12, 9, starts=starts, seed=6)
    found = method(panel(frame), level=0.8)
    under = (frame["first"] > 0) & (frame["year"] >= frame["first"])
    wide = found.conf_high - found.conf_low
    for end, way in ((found.conf_low, -1), (found.conf_high, 1)):
        for shift, inside in ((-0.02, True), (0.02, False)):
            null = end + way * shift * wide
            tested = method(panel(frame.assign(y=frame["y"] - null * under)), level=0.8)
            assert (tested.p_value > 0.2 + 1e-9) == inside
            assert tested.estimate == pytest.approx(found.estimate - null, abs=1e-8)


@pytest.mark.parametrize("method", [did.synthetic_did, did.synthetic_control])
def test_with_several_starts_the_interval_is_around_a_large_effect(draw, panel, method):
    places = panel(draw(7, 9, starts=(4, 6), effect=15.0, seed=6))
    found = method(places, level=0.8)
    assert found.p_value < 0.2
    assert 0 < found.conf_low < found.estimate < found.conf_high


@pytest.mark.parametrize("method", [did.synthetic_did, did.synthetic_control])
def test_whichever_place_is_treated_the_true_null_is_rejected_at_its_rate(draw, panel, method):
    """Of ten places, at 20 %, at most two can be rejected: a permutation is exact by design."""
    for seed in range(2):
        frame = draw(10, 7, starts=(), seed=seed)
        ranks = [
            method(
                panel(frame.assign(first=np.where(frame["town"] == town, 4, 0))), level=0.8
            ).p_value
            for town in frame["town"].unique()
        ]
        np.testing.assert_allclose(np.sort(ranks), np.arange(1, 11) / 10)


def test_the_jackknife_leaves_out_each_place_and_keeps_the_weights(draw, panel, wide):
    frame = draw(12, 9, starts=(5, 5, 7, 7), seed=7)
    found = did.synthetic_did(panel(frame), errors="jackknife")
    y, first = wide(frame)

    def estimate(left):
        total = mass = 0.0
        for cohort in found.details["cohorts"]:
            start = int(cohort["start"])
            periods = np.zeros(9)
            for year, share in cohort["time_weights"].items():
                periods[int(year)] = -share
            periods[start:] = 1 / (9 - start)
            weights = np.array(
                [cohort["unit_weights"].get(f"town {at:02d}", 0) for at in range(12)]
            )
            weights = weights * left / (weights * left).sum()
            own = (first == start) & left
            size = own.sum() * (9 - start)
            total += size * (y[own].mean(axis=0) - weights @ y) @ periods
            mass += size
        return total / mass

    everybody = np.ones(12, dtype=bool)
    assert estimate(everybody) == pytest.approx(found.estimate, rel=1e-9)
    without = np.array([estimate(everybody & (np.arange(12) != at)) for at in range(12)])
    error = np.sqrt(11 / 12 * ((without - without.mean()) ** 2).sum())
    assert found.std_error == pytest.approx(error, rel=1e-9)
    assert found.details["dof"] == 2
    assert np.isfinite(found.p_value)
    assert found.inference == "jackknife"


def test_the_jackknife_of_two_treated_places_gives_an_error_but_no_test(draw, panel):
    found = did.synthetic_did(panel(draw(12, 9, starts=(5, 5))), errors="jackknife")
    assert found.std_error > 0
    assert np.isnan([found.p_value, found.conf_low, found.conf_high]).all()
    assert any("too unsure for a test" in str(note) for note in found.notes)


def test_a_level_out_of_reach_leaves_the_test_out_and_says_why(draw, panel):
    frame = draw(10, 8, starts=(5,))
    found = did.synthetic_did(panel(frame))
    assert np.isnan([found.p_value, found.conf_low, found.conf_high]).all()
    assert found.std_error > 0
    assert found.details["smallest_p"] == pytest.approx(0.1)
    assert any("0.100" in str(note) and "nothing is tested" in str(note) for note in found.notes)
    # The same places at 90 % do reach it.
    reached = did.synthetic_did(panel(frame), level=0.9)
    assert reached.p_value >= 0.1
    assert np.isfinite([reached.conf_low, reached.conf_high]).all()


def test_draws_follow_their_seed(draw, panel):
    places = panel(draw(11, 7, starts=(4, 4), seed=2))
    found = [did.synthetic_control(places, replications=20, seed=seed) for seed in (1, 1, 2)]
    numbers = [
        effect.to_frame()[["std_error", "p_value", "conf_low"]].to_numpy() for effect in found
    ]
    np.testing.assert_array_equal(numbers[0], numbers[1])
    assert (numbers[0] != numbers[2]).any()
    assert found[0].details["looked_at"] == 21
    assert found[0].details["placebos"] == 20
