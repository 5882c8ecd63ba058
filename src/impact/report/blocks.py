"""From a released part to what stands on the page, and under which heading each of it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from impact.locale import N_, _
from impact.report.environment import short
from impact.report.pictures import (
    effect_figure,
    flow_figures,
    level_figures,
    love_figures,
    trend_figures,
)
from impact.report.readable import at_the_start, outcomes_of, readable
from impact.report.robustness import HIDDEN, look_of, robustness_block
from impact.report.views import Block
from impact.results import (
    EffectResult,
    Effects,
    Findings,
    Part,
    Replication,
    Sentence,
    Statement,
    SummaryTable,
)
from impact.tables import (
    apart,
    called,
    effect_html,
    effects_html,
    replication_html,
    summary_html,
)

__all__ = ["Page", "placed"]

PARTS = {
    "distribution": "on_levels",
    "changes": "own_changes",
    "totals": "in_all",
    "leavers": "who_was_lost",
}
NEAREST = N_(
    "Numbers of units, records and clusters of people are rounded to the nearest %(nearest)s."
)
Placed = Iterator[tuple[str, Block]]


@dataclass(frozen=True)
class Page:
    """What the parts of one page have in common.

    Parameters
    ----------
    minimum : int
        The smallest group that is shown.
    labels, captions, folds : mapping of str to str
        What a reader calls the outcomes, the tables, and what is folded away.
    by_time : frozenset of (str, str)
        Outcomes and methods whose course by time is drawn by itself, with its bands.
    primary : frozenset of str
        The primary outcomes; where none is known, every outcome is treated as one.
    baseline : str
        The period in which the groups are compared at the start; empty where it is not known.
    guarded : bool
        Whether numbers of units are rounded.
    """

    minimum: int
    labels: Mapping[str, str]
    captions: Mapping[str, str]
    folds: Mapping[str, str]
    by_time: frozenset[tuple[str, str]] = frozenset()
    primary: frozenset[str] = frozenset()
    baseline: str = ""
    guarded: bool = False


def placed(part: Part, page: Page, *, key: str, name: str) -> Placed:
    """Yield the section and the block of everything that is shown of a part.

    Parameters
    ----------
    part : Part
        Released.
    page : Page
    key : str
        The part's section; what is long of it stands in a section of the annex instead.
    name : str
        What the ids of its tables begin with.
    """
    if isinstance(part, SummaryTable):
        yield from _summary(part, page, key, name)
        return
    yield from ((key, block) for block in _blocks(part, page, name))


def _blocks(part: Part, page: Page, name: str) -> Iterator[Block]:
    if look_of(part):
        yield from robustness_block(
            part, page.labels, page.captions, threshold=page.minimum, name=name
        )
    elif isinstance(part, Statement):
        yield Block.of_statement(part)
    elif isinstance(part, Findings):
        yield from _findings(part, page)
    elif isinstance(part, Replication):
        caption = page.captions["replication"]
        shown = replication_html(part, threshold=page.minimum, caption=caption, name=name)
        yield Block(table=Markup(shown))
    elif isinstance(part, Effects):
        yield from _effects(part, page, name)
    elif isinstance(part, EffectResult):
        yield _effect(part, page, name, _caption(part, page))


def _findings(findings: Findings, page: Page) -> Iterator[Block]:
    """Yield the primary outcomes, every one of them, and the others folded."""
    first = tuple(finding for finding in findings if finding.outcome in page.primary)
    others = tuple(finding for finding in findings if finding.outcome not in page.primary)
    if not first:
        first, others = others, ()
    yield Block(findings=first)
    if others:
        yield Block(findings=others, fold=page.folds["other_findings"])


def _summary(table: SummaryTable, page: Page, key: str, name: str) -> Placed:
    if len(parts := apart(table)) > 1:
        for part in parts:
            yield from _summary(part, page, key, f"{name}-{part.section}")
        return
    table = replace(table, labels={at: short(_(label)) for at, label in table.labels.items()})
    if table.section == "participants":
        yield from _participants(table, page, name)
    elif table.section == "flow":
        figures = flow_figures(table, page.minimum)
        unsaid = () if figures else (HIDDEN,)
        yield "flow", Block(figures=figures, sentences=unsaid, notes=table.notes)
        yield "lost", Block(table=_html(table, page, name))
    elif table.section == "trends":
        yield from _trends(table, page, name)
    else:
        yield from ((key, block) for block in _table(table, page, name))


def _participants(table: SummaryTable, page: Page, name: str) -> Placed:
    """Yield who took part, in short at the start; the whole table stands in the annex."""
    start = at_the_start(table, page.primary, page.baseline)
    if len(start.cells):
        caption = page.captions["at_the_start"]
        yield (
            "participants",
            Block(table=_html(start, page, name, caption), notes=start.notes),
        )
        name = f"{name}-all"
    whole = readable(table)
    if len(whole.cells):
        yield "table1", Block(table=_html(whole, page, name), notes=whole.notes)
    else:
        yield "participants", Block(sentences=whole.notes)


def _trends(table: SummaryTable, page: Page, name: str) -> Placed:
    """Yield the course of the primary outcomes; that of the others stands in the annex."""
    first, others = outcomes_of(table, page.primary)
    figures = trend_figures(first)
    yield "trends", Block(figures=figures, sentences=() if figures else (HIDDEN,))
    yield "trends", Block(table=_html(first, page, name), folded=True, notes=table.notes)
    if len(others.cells):
        caption = page.captions["other_trends"]
        yield "course", Block(heading=page.captions["others"], figures=trend_figures(others))
        yield "course", Block(table=_html(others, page, f"{name}-others", caption), folded=True)


def _table(table: SummaryTable, page: Page, name: str) -> Iterator[Block]:
    table = readable(table)
    shown = _html(table, page, name)
    if table.section == "comparison":  # its first note says who they are
        yield Block(sentences=table.notes, table=shown if len(table.cells) else None)
    elif table.section in PARTS:
        figures = level_figures(table) if table.section == "distribution" else ()
        yield Block(heading=page.captions[PARTS[table.section]], figures=figures)
        yield Block(table=shown, folded=bool(figures), notes=table.notes)
    elif table.section == "balance" and len(table.cells):
        yield Block(figures=love_figures(table))
        yield Block(table=shown, notes=table.notes)
    elif len(table.cells):
        yield Block(table=shown, notes=table.notes)
    else:
        yield Block(sentences=table.notes)


def _html(table: SummaryTable, page: Page, name: str, caption: str | None = None) -> Markup:
    said = caption or page.captions.get(table.section)
    return Markup(summary_html(table, threshold=page.minimum, caption=said, name=name, notes=False))


def _effects(effects: Effects, page: Page, name: str) -> Iterator[Block]:
    """Yield all estimates in one table, then those that have several terms."""
    caption = page.captions["effects"]
    shown = effects_html(
        effects, labels=page.labels, threshold=page.minimum, caption=caption, name=name
    )
    nearest = Sentence(NEAREST, {"nearest": page.minimum})
    yield Block(table=Markup(shown), notes=(nearest,) if page.guarded else ())
    used: Counter[str] = Counter()
    for at, effect in enumerate(effects):
        if len(effect.rows) > 1:
            caption = _caption(effect, page)
            used[caption] += 1
            again = f" ({used[caption]})" if used[caption] > 1 else ""
            yield _effect(effect, page, f"{name}-{at}", caption + again)


def _caption(effect: EffectResult, page: Page) -> str:
    """Name an effect's table; its errors tell it from another one by the same method."""
    outcome = page.labels.get(effect.outcome, effect.outcome)
    return called(outcome, effect.method, effect.inference)


def _effect(effect: EffectResult, page: Page, name: str, caption: str) -> Block:
    shown = effect_html(effect, threshold=page.minimum, caption=caption, name=name, notes=False)
    drawn = (effect.outcome, effect.method) in page.by_time
    figure = None if drawn else effect_figure(effect, page.labels)
    return Block(figures=(figure,) if figure else (), table=Markup(shown), notes=effect.notes)
