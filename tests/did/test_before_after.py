"""The change of one group, against the paired t test."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from impact import did
from impact.data.panel import Panel
from impact.errors import DesignError


def one_group(frame, **said):
    given = {"unit": "id", "period": "wave", "outcomes": ["y"], "starts": 2}
    return Panel.from_frame(frame, kind="before_after", **{**given, **said})


def halves(frame):
    return frame.assign(after=frame["wave"] >= 2).groupby(["id", "after"])["y"].mean().unstack()


def test_the_change_and_its_interval_are_the_paired_t_tests(frame, thin):
    rows = thin(frame, 0.5)
    both = halves(rows).dropna()
    effect = did.before_after(one_group(rows))
    theirs = stats.ttest_rel(both[True], both[False])
    assert effect.estimate == pytest.approx((both[True] - both[False]).mean(), abs=1e-12)
    assert effect.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    interval = theirs.confidence_interval(0.95)
    assert (effect.conf_low, effect.conf_high) == pytest.approx(tuple(interval), rel=1e-9)
    assert effect.n_units == len(both)
    assert effect.base == len(both)


def test_it_claims_no_effect(frame):
    effect = did.before_after(one_group(frame))
    assert (effect.method, effect.estimand, effect.term) == ("before_after", "change", "change")
    assert "cannot be told" in str(effect.notes[0])


def test_units_seen_on_one_side_only_are_counted(frame, thin):
    rows = thin(frame, 0.4)
    lost = int(halves(rows).isna().any(axis=1).sum())
    effect = did.before_after(one_group(rows))
    assert any(note.counts == {"n": lost} for note in effect.notes)


def test_samples_of_different_people_are_compared_as_two(frame):
    rows = frame.drop(columns="id")
    effect = did.before_after(one_group(rows, unit=None, sample="cross_sections"))
    after, before = (rows.loc[side, "y"] for side in (rows.wave >= 2, rows.wave < 2))
    theirs = stats.ttest_ind(after, before, equal_var=False)
    assert effect.estimate == pytest.approx(after.mean() - before.mean(), abs=1e-12)
    assert effect.statistic == pytest.approx(theirs.statistic, rel=1e-9)


def test_two_units_give_a_change_without_a_range(frame):
    effect = did.before_after(one_group(frame[frame["id"] < 2]))
    assert np.isfinite(effect.estimate)
    assert np.isnan(effect.p_value)
    assert effect.inference == "none"


def test_a_side_without_rows_is_refused(frame):
    given = one_group(frame)
    late = given.values.where(given.times[given.period][:, None] >= 2)
    with pytest.raises(DesignError, match="none before"):
        did.before_after(replace(given, values=late))


def test_there_is_nobody_to_permute_to(frame):
    with pytest.raises(DesignError, match="no comparison group"):
        did.before_after(one_group(frame), inference="permutation")
