"""The kinds of value that a params file holds: text, names, dates, codes, choices.

YAML reads ``NO`` as false, and a language that counts would take that for 0; so yes and
no are never taken for a number here, and a number never for a date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

PILOT_ID = r"^[a-z0-9][a-z0-9-]*$"
COUNTRY = r"^[A-Z]{2}$"
CURRENCY = r"^[A-Z]{3}$"
NAME = r"\S"

Theme = Literal["education", "services", "participation", "housing", "employment"]
Kind = Literal["binary", "ordinal", "continuous", "count", "duration"]
Direction = Literal["higher", "lower", "neutral"]
Role = Literal["primary", "secondary", "exploratory"]
UnitIs = Literal["person", "household", "place"]
Tongue = Literal["en", "fr", "it", "es", "ca", "nl", "el", "ro", "sl", "lv"]
DesignKind = Literal["did", "staggered", "before_after", "randomised"]
Method = Literal[
    "did",
    "twfe",
    "event_study",
    "callaway_santanna",
    "sun_abraham",
    "imputation",
    "two_stage",
    "stacked",
    "synthetic_did",
    "synthetic_control",
    "triple_difference",
    "before_after",
    "difference_in_means",
    "ancova",
]
Inference = Literal[
    "auto", "classical", "hc1", "hc2", "hc3", "cr1", "cr2", "wild_bootstrap", "permutation"
]


def _no_truth_value(given: Any) -> Any:
    if isinstance(given, bool):
        raise PydanticCustomError("truth_value", "yes or no where a number or text is due")
    return given


def _code(given: Any) -> Any:
    """Let through what a data file can hold: text, and numbers of 64 bits."""
    if isinstance(given, int) and given.bit_length() > 63:
        raise PydanticCustomError("too_large", "a number that no data file holds")
    return _no_truth_value(given)


def text_key(key: Any) -> Any:
    """Return a key's text where it is a whole number, as ``1:`` is to YAML; else the key."""
    return str(key) if type(key) is int and key.bit_length() < 64 else key


def _text_keys(given: Any) -> Any:
    if not isinstance(given, Mapping):
        return given
    return {text_key(key): value for key, value in given.items()}


def _no_timestamp(given: Any) -> Any:
    """Let through dates and ISO dates alone: 20210301 is no number of seconds since 1970."""
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    if isinstance(given, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        return given
    raise PydanticCustomError("not_a_date", "no date written year-month-day")


def _known_indicator(key: str) -> str:
    from impact.spec.catalogue import catalogue

    found = catalogue().get(key)
    if found is None:
        raise PydanticCustomError("unknown_indicator", "no indicator of the catalogue")
    if found.asked_only_afterwards:
        raise PydanticCustomError(
            "asked_only_afterwards",
            "asked only afterwards, so it has no value from before and no comparison",
        )
    return key


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(pattern=NAME, min_length=1, max_length=200)]
PilotId = Annotated[str, StringConstraints(pattern=PILOT_ID, max_length=80)]
Country = Annotated[str, StringConstraints(pattern=COUNTRY)]
Currency = Annotated[str, StringConstraints(pattern=CURRENCY)]
Number = Annotated[float, BeforeValidator(_no_truth_value)]
Positive = Annotated[float, Field(gt=0), BeforeValidator(_no_truth_value)]
NotNegative = Annotated[float, Field(ge=0), BeforeValidator(_no_truth_value)]
Whole = Annotated[int, BeforeValidator(_no_truth_value)]
FromZero = Annotated[int, Field(ge=0), BeforeValidator(_no_truth_value)]
FromOne = Annotated[int, Field(ge=1), BeforeValidator(_no_truth_value)]
Scalar = Annotated[int | float | str, BeforeValidator(_code)]
Period = Annotated[int | float | str, BeforeValidator(_code)]
FreeKeys = BeforeValidator(_text_keys)
"""Marks a mapping whose keys are the writer's own: columns, periods, words."""
Date = Annotated[dt.date, BeforeValidator(_no_timestamp)]
IndicatorKey = Annotated[Name, AfterValidator(_known_indicator)]
