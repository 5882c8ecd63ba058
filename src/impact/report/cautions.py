"""The words that belong to an average over few pilots, each a whole sentence."""

from __future__ import annotations

import math
from dataclasses import replace

from impact.disclosure import IndexEntry
from impact.inference.meta import FEW, Pooled
from impact.locale import N_, _, spoken
from impact.results import Sentence

__all__ = [
    "APART",
    "AVERAGE",
    "AVERAGE_SIMULATED",
    "CHANGES",
    "FURTHER",
    "FURTHER_SIMULATED",
    "NO_AVERAGE",
    "NO_RANGE",
    "average",
    "row_name",
    "share",
    "span",
    "told",
    "unit",
    "way",
]

AVERAGE = Sentence("Average")
AVERAGE_SIMULATED = Sentence("Average (simulated data)")
FURTHER = Sentence("Where a further pilot is expected")
FURTHER_SIMULATED = Sentence("Where a further pilot is expected (simulated data)")
CHANGES = Sentence(
    "A pilot without a comparison group shows a change from start to end, not a difference; it "
    "is drawn hollow and is no part of an average."
)
NO_RANGE = Sentence("A difference without a valid standard error is no part of an average.")
NOTHING = Sentence("–")
UNITS = N_("units of measurement")
APART = Sentence("Real and simulated data are never averaged together.")
NO_AVERAGE = Sentence(
    "No average is given: fewer than three pilots of one sort of data measured this with a "
    "comparison group and a valid standard error."
)
WAYS = {
    "higher": Sentence("More is better."),
    "lower": Sentence("Less is better."),
    "neutral": Sentence("Neither more nor less is better."),
}
REAL = Sentence(
    "On average over %(n)s pilot the difference is %(mean)s; the data fit an average anywhere "
    "from %(low)s to %(high)s.",
    many="On average over %(n)s pilots the difference is %(mean)s; the data fit an average "
    "anywhere from %(low)s to %(high)s.",
)
SIMULATED = Sentence(
    "On average over %(n)s pilot with simulated data the difference is %(mean)s; the data fit an "
    "average anywhere from %(low)s to %(high)s. It shows the method and says nothing about the "
    "cities.",
    many="On average over %(n)s pilots with simulated data the difference is %(mean)s; the data "
    "fit an average anywhere from %(low)s to %(high)s. It shows the method and says nothing about "
    "the cities.",
)
NEXT = Sentence(
    "The difference that a further pilot of the same kind makes is expected between %(low)s and "
    "%(high)s."
)
SPREAD = Sentence(
    "Of the variation between the pilots, %(i2)s%% is more than chance (I²); the variance of their "
    "true differences (τ²) is %(tau2)s, with a range from %(tau2_low)s to %(tau2_high)s."
)
HOW = Sentence(
    "Random effects by restricted maximum likelihood, with Hartung–Knapp intervals that are never "
    "narrower than the usual ones."
)
FEW_SAID = Sentence(
    "With fewer than %(n)s pilot nobody can tell well how far their true differences lie apart: "
    "read the average as a description of these pilots, not as what a further one will find.",
    many="With fewer than %(n)s pilots nobody can tell well how far their true differences lie "
    "apart: read the average as a description of these pilots, not as what a further one will "
    "find.",
)
TOGETHER = Sentence(
    "An average is no surer than what it is made of: each pilot's certainty still holds, and the "
    "average takes it that no person is in two of the pilots."
)


def way(direction: str) -> Sentence:
    """Say which way is better."""
    return WAYS[direction]


def unit(percent: bool, measured_in: str, scale: tuple[float, float] | None) -> Sentence:
    """Name what the numbers count in."""
    if percent:
        return Sentence("percentage points")
    if scale is None:
        return Sentence("%(name)s", {"name": measured_in or UNITS})
    low, high = (f"{end:g}" for end in scale)
    if measured_in:
        given = {"name": measured_in, "low": low, "high": high}
        return Sentence("%(name)s, on a scale from %(low)s to %(high)s", given)
    return Sentence("points on a scale from %(low)s to %(high)s", {"low": low, "high": high})


def row_name(entry: IndexEntry) -> str:
    """Name a pilot where others stand beside it: what its numbers are made of is part of it."""
    marks = []
    if entry.simulated:
        marks.append(_("simulated"))
    if entry.state == "stale":
        marks.append(_("earlier run"))
    return f"{entry.title} ({', '.join(marks)})" if marks else entry.title


def average(found: Pooled, times: float, places: int, *, simulated: bool) -> list[Sentence]:
    """Say what an average is, how far pilots lie apart, and how little few of them tell."""
    given = {"n": str(found.k), "mean": _told(found.mean, times, places)}
    given |= _ends(found.conf_low, found.conf_high, times, places)
    said = [replace(SIMULATED if simulated else REAL, values=given)]
    if math.isfinite(found.predict_low):
        ends = _ends(found.predict_low, found.predict_high, times, places)
        said.append(replace(NEXT, values=ends))
    if found.few:
        said.append(replace(FEW_SAID, values={"n": str(FEW)}))
    spread = {
        name: _digits(times**2 * getattr(found, name)) for name in ("tau2", "tau2_low", "tau2_high")
    }
    said.append(replace(SPREAD, values={"i2": f"{100 * found.i2:.0f}", **spread}))
    return [*said, HOW, TOGETHER]


def told(value: float, places: int) -> Sentence:
    """Say a number, or that it is missing."""
    if not math.isfinite(value):
        return NOTHING
    return Sentence("%(n)s", {"n": _told(value, 1.0, places)})


def span(low: float, high: float, places: int) -> Sentence:
    """Say the ends of a range, or that there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOTHING
    return Sentence("%(low)s to %(high)s", _ends(low, high, 1.0, places))


def share(weight: float) -> Sentence:
    """Say how much of an average an estimate makes, if it is part of one."""
    if not math.isfinite(weight):
        return NOTHING
    return Sentence("%(n)s", {"n": spoken().percent(weight)})


def _ends(low: float, high: float, times: float, places: int) -> dict[str, str]:
    return {"low": _told(low, times, places), "high": _told(high, times, places)}


def _told(value: float, times: float, places: int) -> str:
    text = f"{times * value:.{places}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text


def _digits(value: float) -> str:
    """Write a variance with two digits, in plain notation."""
    if value == 0:
        return "0"
    return f"{value:.{min(max(0, 1 - math.floor(math.log10(value))), 8)}f}"
