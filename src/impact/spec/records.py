"""Where the records of a pilot are, how they lie in their files, and which column is what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from impact.spec.fields import FreeKeys, Name, Number, Period, Scalar, Text, UnitIs
from impact.spec.record import Record

__all__ = ["MADE_PERIOD", "NO_TEXT", "Data", "File", "Missing", "Spells"]

MADE_PERIOD = "period"
NO_TEXT = frozenset({".parquet", ".pq", ".xlsx", ".xlsm", ".dta", ".sav", ".zsav"})
ENCODING = (
    "how the letters of a CSV file of an older program are written: cp1253 (Greek), cp1257 "
    "(Latvian), cp1250 (Romanian, Slovene); default: found out"
)

Every = Literal["day", "month", "quarter", "year"]
Measure = Literal["any", "days", "at_end"]


class Missing(Record):
    """Codes that stand for an answer that was not given."""

    refused: tuple[Scalar, ...] = Field((), description="codes of an answer that was refused")
    not_known: tuple[Scalar, ...] = Field((), description="codes of 'I do not know'")
    not_asked: tuple[Scalar, ...] = Field((), description="codes of a question that was not put")


class File(Record):
    """One file of records."""

    path: Text = Field(description="file, relative to the project's root, or a URL")
    sheet: Text | None = Field(None, description="the sheet of a workbook")
    encoding: Text | None = Field(None, description=ENCODING)


def _path_alone(given: Any) -> Any:
    """Let a wave be named by its path alone."""
    return {"path": given} if isinstance(given, str) else given


class Spells(Record):
    """A register of stays: each row is one stay of a unit, with its first and last day."""

    entry: Name = Field(description="column: the day the stay began")
    exit: Name = Field(description="column: the day it ended; empty: it goes on")
    every: Every = Field("month", description="how long a period is")
    first: Period = Field(description="the first period: 2021, 2021-Q1, 2021-01 or a day")
    last: Period = Field(description="the last period")
    column: Name = Field("inside", description="the column that is made of the stays")
    measure: Measure = Field(
        "any",
        description="what it holds: 1 with any day of the period inside a stay, the days inside, "
        "or 1 inside on the period's last day",
    )


class Data(Record):
    """Where the records are and which column is what."""

    path: Text | None = Field(
        None, description="file, relative to the project's root, or a URL; or name 'waves'"
    )
    sheet: Text | None = Field(None, description="the sheet of a workbook")
    encoding: Text | None = Field(None, description=ENCODING)
    query: Text | None = Field(
        None,
        description="SQL: of the database that 'path' names, or of the file, which is called data",
    )
    waves: Annotated[Mapping[Name, Annotated[File, BeforeValidator(_path_alone)]], FreeKeys] = (
        Field({}, description="one file a wave instead of 'path', by the period that it holds")
    )
    wide: Annotated[Mapping[Name, Annotated[Mapping[Name, Name], FreeKeys]], FreeKeys] = Field(
        {},
        description="where the waves of a variable stand side by side: for each variable, by "
        "period, the column of the file",
    )
    spells: Spells | None = Field(None, description="a register of stays becomes unit by period")
    codes: Annotated[Mapping[Name, Annotated[Mapping[Name, Number], FreeKeys]], FreeKeys] = Field(
        {}, description="for each column of words, the number that each word stands for"
    )
    select_multiple: tuple[Name, ...] = Field(
        (), description="columns that hold several answers, parted by blanks, as KoBo writes them"
    )
    unit: Name | None = Field(None, description="column: who or what is observed")
    unit_is: UnitIs = Field("person", description="disclosure rules guard persons and households")
    period: Name | None = Field(None, description="column: when")
    weight: Name | None = Field(None, description="column: sampling weights")
    lost_because: Name | None = Field(
        None, description="column: why a unit left, in a word; for the flow of participants"
    )
    drop: tuple[Name, ...] = Field((), description="columns that are never read")
    missing: Missing = Field(Missing(), description="codes that stand for no answer")

    @property
    def files(self) -> tuple[File, ...]:
        """The files the records are in: one, or one a wave in the order that is said."""
        if self.path is not None:
            return (File(path=self.path, sheet=self.sheet, encoding=self.encoding),)
        return tuple(
            file
            if file.encoding or PurePosixPath(file.path.lower()).suffix in NO_TEXT
            else file.model_copy(update={"encoding": self.encoding})
            for file in self.waves.values()
        )

    @property
    def makes_periods(self) -> bool:
        """Whether the column of periods is made, not read."""
        return bool(self.waves or self.wide or self.spells)

    @classmethod
    def _filled(cls, given: dict[str, Any]) -> dict[str, Any]:
        made = any(given.get(key) for key in ("waves", "wide", "spells"))
        return ({"period": MADE_PERIOD} if made else {}) | given
