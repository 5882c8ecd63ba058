"""How a pilot is evaluated: the analysis, the plan, the page, what others published."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from impact.spec.fields import (
    Date,
    Inference,
    Method,
    Name,
    NotNegative,
    Number,
    Text,
    Tongue,
    Whole,
)
from impact.spec.record import Record

__all__ = ["Analysis", "Criterion", "Deviation", "Plan", "Published", "Report"]


class Analysis(Record):
    """How the effect is estimated and how uncertainty is stated."""

    methods: Literal["auto"] | Annotated[tuple[Method, ...], Field(min_length=1)] = Field(
        "auto", description="auto picks by rule from design and data; or a list, the first leads"
    )
    inference: Inference = Field(
        "auto",
        description="how standard errors are computed; what is finer than the clusters of the rule "
        "stands beside the headline",
    )
    cluster: Name | None = Field(
        None, description="column: another level than design.assignment; said on the page"
    )
    control_group: Literal["not_yet_treated", "never_treated"] = Field(
        "not_yet_treated", description="staggered: who those already reached are compared with"
    )
    estimation: Literal["doubly_robust", "regression", "weighting"] = Field(
        "doubly_robust", description="staggered: how covariates enter"
    )
    level: Number = Field(0.95, ge=0.5, le=0.999, description="level of confidence intervals")
    multiplicity: Literal["holm", "bh", "romano_wolf", "sharpened", "none"] = Field(
        "holm", description="correction over the primary outcomes"
    )
    replications: Whole = Field(
        999, ge=99, le=1_000_000, description="draws of bootstrap and permutation"
    )
    seed: Whole = Field(20210301, ge=0, le=2**32 - 1, description="start of the random numbers")


class Criterion(Record):
    """A progression criterion: what must hold for the pilot to go on."""

    says: Text = Field(description="the criterion, as a sentence")
    met: bool | None = Field(None, description="whether it was met; left out: not yet known")


class Deviation(Record):
    """A departure from the plan."""

    date: Date = Field(description="when it was decided, year-month-day")
    what: Text = Field(description="what was changed")
    why: Text = Field(description="why")
    major: bool = Field(False, description="could change the conclusion")
    after_seeing_data: bool = Field(False, description="decided after endline data were seen")
    outcome: Name | None = Field(
        None, description="column of the outcome that was added or taken instead, if it is one"
    )


class Plan(Record):
    """The pre-analysis plan: when it was frozen and what changed since."""

    frozen: Date | None = Field(None, description="day the plan was frozen")
    hash: Text | None = Field(
        None, description="hash of the frozen plan, as `impact freeze` writes it"
    )
    registry: Text | None = Field(None, description="where the plan is registered, such as OSF")
    endline: Date | None = Field(None, description="date of the first endline record")
    progression: tuple[Criterion, ...] = Field((), description="what must hold to go on")
    deviations: tuple[Deviation, ...] = Field((), description="departures from the plan")


class Report(Record):
    """How the page is written."""

    language: Tongue = Field("en", description="language of the page")
    minimum_cell: Whole = Field(10, ge=5, le=1000, description="smallest group that is shown")


class Published(Record):
    """A number somebody published, printed beside ours."""

    outcome: Name = Field(description="column of one of the outcomes")
    method: Method = Field(description="our method that repeats it")
    estimate: Number = Field(description="the published estimate")
    std_error: NotNegative | None = Field(None, description="the published standard error")
    term: Name | None = Field(None, description="our term, where the method has several")
    source: Text = Field(description="author, year, table and row")
    note: Text | None = Field(None, description="why the two may differ")
