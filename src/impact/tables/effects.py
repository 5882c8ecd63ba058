"""Estimates as tables: one effect, all effects of a pilot, ours beside published ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from impact.tables import numerals
from impact.tables.grid import Body, Box, Column, Grid, Line, columns_of, render

if TYPE_CHECKING:
    from impact.results.effect import EffectResult, Effects, Replication

__all__ = ["effect_html", "effects_html", "replication_html"]

METHODS = {
    "did": "Difference of differences",
    "twfe": "Two-way fixed effects",
    "event_study": "Event study",
    "callaway_santanna": "Callaway and Sant'Anna",
    "imputation": "Imputation",
    "sun_abraham": "Sun and Abraham",
    "stacked": "Stacked cohorts",
    "two_stage": "Two stages",
    "synthetic_did": "Synthetic difference in differences",
    "synthetic_control": "Synthetic control",
    "triple_difference": "Triple difference",
    "before_after": "Before and after",
    "difference_in_means": "Difference of means",
    "ancova": "Difference at the end, given the start",
    "lee_bounds": "Bounds on the effect (Lee)",
    "reweighted": "Those who stayed, weighted",
}
INFERENCE = {
    "classical": "classical",
    "hc1": "robust (HC1)",
    "hc2": "robust (HC2)",
    "hc3": "robust (HC3)",
    "cr1": "clustered (CR1)",
    "cr2": "clustered (CR2)",
    "cr3": "clustered (CR3)",
    "analytic": "from influences",
    "multiplier_bootstrap": "multiplier bootstrap",
    "uniform": "for all times together",
    "wild_bootstrap": "wild cluster bootstrap",
    "permutation": "permutation",
    "placebo": "placebo places",
    "jackknife": "jackknife over places",
    "cluster_jackknife": "jackknife over clusters",
    "imbens_manski": "of the effect between the bounds",
    "none": "no valid test",
}
ROLES = {
    "headline": "our main estimate",
    "alternative": "another method",
    "convention": "as published",
    "by_time": "by time from the start",
    "by_subgroup": "within subgroups",
    "leave_one_out": "without each place",
    "placebo": "with an invented start",
    "other_errors": "with other errors",
    "other_methods": "by other methods",
    "bounds": "if those lost had fared best or worst",
    "reweighted": "weighted for those lost",
}
COUNTS = ("n_units", "n_treated", "n_obs", "n_clusters")
COUNT_LABELS = ("Units", "Units in the pilot", "Records", "Clusters")


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
    first = rows[0]
    outcome = known.get(first["outcome"], first["outcome"])
    method = known.get(first["method"], first["method"])
    errors = INFERENCE.get(_text(first["inference"]), _text(first["inference"]))
    beside = "" if effect.role == "headline" else f", {errors} ({ROLES.get(effect.role)})"
    title = caption or f"Effect on {outcome}: {method}{beside}"
    lines = [
        Line(known.get(str(row["term"]), str(row["term"])), _boxes(row, effect.base, threshold))
        for row in rows
    ]
    said = tuple(str(note) for note in effect.notes) if notes else ()
    grid = Grid(title, "Term", _columns(rows), (Body(tuple(lines)),), said)
    return render(grid, name=name)


def effects_html(
    effects: Effects,
    *,
    labels: Mapping[str, str] | None = None,
    threshold: int = 10,
    caption: str = "Estimates, by outcome and method",
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
    caption : str
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
        method = known.get(row["method"], row["method"])
        label = f"{method} ({ROLES.get(effect.role, effect.role)})"
        line = Line(label, _boxes(row, effect.base, threshold))
        bodies.setdefault(row["outcome"], []).append(line)
    told = tuple(Body(tuple(lines), known.get(key, key)) for key, lines in bodies.items())
    return render(Grid(caption, "Outcome and method", _columns(rows), told), name=name)


def replication_html(
    replication: Replication,
    *,
    threshold: int = 10,
    caption: str = "Published numbers beside ours",
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
    caption : str
    name : str, optional
        What the ids of the table begin with.

    Returns
    -------
    str
    """
    pair = ("Estimate", "Standard error")
    columns = (Column("Ours", pair), Column("Published", pair), Column("Source", kind="text"))
    rows: list[dict[Any, Any]] = replication.rows.to_dict("records")
    lines = tuple(_published(row, replication.base, threshold) for row in rows)
    return render(Grid(caption, "Outcome and method", columns, (Body(lines),)), name=name)


def _published(row: Mapping[Any, Any], base: int, threshold: int) -> Line:
    method = METHODS.get(row["method"], row["method"])
    errors = INFERENCE.get(row["inference"], row["inference"])
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
    how = f"{method}, {errors}" if errors else str(method)
    return Line(f"{_text(row['label']) or _text(row['outcome'])}: {how}", boxes)


def _columns(rows: Sequence[Mapping[Any, Any]]) -> tuple[Column, ...]:
    levels = {_float(row["level"]) for row in rows}
    known = len(levels) == 1 and math.isfinite(next(iter(levels)))
    interval = f"{100 * levels.pop():g}% interval" if known else "Interval"
    numbers = ("Estimate", "Standard error", interval, "p-value", *COUNT_LABELS)
    return (*columns_of(numbers), Column("Errors", kind="text"))


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
    return (*boxes, Box(INFERENCE.get(errors, errors), "text"))


def _shown(text: str, base: int, threshold: int) -> Box:
    """Return the number, or that it is not shown where so few stand behind it."""
    return Box(text) if text or base >= threshold else Box("not shown", "withheld")


def _count(value: float) -> Box:
    """Return the count; every estimate has one, so one that is missing was withheld."""
    return Box(numerals.count(value)) if math.isfinite(value) else Box("not shown", "withheld")


def _float(value: Any) -> float:
    """Return a number whatever stands for a missing one: None, NA, NaN."""
    try:
        return float(value)
    except TypeError:
        return math.nan


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
