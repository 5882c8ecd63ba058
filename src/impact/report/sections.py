"""From released parts to sections: which heading, which order, front or annex."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from impact.disclosure import Release
from impact.errors import Fault, RunError
from impact.report import words
from impact.report.blocks import Page, placed
from impact.report.environment import short
from impact.report.made import Made, made_block
from impact.report.order import ANNEX, FRONT, UNDER
from impact.report.robustness import look_of
from impact.report.views import Block, Section
from impact.results import (
    EffectResult,
    Finding,
    Findings,
    Label,
    Part,
    Replication,
    Statement,
    Status,
    SummaryTable,
)

__all__ = ["sections"]

UNIT = "unit:"
"""With it begin labels that say what an outcome counts in."""
SPARE = frozenset({*UNDER, "balance", "reliability", "subgroups"})
"""Sections that a page leaves out where there is nothing in them."""


def sections(released: Release, made: Made | None = None) -> tuple[Section, ...]:
    """Return the page's sections: those that everybody reads, then those of the annex.

    Where a section stands is the page's own order, whichever the notebook's is; parts of one
    section stand under one heading in the order in which the notebook shows them.

    Parameters
    ----------
    released : Release
    made : Made, optional
        Of the run; it stands last under how to reproduce the page.

    Raises
    ------
    RunError
        A part belongs to a section that no page has.
    """
    headings, leads = words.headings(), words.leads()
    page = _page(released)
    blocks: dict[str, list[Block]] = {}
    shown: Counter[str] = Counter()
    for part in released:
        key = _section(part)
        if key is None:
            continue
        if key not in headings:
            raise RunError(_unknown(part, tuple(headings)))
        for under, block in placed(part, page, key=key, name=f"{key}-{shown[key]}"):
            blocks.setdefault(under, []).append(block)
        shown[key] += 1
    if made is not None:
        last = made_block(made, guarded=released.rule.guarded, told=_versions_told(released))
        blocks.setdefault("reproduce", []).append(last)
    return tuple(
        Section(key, headings[key], _lead(key, released, leads), tuple(blocks[key]), annex=annex)
        for annex, keys in ((False, FRONT), (True, ANNEX))
        for key in keys
        if key in blocks
    )


def _versions_told(released: Release) -> frozenset[str]:
    """Return of which packages the notebook's own words tell the versions."""
    said = [part for part in released if isinstance(part, Statement)]
    facts = (part.facts for part in said if part.section == "reproduce")
    return frozenset(str(term) for pairs in facts for term, _ in pairs)


def _page(released: Release) -> Page:
    labels, captions = _labels(released), words.captions()
    return Page(
        released.rule.minimum_cell,
        labels,
        captions,
        words.folds(),
        by_time=_by_time(released),
        primary=frozenset(f.outcome for f in _findings(released) if f.role == "primary"),
        baseline=_baseline(released),
        guarded=released.rule.guarded,
    )


def _findings(released: Release) -> list[Finding]:
    found = [part for part in released if isinstance(part, Finding)]
    return found + [one for part in released if isinstance(part, Findings) for one in part]


def _labels(released: Release) -> dict[str, str]:
    """Return what a reader calls each outcome, and what it counts in where that must be said."""
    named = {finding.outcome: short(finding.label) for finding in _findings(released)}
    tables = [part for part in released if isinstance(part, SummaryTable)]
    units = {
        key: text for table in tables for key, text in table.labels.items() if key.startswith(UNIT)
    }
    return named | units


def _by_time(released: Release) -> frozenset[tuple[str, str]]:
    """Return of which outcomes and methods the course is drawn by itself, with its bands."""
    parts = (part for part in released if isinstance(part, EffectResult))
    return frozenset((p.outcome, p.method) for p in parts if look_of(p) == "by_time")


def _baseline(released: Release) -> str:
    """Return the period from which the course without the pilot is expected, or people followed."""
    for part in released:
        if isinstance(part, SummaryTable) and part.section == "trends":
            expected = part.cells[part.cells["group"] == "expected"]
            if len(expected):
                return str(expected["period"].iloc[0])
    for part in released:
        if isinstance(part, SummaryTable) and part.section == "flow":
            label = part.labels.get("baseline")
            if isinstance(label, Label):
                return str(label.sentence.values["period"])
    return ""


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


def _unknown(part: Part, known: tuple[str, ...]) -> Fault:
    return Fault(
        "unknown-section",
        "notebook",
        f"a {part.part} part belongs to a section that no page has",
        f"one of {', '.join(known)}",
        "mend the notebook",
    )
