"""What must be known of a pilot before there are data, and all that is missing of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from impact.errors import DesignError, Fault
from impact.spec.models import DesignKind, Kind

__all__ = ["Facts", "check_facts"]

FEWEST = 4
NEEDS_SD = ("continuous", "ordinal", "duration")
NEEDS_MEAN = ("binary", "ordinal", "count", "duration")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A pilot as it is planned.

    Behind the values of a person in two periods, and of two people of a cluster, lie normal
    variables with these correlations; the values of an outcome that is not continuous
    correlate a little less.

    Parameters
    ----------
    units : int
        People, households or places in both groups together (each period, where others are
        asked each time).
    sd : float or None
        Standard deviation of the outcome among people of one group; a share has its own.
    mean : float or None
        Mean, or share, without the pilot.
    kind : str
        ``continuous binary ordinal count duration``.
    scale : (float, float) or None
        Lowest and highest value.
    correlation : float or None
        Between a unit's values one period apart or more.
    clusters : int or None
        Municipalities, classes … that are assigned as a whole; none: each unit by itself.
    icc : float or None
        Intraclass correlation: the share of the variance that lies between clusters, in any
        period and in the changes between periods alike.
    treated : float
        Share of the clusters, or units, with the pilot.
    periods : int
    starts : tuple of int
        First treated periods, counted from 1; in the middle unless said, of a lottery the
        last one.
    attrition : float
        Share of the units lost by the last period.
    design : str
        ``did staggered before_after randomised``.
    sample : str
        ``panel`` or ``cross_sections``.
    """

    units: int | None = None
    sd: float | None = None
    mean: float | None = None
    kind: Kind = "continuous"
    scale: tuple[float, float] | None = None
    correlation: float | None = None
    clusters: int | None = None
    icc: float | None = None
    treated: float = 0.5
    periods: int = 2
    starts: tuple[int, ...] = ()
    attrition: float = 0.0
    design: DesignKind = "did"
    sample: Literal["panel", "cross_sections"] = "panel"

    @property
    def first_treated(self) -> tuple[int, ...]:
        """First treated periods, counted from 1."""
        if self.starts:
            return tuple(sorted(set(self.starts)))
        if self.design == "randomised":
            return (self.periods,)
        if self.design == "staggered":
            return tuple(range(2, self.periods + 1))
        return (self.periods // 2 + 1,)

    @property
    def groups(self) -> tuple[int, ...]:
        """How many clusters, or units, start at each time; the last number: never."""
        total = self.clusters or self.units or 0
        if self.design == "before_after":
            return (total, 0)
        starts = len(self.first_treated)
        reached = round(self.treated * total)
        share = [(at + 1) * reached // starts - at * reached // starts for at in range(starts)]
        return (*share, total - reached)

    @property
    def average(self) -> float:
        """The mean, or the middle of nothing: 0."""
        return 0.0 if self.mean is None else self.mean

    def times(self, factor: float) -> Facts:
        """Return a pilot of so many times the clusters, or units where there are none."""
        units = round((self.units or 0) * factor)
        if self.clusters is None:
            return replace(self, units=units)
        clusters = max(2, round(self.clusters * factor))
        units = round((self.units or 0) * clusters / self.clusters)
        return replace(self, units=units, clusters=clusters)


def check_facts(facts: Facts) -> None:
    """Refuse facts that are missing or cannot be.

    Raises
    ------
    DesignError
        With all of them.
    """
    faults = [*_missing(facts), *_wrong(facts)]
    if faults:
        raise DesignError(faults)


def _missing(facts: Facts) -> Iterator[Fault]:
    compared = facts.periods > 1 and (facts.sample == "panel" or facts.clusters is not None)
    bounded = facts.kind == "continuous" and facts.scale is not None
    wanted = {
        "units": (True, "how many people (households, places) there are in both groups"),
        "sd": (facts.kind in NEEDS_SD, "the standard deviation of the outcome within a group"),
        "mean": (facts.kind in NEEDS_MEAN or bounded, "the mean or share without the pilot"),
        "scale": (facts.kind == "ordinal", "the lowest and the highest value"),
        "correlation": (compared, "that of a person's values in two periods, 0 to 1"),
        "icc": (facts.clusters is not None, "the share of the variance between clusters, 0 to 1"),
        "clusters": (facts.icc is not None, "how many clusters there are"),
    }
    for name, (needed, told) in wanted.items():
        if needed and getattr(facts, name) is None:
            yield Fault("missing-fact", name, "not given", f"expected {told}")


def _wrong(facts: Facts) -> Iterator[Fault]:
    for name in ("correlation", "icc", "attrition", "treated"):
        value = getattr(facts, name)
        if value is not None and not 0 <= value < 1:
            yield Fault("no-share", name, f"found {value:g}", "expected 0 or more and less than 1")
    if facts.sd is not None and facts.sd <= 0:
        yield Fault("no-spread", "sd", f"found {facts.sd:g}", "expected a number above 0")
    if facts.periods < 1 or (facts.periods < 2 and facts.design != "randomised"):
        yield Fault("too-few-periods", "periods", f"found {facts.periods}", "expected 2 or more")
    elif facts.design != "randomised" and min(facts.first_treated) < 2:
        yield Fault(
            "no-time-before", "starts", "a start in the first period", "expected 2 or later"
        )
    if max(facts.first_treated, default=1) > facts.periods:
        yield Fault("no-time-after", "starts", f"a start after period {facts.periods}")
    if len(facts.first_treated) > 1 and facts.design != "staggered":
        yield Fault("several-starts", "starts", "several starts", "expected one, or staggered")
    if facts.sample == "cross_sections" and facts.attrition:
        yield Fault("nobody-to-lose", "attrition", "units that are seen once cannot be lost")
    if facts.sample == "cross_sections" and not facts.clusters:
        said = "expected some: other people each time belong to clusters that are there each time"
        yield Fault("no-clusters", "clusters", "not given", said)
    yield from _sizes(facts)
    yield from _room(facts)


def _sizes(facts: Facts) -> Iterator[Fault]:
    if facts.units is not None and facts.clusters is not None and facts.units < facts.clusters:
        found = f"{facts.units} units in {facts.clusters} clusters"
        yield Fault("empty-clusters", "units", found, "expected one or more in each")
    elif facts.units is not None and facts.design != "before_after" and 0 in facts.groups:
        found = f"a group of nobody, of {facts.clusters or facts.units} in all"
        yield Fault("empty-group", "treated", found, "expected another share with the pilot")
    elif facts.units is not None and facts.units < FEWEST:
        yield Fault("too-few-units", "units", f"found {facts.units}", f"expected {FEWEST} or more")


def _room(facts: Facts) -> Iterator[Fault]:
    """Tell a mean outside what the outcome can be, and a spread that does not fit there."""
    mean = facts.mean
    if mean is None:
        return
    low, high = (0.0, 1.0) if facts.kind == "binary" else (facts.scale or (None, None))
    if facts.kind in ("count", "duration") and low is None:
        low = 0.0
    if (low is not None and mean <= low) or (high is not None and mean >= high):
        within = f"above {low:g}" if high is None else f"between {low:g} and {high:g}"
        yield Fault("mean-outside", "mean", f"found {mean:g}", f"expected a mean {within}")
    elif facts.kind in ("ordinal", "continuous") and facts.scale is not None and facts.sd:
        room = (mean - facts.scale[0]) * (facts.scale[1] - mean)
        if facts.sd**2 >= room:
            said = f"expected less than {room**0.5:.3g}, as the scale and the mean allow"
            yield Fault("spread-outside", "sd", f"found {facts.sd:g}", said)
