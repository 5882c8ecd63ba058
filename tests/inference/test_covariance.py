"""Standard errors against statsmodels and against the formulas written out densely."""

import numpy as np
import pytest
import statsmodels.api as sm

from impact.errors import DesignError
from impact.inference.covariance import covariance
from impact.inference.linear import fit

G, T = 9, 5


@pytest.fixture
def rows():
    """Nine clusters of unequal size, each of units over five periods, some missing."""
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(30), T)
    period = np.tile(np.arange(T), 30)
    cluster = np.repeat(np.repeat(np.arange(G), [1, 2, 2, 3, 3, 4, 4, 5, 6]), T)
    keep = rng.random(30 * T) < 0.85
    X = np.column_stack([(cluster < 3) & (period > 2), rng.normal(size=30 * T) + cluster])
    y = X @ [1.0, 0.5] + rng.normal(size=G)[cluster] + rng.normal(size=30 * T)
    columns = {"y": y, "X": X, "unit": unit, "period": period, "cluster": cluster}
    columns["weights"] = rng.uniform(0.3, 2, 30 * T)
    return {name: values[keep] for name, values in columns.items()}


def written_out(rows, effects):
    """All columns, slopes first: what is absorbed stands as dummies."""
    parts = [rows["X"]]
    if not effects:
        parts.append(np.ones((len(rows["y"]), 1)))
    for at, name in enumerate(effects):
        parts.append(rows[name][:, None] == np.unique(rows[name])[(1 if at else 0) :])
    return np.column_stack(parts).astype(float)


def root_inverse(matrix, power):
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 1e-9
    return (vectors[:, kept] * values[kept] ** -power) @ vectors[:, kept].T


def dense_corrected(rows, effects, weights, power):
    """Bell and McCaffrey by their definition: the whole hat matrix, cluster by cluster."""
    root = np.ones(len(rows["y"])) if weights is None else np.sqrt(weights)
    X, y = written_out(rows, effects) * root[:, None], rows["y"] * root
    bread = np.linalg.pinv(X.T @ X)
    hat = X @ bread @ X.T
    M = np.eye(len(y)) - hat
    errors = M @ y
    scores, pulls = [], []
    for group in range(G):
        at = rows["cluster"] == group
        A = root_inverse(M[np.ix_(at, at)], power)
        q = A @ X[at] @ bread[:, :2]
        scores.append(errors[at] @ q)
        pulls.append(M[:, at] @ q)
    matrix = np.array(scores).T @ np.array(scores)
    dof = []
    for k in range(2):
        inner = np.array([pull[:, k] for pull in pulls])
        inner = inner @ inner.T
        dof.append(np.trace(inner) ** 2 / np.trace(inner @ inner))
    return matrix, np.array(dof)


def ours(rows, effects, weights, kind):
    X = rows["X"] if effects else np.column_stack([rows["X"], np.ones(len(rows["y"]))])
    fitted = fit(rows["y"], X, weights=weights, absorb=[rows[name] for name in effects])
    found = covariance(fitted, kind, cluster=rows["cluster"])
    return found.matrix[:2, :2], found.dof[:2]


