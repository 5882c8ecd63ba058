"""Intervals that go with adjusted p-values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from impact.inference.adjusted_interval import adjusted_interval
from impact.inference.multiplicity import benjamini_hochberg, holm


def read(estimate: float, std_error: float, dof: float, alpha: float = 0.05):
    """Return an interval and a p-value by Student's t."""
    reach = stats.t.ppf(1 - alpha / 2, dof) * std_error
    p_value = 2 * stats.t.sf(abs(estimate) / std_error, dof)
    return (estimate - reach, estimate + reach), float(p_value)


def test_bonferronis_interval_is_t_at_the_level_over_the_number() -> None:
    ends, p_value = read(1.0, 0.4, 9.0)
    found = adjusted_interval(1.0, ends, (p_value, 3 * p_value), family=3, std_error=0.4)
    by_hand, _ = read(1.0, 0.4, 9.0, alpha=0.05 / 3)
    assert found == pytest.approx(by_hand, rel=1e-8)


def test_an_outcome_alone_keeps_its_interval() -> None:
    ends, p_value = read(1.0, 0.4, 9.0)
    found = adjusted_interval(1.0, ends, (p_value, p_value), family=3, std_error=0.4)
    assert found == pytest.approx(ends, rel=1e-10)


@pytest.mark.parametrize("rule", [holm, benjamini_hochberg])
@pytest.mark.parametrize("form", ["t", "other"])
def test_zero_is_left_out_exactly_where_the_adjusted_p_value_rejects(rule, form) -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        estimates, errors = rng.normal(scale=2.5, size=4), np.full(4, 1.0)
        both = [read(b, s, 8.0) for b, s in zip(estimates, errors, strict=True)]
        p_values = np.array([p for _, p in both])
        for at, adjusted in enumerate(rule(p_values)):
            error = errors[at] if form == "t" else np.nan
            low, high = adjusted_interval(
                float(estimates[at]),
                both[at][0],
                (float(p_values[at]), float(adjusted)),
                family=4,
                std_error=float(error),
            )
            assert (low > 0 or high < 0) == (adjusted <= 0.05)
            assert low <= both[at][0][0] + 1e-12
            assert high >= both[at][0][1] - 1e-12


def test_missing_ends_stay_missing() -> None:
    found = adjusted_interval(1.0, (np.nan, np.nan), (np.nan, np.nan), family=2)
    assert np.isnan(found).all()
    low, high = adjusted_interval(1.0, (0.2, np.nan), (0.04, 0.08), family=2)
    assert low <= 0
    assert np.isnan(high)
