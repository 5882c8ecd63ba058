"""The params file as frozen records: what a pilot is, before any data are read.

The field names are the keys of the file (``params/README.md`` explains each). A key
that is left out, or is null, takes the default that stands here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr

from impact.spec.conduct import Analysis, Criterion, Deviation, Plan, Published, Report
from impact.spec.fields import (
    Country,
    Currency,
    Date,
    DesignKind,
    Direction,
    FromOne,
    FromZero,
    IndicatorKey,
    Inference,
    Kind,
    Method,
    Name,
    Number,
    Period,
    PilotId,
    Positive,
    Role,
    Scalar,
    Text,
    Theme,
    UnitIs,
    Whole,
)
from impact.spec.record import Record
from impact.spec.records import Data, File, Missing, Spells

__all__ = [
    "About",
    "Analysis",
    "Cost",
    "Criterion",
    "Data",
    "Design",
    "DesignKind",
    "Deviation",
    "Direction",
    "File",
    "Inference",
    "Kind",
    "Method",
    "Missing",
    "Outcome",
    "Period",
    "PilotSpec",
    "Plan",
    "Published",
    "Record",
    "Report",
    "Role",
    "Scalar",
    "Score",
    "Spells",
    "Theme",
    "UnitIs",
]

LOGS = frozenset({"log points", "log point", "logs"})
"""What ``measured_in`` says of an outcome that is a natural logarithm."""


class Cost(Record):
    """What the pilot cost in all."""

    amount: Number = Field(ge=0, description="total cost of the pilot")
    currency: Currency = Field("EUR", description="ISO 4217 code of three letters")


class About(Record):
    """What the pilot is, in words; shown on the page."""

    title: Text | None = Field(None, description="the pilot's name as a reader knows it")
    place: Text | None = Field(None, description="city or region")
    country: Country | None = Field(
        None, description="ISO 3166 code of two letters; Norway is written 'NO', in quotes"
    )
    programme: Text | None = Field(None, description="the project the pilot belongs to")
    themes: tuple[Theme, ...] = Field((), description="what the pilot is about; may be several")
    starts: Date | None = Field(None, description="first day of the pilot, year-month-day")
    ends: Date | None = Field(None, description="last day of the pilot, year-month-day")
    simulated: bool = Field(False, description="the data are simulated: said on every page")
    invented: bool = Field(False, description="the pilot itself is invented: said on every page")
    theory_of_change: Text | None = Field(
        None, description="how the activity is meant to bring the change about"
    )
    partners: tuple[Text, ...] = Field((), description="who carries the pilot")
    mentor: Text | None = Field(None, description="mentoring pairs: the mentor city")
    mentee: Text | None = Field(None, description="mentoring pairs: the mentee city")
    source: Text | None = Field(None, description="where the data come from")
    cost: Cost | None = Field(None, description="what the pilot cost in all")


class Design(Record):
    """How the pilot reached some and not others."""

    kind: DesignKind = Field(description="how those the pilot reached can be compared")
    sample: Literal["panel", "cross_sections"] = Field(
        "panel", description="the same units again, or new people each time"
    )
    treated: Name | None = Field(None, description="column of 0 and 1: belongs to the pilot group")
    starts: Period | None = Field(None, description="first treated period")
    first_treated: Name | None = Field(
        None, description="column: first treated period of the unit; empty or 0 is never"
    )
    assignment: Name | None = Field(
        None, description="column: unit of assignment, the cluster; default: the unit"
    )
    place: Name | None = Field(None, description="column: city or neighbourhood of the unit")
    randomised: bool = Field(
        False, description="assignment was by lottery; true for kind randomised unless said"
    )
    anticipation: Whole = Field(0, ge=0, le=20, description="periods of effect before the start")
    comparison: Text | None = Field(None, description="who the comparison is, and why them")
    eligible: FromZero | None = Field(
        None, description="how many the pilot was open to, for the flow of participants"
    )
    enrolled: FromZero | None = Field(
        None, description="how many of them took it up, for the flow of participants"
    )

    @classmethod
    def _filled(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {"randomised": given.get("kind") == "randomised"} | given


class Score(Record):
    """An outcome made of several items of a questionnaire."""

    items: tuple[Name, ...] = Field(min_length=2, description="columns of the items")
    reverse: tuple[Name, ...] = Field(
        (), description="items that are worded the other way round; needs the outcome's scale"
    )
    of: Literal["mean", "sum"] = Field("mean", description="mean or sum of the items")
    answered: FromOne | None = Field(
        None, description="fewest items that must be answered; default: all"
    )


class Outcome(Record):
    """What should change. An indicator of the catalogue fills in what is not said."""

    column: Name = Field(description="column of the data file; of a score, the name it gets")
    score: Score | None = Field(None, description="the items that the outcome is made of")
    label: Text = Field(
        "", description="the outcome as a reader calls it; default: the indicator's, or the column"
    )
    indicator: IndicatorKey | None = Field(None, description="key of the indicator catalogue")
    kind: Kind = Field("continuous", description="what the values are")
    direction: Direction = Field("neutral", description="which way is better; neutral: neither")
    role: Role = Field(
        "primary", description="default: the first outcome is primary, further ones secondary"
    )
    smallest_effect: Positive | None = Field(None, description="smallest effect that matters")
    scale: tuple[Number, Number] | None = Field(None, description="lowest and highest value")
    measured_in: Text | None = Field(None, description="unit of measurement: days, points, euros")
    caveat: Text | None = Field(None, description="what must be read with the result")

    @property
    def in_logs(self) -> bool:
        """Whether the values are natural logarithms, as ``measured_in`` says."""
        return self.kind == "continuous" and (self.measured_in or "").lower() in LOGS

    @property
    def item_scale(self) -> tuple[float, float] | None:
        """What an answer to one item of a score may be: of a sum, the scale's even share."""
        if self.scale is None or self.score is None or self.score.of == "mean":
            return self.scale
        n = len(self.score.items)
        return self.scale[0] / n, self.scale[1] / n

    @classmethod
    def _filled(cls, given: dict[str, Any]) -> dict[str, Any]:
        from impact.spec.catalogue import filled_from_catalogue

        return filled_from_catalogue(given)


