"""Numbers in sentences: rows and units that are left out, groups, costs, headlines."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from attack.numerals import people_in
from attack.published import Span, Text, number
from attack.reading import MOST, Reading
from attack.system import total
from attack.truth import STATES

__all__ = [
    "AT_THE_END",
    "BOTH_SIDES",
    "NO_START",
    "ROWS",
    "headlines",
    "said_about",
    "say_sentences",
]

METHODS = {
    "Difference of differences": "did",
    "Event study": "event_study",
    "Two-way fixed effects": "twfe",
    "Difference at the end, given the start": "ancova",
    "Difference of means": "difference_in_means",
    "Before and after": "before_after",
    "Callaway and Sant'Anna": "callaway_santanna",
}
AT_THE_END = ("ancova", "difference_in_means")
COUNT = r"([Ss]ome|fewer than \d+|[\d,]+)"
NAMED = re.compile(r"^(?P<method>[^“”:]+), “(?P<label>[^”]+)”: (?P<said>.+)$")
ROWS = re.compile(
    rf"{COUNT} rows? without (?:this outcome|the outcome or a covariate) (?:is|are) left out"
)
BOTH_SIDES = re.compile(
    rf"{COUNT} units? (?:is|are) left out, since (?:it is|they are) not seen both before and after"
)
NO_START = re.compile(
    rf"{COUNT} units? (?:is|are) left out, since (?:its|their) outcome before is not known"
)
NOT_ALWAYS = re.compile(rf"{COUNT} units? (?:is|are) not seen in every period")
UNLIKE = re.compile(rf"groups are of unlike size \({COUNT} and {COUNT}\)")
FEW = re.compile(
    rf"Units of assignment (?:are few \()?with the pilot: {COUNT}[,;] without: {COUNT}"
)
COST = re.compile(r"The pilot cost ([\d,]+) ")
EACH = re.compile(r"That is about ([\d,]+) .* for each participant in the data")
COMPLETE = re.compile(r"^No answer is missing(?: in: (.+))?\.$")


def say_sentences(found: Reading, estimates: pd.DataFrame) -> None:
    """Say what every sentence tells of numbers of people, whichever outcome it is about."""
    if not found.names:
        return
    for text, name, method, said in _told(found, estimates):
        found.system.source = f"{text.section} / {text.said}"
        _left_out(found, said, name, method)
        _sizes(found, said, name, method)
    _complete(found)
    _cost(found)


def said_about(found: Reading, estimates: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return outcome and method that each sentence on methods is about, and the sentence."""
    told = _told(found, estimates)
    return [(name, method, said) for _, name, method, said in told]


def _told(found: Reading, estimates: pd.DataFrame) -> Iterator[tuple[Text, str, str, str]]:
    permuted = (
        []
        if estimates.empty
        else list(estimates.loc[estimates["inference"] == "permutation", "outcome"])
    )
    return _about(found, headlines(estimates), permuted)


def headlines(estimates: pd.DataFrame) -> Mapping[str, str]:
    """Return by outcome the method of its first estimate."""
    if estimates.empty:
        return {}
    first: dict[str, Any] = estimates.groupby("outcome", sort=False)["method"].first().to_dict()
    return {str(outcome): str(method) for outcome, method in first.items()}


def _about(
    found: Reading, methods: Mapping[str, str], permuted: Sequence[str]
) -> Iterator[tuple[Text, str, str, str]]:
    """Yield sentences with the outcome and the method that they are about."""
    first = next(iter(found.names.values()))
    caption = ""
    for text in found.texts:
        if text.kind == "caption":
            caption = text.said
        if text.section != "methods" and text.section != "effects":
            continue
        named = NAMED.match(text.said)
        label = caption.partition(":")[0] if text.section == "effects" else ""
        if named and found.named(named["label"]) and named["method"] in METHODS:
            name = found.named(named["label"])
            yield text, name, METHODS[named["method"]], named["said"]
        elif text.section == "methods" and methods:
            name = next((o for o in permuted if UNLIKE.search(text.said)), first)
            yield text, name, methods.get(name, ""), text.said
        elif found.named(label):
            yield text, found.named(label), "event_study", text.said


