"""The difference by time from the start, with bands for each time and for all at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.choose import choose
from impact.did.robustness import compares, degrees, headline_of, not_done
from impact.did.ruled import as_ruled
from impact.errors import DesignError
from impact.inference.uniform import uniform_criticals
from impact.locale import N_
from impact.results import EffectResult, Effects, Statement

__all__ = ["UNIFORM", "by_time"]

SECTION = "by_time"
UNIFORM = "uniform"
BY_TIME = ("callaway_santanna", "event_study")


def by_time(
    panel: Panel, effects: Effects, *, outcome: str | None = None
) -> EffectResult | Statement:
    """Show the difference at each time from the start, before it and after it.

    Parameters
    ----------
    panel : Panel
    effects : Effects
        What `estimate` returned: an event study or group-time effects among them are used
        as they are, else an event study is run.
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    EffectResult or Statement
        One row a time from the start with its own interval; then, where there is a
        covariance, the same times once more with ``inference`` ``uniform`` and an
        interval that holds for all of them together (`impact.inference.uniform`).
        A statement where there are fewer than three periods, or no comparison.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.by_time(panel, did.estimate(panel)).plot()  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    if not compares(headline):
        return not_done(SECTION)
    if panel.design.kind == "randomised":
        return not_done(
            SECTION,
            N_(
                "Assignment was by lottery and the groups are compared at the end, so no "
                "difference by time is shown."
            ),
        )
    known = panel.values[headline.outcome].notna().to_numpy()
    if len(np.unique(panel.period[known])) < 3:
        return not_done(
            SECTION,
            N_(
                "There are two waves: one before the start and one after it. The difference cannot "
                "be followed over time."
            ),
        )
    found = _found(panel, effects, headline)
    if found is None:
        return not_done(SECTION, N_("These data do not allow a difference for each time."))
    at = np.flatnonzero(_is_time(found.rows))
    rows = found.rows.iloc[at].reset_index(drop=True)
    bands = _bands(panel, found, at)
    both = rows if bands is None else pd.concat([rows, bands], ignore_index=True)
    return EffectResult(both, found.base, SECTION)


def _is_time(rows: pd.DataFrame) -> np.ndarray:
    times: np.ndarray = pd.to_numeric(rows["term"], errors="coerce").notna().to_numpy()
    return times


def _found(panel: Panel, effects: Effects, headline: EffectResult) -> EffectResult | None:
    """Return the estimates by time among the effects, or make them."""
    same = [e for e in effects if e.outcome == headline.outcome and e.role != "convention"]
    for effect in same:
        if effect.method in BY_TIME and _is_time(effect.rows).sum() > 1:
            return effect
    try:
        found = as_ruled(panel, headline.outcome, choose(panel, headline.outcome), "event_study")
    except DesignError:
        return None
    return found if _is_time(found.rows).sum() > 1 else None


def _bands(panel: Panel, found: EffectResult, at: np.ndarray) -> pd.DataFrame | None:
    """Return the same rows with intervals that hold together; none without a covariance."""
    rows = found.rows.iloc[at]
    tested = np.isfinite(rows["conf_low"].to_numpy(dtype=float))
    if found.vcov is None or tested.sum() < 2:
        return None
    chosen = at[tested]
    seed = panel.spec.analysis.seed if panel.spec is not None else 0
    level = float(found.level)
    rows = rows.loc[tested].reset_index(drop=True)
    # With few clusters every time has its own degrees of freedom.
    critical = ((rows["conf_high"] - rows["estimate"]) / rows["std_error"]).to_numpy(dtype=float)
    dof = np.array([degrees(one, level) for one in critical])
    vcov = found.vcov[np.ix_(chosen, chosen)]
    wide = uniform_criticals(vcov, dof, level=level, seed=seed)
    ends = wide * rows["std_error"]
    told = {"conf_low": rows["estimate"] - ends, "conf_high": rows["estimate"] + ends}
    banded: pd.DataFrame = rows.assign(statistic=np.nan, p_value=np.nan, **told, inference=UNIFORM)
    return banded
