"""Published numbers beside ours."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from impact.data.panel import Panel
from impact.results import EffectResult, Effects, Replication
from impact.spec.models import Published

__all__ = ["replicate"]

COLUMNS = (
    "outcome",
    "label",
    "method",
    "inference",
    "ours",
    "ours_std_error",
    "published",
    "published_std_error",
    "source",
    "note",
)
PREFERRED = {"convention": 0, "headline": 1, "alternative": 2}


def replicate(panel: Panel, effects: Effects) -> Replication:
    """Put the published numbers of the params file beside the same numbers of ours.

    Parameters
    ----------
    panel : Panel
        Its params file lists what was published.
    effects : Effects
        As `estimate` returned them. Where the published error structure stands beside the
        headline as a convention, that one is compared.

    Returns
    -------
    Replication
        One row a published number; ours is missing where the pilot was not estimated by
        the published method.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.replicate(panel, did.estimate(panel))  # doctest: +SKIP
    """
    published = panel.spec.published if panel.spec is not None else ()
    rows, bases = [], []
    for number in published:
        found = _same(effects, number)
        rows.append(_row(panel, number, found))
        bases += [] if found is None else [found[0].base]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return Replication(frame, min(bases, default=0))


def _same(effects: Effects, number: Published) -> tuple[EffectResult, pd.Series] | None:
    """Find the row of ours that repeats a published number."""
    found = []
    for effect in effects:
        rows = effect.rows
        match = (rows["outcome"] == number.outcome) & (rows["method"] == number.method)
        if number.term is not None:
            match &= rows["term"] == number.term
        if match.any():
            found.append((effect, rows.loc[match].iloc[0]))
    return min(found, key=lambda pair: PREFERRED[pair[0].role], default=None)


def _row(
    panel: Panel, number: Published, found: tuple[EffectResult, pd.Series] | None
) -> dict[str, Any]:
    labels = {outcome.column: outcome.label for outcome in panel.outcomes}
    ours = None if found is None else found[1]
    return {
        "outcome": number.outcome,
        "label": labels.get(number.outcome, number.outcome),
        "method": number.method,
        "inference": "" if ours is None else str(ours["inference"]),
        "ours": math.nan if ours is None else float(ours["estimate"]),
        "ours_std_error": math.nan if ours is None else float(ours["std_error"]),
        "published": number.estimate,
        "published_std_error": math.nan if number.std_error is None else number.std_error,
        "source": number.source,
        "note": number.note or "",
    }
