"""Findings through the gate: no estimate and no sentence about too small a group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from impact.disclosure.blunt import stepped
from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_sentence, gate_sentences
from impact.disclosure.withheld import NOTHING, Withheld
from impact.evidence.amounts import FORMS, nothing
from impact.evidence.words import OF_NOTHING
from impact.locale import N_
from impact.results import Finding, Findings, Sentence

__all__ = ["gate_finding", "gate_findings"]

AMOUNTS = {"effect": "estimate", "low": "conf_low", "high": "conf_high"}
"""Of which number of a finding each amount in its sentences tells."""
IN_A_HUNDRED, PER_CENT = "in 100", "per cent"
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
    step = withheld.headline_step(finding.outcome)
    true = {amount: abs(getattr(finding, number)) for amount, number in AMOUNTS.items()}

    def said(sentence: Sentence) -> Sentence:
        return _by_steps(gate_sentence(sentence, rule, withheld), step, true)

    def told(value: float) -> float:
        return stepped(rule.round(value), step)

    return replace(
        finding,
        sentence=said(finding.sentence),
        effect=said(finding.effect),
        span=None if finding.span is None else said(finding.span),
        reasons=gate_sentences(finding.reasons, rule, withheld),
        details=details,
        estimate=told(finding.estimate),
        conf_low=told(finding.conf_low),
        conf_high=told(finding.conf_high),
    )


def gate_findings(findings: Findings, rule: Rule, withheld: Withheld = NOTHING) -> Findings:
    """Return every finding through the gate; none is left out."""
    return Findings(tuple(gate_finding(finding, rule, withheld) for finding in findings))


def _gives_back(finding: Finding, rule: Rule, withheld: Withheld) -> bool:
    """Whether the finding would give back what the tables or the estimates hide."""
    return rule.guarded and withheld.hides_headline(finding.outcome, finding.estimate)


def _by_steps(
    sentence: Sentence, step: float, true: Mapping[str, float], amount: str = "effect"
) -> Sentence:
    """Tell the amounts in a sentence as exactly as the table of estimates tells them.

    Parameters
    ----------
    sentence : Sentence
    step : float
        Of the headline's row; zero where it is told in full.
    true : mapping
        The size of each amount before it was written.
    amount : str
        Which of them the sentence itself is.
    """
    values = {
        name: _by_steps(value, step, true, name)
        if name in AMOUNTS and isinstance(value, Sentence)
        else value
        for name, value in sentence.values.items()
    }
    effect = values.get("effect")
    if sentence.text in OF_NOTHING and isinstance(effect, Sentence) and _is_zero(effect):
        left = {name: value for name, value in values.items() if name != "effect"}
        return replace(sentence, text=OF_NOTHING[sentence.text], values=left)
    size = str(values.get("n", ""))
    if size and step and PER_CENT not in sentence.text:
        times = 100 if IN_A_HUNDRED in sentence.text else 1
        own = _unrounded(size, times * true[amount])
        values["n"] = _written(stepped(own, times * step), size, times * step)
        if not float(str(values["n"])):
            sentence = _no_loss(sentence)
    return replace(sentence, values=values)


def _unrounded(size: str, true: float) -> float:
    """Return what an amount was before it was written, where that is what it tells of.

    Rounded twice, 0.333 would be 0.3, and then 0.2 by steps of 0.2: the table says 0.4.
    """
    own, digits = float(size), len(size.partition(".")[2])
    return true if abs(true - own) <= 0.5001 * 10.0**-digits else own


def _is_zero(effect: Sentence) -> bool:
    """Whether an amount is told, and reads as zero."""
    return "n" in effect.values and nothing(effect)


def _no_loss(sentence: Sentence) -> Sentence:
    """Return an amount that reads as zero in the form that says no loss: "0 more", not fewer."""
    more = FORMS.get(sentence.text, sentence)
    return replace(sentence, text=more.text, many=more.many)


def _written(value: float, before: str, step: float) -> str:
    """Write a number with no more decimals than it had, nor than its steps have."""
    own = max(0, -math.floor(math.log10(step)))
    return f"{value:.{min(own, len(before.partition('.')[2]))}f}"


def _neutral(finding: Finding, rule: Rule, withheld: Withheld) -> Finding:
    about: Mapping[str, Any] = {"label": finding.label, "minimum": rule.minimum_cell}
    said = N_(
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
