"""What this package is asked to do."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["bootstrap", "estimator", "fresh", "panel", "slopes"]


def panel(frame: pd.DataFrame, covariates: tuple[str, ...] = ()) -> Any:
    """Make a panel of a frame, with all its checks."""
    from impact.data.panel import Panel

    return Panel.from_frame(
        frame,
        unit="unit",
        period="period",
        outcomes="y",
        first_treated="first",
        covariates=covariates,
    )


def fresh(ready: Any) -> Any:
    """Return the panel without what an earlier fit may have kept on it."""
    return replace(ready)


def estimator(method: str, **said: Any) -> Callable[[Any], dict[str, float]]:
    """Return a call of ``impact.did.<method>`` that gives its estimates by term."""
    return partial(_estimates, method, said)


def _estimates(method: str, said: dict[str, Any], ready: Any) -> dict[str, float]:
    call = getattr(importlib.import_module(f"impact.did.{method}"), method)
    rows = call(ready, **said).rows
    return dict(zip(rows["term"], rows["estimate"], strict=True))


def slopes(frame: pd.DataFrame) -> Any:
    """Fit the regression whose coefficient the wild bootstrap tests."""
    from impact.inference.linear import fit

    columns = frame[["under", "x"]].to_numpy(dtype=float)
    codes = frame["unit"].to_numpy()
    model = fit(
        frame["y"].to_numpy(),
        np.column_stack([columns, np.ones(len(frame))]),
        names=["under", "x", "constant"],
    )
    return model, codes


def bootstrap(ready: Any) -> dict[str, float]:
    """Run 9,999 draws of the wild cluster bootstrap, p-value and interval."""
    from impact.inference.wild_bootstrap import wild_bootstrap

    model, codes = ready
    test = wild_bootstrap(model, "under", codes, replications=9_999)
    return {"p": test.p_value, "low": test.conf_low, "high": test.conf_high}
