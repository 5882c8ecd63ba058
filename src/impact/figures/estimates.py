"""Estimates with their intervals, said in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from impact.figures.reading import UNIFORM, event_rows
from impact.figures.words import (
    FEW,
    LONG,
    digits_for,
    not_shown,
    ranged,
    say_unit,
    unit_of,
    valued,
    written,
)
from impact.locale import _, ngettext, spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["alt_effect", "estimate_text", "level_of", "row_name"]


def row_name(
    row: Mapping[Any, Any], rows: pd.DataFrame, labels: Mapping[str, str] | None = None
) -> str:
    """Return what tells a row apart from the others: outcome, method, term, errors."""
    known = labels or {}
    differing = [c for c in ("outcome", "method", "term", "inference") if rows[c].nunique() > 1]
    names = [str(row[column]) for column in differing or ["method"]]
    return ", ".join(_(known.get(name, name.replace("_", " "))) for name in names)


def level_of(rows: pd.DataFrame) -> str:
    """Return the level of the intervals, ``95%``; empty where they have several."""
    levels = {float(level) for level in rows["level"]}
    if len(levels) != 1:
        return ""
    (level,) = levels
    return spoken().percent(level, len(f"{100 * level:g}".partition(".")[2]))


def estimate_text(row: Mapping[Any, Any]) -> str:
    """Write an estimate with its interval: ``0.39 (0.17 to 0.61)``."""
    error, estimate = float(row["std_error"]), float(row["estimate"])
    if not math.isfinite(estimate):
        return not_shown()
    places = digits_for(error if math.isfinite(error) and error > 0 else abs(estimate), 2)
    low, high = (float(row[f"conf_{end}"]) for end in ("low", "high"))
    text = written(estimate, places)
    if not (math.isfinite(low) and math.isfinite(high)):
        return _("%(value)s, without an interval") % {"value": text}
    return ranged(text, written(low, places), written(high, places))


def alt_effect(rows: pd.DataFrame, *, labels: Mapping[str, str] | None = None) -> str:
    """Say in words what `effect` draws of the same rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        The columns of the glossary.
    labels : mapping of str to str, optional
        What a reader calls outcomes, methods and terms.

    Returns
    -------
    str
        Each estimate with its interval where there are few; of a long event study the range
        before and since the start.
    """
    known = labels or {}
    events = event_rows(rows)
    if len(events):
        return _alt_events(events, known)
    outcome = rows["outcome"].iloc[0]
    name = _(known.get(outcome, outcome)) if rows["outcome"].nunique() == 1 else ""
    if len(rows) > LONG:
        return " ".join([_many(name, len(rows)), *_unit(rows, known), *_range(rows, known)])
    told = [_row(row, rows, known) for row in rows.to_dict("records")]
    return " ".join([_opening(name, level_of(rows)), *_unit(rows, known), *told])


def _unit(rows: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    unit = unit_of(rows["outcome"].iloc[0], labels) if rows["outcome"].nunique() == 1 else ""
    return [say_unit(unit)] if unit else []


def _row(row: Mapping[Any, Any], rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    return valued(row_name(row, rows, labels), estimate_text(row)) + "."


def _many(name: str, rows: int) -> str:
    told = {"name": name, "n": spoken().count(rows)}
    if name:
        text = ngettext(
            "%(n)s estimate of the effect on %(name)s.",
            "%(n)s estimates of the effect on %(name)s.",
            rows,
        )
    else:
        text = ngettext("%(n)s estimate of the effect.", "%(n)s estimates of the effect.", rows)
    return text % told


def _opening(name: str, level: str) -> str:
    told = {"name": name, "level": level}
    if name and level:
        return _("Estimates of the effect on %(name)s, with their %(level)s interval.") % told
    if name:
        return _("Estimates of the effect on %(name)s, with their interval.") % told
    if level:
        return _("Estimates of the effect, with their %(level)s interval.") % told
    return _("Estimates of the effect, with their interval.")


def _range(rows: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """Tell the first of many rows, and the lowest and the highest of the others."""
    known = rows[rows["estimate"].notna()]
    if known.empty:
        return [_("None is shown.")]
    others = known.iloc[1:].sort_values("estimate")
    picked = [known.iloc[0], *(others.iloc[at] for at in ((0, -1) if len(others) > 1 else ()))]
    texts = (
        _("First, %(name)s: %(value)s."),
        _("Lowest of the others, %(name)s: %(value)s."),
        _("Highest, %(name)s: %(value)s."),
    )
    return [
        text % {"name": row_name(row, rows, labels), "value": estimate_text(row)}
        for text, row in zip(texts, (row.to_dict() for row in picked), strict=False)
    ]


def _alt_events(events: pd.DataFrame, labels: Mapping[str, str]) -> str:
    outcome = events["outcome"].iloc[0]
    together = events[events["inference"] == UNIFORM]
    events = events[events["inference"] != UNIFORM]
    told = {"name": _(labels.get(outcome, outcome)), "level": level_of(events)}
    parts = [
        _(
            "Differences on %(name)s by periods since the start, with their %(level)s interval."
            if told["level"]
            else "Differences on %(name)s by periods since the start, with their interval."
        )
        % told,
        *_unit(events, labels),
    ]
    if len(together):
        parts.append(_("Thin lines are wider intervals, which hold for all times together."))
    if len(events) <= 2 * FEW:
        records = events.to_dict("records")
        parts += [valued(written(row["time"], 0), estimate_text(row)) + "." for row in records]
    else:
        parts += _spans(events)
    return " ".join(parts)


def _spans(events: pd.DataFrame) -> list[str]:
    """Tell between which values the estimates lie, before and since the start."""
    before = _("Before the start the estimates lie between %(low)s and %(high)s.")
    since = _("Since the start the estimates lie between %(low)s and %(high)s.")
    places = digits_for(_yardstick(events), 2)
    parts = []
    for text, chosen in ((before, events["time"] < 0), (since, events["time"] >= 0)):
        values = events.loc[chosen, "estimate"].dropna()
        if len(values):
            ends = {"low": values.min(), "high": values.max()}
            parts.append(text % {end: written(value, places) for end, value in ends.items()})
    return parts


def _yardstick(events: pd.DataFrame) -> float:
    """Return the middle standard error, or estimate where there is no error."""
    for name in ("std_error", "estimate"):
        known = events[name].dropna().abs()
        if len(known) and known.median() > 0:
            return float(known.median())
    return 1.0
