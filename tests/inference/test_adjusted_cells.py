"""Differences in means given covariates, fitted anew for every assignment."""

import numpy as np
import pytest
import statsmodels.api as sm

from impact.did.permuted import cells_of
from impact.inference.adjusted_cells import AdjustedCells
from impact.inference.permutation import assignments
from impact.inference.unequal import permute_unequal


@pytest.fixture
def rows():
    rng = np.random.default_rng(3)
    town = np.repeat(np.arange(8), [4, 6, 5, 9, 3, 7, 5, 6])
    after = rng.permutation(len(town)) % 2
    return {
        "town": town,
        "after": after,
        "X": rng.normal(size=(len(town), 2)) * [1, 50] + [0, 1000],
        "y": rng.normal(size=len(town)) + after,
        "weight": rng.uniform(0.5, 2, len(town)),
    }


def fitted(rows, chosen, y):
    pilot = chosen[rows["town"]].astype(float)
    after = rows["after"]
    columns = [np.ones(len(pilot)), pilot, after, pilot * after, *rows["X"].T]
    return sm.WLS(y, np.column_stack(columns), weights=rows["weight"]).fit().params[3]


def test_every_assignment_has_the_coefficient_of_its_own_regression(rows):
    treated = np.arange(8) < 3
    cells, chosen = cells_of(
        rows["y"],
        treated[rows["town"]],
        rows["town"],
        weight=rows["weight"],
        cell=rows["after"],
        contrast=(-1.0, 1.0),
        covariates=rows["X"],
    )
    assert isinstance(cells, AdjustedCells)
    drawn, _ = assignments(chosen)
    found = cells.differences(drawn, chosen)
    effect = treated[rows["town"]] * rows["after"]
    for at in range(0, len(drawn), 7):
        assert found.values[at] == pytest.approx(fitted(rows, drawn[at], rows["y"]))
        assert found.slopes[at] == pytest.approx(fitted(rows, drawn[at], effect))
    assert found.slopes[0] == pytest.approx(1)


def test_a_true_null_is_rejected_no_more_often_than_the_level_with_covariates():
    """With slopes fitted once, the observed treatment beside them, it is 8 in 100."""
    rng, draws = np.random.default_rng(9), 1_500
    found = np.empty(draws)
    town, after = np.repeat(np.arange(20), 2), np.tile([0, 1], 20)
    for at in range(draws):
        cells, chosen = cells_of(
            rng.normal(size=40),
            town == 0,
            town,
            cell=after,
            contrast=(-1.0, 1.0),
            covariates=rng.normal(size=(40, 4)),
        )
        found[at] = permute_unequal(cells, chosen).p_value
    # Four standard errors of 1,500 draws at 5 %.
    assert (found <= 0.05 + 1e-12).mean() < 0.05 + 4 * np.sqrt(0.05 * 0.95 / draws)
