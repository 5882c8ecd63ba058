"""Weights for those who were lost: by hand, by draws, and against a published example."""

import causaldata
import numpy as np
import pytest
from scipy.special import expit

from impact.inference.linear import fit
from impact.inference.logit import Separated, logit
from impact.inference.staying import CAP, Stayed, reweighted, reweighted_covariance


def draw(rng, n=600):
    """Draw people whose leaving hangs on what also makes the pilot work for them."""
    x, treated = rng.normal(size=n), rng.random(n) < 0.5
    y = (1 + x) * treated + x + rng.normal(size=n)
    stays = rng.random(n) < expit(1.2 - np.where(treated, 0.9 * x, -0.3 * x))
    known = np.column_stack([x, x * treated])
    return Stayed(np.where(stays, y, np.nan), treated, rng.uniform(0.5, 2, n), known, known[:, :0])


def test_with_one_yes_or_no_the_cells_are_weighted_back_to_their_size_at_the_start():
    """Pilot: 4 of 8 women and 3 of 4 men stay; so women's mean counts for two thirds again."""
    female = np.array([1] * 8 + [0] * 4 + [1] * 6 + [0] * 6)
    treated = np.arange(24) < 12
    y = np.where(female == 1, 1.0, 4.0) + np.arange(24) % 3
    y[:4] = y[8:9] = y[12:15] = y[18:22] = np.nan
    known = np.column_stack([female, female * treated])
    found = reweighted(Stayed(y, treated, np.ones(24), known, np.empty((24, 0))))

    def cell(*where):
        return np.nanmean(y[np.logical_and.reduce(where)])

    with_pilot = (8 * cell(treated, female == 1) + 4 * cell(treated, female == 0)) / 12
    without = (6 * cell(~treated, female == 1) + 6 * cell(~treated, female == 0)) / 12
    assert found.estimate == pytest.approx(with_pilot - without, abs=1e-9)
    assert found.plain == pytest.approx(np.nanmean(y[treated]) - np.nanmean(y[~treated]))


def test_a_group_that_lost_nobody_keeps_its_weights():
    rng = np.random.default_rng(2)
    people = draw(rng, 200)
    y = np.where(people.treated, np.nan_to_num(people.y), people.y)
    found = reweighted(
        Stayed(y, people.treated, people.weight, people.known[:, :1], people.controls)
    )
    assert found.weights[people.treated] == pytest.approx(1)
    assert found.weights[~people.treated & np.isfinite(y)].std() > 0


def test_a_kind_of_people_that_lost_nobody_stays_for_certain():
    """Of 20 men nobody leaves, of 20 women every other: each woman stands for two, no man does."""
    women, treated = np.arange(40) < 20, np.arange(40) % 4 < 2
    y = np.where(women & (np.arange(40) % 2 == 0), np.nan, np.arange(40.0))
    found = reweighted(
        Stayed(y, treated, np.ones(40), women[:, None].astype(float), np.empty((40, 0)))
    )
    share = np.isfinite(y[treated]).mean()
    stays = treated & np.isfinite(y)
    assert found.weights[stays & women] == pytest.approx(share / 0.5)
    assert found.weights[stays & ~women] == pytest.approx(share)


def test_weights_of_those_who_stayed_add_up_to_everybody():
    """The logit's own equations: within a group the chances average to the share kept."""
    rng = np.random.default_rng(3)
    people = draw(rng, 900)
    plain = Stayed(people.y, people.treated, np.ones(900), people.known, people.controls)
    stayed = np.isfinite(people.y)
    found = reweighted(plain)
    for group in (people.treated, ~people.treated):
        kept = found.weights[group & stayed]
        assert kept.mean() == pytest.approx(1, abs=0.02)
        x = people.known[:, 0]
        again = np.average(x[group & stayed], weights=kept)
        before, left = x[group].mean(), x[group & stayed].mean()
        assert abs(again - before) < 0.3 * abs(left - before)


@pytest.mark.parametrize("controls", [0, 1])
def test_errors_by_influence_are_those_of_leaving_out_each_person(controls):
    rng = np.random.default_rng(4)
    people = draw(rng, 700)
    known = people.known[:, :1]
    people = Stayed(people.y, people.treated, people.weight, known, known[:, :controls])
    found = reweighted(people)
    each = np.arange(700)
    one, other = (reweighted_covariance(people, found, each, few=few) for few in (False, True))
    assert found.influence.sum(axis=0) == pytest.approx([0, 0], abs=1e-10)
    np.testing.assert_allclose(one, other, rtol=0.08)


