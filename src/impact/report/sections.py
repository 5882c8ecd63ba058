"""From released parts to sections: which heading, which order, which pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from impact.disclosure import Release
from impact.errors import Fault, RunError
from impact.locale import Language
from impact.report import words
from impact.report.environment import short
from impact.report.pictures import (
    effect_figure,
    flow_figures,
    level_figures,
    love_figures,
    trend_figures,
)
from impact.report.readable import readable
from impact.report.robustness import look_of, robustness_block
from impact.report.views import Block, Section
from impact.results import (
    EffectResult,
    Effects,
    Finding,
    Findings,
    Part,
    Replication,
    Sentence,
    Statement,
    Status,
    SummaryTable,
)
from impact.tables import apart, effect_html, effects_html, replication_html, summary_html
from impact.tables.effects import INFERENCE, METHODS

__all__ = ["sections"]


UNDER = {"leavers": "flow", "distribution": "trends", "changes": "trends", "totals": "trends"}
"""Tables that stand under the heading of another section."""
PARTS = {
    "distribution": "on_levels",
    "changes": "own_changes",
    "totals": "in_all",
    "leavers": "who_was_lost",
}
SPARE = frozenset({*UNDER, "reliability", "subgroups"})
"""Sections that a page leaves out where there is nothing in them."""
NEAREST = "Numbers of units, records and clusters of people are rounded to the nearest %(nearest)s."


@dataclass(frozen=True)
class _Page:
    """What the parts of one page have in common."""

    minimum: int
    labels: Mapping[str, str]
    captions: Mapping[str, str]
    by_time: frozenset[tuple[str, str]] = frozenset()
    guarded: bool = False


def sections(released: Release, spoken: Language) -> tuple[Section, ...]:
    """Return the page's sections, in the order in which the notebook shows their parts.

    Parts of one section stand under one heading, where the first of them stands.

    Raises
    ------
    RunError
        A part belongs to a section that no page has.
    """
    headings, leads = words.headings(spoken.gettext), words.leads(spoken.gettext)
    captions = words.captions(spoken.gettext)
    page = _Page(released.rule.minimum_cell, _labels(released), captions, _by_time(released))
    page = replace(page, guarded=released.rule.guarded)
    blocks: dict[str, list[Block]] = {}
    for part in released:
        key = _section(part)
        if key is None:
            continue
        if key not in headings:
            raise RunError(_unknown(part, tuple(headings)))
        shown = blocks.setdefault(key, [])
        shown.extend(_blocks(part, page, f"{key}-{len(shown)}"))
    return tuple(
        Section(key, headings[key], _lead(key, released, leads), tuple(shown))
        for key, shown in blocks.items()
        if shown
    )


def _labels(released: Release) -> dict[str, str]:
    """Return what a reader calls each outcome."""
    found: dict[str, str] = {}
    for part in released:
        if isinstance(part, Finding | Findings):
            results = part if isinstance(part, Findings) else (part,)
            found |= {finding.outcome: short(finding.label) for finding in results}
    return found


def _by_time(released: Release) -> frozenset[tuple[str, str]]:
    """Return of which outcomes and methods the course is drawn by itself, with its bands."""
    parts = (part for part in released if isinstance(part, EffectResult))
    return frozenset((p.outcome, p.method) for p in parts if look_of(p) == "by_time")


def _section(part: Part) -> str | None:
    """Return the key of the part's section; None for what the first screen shows, or nothing."""
    if isinstance(part, Status | Finding):
        return None
    if isinstance(part, Replication) and part.rows.empty:
        return None
    if isinstance(part, SummaryTable) and part.section in SPARE and part.cells.empty:
        return None
    if isinstance(part, SummaryTable) and part.section == "leavers" and _withheld(part):
        return None  # nobody lost, or so few that nothing is shown: both look alike
    if look_of(part):
        return "subgroups" if look_of(part) == "by_subgroup" else "robustness"
    if isinstance(part, SummaryTable | Statement):
        return UNDER.get(part.section, part.section)
    if isinstance(part, Findings):
        return "findings"
    return "replication" if isinstance(part, Replication) else "effects"


