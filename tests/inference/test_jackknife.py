"""Leaving out clusters against fitting without them."""

import numpy as np
import pytest

from impact.errors import DesignError
from impact.inference.covariance import covariance
from impact.inference.jackknife import jackknife
from impact.inference.linear import fit

G, T = 8, 4


@pytest.fixture
def rows():
    rng = np.random.default_rng(9)
    cluster = np.repeat(np.repeat(np.arange(G), [1, 2, 2, 3, 3, 4, 4, 6]), T)
    unit, period = np.arange(25 * T) // T, np.arange(25 * T) % T
    X = np.column_stack([(cluster < 3) & (period > 1), rng.normal(size=25 * T)]).astype(float)
    y = X @ [1.0, 0.5] + rng.normal(size=G)[cluster] * period + rng.normal(size=25 * T)
    return {"y": y, "X": X, "unit": unit, "period": period, "cluster": cluster,
            "weights": rng.uniform(0.3, 2, 25 * T)}  # fmt: skip


def of(rows, effects, weighted, kept=None):
    at = slice(None) if kept is None else kept
    X = rows["X"][at] if effects else np.column_stack([rows["X"], np.ones(len(rows["y"]))])[at]
    return fit(
        rows["y"][at],
        X,
        weights=rows["weights"][at] if weighted else None,
        absorb=[rows[name][at] for name in effects],
    )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", [(), ("unit",), ("unit", "period"), ("cluster", "period")])
def test_every_estimate_is_the_fit_without_that_cluster(rows, effects, weighted):
    found = jackknife(of(rows, effects, weighted), rows["cluster"])
    without = [of(rows, effects, weighted, rows["cluster"] != g).beta for g in range(G)]
    np.testing.assert_allclose(found.estimates, without, rtol=1e-8, atol=1e-10)
    apart = np.array(without) - of(rows, effects, weighted).beta
    np.testing.assert_allclose(found.matrix, (G - 1) / G * apart.T @ apart, rtol=1e-7)


@pytest.mark.parametrize("effects", [(), ("unit", "period")])
def test_cr3_is_the_jackknife_without_its_factor(rows, effects):
    model = of(rows, effects, weighted=False)
    whole = covariance(model, "cr3", cluster=rows["cluster"])
    found = jackknife(model, rows["cluster"])
    np.testing.assert_allclose(found.matrix * G / (G - 1), whole.matrix, rtol=1e-8)
    assert found.dof == G - 1


def test_what_only_one_cluster_tells_is_missing_without_it(rows):
    rows["X"][:, 0] = (rows["cluster"] == 0) & (rows["period"] > 1)
    found = jackknife(of(rows, ("unit", "period"), weighted=False), rows["cluster"])
    assert np.isnan(found.estimates[0, 0])
    assert np.isfinite(found.estimates[1:, 0]).all()
    assert np.isfinite(found.estimates[:, 1]).all()
    assert np.isnan(found.std_error[0])


def test_one_cluster_cannot_be_left_out(rows):
    with pytest.raises(DesignError, match="two clusters or more"):
        jackknife(of(rows, (), weighted=False), np.zeros(len(rows["y"]), int))
