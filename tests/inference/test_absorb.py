"""Absorbed effects against dummies written out."""

import numpy as np
import pytest

from impact.inference.absorb import FixedEffects

RNG = np.random.default_rng(5)


def dummies(*sets):
    return np.column_stack([codes[:, None] == np.unique(codes) for codes in sets]).astype(float)


def left_over(columns, sets, weights=None):
    """Residuals of a regression on the dummies themselves, by numpy's least squares."""
    root = np.ones(len(columns)) if weights is None else np.sqrt(weights)
    D = dummies(*sets)
    return columns - D @ np.linalg.lstsq(D * root[:, None], columns * root[:, None], rcond=None)[0]


def sets_of(kind):
    unit, period = np.repeat(np.arange(40), 6), np.tile(np.arange(6), 40)
    region = unit % 7
    seen = RNG.random(240) < 0.7
    return {
        "balanced": (unit, period),
        "balanced, rows shuffled": tuple(c[RNG.permutation(240)] for c in (unit, period)),
        "unbalanced": (unit[seen], period[seen]),
        "one set": (unit[seen],),
        "three sets": (unit[seen], period[seen], (region * 6 + period)[seen]),
        "two islands": (unit, period + 6 * (unit < 20)),
        "gaps in the codes": (unit[seen] * 10, period[seen] * 3),
    }[kind]


KINDS = (
    "balanced",
    "balanced, rows shuffled",
    "unbalanced",
    "one set",
    "three sets",
    "two islands",
    "gaps in the codes",
)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_is_what_dummies_leave(kind, weighted):
    sets = sets_of(kind)
    columns = RNG.normal(size=(len(sets[0]), 3)) + 50
    weights = RNG.uniform(0.2, 3, len(columns)) if weighted else None
    ours = FixedEffects.of(sets, weights).residuals(columns)
    # lstsq itself is exact to about 1e-12 on columns of size 50.
    np.testing.assert_allclose(ours, left_over(columns, sets, weights), atol=2e-11)


@pytest.mark.parametrize("kind", KINDS)
def test_the_rank_is_the_rank_of_the_dummies(kind):
    sets = sets_of(kind)
    assert FixedEffects.of(sets).rank == np.linalg.matrix_rank(dummies(*sets))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_leverages_are_the_diagonal_of_the_hat_matrix(kind, weighted):
    sets = sets_of(kind)
    weights = RNG.uniform(0.2, 3, len(sets[0])) if weighted else None
    D = dummies(*sets) * (1 if weights is None else np.sqrt(weights)[:, None])
    hat = np.diag(D @ np.linalg.pinv(D))
    np.testing.assert_allclose(FixedEffects.of(sets, weights).leverage(), hat, atol=1e-10)


def test_many_levels_in_both_sets_are_solved_without_their_matrix(monkeypatch):
    n = 3_000
    sets = (RNG.integers(0, 300, n), RNG.integers(0, 280, n))
    columns, weights = RNG.normal(size=(n, 2)), RNG.uniform(0.5, 2, n)
    dense = FixedEffects.of(sets, weights)
    solved, rank = dense.residuals(columns), dense.rank
    monkeypatch.setattr("impact.inference.absorb.MOST_DENSE_LEVELS", 10)
    free = FixedEffects.of(sets, weights)
    np.testing.assert_allclose(free.residuals(columns), solved, atol=1e-11)
    assert free.rank == rank


def test_a_constant_leaves_nothing():
    sets = sets_of("unbalanced")
    assert np.abs(FixedEffects.of(sets).residuals(np.full(len(sets[0]), 1e6))).max() < 1e-8


def test_the_columns_of_the_caller_are_left_alone():
    sets = sets_of("balanced")
    columns = RNG.normal(size=(len(sets[0]), 2))
    kept = columns.copy()
    FixedEffects.of(sets).residuals(columns)
    np.testing.assert_array_equal(columns, kept)


def test_nested_sets_are_told_from_crossing_ones():
    unit, period = np.repeat(np.arange(6), 4), np.tile(np.arange(4), 6)
    assert FixedEffects.of((unit, period)).nested_in(unit // 2) == (True, False)
