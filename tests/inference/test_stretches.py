"""Stretches cover every column once, and sums over them are sums over the whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.inference.logit import logit
from impact.inference.propensity import Groups, propensity
from impact.inference.stretches import CELLS, SHORTEST, stretches

EDGES = st.lists(st.integers(0, 5_000), min_size=2, max_size=6).map(sorted)


@given(edges=EDGES, rows=st.integers(1, 2 * CELLS))
def test_every_column_is_in_one_stretch_and_none_crosses_an_edge(edges, rows):
    cut = list(stretches(*edges, rows=rows))
    columns = [column for part in cut for column in range(part.start, part.stop)]
    assert columns == list(range(edges[0], edges[-1]))
    assert not any(part.start < edge < part.stop for part in cut for edge in edges)


@given(rows=st.integers(1, 2 * CELLS))
def test_a_stretch_fits_the_cache_unless_it_is_a_shortest_one(rows):
    longest = max(part.stop - part.start for part in stretches(0, 10 * SHORTEST, rows=rows))
    assert longest <= SHORTEST or longest * rows <= CELLS


def test_a_logit_over_many_stretches_solves_its_likelihood_equations():
    """At the highest likelihood the weighted residuals are orthogonal to the design."""
    rng = np.random.default_rng(4)
    design = np.vstack([np.ones(3 * CELLS // 9), rng.normal(size=3 * CELLS // 9)])
    weight = rng.uniform(0.5, 2, design.shape[1])
    chance = 1 / (1 + np.exp(-(0.3 + 0.8 * design[1])))
    treated = rng.random(design.shape[1]) < chance
    assert len(list(stretches(0, design.shape[1], rows=9))) > 1
    found = logit(design, treated, weight)
    fitted = 1 / (1 + np.exp(-(found.coefficients @ design)))
    # Newton stops within 1e-11 of the maximum; sums of 4e4 terms add their rounding.
    assert design @ (weight * (treated - fitted)) == pytest.approx([0, 0], abs=1e-7)
    curvature = (design * (weight * fitted * (1 - fitted))) @ design.T
    assert found.curvature == pytest.approx(curvature, rel=1e-12)


def test_odds_and_slopes_of_a_part_are_those_of_the_whole():
    rng = np.random.default_rng(5)
    design = np.vstack([np.ones(400), rng.normal(size=400)])
    scores = propensity(Groups(rng.random(400) < 0.4, np.ones(400), design))
    part = slice(120, 260)
    assert (scores.odds(part) == scores.odds()[part]).all()
    assert scores.slope(part) == pytest.approx(scores.slope()[:, part], rel=1e-12)