EFFECTS = [(), ("unit",), ("unit", "period"), ("period",), ("cluster", "period")]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize(("kind", "power"), [("cr2", 0.5), ("cr3", 1.0)])
def test_cr2_and_cr3_are_bell_and_mccaffreys_formula(rows, effects, weighted, kind, power):
    weights = rows["weights"] if weighted else None
    matrix, dof = ours(rows, effects, weights, kind)
    dense, free = dense_corrected(rows, effects, weights, power)
    # The dense road takes roots of 150 × 150 blocks; 1e-8 is what it keeps.
    np.testing.assert_allclose(matrix, dense, rtol=1e-8)
    np.testing.assert_allclose(dof, free, rtol=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", [(), ("unit", "period")])
@pytest.mark.parametrize("kind", ["hc1", "hc2", "hc3"])
def test_robust_errors_are_statsmodels_with_dummies(rows, effects, weighted, kind):
    weights = rows["weights"] if weighted else None
    X = written_out(rows, effects)
    theirs = sm.WLS(rows["y"], X, weights=1.0 if weights is None else weights)
    theirs = theirs.fit(cov_type=kind.upper())
    matrix, _ = ours(rows, effects, weights, kind)
    np.testing.assert_allclose(matrix, theirs.cov_params()[:2, :2], rtol=1e-9)


def test_classical_errors_are_statsmodels(rows):
    theirs = sm.OLS(rows["y"], written_out(rows, ("unit", "period"))).fit()
    matrix, dof = ours(rows, ("unit", "period"), None, "classical")
    np.testing.assert_allclose(matrix, theirs.cov_params()[:2, :2], rtol=1e-9)
    assert (dof == theirs.df_resid).all()


def test_cr1_without_effects_is_statsmodels(rows):
    X = written_out(rows, ())
    theirs = sm.OLS(rows["y"], X).fit(cov_type="cluster", cov_kwds={"groups": rows["cluster"]})
    matrix, dof = ours(rows, (), None, "cr1")
    np.testing.assert_allclose(matrix, theirs.cov_params()[:2, :2], rtol=1e-9)
    assert (dof == G - 1).all()


def test_cr1_does_not_count_effects_nested_in_the_clusters(rows):
    X = written_out(rows, ("unit", "period"))
    theirs = sm.OLS(rows["y"], X).fit(cov_type="cluster", cov_kwds={"groups": rows["cluster"]})
    n, counted, nested = len(X), 2 + T, X.shape[1]
    matrix, _ = ours(rows, ("unit", "period"), None, "cr1")
    factor = (n - nested) / (n - counted)
    np.testing.assert_allclose(matrix, theirs.cov_params()[:2, :2] * factor, rtol=1e-9)


def test_cr1_with_a_row_a_cluster_is_hc1(rows):
    X = np.column_stack([rows["X"], np.ones(len(rows["y"]))])
    fitted = fit(rows["y"], X)
    alone = covariance(fitted, "cr1", cluster=np.arange(len(X)))
    np.testing.assert_allclose(alone.matrix, covariance(fitted, "hc1").matrix, rtol=1e-12)


def test_hc2_is_cr2_with_a_row_a_cluster(rows):
    X = np.column_stack([rows["X"], np.ones(len(rows["y"]))])
    fitted = fit(rows["y"], X, weights=rows["weights"])
    alone = covariance(fitted, "cr2", cluster=np.arange(len(X)))
    robust = covariance(fitted, "hc2")
    np.testing.assert_allclose(alone.matrix, robust.matrix, rtol=1e-10)
    np.testing.assert_allclose(alone.dof, robust.dof, rtol=1e-8)


def test_hc2_of_two_groups_is_welchs_test():
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(4)
    first, second = rng.normal(size=7), rng.normal(1, 3, 25)
    d = np.repeat([1.0, 0], [7, 25])
    fitted = fit(np.r_[first, second], np.column_stack([np.ones(32), d]))
    found = covariance(fitted, "hc2")
    theirs = ttest_ind(first, second, equal_var=False)
    # Bell and McCaffrey's degrees of freedom are Welch's with equal variances put in.
    assert found.std_error[1] == pytest.approx(abs(fitted.beta[1] / theirs.statistic), rel=1e-12)
    v = np.array([1 / 7, 1 / 25])
    assert found.dof[1] == pytest.approx(v.sum() ** 2 / (v**2 / [6, 24]).sum(), rel=1e-10)


def test_a_sum_of_coefficients_is_read_as_a_coefficient_is(rows):
    """Rewrite the model so that the sum is a coefficient of its own."""
    X = np.column_stack([rows["X"], np.ones(len(rows["y"]))])
    other = np.column_stack([X[:, 0], X[:, 1] - X[:, 0], X[:, 2]])
    for kind in ("classical", "hc1", "hc2", "hc3", "cr1", "cr2", "cr3"):
        summed = covariance(
            fit(rows["y"], X), kind, cluster=rows["cluster"], contrasts=np.array([[1.0, 1, 0]])
        )
        alone = covariance(fit(rows["y"], other), kind, cluster=rows["cluster"])
        assert summed.matrix[0, 0] == pytest.approx(alone.matrix[0, 0], rel=1e-9)
        assert summed.dof[0] == pytest.approx(alone.dof[0], rel=1e-7)


def test_a_copy_of_every_unit_changes_cr1_by_its_exact_factor(rows):
    X = np.column_stack([rows["X"], np.ones(len(rows["y"]))])
    n, k = X.shape
    once = covariance(fit(rows["y"], X), "cr1", cluster=rows["cluster"]).matrix
    twice = fit(np.tile(rows["y"], 2), np.tile(X, (2, 1)))
    doubled = covariance(twice, "cr1", cluster=np.tile(rows["cluster"], 2)).matrix
    factor = (2 * n - 1) / (2 * n - k) * (n - k) / (n - 1)
    np.testing.assert_allclose(doubled, once * factor, rtol=1e-10)


@pytest.mark.parametrize(
    ("kind", "cluster", "said"),
    [
        ("cr1", None, "needs clusters"),
        ("cr2", np.zeros(4, int), "two clusters or more"),
        ("hc9", None, "no covariance of a regression"),
        ("hc2", None, "as many coefficients as rows"),
    ],
)
def test_what_cannot_be_computed_is_said(kind, cluster, said):
    X = np.eye(4)
    with pytest.raises(DesignError, match=said):
        covariance(fit(np.arange(4.0), X), kind, cluster=cluster)


@pytest.mark.parametrize(("clusters", "treated"), [(6, 3), (8, 3), (10, 5)])
def test_a_true_null_is_rejected_at_its_nominal_rate_with_few_clusters(clusters, treated):
    """CR2 with Satterthwaite: at most 6 % at 5 %, plus three simulation errors."""
    from impact.inference.wald import read

    draws, people = 800, 12
    rng = np.random.default_rng(clusters)
    cluster = np.repeat(np.arange(clusters), people)
    D = (cluster < treated).astype(float)
    X = np.column_stack([np.ones(len(D)), D])
    rejected = 0
    for _ in range(draws):
        y = rng.normal(size=clusters)[cluster] + rng.normal(size=len(D))
        fitted = fit(y, X)
        found = covariance(fitted, "cr2", cluster=cluster)
        rejected += read(fitted.beta[1:], found.std_error[1:], found.dof[1:]).p_value[0] < 0.05
    assert rejected / draws < 0.06 + 3 * np.sqrt(0.06 * 0.94 / draws)
