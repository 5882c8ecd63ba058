"""Who runs what on which panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ours
import pandas as pd
import peers

__all__ = ["METHODS", "OURS", "Method", "Tool"]

OURS = "impact"
LARGEST = 100_000


def _same(ready: Any) -> Any:
    return ready


@dataclass(frozen=True)
class Tool:
    """One package's way to do it.

    Parameters
    ----------
    name : str
        As the tables show it.
    fit : callable
        From the ready panel to estimates by term.
    ready : callable
        From a sorted frame to what the tool calls a ready panel.
    fresh : callable
        Takes off a ready panel what a fit may have kept on it.
    largest : int
        Units beyond which it is not run.
    why : str
        Why not.
    near : float
        Relative distance within which its estimates must equal ours.
    """

    name: str
    fit: Callable[[Any], dict[str, float]]
    ready: Callable[[pd.DataFrame], Any] = _same
    fresh: Callable[[Any], Any] = _same
    largest: int = LARGEST
    why: str = ""
    near: float = 1e-7


@dataclass(frozen=True)
class Method:
    """One estimate, and the tools that make it.

    Parameters
    ----------
    panel : str
        A kind of `panels.drawn`.
    says : str
        What is computed.
    tools : tuple of Tool
        Ours first.
    sizes : tuple of int
        Numbers of units, if not those of the call.
    """

    panel: str
    says: str
    tools: tuple[Tool, ...]
    sizes: tuple[int, ...] = ()

    def tool(self, name: str) -> Tool:
        """Return the tool of that name."""
        return next(tool for tool in self.tools if tool.name == name)


def _ours(method: str, covariates: tuple[str, ...] = (), **said: Any) -> Tool:
    return Tool(
        OURS,
        ours.estimator(method, **said),
        lambda frame: ours.panel(frame, covariates),
        ours.fresh,
        largest=1_000_000,
    )


TWFE = (
    _ours("twfe", inference="cr1"),
    Tool("pyfixest", peers.feols("y ~ under | unit + period", "under")),
    Tool("linearmodels", peers.panel_ols, peers.indexed),
)

METHODS = {
    "did": Method(
        "one start",
        "difference of four means, clustered by unit",
        (
            _ours("did", inference="cr1"),
            Tool("pyfixest", peers.feols("y ~ treated * after", "treated:after")),
        ),
    ),
    "twfe": Method("staggered", "two-way fixed effects, clustered by unit", TWFE),
    "twfe, rows missing": Method(
        "gaps", "the same on an unbalanced panel: a tenth of the rows is missing", TWFE
    ),
    "event_study": Method(
        "one start",
        "one coefficient a period, two-way fixed effects, clustered by unit",
        (
            _ours("event_study", inference="cr1"),
            Tool(
                "pyfixest",
                peers.feols("y ~ i(since, ref=-1) | unit + period", "since::0", "0"),
                peers.since_start,
            ),
        ),
    ),
    "callaway_santanna": Method(
        "staggered",
        "group-time effects, not-yet-treated comparison, analytic errors, averaged by cohort",
        (
            _ours("callaway_santanna"),
            Tool(
                "diff-diff",
                peers.diff_diff(
                    "CallawaySantAnna", "simple", control_group="not_yet_treated", cband=False
                ),
            ),
            Tool("csdid", peers.csdid()),
            Tool("differences", peers.differences("y"), peers.with_cohorts),
        ),
    ),
    "callaway_santanna, covariate": Method(
        "staggered",
        "the same, doubly robust with one covariate",
        (
            _ours("callaway_santanna", ("x",)),
            Tool(
                "diff-diff",
                peers.diff_diff(
                    "CallawaySantAnna",
                    "simple",
                    covariates=["x"],
                    control_group="not_yet_treated",
                    cband=False,
                ),
                # Its propensity scores stop short of ours, R's and csdid's.
                near=1e-4,
            ),
            Tool("csdid", peers.csdid("y ~ x")),
            Tool("differences", peers.differences("y ~ x"), peers.with_cohorts),
        ),
    ),
    "imputation": Method(
        "staggered",
        "imputed effects with conservative errors; ours with event times and the pre-test",
        (
            _ours("imputation"),
            Tool("diff-diff", peers.diff_diff("ImputationDiD", "ATT")),
            Tool(
                "diff-diff, event times",
                peers.diff_diff("ImputationDiD", "ATT", aggregate="event_study"),
            ),
        ),
    ),
    "two_stage": Method(
        "staggered",
        "two-stage effects, clustered by unit",
        (
            _ours("two_stage"),
            Tool(
                "diff-diff",
                peers.diff_diff("TwoStageDiD", "ATT"),
                largest=10_000,
                why="asks for 75 GB",
            ),
            Tool(
                "pyfixest",
                peers.two_stages,
                largest=1_000,
                why="6 GB at 3,000 units",
                # Its effects are taken out by iteration.
                near=1e-5,
            ),
        ),
    ),
    "sun_abraham": Method(
        "staggered",
        "one coefficient a cohort and period, averaged by event time, clustered by unit",
        (
            _ours("sun_abraham"),
            Tool("diff-diff", peers.diff_diff("SunAbraham", "ATT")),
            Tool("pyfixest", peers.saturated),
        ),
    ),
    "wild_bootstrap": Method(
        "staggered",
        "restricted wild cluster bootstrap, 9,999 draws, p-value and interval; 1,000 clusters",
        (Tool(OURS, ours.bootstrap, ours.slopes),),
        sizes=(1_000,),
    ),
}
