"""What the peers are asked to do: the same estimand, clustered by unit, as lean as they allow.

Each function takes what its tool calls a ready panel and returns estimates by the term's
name in this package. Peers are asked for one overall effect, this package always computes
all its terms.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

__all__ = [
    "csdid",
    "diff_diff",
    "differences",
    "feols",
    "indexed",
    "panel_ols",
    "saturated",
    "since_start",
    "two_stages",
    "with_cohorts",
]

CLUSTERED = {"CRV1": "unit"}


def feols(formula: str, term: str, found: str = "ATT") -> Callable[[Any], dict[str, float]]:
    """Return a call of pyfixest's ``feols``, without copies and stored data."""

    def call(frame: pd.DataFrame) -> dict[str, float]:
        import pyfixest

        model = pyfixest.feols(
            formula, frame, vcov=CLUSTERED, copy_data=False, store_data=False, lean=True
        )
        model.se()
        return {found: float(model.coef()[term])}

    return call


def since_start(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the time since the start, -1 for the never treated: pyfixest's event study."""
    since = np.where(frame["first"] > 0, frame["period"] - frame["first"], -1)
    return frame.assign(since=since)


def saturated(frame: pd.DataFrame) -> dict[str, float]:
    """Run pyfixest's saturated event study (Sun and Abraham) and average by event time."""
    import pyfixest

    model = pyfixest.event_study(
        frame, "y", "unit", "period", "first", estimator="saturated", att=False, cluster="unit"
    )
    rows = model.aggregate(agg="period")
    return {f"{float(at):g}": float(value) for at, value in rows["Estimate"].items()}


def two_stages(frame: pd.DataFrame) -> dict[str, float]:
    """Run pyfixest's ``did2s``."""
    import pyfixest

    model = pyfixest.did2s(
        frame, "y", "~ 0 | unit + period", "~ i(under, ref=0)", "under", cluster="unit"
    )
    return {"ATT": float(model.coef().iloc[0])}


def indexed(frame: pd.DataFrame) -> pd.DataFrame:
    """Index by unit and period, as linearmodels wants it."""
    return frame.set_index(["unit", "period"])


def panel_ols(frame: pd.DataFrame) -> dict[str, float]:
    """Run linearmodels' ``PanelOLS`` with both effects."""
    from linearmodels import PanelOLS

    model = PanelOLS(frame["y"], frame[["under"]], entity_effects=True, time_effects=True)
    found = model.fit(cov_type="clustered", cluster_entity=True)
    return {"ATT": float(found.params["under"]), "error": float(found.std_errors["under"])}


def diff_diff(
    name: str, term: str, *, covariates: list[str] | None = None, aggregate: str = "", **said: Any
) -> Callable[[Any], dict[str, float]]:
    """Return a call of a staggered estimator of diff-diff."""
    return partial(_diff_diff, name, term, covariates, aggregate, said)


def _diff_diff(
    name: str,
    term: str,
    covariates: list[str] | None,
    aggregate: str,
    said: dict[str, Any],
    frame: pd.DataFrame,
) -> dict[str, float]:
    import diff_diff as package

    more = {"aggregate": aggregate} if aggregate else {}
    found = getattr(package, name)(**said).fit(
        frame, "y", "unit", "period", "first", covariates=covariates, **more
    )
    return {term: float(found.overall_att)}


def csdid(formula: str | None = None) -> Callable[[Any], dict[str, float]]:
    """Return a call of csdid with analytic errors, averaged by cohort."""

    def call(frame: pd.DataFrame) -> dict[str, float]:
        from csdid.att_gt import ATTgt

        # It prints its tables.
        with contextlib.redirect_stdout(io.StringIO()):
            model = ATTgt(
                "y",
                "period",
                "unit",
                "first",
                frame,
                control_group=["notyettreated"],
                xformla=formula,
            ).fit(est_method="dr", bstrap=False)
            model.aggte("group")
        return {"group": float(model.atte["overall_att"])}

    return call


def with_cohorts(frame: pd.DataFrame) -> pd.DataFrame:
    """Index by unit and period, cohort missing for the never treated: differences' form."""
    never = frame["first"].where(frame["first"] > 0).astype(float)
    return frame[["y", "x"]].assign(first=never).set_index(_index(frame))


def _index(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([frame["unit"], frame["period"]])


def differences(formula: str) -> Callable[[Any], dict[str, float]]:
    """Return a call of differences' ``ATTgt``, averaged by cohort."""

    def call(frame: pd.DataFrame) -> dict[str, float]:
        from differences import ATTgt

        model = ATTgt(frame, "first").fit(
            formula, est_method="dr", control_group="not_yet_treated", progress_bar=False
        )
        return {"group": float(model.aggregate("cohort", overall=True).iloc[0, 0])}

    return call
