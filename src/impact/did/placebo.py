"""The same calculation before the start, with an invented one: it should find nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.choose import choose
from impact.did.labels import time_label
from impact.did.look_terms import INVENTED, INVENTED_EACH, REAL
from impact.did.robustness import compares, headline_of, looked, not_done
from impact.did.ruled import as_ruled
from impact.did.subpanel import subpanel
from impact.errors import DesignError
from impact.locale import N_
from impact.results import EffectResult, Effects, Statement

__all__ = ["placebo"]

SECTION = "placebo"


def placebo(
    panel: Panel, effects: Effects, *, outcome: str | None = None
) -> EffectResult | Statement:
    """Estimate the headline on the periods before the start, with an invented start.

    With one start, it is put in the middle of the periods before (less those in which the
    pilot may have been anticipated), the later half counting as after. With several, each
    cohort keeps its untreated periods and is taken to have started one period early;
    cohorts without an earlier period are left out.

    Parameters
    ----------
    panel : Panel
    effects : Effects
        What `estimate` returned.
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    EffectResult or Statement
        Two rows: the headline, and the same with the invented start. A statement where
        fewer than two periods come before the start, or the method takes more.

    Notes
    -----
    If both groups would have gone on alike, nothing should be found before the start. An
    estimate near zero is compatible with that and does not show it: the interval says how
    large a difference in courses would have gone unseen.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.placebo(panel, did.estimate(panel))  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    if not compares(headline):
        return not_done(SECTION)
    if panel.design.kind == "randomised":
        return not_done(
            SECTION,
            N_(
                "Assignment was by lottery; how alike the groups were before stands under “How "
                "alike the groups were at the start”."
            ),
        )
    known = panel.values[headline.outcome].notna().to_numpy()
    earlier = known & (panel.period < _reached(panel))
    moved = _moved(panel, earlier)
    if moved is None:
        return not_done(
            SECTION,
            N_(
                "A start can be invented only where there are two waves or more before the real "
                "one."
            ),
        )
    keep, start, name = moved
    choice = choose(panel, headline.outcome)
    # What may have been anticipated is out already.
    design = panel.design.model_copy(update={"anticipation": 0})
    try:
        before = replace(subpanel(panel, keep, start=start), design=design)
        found = as_ruled(before, headline.outcome, choice)
    except DesignError:
        return not_done(
            SECTION, N_("The waves before the start are too few for the same calculation on them.")
        )
    rows = [
        headline.rows.iloc[[0]].assign(term=REAL),
        found.rows.iloc[[0]].assign(term=name),
    ]
    return looked(SECTION, rows, min(headline.base, found.base))


def _reached(panel: Panel) -> np.ndarray:
    """Return the code of the first period that the pilot may have touched, shape (N,)."""
    first: np.ndarray = np.searchsorted(panel.times, panel.start) - panel.design.anticipation
    return first


def _moved(panel: Panel, earlier: np.ndarray) -> tuple[np.ndarray, np.ndarray, str] | None:
    """Return which rows are used, their invented starts, and what the start is called."""
    starts = np.unique(panel.start[np.isfinite(panel.start)])
    if len(starts) == 1:
        last = int(np.searchsorted(panel.times, starts[0])) - panel.design.anticipation
        keep = earlier & (panel.period < last)
        before = np.unique(panel.period[keep])
        if len(before) < 2:
            return None
        begins = panel.times[before[len(before) // 2]]
        start = np.where(np.isfinite(panel.start), begins, np.inf)
        return keep, start, INVENTED % {"start": time_label(panel, float(begins))}
    at = np.minimum(_reached(panel) - 1, len(panel.times) - 1)
    early = np.isfinite(panel.start) & (at < 1)
    start = np.where(np.isfinite(panel.start), panel.times[np.maximum(at, 0)], np.inf)
    keep = earlier & ~early
    if not (keep & np.isfinite(start)).any():
        return None
    return keep, start, INVENTED_EACH
