"""Findings through the gate: no estimate and no sentence about too small a group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_sentence, gate_sentences
from impact.results import Finding, Findings, Sentence

__all__ = ["gate_finding", "gate_findings"]

FACTS = ("direction", "kind", "method", "inference", "level", "smallest_effect", "measured_in")


def gate_finding(finding: Finding, rule: Rule) -> Finding:
    """Return the finding, or a neutral one where its groups are too small.

    Of its details only facts of the method and the outcome are kept (`FACTS`).
    """
    details = {name: finding.details[name] for name in FACTS if name in finding.details}
    if rule.small(finding.base):
        return _neutral(finding, rule)
    span = None if finding.span is None else gate_sentence(finding.span, rule)
    return replace(
        finding,
        sentence=gate_sentence(finding.sentence, rule),
        effect=gate_sentence(finding.effect, rule),
        span=span,
        reasons=gate_sentences(finding.reasons, rule),
        details=details,
        estimate=rule.round(finding.estimate),
        conf_low=rule.round(finding.conf_low),
        conf_high=rule.round(finding.conf_high),
    )


def gate_findings(findings: Findings, rule: Rule) -> Findings:
    """Return every finding through the gate; none is left out."""
    return Findings(tuple(gate_finding(finding, rule) for finding in findings))


def _neutral(finding: Finding, rule: Rule) -> Finding:
    about: Mapping[str, Any] = {"label": finding.label, "minimum": rule.minimum_cell}
    said = "%(label)s: the result is not shown, because a group has fewer than %(minimum)s people."
    return replace(
        finding,
        size="not_rated",
        sentence=Sentence(said, about),
        effect=Sentence("Not shown: fewer than %(minimum)s people in a group.", about),
        span=None,
        reasons=gate_sentences(finding.reasons, rule),
        details={},
        estimate=math.nan,
        conf_low=math.nan,
        conf_high=math.nan,
    )
