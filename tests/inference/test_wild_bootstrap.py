"""The wild cluster bootstrap against wildboottest, and against fitting every draw again."""

from itertools import product
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from impact.errors import DesignError
from impact.inference.covariance import covariance
from impact.inference.linear import fit
from impact.inference.wild_bootstrap import wild_bootstrap

REFERENCE = Path(__file__).parents[1] / "reference"
ORACLE = pd.read_csv(REFERENCE / "wild_bootstrap.csv", keep_default_na=False)
UNITS = {
    "five of either": [1, 2, 3, 4, 5, 60, 61, 62, 63, 64],
    "three against nine": [1, 2, 3, *range(60, 69)],
    "six against three": [*range(1, 7), 60, 61, 62],
}


def base_did(units):
    frame = pd.read_csv(REFERENCE / "base_did.csv")
    rows = frame[frame["id"].isin(units)].reset_index(drop=True)
    return rows.assign(did=rows["treat"] * rows["post"], one=1.0)


def model(rows, effects):
    absorbed = [pd.factorize(rows[name])[0] for name in ("id", "period")] if effects else ()
    names = ["did", "x1"] if effects else ["did", "x1", "treat", "post", "one"]
    return fit(rows["y"].to_numpy(), rows[names].to_numpy(float), absorb=absorbed, names=names)


@pytest.mark.parametrize("case", ORACLE.to_dict("records"), ids=lambda case: str(case["units"]))
def test_the_p_value_is_wildboottests_where_draws_are_enumerated(case):
    rows = base_did(UNITS[case["units"]])
    cluster = pd.factorize(rows["id"])[0]
    found = wild_bootstrap(model(rows, case["effects"]), case["term"], cluster)
    assert found.enumerated
    # wildboottest counts the draws that repeat or mirror the data where rounding lifts them
    # over the data's own t: two draws of 2^G.
    assert 0 <= round((case["p_value"] - found.p_value) * found.draws, 6) <= 2
    if not case["effects"]:
        assert found.statistic == pytest.approx(case["statistic"], rel=1e-9)


@pytest.fixture
def rows():
    """Seven clusters of unequal size, units in them, periods across, weights."""
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(7), [8, 8, 12, 12, 16, 20, 20])
    unit, period = np.arange(96) // 4, np.arange(96) % 4
    d = ((cluster < 3) & (period > 1)).astype(float)
    x = rng.normal(size=96)
    y = 0.4 * d + 0.3 * x + rng.normal(size=7)[cluster] * period + rng.normal(size=96)
    w = rng.uniform(0.5, 2, 96)
    return {"y": y, "d": d, "x": x, "unit": unit, "period": period, "cluster": cluster, "w": w}


def refitted(rows, weights, null, signs):
    """Fit every draw: dummies written out, statsmodels, one at a time."""
    dummies = [rows["unit"][:, None] == np.arange(24), rows["period"][:, None] == np.arange(1, 4)]
    X = np.column_stack([rows["d"], rows["x"], *dummies]).astype(float)
    w = np.ones(96) if weights is None else weights
    restricted = sm.WLS(rows["y"] - null * rows["d"], X[:, 1:], weights=w).fit()
    fitted = np.asarray(restricted.fittedvalues) + null * rows["d"]
    residuals = np.asarray(restricted.resid)

    def t(y):
        found = sm.WLS(y, X, weights=w).fit(
            cov_type="cluster", cov_kwds={"groups": rows["cluster"]}, use_t=True
        )
        return (found.params[0] - null) / found.bse[0]

    return t(rows["y"]), np.array([t(fitted + residuals * v[rows["cluster"]]) for v in signs])


@pytest.mark.parametrize("null", [0.0, 0.7])
@pytest.mark.parametrize("weighted", [False, True])
def test_every_draw_is_the_model_fitted_again(rows, weighted, null):
    weights = rows["w"] if weighted else None
    signs = np.array(list(product([1.0, -1.0], repeat=7)))
    t, drawn = refitted(rows, weights, null, signs)
    p_value = np.mean(np.abs(drawn) > abs(t) * (1 + 1e-7))
    found = wild_bootstrap(
        fit(rows["y"], np.column_stack([rows["d"], rows["x"]]), weights=weights,
            absorb=[rows["unit"], rows["period"]], names=["d", "x"]),
        "d", rows["cluster"], null=null,
    )  # fmt: skip
    assert found.p_value == p_value
    assert (found.enumerated, found.draws, found.step) == (True, 128, 2 / 128)


def fitted(rows, **changes):
    rows = rows | changes
    X = np.column_stack([rows["d"], rows["x"]])
    return fit(rows["y"], X, absorb=[rows["unit"], rows["period"]], names=["d", "x"])