def test_the_weighted_estimate_is_right_where_leaving_hangs_on_what_is_known_and_covers():
    rng = np.random.default_rng(5)
    found = []
    for _ in range(400):
        people = draw(rng)
        one = reweighted(people)
        spread = reweighted_covariance(people, one, np.arange(600), few=False)
        found.append((one.estimate, one.plain, np.sqrt(spread[0, 0])))
    estimate, plain, error = np.array(found).T
    # The truth is 1; 400 draws know the mean to 0.009 and a coverage of 95 % to 1.1 points.
    assert estimate.mean() == pytest.approx(1, abs=0.03)
    assert plain.mean() < 0.7
    assert np.mean(np.abs(estimate - 1) < 1.96 * error) == pytest.approx(0.95, abs=0.033)
    assert estimate.std() == pytest.approx(error.mean(), rel=0.1)


def test_nobody_stands_for_more_than_ten():
    rng = np.random.default_rng(6)
    x = rng.normal(size=4000)
    stays = rng.random(4000) < expit(-1.5 + 1.2 * x)
    people = Stayed(
        np.where(stays, x, np.nan),
        np.arange(4000) % 2 == 0,
        np.ones(4000),
        x[:, None],
        np.empty((4000, 0)),
    )
    found = reweighted(people)
    assert found.weights.max() == CAP
    assert found.capped == (found.weights == CAP).sum() > 0


def test_who_is_lost_for_certain_cannot_be_stood_for():
    treated = np.arange(40) % 2 == 0
    x = np.repeat([0.0, 1.0], 20)
    people = Stayed(
        np.where(x == 0, 1.0 * treated, np.nan), treated, np.ones(40), x[:, None], np.empty((40, 0))
    )
    with pytest.raises(Separated):
        reweighted(people)


def nhefs():
    """Return who quit smoking, how much weight they gained, and what was known of them."""
    people = causaldata.nhefs.load_pandas().data
    numbers = {
        name: people[name].astype(int).to_numpy(dtype=float)
        for name in ("sex", "race", "education", "exercise", "active")
    }
    columns = [numbers["sex"], numbers["race"]]
    columns += [numbers["education"] == at for at in (2, 3, 4, 5)]
    columns += [numbers[name] == at for name in ("exercise", "active") for at in (1, 2)]
    for name in ("age", "smokeintensity", "smokeyrs", "wt71"):
        values = people[name].to_numpy(dtype=float)
        columns += [values, values**2]
    known = np.column_stack(columns).astype(float)
    known = (known - known.mean(axis=0)) / known.std(axis=0)
    return people["qsmk"].to_numpy() == 1, people["wt82_71"].to_numpy(dtype=float), known


def test_weights_for_the_lost_of_the_nhefs_are_the_published_ones():
    """Hernán and Robins, What If, section 12.6: weights 0.35 to 4.09, mean 1.00, 3.5 kg."""
    quit_smoking, gain, known = nhefs()
    lost = reweighted(Stayed(gain, quit_smoking, np.ones(len(gain)), known, known[:, :0]))
    design = np.column_stack([np.ones(len(gain)), known])
    quitting = logit(np.ascontiguousarray(design.T), quit_smoking.astype(float), np.ones(len(gain)))
    chance = expit(design @ quitting.coefficients)
    share = quit_smoking.mean()
    weight = lost.weights * np.where(quit_smoking, share / chance, (1 - share) / (1 - chance))
    seen = np.isfinite(gain)
    assert (seen.sum(), (~seen).sum()) == (1566, 63)
    assert weight[seen].mean() == pytest.approx(1.00, abs=0.005)
    assert (weight[seen].min(), weight[seen].max()) == pytest.approx((0.35, 4.09), abs=0.005)
    columns = np.column_stack([np.ones(seen.sum()), quit_smoking[seen]])
    assert fit(gain[seen], columns, weights=weight[seen]).beta[1] == pytest.approx(3.5, abs=0.05)
