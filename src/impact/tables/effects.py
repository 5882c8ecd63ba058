"""Estimates as tables: one effect, all effects of a pilot, ours beside published ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from impact.locale import N_, _, spoken
from impact.tables import numerals
from impact.tables.grid import Body, Box, Column, Grid, Line, columns_of, render
from impact.tables.names import INFERENCE, METHODS, ROLES, called, reader_name, term_name

if TYPE_CHECKING:
    from impact.results.effect import EffectResult, Effects, Replication

__all__ = ["INFERENCE", "METHODS", "effect_html", "effects_html", "replication_html"]

COUNTS = ("n_units", "n_treated", "n_obs", "n_clusters")
COUNT_LABELS = (N_("Units"), N_("Units in the pilot"), N_("Records"), N_("Clusters"))
NOT_SHOWN = N_("not shown")


def effect_html(
    effect: EffectResult,
    *,
    labels: Mapping[str, str] | None = None,
    threshold: int = 10,
    caption: str | None = None,
    name: str | None = None,
    notes: bool = True,
) -> str:
    """Write one effect as HTML, a row a term.

    Estimates have as many decimals as show three significant digits of their standard error.

    Parameters
    ----------
    effect : EffectResult
    labels : mapping of str to str, optional
        What a reader calls outcomes, methods and terms.
    threshold : int
        The smallest group that is shown; numbers that rest on fewer read "not shown".
    caption : str, optional
        Outcome and method unless said.
    name : str, optional
        What the ids of the table begin with.
    notes : bool
        Whether the effect's notes follow it.

    Returns
    -------
    str
    """
    known = {**METHODS, **(labels or {})}
    rows = effect.rows.to_dict("records")
    lines = [
        Line(term_name(known, row["term"]), _boxes(row, effect.base, threshold)) for row in rows
    ]
    said = tuple(spoken().say(note) for note in effect.notes) if notes else ()
    title = caption or _title(known, rows[0], effect.role)
    grid = Grid(title, _("Term"), _columns(rows), (Body(tuple(lines)),), said)
    return render(grid, name=name)


def _title(known: Mapping[str, str], row: Mapping[Any, Any], role: str) -> str:
    """Name an effect; its errors and its role tell one that is not the headline from it."""
    errors = _text(row["inference"])
    told = {
        "outcome": reader_name(known, row["outcome"]),
        "method": reader_name(known, row["method"]),
        "errors": _(INFERENCE.get(errors, errors)),
        "role": _(ROLES.get(role, role)),
    }
    if role == "headline":
        return _("Effect on %(outcome)s: %(method)s") % told
    return _("Effect on %(outcome)s: %(method)s, %(errors)s (%(role)s)") % told


def effects_html(
    effects: Effects,
    *,
    labels: Mapping[str, str] | None = None,
    threshold: int = 10,
    caption: str | None = None,
    name: str | None = None,
) -> str:
    """Write the first row of every effect as HTML, a body an outcome.

    Parameters
    ----------
    effects : Effects
    labels : mapping of str to str, optional
        What a reader calls outcomes and methods.
    threshold : int
        The smallest group that is shown.
    caption : str, optional
    name : str, optional
        What the ids of the table begin with.

    Returns
    -------
    str
    """
    known = {**METHODS, **(labels or {})}
    bodies: dict[str, list[Line]] = {}
    rows = []
    for effect in effects:
        row: Mapping[Any, Any] = effect.rows.iloc[0].to_dict()
        rows.append(row)
        label = f"{reader_name(known, row['method'])} ({_(ROLES.get(effect.role, effect.role))})"
        line = Line(label, _boxes(row, effect.base, threshold))
        bodies.setdefault(row["outcome"], []).append(line)
    told = tuple(Body(tuple(lines), reader_name(known, key)) for key, lines in bodies.items())
    title = caption or _("Estimates, by outcome and method")
    return render(Grid(title, _("Outcome and method"), _columns(rows), told), name=name)


def replication_html(
    replication: Replication,
    *,
    threshold: int = 10,
    caption: str | None = None,
    name: str | None = None,
) -> str:
    """Write published numbers beside ours as HTML.

    A published number is printed as it stands in the source, ours with as many decimals or more.
    A note stands under the source, where no reader has to scroll for it.

    Parameters
    ----------
    replication : Replication
    threshold : int
        Our numbers read "not shown" where they are missing and rest on fewer than this.
    caption : str, optional
    name : str, optional
        What the ids of the table begin with.

    Returns
    -------
    str
    """
    pair = (_("Estimate"), _("Standard error"))
    columns = (
        Column(_("Ours"), pair),
        Column(_("Published"), pair),
        Column(_("Source"), kind="text"),
    )
    rows: list[dict[Any, Any]] = replication.rows.to_dict("records")
    lines = tuple(_published(row, replication.base, threshold) for row in rows)
    title = caption or _("Published numbers beside ours")
    return render(Grid(title, _("Outcome and method"), columns, (Body(lines),)), name=name)


def _published(row: Mapping[Any, Any], base: int, threshold: int) -> Line:
    numbers = []
    for name in ("", "_std_error"):
        published = _float(row[f"published{name}" if name else "published"])
        own = numerals.own_decimals(published)
        places = max(numerals.decimals(_float(row["ours_std_error"])), own)
        ours = numerals.at_most(_float(row[f"ours{name}"]), places)
        numbers.append((ours, numerals.number(published, own)))
    boxes = (
        *(_shown(ours, base, threshold) for ours, _ in numbers),
        *(Box(published) for _, published in numbers),
        Box(_text(row["source"]), "text", _text(row["note"])),
    )
    outcome = _text(row["label"]) or _text(row["outcome"])
    return Line(called(outcome, _text(row["method"]), _text(row["inference"])), boxes)


def _columns(rows: Sequence[Mapping[Any, Any]]) -> tuple[Column, ...]:
    levels = {_float(row["level"]) for row in rows}
    known = len(levels) == 1 and math.isfinite(next(iter(levels)))
    interval = _interval(levels.pop()) if known else _("Interval")
    counts = (_(label) for label in COUNT_LABELS)
    numbers = (_("Estimate"), _("Standard error"), interval, _("p-value"), *counts)
    return (*columns_of(numbers), Column(_("Errors"), kind="text"))


def _interval(level: float) -> str:
    places = numerals.own_decimals(round(100 * level, 6))
    return _("%(level)s interval") % {"level": spoken().percent(level, places)}


def _boxes(row: Mapping[Any, Any], base: int, threshold: int) -> tuple[Box, ...]:
    error = _float(row["std_error"])
    estimate = _float(row["estimate"])
    places = numerals.decimals(error if math.isfinite(error) and error else estimate)
    numbers = [numerals.at_most(value, places) for value in (estimate, error)]
    low, high = (numerals.at_most(_float(row[f"conf_{end}"]), places) for end in ("low", "high"))
    numbers += [numerals.span(low, high), numerals.p_value(_float(row["p_value"]))]
    withheld = not math.isfinite(estimate)
    boxes = [_shown(text, base if withheld else threshold, threshold) for text in numbers]
    boxes += [_count(_float(row[name])) for name in COUNTS]
    errors = _text(row["inference"])
    return (*boxes, Box(_(INFERENCE.get(errors, errors)), "text"))


def _shown(text: str, base: int, threshold: int) -> Box:
    """Return the number, or that it is not shown where so few stand behind it."""
    return Box(text) if text or base >= threshold else Box(_(NOT_SHOWN), "withheld")


def _count(value: float) -> Box:
    """Return the count; every estimate has one, so one that is missing was withheld."""
    return Box(numerals.count(value)) if math.isfinite(value) else Box(_(NOT_SHOWN), "withheld")


def _float(value: Any) -> float:
    """Return a number whatever stands for a missing one: None, NA, NaN."""
    try:
        return float(value)
    except TypeError:
        return math.nan


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
