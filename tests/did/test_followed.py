"""Units that leave, and covariates of units that stay: what the headline compares then."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from impact import Panel, did
from impact.data.followed import followed
from impact.results import EffectResult

N = 300


def people(seed: int, *, lost: float = 0.0) -> pd.DataFrame:
    """Return two waves of people whose courses are parallel; of the pilot's the low ones leave."""
    rng = np.random.default_rng(seed)
    treated = (np.arange(N) % 2).astype(int)
    x = rng.normal(size=N) + treated
    before = x + rng.normal(scale=0.5, size=N)
    after = before + 1.0 + rng.normal(scale=0.5, size=N)
    gone = (treated == 1) & (before < np.quantile(before[treated == 1], lost))
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(N), 2),
            "wave": np.tile([1, 2], N),
            "pilot": np.repeat(treated, 2),
            "x": np.repeat(x, 2),
            "y": np.column_stack([before, np.where(gone, np.nan, after)]).ravel(),
        }
    )
    return frame.dropna()


def panel_of(frame: pd.DataFrame, **said: object) -> Panel:
    return Panel.from_frame(
        frame, unit="id", period="wave", outcomes="y", treated="pilot", starts=2, **said
    )


def headline(panel: Panel) -> EffectResult:
    return next(effect for effect in did.estimate(panel) if effect.role == "headline")


def test_who_is_still_there_does_not_count_as_an_effect() -> None:
    found = [headline(panel_of(people(seed, lost=0.25))) for seed in range(20)]
    all_rows = [did.did(panel_of(people(seed, lost=0.25))).estimate for seed in range(20)]
    assert np.mean([effect.estimate for effect in found]) == pytest.approx(0, abs=0.03)
    assert np.mean(all_rows) > 0.2


def test_the_headline_is_the_mean_change_of_those_seen_twice() -> None:
    frame = people(1, lost=0.25)
    wide = frame.pivot(index="id", columns="wave", values="y").dropna()
    group = frame.groupby("id")["pilot"].first().loc[wide.index]
    change = wide[2] - wide[1]
    by_hand = change[group == 1].mean() - change[group == 0].mean()
    panel = panel_of(frame)
    assert headline(panel).estimate == pytest.approx(by_hand, rel=1e-12)
    assert headline(panel).rows["n_units"].iloc[0] == len(wide)


def test_the_means_of_all_rows_stand_beside_it() -> None:
    panel = panel_of(people(1, lost=0.25))
    beside = [effect for effect in did.estimate(panel) if effect.role == "alternative"]
    all_rows = next(e for e in beside if e.rows["term"].iloc[0] == "ATT all rows")
    assert all_rows.estimate == pytest.approx(did.did(panel).estimate, rel=1e-12)


def test_the_reasons_say_that_some_were_left_out() -> None:
    said = " ".join(str(reason) for reason in did.choose(panel_of(people(1, lost=0.25))).reasons)
    assert "seen on one side of the start only" in said


def test_a_panel_without_losses_is_compared_as_it_is() -> None:
    panel = panel_of(people(1))
    assert followed(panel, "y") is None
    assert headline(panel).estimate == pytest.approx(did.did(panel).estimate, rel=1e-12)


def test_people_asked_once_each_cannot_be_followed() -> None:
    panel = panel_of(people(1, lost=0.25), sample="cross_sections")
    assert followed(panel, "y") is None


def test_a_covariate_that_stays_adjusts_the_change_and_not_the_level() -> None:
    frame = people(3)
    frame["y"] += frame["x"] * (frame["wave"] == 2)
    plain = did.did(panel_of(frame)).estimate
    adjusted = did.did(panel_of(frame, covariates=["x"]))
    wide = frame.pivot(index="id", columns="wave", values="y")
    fixed = frame.groupby("id")[["pilot", "x"]].first()
    by_hand = sm.OLS(wide[2] - wide[1], sm.add_constant(fixed)).fit().params["pilot"]
    assert adjusted.estimate == pytest.approx(by_hand, rel=1e-9)
    assert abs(adjusted.estimate) < 0.2 < plain


def test_covariates_of_people_asked_once_are_held_equal_in_level() -> None:
    frame = people(3)
    panel = panel_of(frame, covariates=["x"], sample="cross_sections")
    design = pd.DataFrame(
        {
            "pilot": frame["pilot"],
            "after": (frame["wave"] == 2).astype(int),
            "ATT": frame["pilot"] * (frame["wave"] == 2),
            "x": frame["x"],
        }
    )
    by_hand = sm.OLS(frame["y"], sm.add_constant(design)).fit().params["ATT"]
    assert did.did(panel).estimate == pytest.approx(by_hand, rel=1e-9)
