"""Bounds for the lost: by hand, by copies of people, by draws, and against printed numbers."""

import numpy as np
import pytest
from scipy import stats

from impact.inference.between_bounds import reaching
from impact.inference.influences import by_influence, by_leaving_out
from impact.inference.lee import Lost, lee_bounds, lee_covariance


def lost(first, second, *, weight=None, cell=None):
    """Return two groups' answers, None for those lost."""
    y = np.array([np.nan if v is None else float(v) for v in (*first, *second)])
    treated = np.arange(len(y)) < len(first)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    cell = np.zeros(len(y), dtype=int) if cell is None else np.asarray(cell)
    return Lost(y, treated, weight, cell)


def draw(rng, n=400, *, cells=1):
    """Draw people of whom the pilot makes some stay who would have left."""
    treated, cell, u = rng.random(n) < 0.5, rng.integers(0, cells, n), rng.random(n)
    y = rng.normal(size=n) + 0.5 * treated + cell
    stays = u < 0.6 + 0.25 * treated - 0.1 * cell
    return Lost(np.where(stays, y, np.nan), treated, rng.uniform(0.5, 2, n), cell)


def test_a_hand_computed_example():
    """Ten in each group: 8 seen in one, 6 in the other, so a quarter of the 8 is set aside."""
    found = lee_bounds(lost([1, 2, 3, 4, 5, 6, 7, 8, None, None], [2, 3, 4, 5, 6, 7, *[None] * 4]))
    assert found.trimmed == pytest.approx(0.25)
    assert found.low == pytest.approx((1 + 2 + 3 + 4 + 5 + 6) / 6 - 4.5)
    assert found.high == pytest.approx((3 + 4 + 5 + 6 + 7 + 8) / 6 - 4.5)
    # Of two people set aside, one always holds half of their sum or more.
    assert found.fewest == 1


def test_who_lies_on_the_edge_counts_in_part():
    found = lee_bounds(lost([1, 2, 3, 4, 10], [0, 0, 0, 0, None]))
    # 5 of 5 against 4 of 5 are seen: a fifth of the mass, exactly one person, is set aside.
    assert (found.low, found.high) == (pytest.approx(2.5), pytest.approx(4.75))
    found = lee_bounds(lost([1, 2, 3], [0, 0, None, None]))
    # Half of three: one and a half persons are kept.
    assert found.low == pytest.approx((1 + 0.5 * 2) / 1.5)
    assert found.high == pytest.approx((3 + 0.5 * 2) / 1.5)


def test_losses_that_are_even_leave_the_difference_of_means():
    found = lee_bounds(lost([1, 2, 6, None], [0, 1, 2, None]))
    assert found.low == found.high == pytest.approx(2)
    assert found.trimmed == found.fewest == 0


def test_the_mirror_image_has_the_mirrored_bounds():
    one = lost([1, 5, 3, 4, 9], [2, 2, 8, None, None])
    other = Lost(one.y, ~one.treated, one.weight, one.cell)
    found, mirrored = lee_bounds(one), lee_bounds(other)
    assert (mirrored.low, mirrored.high) == (pytest.approx(-found.high), pytest.approx(-found.low))
    upside = lee_bounds(Lost(-one.y, one.treated, one.weight, one.cell))
    assert (upside.low, upside.high) == (pytest.approx(-found.high), pytest.approx(-found.low))


def by_sorting(people):
    """Set whole people aside one by one: a second road, where the share is a whole number."""
    seen = np.isfinite(people.y)
    rates = [seen[group].mean() for group in (people.treated, ~people.treated)]
    first, second = (np.sort(people.y[seen & g]) for g in (people.treated, ~people.treated))
    keep = round(len(first) * rates[1] / rates[0])
    return first[:keep].mean() - second.mean(), first[-keep:].mean() - second.mean()


def test_bounds_equal_a_second_implementation_that_sorts_people():
    rng = np.random.default_rng(4)
    first = [*rng.normal(size=90), *[None] * 10]
    second = [*rng.normal(size=60), *[None] * 40]
    people = lost(first, second)
    found = lee_bounds(people)
    assert (found.low, found.high) == pytest.approx(by_sorting(people), rel=1e-12)
    assert found.fewest == 30


def test_a_weight_is_so_many_copies_of_a_person():
    rng = np.random.default_rng(5)
    people = lost([*rng.normal(size=30), *[None] * 4], [*rng.normal(size=20), *[None] * 14])
    copies = rng.integers(1, 4, len(people.y))
    weighted = Lost(people.y, people.treated, copies.astype(float), people.cell)
    at = np.repeat(np.arange(len(copies)), copies)
    repeated = lee_bounds(weighted.part(at))
    alike = lee_bounds(Lost(people.y[at], people.treated[at], np.ones(len(at)), people.cell[at]))
    found = lee_bounds(weighted)
    assert (found.low, found.high) == pytest.approx((alike.low, alike.high), rel=1e-12)
    assert np.isfinite(repeated.low)


