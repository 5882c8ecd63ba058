"""Findings through the gate: no estimate and no sentence about too small a group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_sentence, gate_sentences
from impact.disclosure.withheld import NOTHING, Withheld
from impact.results import Finding, Findings, Sentence

__all__ = ["gate_finding", "gate_findings"]

FACTS = ("method", "inference", "p_adjusted", "multiplicity")


def gate_finding(finding: Finding, rule: Rule, withheld: Withheld = NOTHING) -> Finding:
    """Return the finding, or a neutral one where its groups are too small.

    Neutral too where the tables hide a mean or share of its outcome, or the page does not
    show its estimate. Of its details only facts of the method and the outcome are kept
    (`FACTS`).
    """
    details = {name: finding.details[name] for name in FACTS if name in finding.details}
    if rule.small(finding.base) or _gives_back(finding, rule, withheld):
        return _neutral(finding, rule, withheld)
    span = None if finding.span is None else gate_sentence(finding.span, rule, withheld)
    return replace(
        finding,
        sentence=gate_sentence(finding.sentence, rule, withheld),
        effect=gate_sentence(finding.effect, rule, withheld),
        span=span,
        reasons=gate_sentences(finding.reasons, rule, withheld),
        details=details,
        estimate=rule.round(finding.estimate),
        conf_low=rule.round(finding.conf_low),
        conf_high=rule.round(finding.conf_high),
    )


def gate_findings(findings: Findings, rule: Rule, withheld: Withheld = NOTHING) -> Findings:
    """Return every finding through the gate; none is left out."""
    return Findings(tuple(gate_finding(finding, rule, withheld) for finding in findings))


def _gives_back(finding: Finding, rule: Rule, withheld: Withheld) -> bool:
    """Whether the finding would give back what the tables or the estimates hide."""
    told = (finding.outcome, finding.estimate)
    return rule.guarded and (finding.outcome in withheld.outcomes or told in withheld.estimates)


def _neutral(finding: Finding, rule: Rule, withheld: Withheld) -> Finding:
    about: Mapping[str, Any] = {"label": finding.label, "minimum": rule.minimum_cell}
    said = (
        "%(label)s: the result is not shown, because it would tell about fewer than %(minimum)s "
        "people."
    )
    return replace(
        finding,
        size="not_rated",
        sentence=Sentence(said, about),
        effect=Sentence("Not shown: it would tell about fewer than %(minimum)s people.", about),
        span=None,
        reasons=gate_sentences(finding.reasons, rule, withheld),
        details={},
        estimate=math.nan,
        conf_low=math.nan,
        conf_high=math.nan,
    )