@pytest.mark.parametrize("weights", ["rademacher", "webb"])
def test_the_interval_holds_the_nulls_that_are_not_rejected(rows, weights):
    model = fitted(rows)

    def p_value(null):
        return wild_bootstrap(
            model, "d", rows["cluster"], weights=weights, null=null, replications=1_999
        ).p_value

    found = wild_bootstrap(
        model, "d", rows["cluster"], weights=weights, level=0.9, replications=1_999
    )
    width = found.conf_high - found.conf_low
    for end, inward in ((found.conf_low, 1), (found.conf_high, -1)):
        assert p_value(end + inward * 1e-6 * width) > 0.1 >= p_value(end - inward * 1e-6 * width)


def test_draws_too_few_to_reject_give_no_finite_interval(rows):
    """Of four clusters the data are one draw of eight, counting mirror images once."""
    found = wild_bootstrap(fitted(rows), "d", np.minimum(rows["cluster"], 3))
    assert found.step == 1 / 8
    assert (found.conf_low, found.conf_high) == (-np.inf, np.inf)


def test_one_treated_cluster_gives_an_interval_of_many_standard_errors():
    """The draws repeat its t, up to the sign: hardly anything is rejected."""
    rng = np.random.default_rng(1)
    cluster = np.repeat(np.arange(20), 10)
    y = rng.normal(size=20)[cluster] + rng.normal(size=200)
    model = fit(y, np.column_stack([np.ones(200), cluster == 0]), names=["one", "d"])
    found = wild_bootstrap(model, "d", cluster)
    assert found.conf_high - found.conf_low > 30 * found.std_error


def test_shift_and_scale_of_the_outcome_move_the_interval_with_them(rows):
    plain = wild_bootstrap(fitted(rows), "d", rows["cluster"])
    moved = wild_bootstrap(fitted(rows, y=5 + 3 * rows["y"]), "d", rows["cluster"])
    assert moved.p_value == plain.p_value
    np.testing.assert_allclose(
        [moved.conf_low, moved.conf_high], 3 * np.array([plain.conf_low, plain.conf_high])
    )


def test_sampled_draws_come_near_the_enumerated_ones_and_repeat(rows):
    all_of_them = wild_bootstrap(fitted(rows), "d", rows["cluster"], replications=128)
    some = [
        wild_bootstrap(fitted(rows), "d", rows["cluster"], replications=127, seed=seed)
        for seed in (3, 3, 4)
    ]
    assert all_of_them.enumerated
    assert not some[0].enumerated
    assert some[0] == some[1] != some[2]
    sd = np.sqrt(0.25 / 127)
    assert abs(some[0].p_value - all_of_them.p_value) < 4 * sd


def test_the_error_is_cr1(rows):
    found = wild_bootstrap(fitted(rows), "x", rows["cluster"])
    other = covariance(fitted(rows), "cr1", cluster=rows["cluster"]).std_error[1]
    assert found.std_error == other


def test_a_true_null_is_rejected_at_its_nominal_rate_with_twelve_clusters():
    rng = np.random.default_rng(8)
    cluster, draws = np.repeat(np.arange(12), 10), 600
    d = (cluster < 6).astype(float)
    X = np.column_stack([np.ones(120), d])
    rejected = 0
    for _ in range(draws):
        y = rng.normal(size=12)[cluster] + rng.normal(size=120)
        model = fit(y, X, names=["one", "d"])
        rejected += wild_bootstrap(model, "d", cluster, replications=4_096).p_value < 0.05
    # 5 % give or take three simulation errors.
    assert abs(rejected / draws - 0.05) < 3 * np.sqrt(0.05 * 0.95 / draws)


def test_a_thousand_clusters_and_ten_thousand_draws_take_under_a_second():
    rng = np.random.default_rng(0)
    cluster = np.repeat(np.arange(1_000), 10)
    period = np.tile(np.arange(10), 1_000)
    d = ((cluster < 400) & (period > 4)).astype(float)
    model = fit(rng.normal(size=10_000), d[:, None], absorb=[cluster, period], names=["d"])
    seconds = []
    for _ in range(3):
        start = perf_counter()
        wild_bootstrap(model, "d", cluster, replications=9_999)
        seconds.append(perf_counter() - start)
    assert min(seconds) < 1


def test_what_cannot_be_tested_is_said(rows):
    with pytest.raises(DesignError, match="holds no 'z'"):
        wild_bootstrap(fitted(rows), "z", rows["cluster"])
    with pytest.raises(DesignError, match="two clusters or more"):
        wild_bootstrap(fitted(rows), "d", np.zeros(96, int))
    with pytest.raises(DesignError, match="there are rademacher and webb"):
        wild_bootstrap(fitted(rows), "d", rows["cluster"], weights="mammen")