def test_bounds_within_cells_are_averaged_by_those_seen_either_way():
    first = lost([1, 2, 3, 4], [1, 1, None, None])
    second = lost([5, 6, 7, None], [2, 4, 6, None])
    cell = np.repeat([0, 1], 8)
    both = Lost(*(np.append(getattr(first, n), getattr(second, n)) for n in ("y", "treated")),
                np.ones(16), cell)  # fmt: skip
    one, two = lee_bounds(first), lee_bounds(second)
    found = lee_bounds(both)
    mass = np.array([0.5, 0.75]) * 8  # the smaller share kept, times the people of the cell
    assert found.low == pytest.approx((mass @ [one.low, two.low]) / mass.sum())
    assert found.high == pytest.approx((mass @ [one.high, two.high]) / mass.sum())


def test_a_covariate_that_tells_the_outcome_brings_the_bounds_closer():
    people = draw(np.random.default_rng(6), 4000, cells=3)
    loose = lee_bounds(Lost(people.y, people.treated, people.weight, people.cell * 0))
    tight = lee_bounds(people)
    assert tight.high - tight.low < loose.high - loose.low


def test_a_group_that_nobody_is_left_of_has_no_bounds():
    found = lee_bounds(lost([1, 2], [None, None]))
    assert np.isnan([found.low, found.high]).all()


@pytest.mark.parametrize("cells", [1, 3])
def test_errors_by_influence_are_those_of_leaving_out_each_person(cells):
    people = draw(np.random.default_rng(7), cells=cells)
    found = lee_bounds(people)
    each = np.arange(len(people.y))
    one, other = (lee_covariance(people, found, each, few=few) for few in (False, True))
    assert found.influence.sum(axis=0) == pytest.approx([0, 0], abs=1e-12)
    # Both are of the order 1/n; they differ in the next one.
    np.testing.assert_allclose(one, other, rtol=0.06)


def test_errors_are_the_spread_over_draws():
    rng = np.random.default_rng(8)
    ends, errors = [], []
    for _ in range(400):
        people = draw(rng, cells=2)
        found = lee_bounds(people)
        ends.append([found.low, found.high])
        spread = lee_covariance(people, found, np.arange(len(people.y)), few=False)
        errors.append(np.sqrt(np.diag(spread)))
    # 400 draws know a standard deviation to 3.5 %.
    np.testing.assert_allclose(np.std(ends, axis=0), np.mean(errors, axis=0), rtol=0.1)


def test_copies_of_people_in_a_cluster_do_not_make_the_error_smaller():
    people = draw(np.random.default_rng(9), 120)
    at = np.repeat(np.arange(120), 3)
    found, thrice = lee_bounds(people), lee_bounds(people.part(at))
    once = lee_covariance(people, found, np.arange(120), few=False)
    again = lee_covariance(people.part(at), thrice, at, few=False)
    np.testing.assert_allclose(again, once, rtol=1e-9)


def test_the_interval_covers_an_effect_that_lies_on_a_bound():
    """The pilot keeps exactly the worst: the effect on those who would stay is the upper bound."""
    rng = np.random.default_rng(10)
    hits = 0
    for _ in range(400):
        treated, y = rng.random(300) < 0.5, rng.normal(size=300)
        kept = treated | (y > stats.norm.ppf(0.25))
        people = Lost(np.where(kept, y + 1.0 * treated, np.nan), treated, np.ones(300),
                      np.zeros(300, dtype=int))  # fmt: skip
        found = lee_bounds(people)
        spread = lee_covariance(people, found, np.arange(300), few=False)
        low, high = reaching((found.low, found.high), np.sqrt(np.diag(spread)))
        hits += low <= 1.0 <= high
    # 95 % of 400, within three standard errors of a binomial.
    assert 0.915 <= hits / 400 <= 0.985


def test_the_interval_is_the_usual_one_for_a_point_and_one_sided_ends_for_a_wide_range():
    assert reaching((2.0, 2.0), (0.5, 0.5)) == pytest.approx((2 - 0.98, 2 + 0.98), abs=1e-4)
    wide = reaching((0.0, 50.0), (1.0, 2.0), dof=9)
    quantile = stats.t.ppf(0.95, 9)
    assert wide == pytest.approx((-quantile, 50 + 2 * quantile))


def test_the_middle_of_imbens_and_manski_solves_their_equation():
    low, high = reaching((0.0, 1.0), (1.0, 0.8), level=0.9)
    c = -low
    assert high == pytest.approx(1 + 0.8 * c)
    assert stats.norm.cdf(c + 1.0) - stats.norm.cdf(-c) == pytest.approx(0.9)


def test_nothing_reaches_from_bounds_without_an_error():
    assert np.isnan(reaching((0.0, 1.0), (np.nan, np.nan))).all()
    assert np.isnan(reaching((0.0, 1.0), (0.0, 0.0))).all()


def test_influences_and_leaving_out_give_the_variance_of_a_mean():
    x = np.random.default_rng(11).normal(size=40)
    exact = x.var(ddof=1) / 40
    pulled = ((x - x.mean()) / 40)[:, None]
    assert by_influence(pulled, np.arange(40))[0, 0] == pytest.approx(exact)
    left = by_leaving_out(lambda keep: np.array([x[keep].mean()]), np.arange(40))
    assert left[0, 0] == pytest.approx(exact)