class PilotSpec(Record):
    """One pilot: its data, design, outcomes and plan.

    `load_spec` reads one from a params file and tells every fault with its line;
    ``PilotSpec.model_validate({...})`` makes one from a mapping.
    """

    pilot: PilotId = Field(description="the pilot's id: a-z 0-9 - ; the file's name; unique")
    about: About = Field(About(), description="what the pilot is, in words")
    data: Data = Field(description="where the records are and which column is what")
    design: Design = Field(description="how the pilot reached some and not others")
    outcomes: tuple[Outcome, ...] = Field(min_length=1, description="what should change")
    covariates: tuple[Name, ...] = Field((), description="columns that are adjusted for")
    subgroups: tuple[Name, ...] = Field(
        (),
        description="columns of groups that the plan names; averages and effects are told within "
        "them as well",
    )
    analysis: Analysis = Field(Analysis(), description="how the effect is estimated")
    plan: Plan = Field(Plan(), description="the pre-analysis plan")
    report: Report = Field(Report(), description="how the page is written")
    published: tuple[Published, ...] = Field((), description="published numbers, beside ours")

    _source: Path | None = PrivateAttr(None)

    @property
    def source(self) -> Path | None:
        """The params file this was read from; None for a mapping or a notebook's cell."""
        return self._source

    @classmethod
    def _filled(cls, given: dict[str, Any]) -> dict[str, Any]:
        outcomes = given.get("outcomes")
        if not isinstance(outcomes, list | tuple):
            return given
        roles = ["primary", *["secondary"] * (len(outcomes) - 1)]
        return given | {
            "outcomes": [
                {**outcome, "role": role}
                if isinstance(outcome, dict) and outcome.get("role") is None
                else outcome
                for role, outcome in zip(roles, outcomes, strict=False)
            ]
        }
