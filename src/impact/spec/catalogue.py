"""The indicator catalogue: what is measured in the field, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from impact.spec.fields import Direction, Kind, Theme

__all__ = ["Indicator", "catalogue", "filled_from_catalogue"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the catalogue.

    Parameters
    ----------
    key : str
        What a params file writes under ``indicator``.
    theme : str
        education, services, participation, housing or employment.
    label : str
        The outcome as a reader calls it.
    kind : str
        binary, ordinal, continuous, count or duration.
    direction : str
        Which way is better; neutral is never coloured or worded as good or bad.
    source : str
        The name under which the statistics of the field know it.
    scale : tuple of float or None
        Lowest and highest value.
    measured_in : str or None
        Unit of measurement.
    caveat : str or None
        What must be read with every result on it.
    asked_only_afterwards : bool
        It has no value from before; refused as an impact outcome.
    """

    key: str
    theme: Theme
    label: str
    kind: Kind
    direction: Direction
    source: str
    scale: tuple[float, float] | None = None
    measured_in: str | None = None
    caveat: str | None = None
    asked_only_afterwards: bool = False


@cache
def catalogue() -> Mapping[str, Indicator]:
    """Return every indicator by its key, in the order of the themes.

    Examples
    --------
    >>> catalogue()["volunteering"].direction
    'higher'
    """
    import yaml

    text = Path(__file__).with_name("indicators.yml").read_text(encoding="utf-8")
    entries = cast("dict[str, dict[str, Any]]", yaml.safe_load(text))
    return MappingProxyType({key: _indicator(key, entry) for key, entry in entries.items()})


def _indicator(key: str, entry: dict[str, Any]) -> Indicator:
    low_high = entry.pop("scale", None)
    scale = None if low_high is None else (float(low_high[0]), float(low_high[1]))
    return Indicator(key=key, scale=scale, **entry)


def filled_from_catalogue(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return the outcome with what its indicator says wherever it says nothing itself.

    A kind that differs from the indicator's means that the column measures it in another
    way, so the indicator's scale and unit are left aside. The label falls back on the
    column's name.

    Parameters
    ----------
    outcome : dict
        An outcome as the params file has it, without nulls.

    Examples
    --------
    >>> filled_from_catalogue({"column": "vol", "indicator": "volunteering"})["kind"]
    'binary'
    """
    named = outcome.get("indicator")
    found = catalogue().get(named) if isinstance(named, str) else None
    filled = dict(outcome)
    if found is not None:
        keys = ["label", "kind", "direction", "caveat"]
        if outcome.get("kind", found.kind) == found.kind:
            keys += ["scale", "measured_in"]
        said = {key: getattr(found, key) for key in keys}
        filled = {key: value for key, value in said.items() if value is not None} | filled
    column = outcome.get("column")
    if "label" not in filled and isinstance(column, str) and column.strip():
        filled["label"] = column
    return filled