def _withheld(table: SummaryTable) -> bool:
    return not table.cells["value"].notna().any()


def _lead(key: str, released: Release, leads: Mapping[str, str]) -> str:
    """Return the line under the heading, where it holds for this page."""
    effects = [part for part in released if isinstance(part, EffectResult)]
    looked = any(_section(effect) == "robustness" for effect in effects)
    empty = {
        "trends": not _expects(released),
        "balance": not _balances(released),
        "robustness": not looked,
    }
    return "" if empty.get(key) else leads.get(key, "")


def _balances(released: Release) -> bool:
    """Whether a table holds standardised differences."""
    tables = [part for part in released if isinstance(part, SummaryTable)]
    return any((table.cells["statistic"] == "smd").any() for table in tables)


def _expects(released: Release) -> bool:
    """Whether a table holds what is expected without the pilot."""
    return any(
        (part.cells["group"] == "expected").any()
        for part in released
        if isinstance(part, SummaryTable)
    )


def _blocks(part: Part, page: _Page, name: str) -> Iterator[Block]:
    if look_of(part):
        yield from robustness_block(
            part, page.labels, page.captions, threshold=page.minimum, name=name
        )
    elif isinstance(part, Statement):
        yield Block.of_statement(part)
    elif isinstance(part, Findings):
        yield Block(findings=tuple(part))
    elif isinstance(part, Replication):
        caption = page.captions["replication"]
        shown = replication_html(part, threshold=page.minimum, caption=caption, name=name)
        yield Block(table=Markup(shown))
    elif isinstance(part, SummaryTable):
        yield from _summary(part, page, name)
    elif isinstance(part, Effects):
        yield from _effects(part, page, name)
    elif isinstance(part, EffectResult):
        yield _effect(part, page, name, _caption(part, page))


def _summary(table: SummaryTable, page: _Page, name: str) -> Iterator[Block]:
    if len(parts := apart(table)) > 1:
        for part in parts:
            yield from _summary(part, page, f"{name}-{part.section}")
        return
    caption = page.captions.get(table.section)
    names = {key: short(label) for key, label in table.labels.items()}
    table = readable(replace(table, labels=names))
    html = summary_html(table, threshold=page.minimum, caption=caption, name=name, notes=False)
    shown = Markup(html)
    if table.section == "comparison":  # its first note says who they are
        yield Block(sentences=table.notes, table=shown if len(table.cells) else None)
    elif table.section == "flow":
        yield Block(figures=flow_figures(table, page.minimum))
        yield Block(table=shown, notes=table.notes)
    elif table.section == "trends":
        yield Block(figures=trend_figures(table), notes=table.notes)
        yield Block(table=shown, folded=True)
    elif table.section in UNDER:
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


def _effects(effects: Effects, page: _Page, name: str) -> Iterator[Block]:
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


def _caption(effect: EffectResult, page: _Page) -> str:
    """Name an effect's table; its errors tell it from another one by the same method."""
    outcome = page.labels.get(effect.outcome, effect.outcome)
    method = METHODS.get(effect.method, effect.method)
    return f"{outcome}: {method}, {INFERENCE.get(effect.inference, effect.inference)}"


def _effect(effect: EffectResult, page: _Page, name: str, caption: str) -> Block:
    shown = effect_html(effect, threshold=page.minimum, caption=caption, name=name, notes=False)
    drawn = (effect.outcome, effect.method) in page.by_time
    figure = None if drawn else effect_figure(effect, page.labels)
    return Block(figures=(figure,) if figure else (), table=Markup(shown), notes=effect.notes)


def _unknown(part: Part, known: tuple[str, ...]) -> Fault:
    return Fault(
        "unknown-section",
        "notebook",
        f"a {part.part} part belongs to a section that no page has",
        f"one of {', '.join(known)}",
        "mend the notebook",
    )
