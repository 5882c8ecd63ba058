"""Everything that one page shows, through the gate at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from impact.disclosure.behind import contrasted, drawn, people_behind
from impact.disclosure.editions import NOTHING_BEFORE, Edition, remember
from impact.disclosure.estimates import gate_effects
from impact.disclosure.findings import gate_finding, gate_findings
from impact.disclosure.replication import gate_replication
from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_statement
from impact.disclosure.tables import gate_tables
from impact.disclosure.vouched import vouched
from impact.errors import DisclosureError
from impact.results import (
    EffectResult,
    Effects,
    Finding,
    Findings,
    Part,
    Replication,
    Statement,
    Status,
    SummaryTable,
)

__all__ = ["Release", "release"]

_GATE = object()
_GATES = {
    Statement: gate_statement,
    Finding: gate_finding,
    Findings: gate_findings,
    Replication: gate_replication,
}


@dataclass(frozen=True, eq=False)
class Release:
    """Parts that may be published, in the order of the notebook; `release` makes it.

    Parameters
    ----------
    parts : tuple of Part
        Gated copies; no renderer takes any others.
    rule : Rule
        The rule they passed.
    edition : mapping
        What readers of this page and of earlier ones have seen, with true numbers: private,
        for the ``before`` of the next release.
    """

    parts: tuple[Part, ...]
    rule: Rule
    edition: Edition = field(default_factory=lambda: NOTHING_BEFORE, repr=False)
    _gate: object = None

    def __post_init__(self) -> None:
        if self._gate is not _GATE:
            raise DisclosureError("a Release is made by impact.disclosure.release alone")

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    @property
    def status(self) -> Status:
        """The page's status."""
        return next(part for part in self.parts if isinstance(part, Status))

    @property
    def headline(self) -> Finding | None:
        """The finding that the page opens with, where the notebook shows one."""
        for part in self.parts:
            if isinstance(part, Finding):
                return part
            if isinstance(part, Findings) and any(finding.headline for finding in part):
                return part.headline
        return None

    def estimates(self) -> pd.DataFrame | None:
        """Return the released estimates of the page, in the glossary's order."""
        frames = [part.to_frame() for part in self.parts if isinstance(part, Effects)]
        return pd.concat(frames, ignore_index=True) if frames else None


def release(
    parts: Sequence[Part], rule: Rule, *, before: Edition = NOTHING_BEFORE, vouch: bool = False
) -> Release:
    """Pass all parts of one page through the gate.

    Tables first, then estimates, then text: what one hides, the next does not give back.

    Parameters
    ----------
    parts : sequence of Part
        Everything that the page is to show; exactly one is its `Status`.
    rule : Rule
        Usually ``Rule.of(status)``. A page about people cannot be released unguarded.
    before : mapping
        The ``edition`` of the last release of this page: what both together would tell about
        few people is hidden.
    vouch : bool
        Whether sentences that the package does not know are left out: what comes from a
        notebook is published so.

    Returns
    -------
    Release
        Copies of the parts without what may not be shown; the given parts stay as
        they were. Summary tables have a further column ``hidden``.

    Raises
    ------
    DisclosureError
        No or several status parts, an unguarded rule for a page about people, a rule
        that is laxer than the status states, or a part of an unknown kind.
    """
    status = _only_status(parts)
    parts = [vouched(part) for part in parts] if vouch else parts
    stated = Rule.of(status)
    if (stated.guarded and not rule.guarded) or rule.minimum_cell < stated.minimum_cell:
        raise DisclosureError("the rule is laxer than the one that the pilot's status states")
    given = [part for part in parts if isinstance(part, SummaryTable)]
    estimated = [part for part in parts if isinstance(part, EffectResult | Effects)]
    tables, withheld = gate_tables(
        given,
        rule,
        people_behind(estimated) if rule.guarded else (),
        before,
        contrasted(estimated, rule),
        drawn(estimated),
    )
    effects, withheld = gate_effects(estimated, rule, withheld, before)
    done: dict[bool, Iterator[Part]] = {True: iter(tables), False: iter(effects)}
    gated: list[Part] = []
    for part in parts:
        if isinstance(part, SummaryTable | EffectResult | Effects):
            gated.append(next(done[isinstance(part, SummaryTable)]))
        elif isinstance(part, Status):
            gated.append(replace(part, guarded=rule.guarded, minimum_cell=rule.minimum_cell))
        elif type(part) in _GATES:
            gated.append(_GATES[type(part)](part, rule, withheld))  # type: ignore[operator]
        else:
            raise DisclosureError(f"no rule says how a {type(part).__name__} may be published")
    return Release(tuple(gated), rule, remember(before, parts, gated), _GATE)


def _only_status(parts: Sequence[Part]) -> Status:
    found = [part for part in parts if isinstance(part, Status)]
    if len(found) != 1:
        raise DisclosureError(f"a page has one status part; this one has {len(found)}")
    return found[0]