def _left_out(found: Reading, said: str, name: str, method: str) -> None:
    groups, waves = found.groups, found.waves
    if at := ROWS.search(said):
        over = waves[-1:] if method in AT_THE_END else waves
        if method in AT_THE_END or found.all_waves:
            names = [(s, name, g, wave) for s in STATES for g in groups for wave in over]
            _say(found, at.group(1), total(names))
    if at := BOTH_SIDES.search(said):
        ever = total(("E", name, group) for group in groups)
        _say(found, at.group(1), {**ever, **total((("A", name, g) for g in groups), -1.0)})
    if at := NOT_ALWAYS.search(said):
        ever = total(("E", name, group) for group in groups)
        _say(found, at.group(1), {**ever, **total((("F", name, g) for g in groups), -1.0)})
    if (at := NO_START.search(said)) and found.baseline:
        end = total(("n", name, group, waves[-1]) for group in groups)
        twice = total((("n2", name, g, found.baseline) for g in groups), -1.0)
        _say(found, at.group(1), {**end, **twice})


def _sizes(found: Reading, said: str, name: str, method: str) -> None:
    """Read the sizes of the groups in the reasons for an error."""
    kind = "A" if found.followed else "E"
    for pattern, kinds in ((UNLIKE, kind), (FEW, "E")):
        at = pattern.search(said)
        if not at or len(found.groups) < 2:
            continue
        for group, told in zip(("t", "c"), at.groups(), strict=True):
            what: Hashable = (kinds, name, group)
            if method in AT_THE_END:
                what = ("n", name, group, found.waves[-1])
                if method == "ancova" and found.baseline and pattern is UNLIKE:
                    what = ("n2", name, group, found.baseline)
            if told.lower() == "some":
                # Told so where it would be rounded to less than twice the minimum.
                found.system.say({what: 1.0}, 1.0, math.ceil(1.5 * found.minimum) - 1.0)
            else:
                _say(found, told, {what: 1.0})


def _say(found: Reading, told: str, terms: Mapping[Hashable, float]) -> None:
    span = Span(1.0, MOST) if told.lower() == "some" else people_in(found, told)
    if span is not None:
        # A note on nobody is not made.
        found.system.say(terms, max(span.low, 1.0), span.high)


def _complete(found: Reading) -> None:
    """Read of which questions it is said that everybody answered."""
    for text in found.texts:
        at = COMPLETE.match(text.said)
        if not at:
            continue
        labels = at.group(1).split(", ") if at.group(1) else list(found.names)
        found.system.source = f"{text.section} / {text.said}"
        for name in filter(None, map(found.named, labels)):
            for group in found.groups:
                for wave in found.waves:
                    found.system.equal(total((s, name, group, wave) for s in STATES))


def _cost(found: Reading) -> None:
    """Read how many took part from what all and what each of them cost, in one digit."""
    said = [text.said for text in found.texts]
    whole = next((at for at in map(COST.search, said) if at), None)
    each = next((at for at in map(EACH.search, said) if at), None)
    if not whole or not each or not found.followed:
        return
    amount, one = (float(at.group(1).replace(",", "")) for at in (whole, each))
    if one <= 0:
        return
    digit = 10.0 ** (len(f"{one:.0f}") - 1)
    below = digit / 20 if one == digit else digit / 2
    least, most = amount / (one + digit / 2), amount / (one - below)
    found.system.source = f"cost / {each.group()}"
    if not found.guarded or not found.step:
        found.system.say({("U", "t"): 1.0}, least, most)
        return
    # Divided by the participants, or by a rounded number of them.
    near = [people for people in range(0, MOST, found.step) if least <= people <= most]
    spans = [Span(least, most), *(s for p in near if (s := number(f"{p}", near=found.step)))]
    found.system.say({("U", "t"): 1.0}, min(s.low for s in spans), max(s.high for s in spans))
