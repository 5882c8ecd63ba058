"""Estimates of several studies put together."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from impact.inference.heterogeneity import tau2_interval, tau2_paule_mandel, tau2_reml
from impact.inference.meta import pool

# Colditz and others (1994), JAMA 271, 698-702: cases and others, vaccinated and not.
BCG = np.array(
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ],
    dtype=float,
)


@pytest.fixture
def trials() -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = BCG.T
    return np.log(a / (a + b) * (c + d) / c), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def test_reml_gives_the_published_summary_of_the_bcg_trials(trials) -> None:
    # Viechtbauer (2010), Journal of Statistical Software 36(3), prints for these data tau2
    # 0.3132, I2 92.22 %, Q 152.2330, the average -0.7145 with the usual error 0.1798, and the
    # Q-profile interval 0.1197 to 1.1115.
    y, v = trials
    found = pool(y, np.sqrt(v))
    assert found.tau2 == pytest.approx(0.3132, abs=5e-5)
    assert found.i2 == pytest.approx(0.9222, abs=5e-5)
    assert found.q == pytest.approx(152.2330, abs=5e-5)
    assert found.mean == pytest.approx(-0.7145, abs=5e-5)
    assert (found.tau2_low, found.tau2_high) == pytest.approx((0.1197, 1.1115), abs=5e-5)
    assert 1 / np.sqrt((1 / (v + found.tau2)).sum()) == pytest.approx(0.1798, abs=5e-5)


def test_reml_is_where_a_plain_search_of_the_likelihood_ends(trials) -> None:
    y, v = trials

    def against(tau2: float) -> float:
        covariance = np.diag(v + tau2)
        inverse = np.linalg.inv(covariance)
        ones = np.ones((len(y), 1))
        information = ones.T @ inverse @ ones
        rest = y - (ones @ np.linalg.solve(information, ones.T @ inverse @ y[:, None])).ravel()
        logs = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
        return float(logs + rest @ inverse @ rest)

    # A search by values of a function is exact to about the root of machine precision.
    by_hand = minimize_scalar(against, bounds=(0, 3), method="bounded", options={"xatol": 1e-10})
    assert tau2_reml(y, v) == pytest.approx(by_hand.x, abs=1e-6)


def test_paule_mandel_and_hartung_knapp_agree_with_statsmodels(trials) -> None:
    from statsmodels.stats.meta_analysis import combine_effects

    y, v = trials
    other = combine_effects(y, v, method_re="iterated")
    found = pool(y, np.sqrt(v), method="paule_mandel")
    # statsmodels stops its iteration at 1e-5 of Q.
    assert found.tau2 == pytest.approx(other.tau2, rel=1e-6)
    assert found.mean == pytest.approx(other.mean_effect_re, rel=1e-6)
    assert found.std_error**2 == pytest.approx(other.var_hksj_re, rel=1e-6)
    assert found.weights == pytest.approx(other.weights_rel_re, rel=1e-6)


def test_equal_errors_give_the_closed_form() -> None:
    # All weights are one: the average is the mean, its error is s / sqrt(k), tau2 is s2 - v.
    y = np.array([0.1, 0.3, 0.9, 0.2])
    for method in ("reml", "paule_mandel"):
        found = pool(y, np.full(4, 0.1), method=method)
        assert found.mean == pytest.approx(y.mean())
        assert found.tau2 == pytest.approx(y.var(ddof=1) - 0.01)
        assert found.std_error == pytest.approx(y.std(ddof=1) / 2)
        # t with 3 and with 2 degrees of freedom, from a printed table.
        assert found.conf_high - found.mean == pytest.approx(3.182446 * found.std_error, rel=1e-6)
        ahead = 4.302653 * np.sqrt(found.tau2 + found.std_error**2)
        assert found.predict_high - found.mean == pytest.approx(ahead, rel=1e-6)
        assert found.few
        assert found.k == 4


def test_estimates_that_agree_have_no_spread_and_never_less_than_the_usual_variance() -> None:
    y, error = np.array([0.20, 0.21, 0.19]), np.array([0.1, 0.2, 0.1])
    found = pool(y, error)
    assert (found.tau2, found.tau2_low, found.tau2_high, found.i2) == (0, 0, 0, 0)
    assert found.widened
    assert found.std_error == pytest.approx(1 / np.sqrt(100 + 25 + 100))


def test_the_q_profile_interval_is_where_q_has_the_quantiles_of_chi_square(trials) -> None:
    from scipy.stats import chi2

    y, v = trials
    for end, tail in zip(tau2_interval(y, v, level=0.9), (0.95, 0.05), strict=True):
        w = 1 / (v + end)
        q = (w * (y - np.average(y, weights=w)) ** 2).sum()
        assert chi2.cdf(q, 12) == pytest.approx(tail, abs=1e-9)


def test_order_and_unit_change_nothing_else(trials) -> None:
    y, v = trials
    found, turned = pool(y, np.sqrt(v)), pool(-1000 * y[::-1], 1000 * np.sqrt(v[::-1]))
    assert turned.mean == pytest.approx(-1000 * found.mean, rel=1e-9)
    assert turned.tau2 == pytest.approx(1e6 * found.tau2, rel=1e-9)
    assert turned.weights[::-1] == pytest.approx(found.weights, rel=1e-9)
    assert not found.few


def test_two_estimates_leave_a_third_unforeseen() -> None:
    found = pool(np.array([0.1, 0.5]), np.array([0.1, 0.1]))
    assert np.isnan([found.predict_low, found.predict_high]).all()
    assert np.isfinite([found.conf_low, found.conf_high]).all()


@pytest.mark.parametrize(
    ("estimates", "errors", "said"),
    [
        ([0.1], [0.1], "two or more"),
        ([0.1, 0.2], [0.1], "two or more"),
        ([0.1, np.nan], [0.1, 0.1], "estimates are numbers"),
        ([0.1, 0.2], [0.1, 0.0], "above zero"),
    ],
)
def test_what_cannot_be_put_together_is_refused(estimates, errors, said) -> None:
    with pytest.raises(ValueError, match=said):
        pool(np.array(estimates), np.array(errors))


def test_a_method_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="no method 'fixed'"):
        pool(np.array([0.1, 0.2]), np.array([0.1, 0.1]), method="fixed")


@pytest.mark.parametrize("k", [5, 10])
@pytest.mark.parametrize("tau", [0.0, 0.3])
def test_the_interval_covers_the_average_as_often_as_it_says(k: int, tau: float) -> None:
    rng = np.random.default_rng(20210301 + k)
    draws, errors = 1000, np.linspace(0.1, 0.4, k)
    known = usual = 0
    for _ in range(draws):
        y = 0.2 + tau * rng.standard_normal(k) + errors * rng.standard_normal(k)
        found = pool(y, errors, method="paule_mandel")
        known += found.conf_low <= 0.2 <= found.conf_high
        plain = 1.96 / np.sqrt((1 / (errors**2 + tau2_paule_mandel(y, errors**2))).sum())
        usual += abs(found.mean - 0.2) <= plain
    # Two standard errors of a share of 1,000 are 1.4 points. Without any spread the bound
    # from below makes it cover more often than it says.
    assert known / draws > 0.95 - 0.014
    if tau:
        assert known / draws < 0.95 + 0.025
        assert usual < known
