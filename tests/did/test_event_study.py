"""Effects by time from the start, against dummies written out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from impact import did
from impact.data.panel import Panel
from impact.errors import DesignError


def with_times(frame, first):
    rows = frame.assign(since=np.where(first > 0, frame["wave"] - first, 99))
    names = {}
    for since in sorted(set(rows["since"]) - {99, -1}):
        names[since] = f"t{'m' if since < 0 else ''}{abs(since)}"
        rows[names[since]] = (rows["since"] == since).astype(float)
    return rows, {f"{since}": name for since, name in names.items()}


def written_out(rows, names):
    return smf.ols(f"y ~ {' + '.join(names.values())} + C(id) + C(wave)", rows).fit()


def test_terms_are_statsmodels_interactions_with_one_start(frame, panel, thin):
    rows, names = with_times(thin(frame), np.where(thin(frame)["pilot"] == 1, 2, 0))
    effect = did.event_study(panel(rows), inference="cr1").to_frame().set_index("term")
    theirs = written_out(rows, names)
    assert list(effect.index) == ["ATT", "-2", "0", "1"]
    for term, name in names.items():
        assert effect.loc[term, "estimate"] == pytest.approx(theirs.params[name], rel=1e-9)
    after = np.mean([theirs.params[names[term]] for term in ("0", "1")])
    assert effect.loc["ATT", "estimate"] == pytest.approx(after, rel=1e-9)


def test_terms_are_statsmodels_with_several_starts(cohorts):
    rows, names = with_times(cohorts, cohorts["first"])
    given = Panel.from_frame(rows, unit="id", period="wave", outcomes=["y"], first_treated="first")
    effect = did.event_study(given).to_frame().set_index("term")
    theirs = written_out(rows, names)
    for term, name in names.items():
        assert effect.loc[term, "estimate"] == pytest.approx(theirs.params[name], rel=1e-9)


def test_the_error_of_the_mean_comes_from_the_covariance_of_the_terms(frame, panel):
    effect = did.event_study(panel(frame), inference="cr1")
    rows = effect.to_frame()
    after = [at for at, term in enumerate(rows["term"]) if term in ("0", "1")]
    spread = effect.vcov[np.ix_(after, after)].sum() / 4
    assert rows["std_error"][0] == pytest.approx(np.sqrt(spread), rel=1e-10)


def test_with_anticipation_the_reference_is_earlier(frame, panel):
    effect = did.event_study(panel(frame, anticipation=1))
    assert effect.details["reference"] == -2
    assert list(effect.to_frame()["term"]) == ["ATT", "-1", "0", "1"]
    assert "pre_test" not in effect.details


def test_the_pre_test_is_the_f_of_the_terms_before(make, panel):
    effect = did.event_study(panel(make(periods=6, start=4), starts=4), inference="cr1")
    test = effect.details["pre_test"]
    assert test["terms"] == ["-4", "-3", "-2"]
    before = [1, 2, 3]
    estimate = effect.to_frame()["estimate"].to_numpy()[before]
    wald = estimate @ np.linalg.solve(effect.vcov[np.ix_(before, before)], estimate)
    assert test["statistic"] == pytest.approx(wald / 3, rel=1e-9)
    assert test["p_value"] == pytest.approx(stats.f(3, 59).sf(wald / 3), rel=1e-9)


def test_the_pre_test_of_few_clusters_does_not_reject_a_true_null_too_often(make, panel):
    rejected, draws = 0, 150
    for seed in range(draws):
        rows = make(units=24, periods=5, start=3, clusters=8, seed=seed, effect=0.0)
        found = did.event_study(panel(rows, cluster="town", starts=3), inference="cr2")
        rejected += found.details["pre_test"]["p_value"] < 0.05
    # 6 % and three errors of 150 draws.
    assert rejected / draws < 0.06 + 3 * np.sqrt(0.06 * 0.94 / draws)


def test_without_anybody_never_treated_the_earliest_time_is_a_reference_too(cohorts):
    rows = cohorts[cohorts["first"] > 0]
    given = Panel.from_frame(rows, unit="id", period="wave", outcomes=["y"], first_treated="first")
    effect = did.event_study(given)
    assert "-3" not in set(effect.to_frame()["term"])
    assert any("earliest" in str(note) for note in effect.notes)
    assert np.isfinite(effect.to_frame()["estimate"]).all()


def test_one_treated_place_shows_terms_without_a_test(make, panel):
    rows = make(clusters=8).assign(pilot=lambda rows: (rows["town"] == 0).astype(int))
    effect = did.event_study(panel(rows, cluster="town"))
    assert effect.to_frame()["p_value"].isna().all()
    assert any("too few units of assignment" in str(note) for note in effect.notes)


def test_no_time_before_the_start_is_refused(frame, panel):
    given = panel(frame)
    late = given.values.where(given.times[given.period][:, None] >= 2)
    with pytest.raises(DesignError, match="before the start"):
        did.event_study(replace(given, values=late))


def long_courses(seed, *, last=True):
    """Return eight waves of 60 units that start in wave 3, 4, 6 or (if said) never."""
    rng = np.random.default_rng(seed)
    first = np.repeat([3, 4, 6, 0 if last else 7], 15)
    wave = np.arange(1, 9)
    y = rng.normal(size=(60, 1)) + 0.2 * wave + rng.normal(size=(60, 8))
    y += 0.5 * ((first[:, None] > 0) & (wave >= first[:, None]))
    return pd.DataFrame(
        {
            "id": np.repeat(np.arange(60), 8),
            "wave": np.tile(wave, 60),
            "first": np.repeat(first, 8),
            "y": y.ravel(),
        }
    )


def binned_by_hand(frame, low, high):
    """Fit dummies of times from the start, those beyond the ends taken for the ends."""
    since = np.where(frame["first"] > 0, frame["wave"] - frame["first"], 99)
    since = np.where(since == 99, 99, np.clip(since, low, high))
    names = {time: f"t{'m' if time < 0 else ''}{abs(time)}" for time in range(low, high + 1)}
    names.pop(-1)
    dummies = {name: (since == time).astype(float) for time, name in names.items()}
    rows = frame.assign(**dummies)
    fitted = smf.ols(f"y ~ {' + '.join(names.values())} + C(id) + C(wave)", rows).fit()
    return {time: fitted.params[name] for time, name in names.items()}


@pytest.mark.parametrize("inference", ["cr1", "hc1"])
def test_binned_ends_are_statsmodels_dummies_of_all_times_beyond_them(inference):
    frame = long_courses(1)
    given = Panel.from_frame(frame, unit="id", period="wave", outcomes=["y"], first_treated="first")
    effect = did.event_study(given, leads=3, lags=2, inference=inference)
    rows = effect.to_frame().set_index("term")["estimate"]
    by_hand = binned_by_hand(frame, -3, 2)
    terms = {"-3 and before": -3, "-2": -2, "0": 0, "1": 1, "2 and after": 2}
    assert list(rows.index) == ["ATT", *terms]
    for term, time in terms.items():
        assert rows[term] == pytest.approx(by_hand[time], rel=1e-9)
    assert rows["ATT"] == pytest.approx((by_hand[0] + by_hand[1]) / 2, rel=1e-9)


def test_the_binned_lead_enters_the_pre_test():
    given = Panel.from_frame(
        long_courses(2), unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    effect = did.event_study(given, leads=3, inference="cr1")
    assert effect.details["pre_test"]["terms"] == ["-3 and before", "-2"]


def test_an_end_of_one_time_keeps_its_name_and_its_numbers():
    given = Panel.from_frame(
        long_courses(3), unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    plain = did.event_study(given).to_frame()
    ends = did.event_study(given, leads=5, lags=5).to_frame()
    pd.testing.assert_frame_equal(plain, ends)


def test_where_everybody_starts_binned_ends_leave_the_earliest_time_in():
    frame = long_courses(4, last=False)
    given = Panel.from_frame(frame, unit="id", period="wave", outcomes=["y"], first_treated="first")
    rows = did.event_study(given, leads=4, lags=2).to_frame().set_index("term")["estimate"]
    by_hand = binned_by_hand(frame, -4, 2)
    assert rows["-4 and before"] == pytest.approx(by_hand[-4], rel=1e-8)
    assert rows["0"] == pytest.approx(by_hand[0], rel=1e-8)


@pytest.mark.parametrize(("ends", "said"), [({"leads": 1}, "compared with"), ({"lags": 0}, "mean")])
def test_ends_that_leave_nothing_to_compare_are_refused(ends, said):
    given = Panel.from_frame(
        long_courses(5), unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    with pytest.raises(DesignError, match=said):
        did.event_study(given, **ends)
