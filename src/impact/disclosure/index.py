"""The index through the gate: one line a pilot, from its release or from its failure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from impact.disclosure.behind import each_effect
from impact.disclosure.page import Release
from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_sentence
from impact.errors import DisclosureError
from impact.results import EffectResult, Effects, Finding, Findings, Sentence, Status
from impact.results.part import plain

__all__ = ["IndexEntry", "Measured", "ReleasedIndex", "index_entry", "release_index"]

_GATE = object()
_PILOT = re.compile(r"[a-z0-9][a-z0-9-]*")
STATES = ("published", "stale", "failed")
MEASURE = ("indicator", "kind", "direction", "measured_in")
NUMBERS = ("estimate", "std_error", "conf_low", "conf_high")


@dataclass(frozen=True)
class Measured:
    """What a released page found on an indicator of the catalogue, to stand beside others.

    Parameters
    ----------
    indicator, kind, direction, measured_in : str
        As in the params file, the catalogue having filled in what it does not say.
    scale : tuple of float or None
        Lowest and highest value.
    outcome, role : str
        The column, and ``primary``, ``secondary`` or ``exploratory``.
    certainty : str
        Of the finding; ``no_comparison`` where the estimate is a change, not a difference.
    estimate, std_error, conf_low, conf_high : float
        As on the page; not a number where missing or withheld.
    level : float
        Of the interval.
    """

    indicator: str
    kind: str
    direction: str
    measured_in: str
    scale: tuple[float, float] | None
    outcome: str
    role: str
    certainty: str
    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    level: float = 0.95

    @property
    def measure(self) -> tuple[Any, ...]:
        """What must be the same before two estimates may stand on one axis."""
        return (self.indicator, self.kind, self.scale, self.measured_in, self.level)

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> Measured:
        """Read back what stands in an entry's payload."""
        read = {name: math.nan if payload[name] is None else payload[name] for name in NUMBERS}
        scale = payload["scale"]
        return cls(**{**payload, **read, "scale": None if scale is None else tuple(scale)})

    def gated(self, rule: Rule) -> Measured:
        """Return the numbers with the digits of the rule."""
        rounded = {name: rule.round(getattr(self, name)) for name in NUMBERS}
        return Measured.of_payload(asdict(self) | rounded)


@dataclass(frozen=True)
class IndexEntry:
    """What the index says of one pilot.

    Parameters
    ----------
    pilot, title, place, country, programme : str
        As in the pilot's status.
    themes : tuple of str
        As in the pilot's status.
    state : str
        ``published``; ``stale`` (the page shown is of an earlier run); or ``failed``
        (nothing is shown: no sentence, no certainty, no link).
    sentence : Sentence or None
        The headline.
    certainty : str
        Of the headline; empty where there is none.
    simulated, invented : bool
        As in the pilot's status.
    minimum_cell : int
        Of the pilot's rule.
    guarded : bool
        Of the pilot's rule.
    measures : tuple of Measured
        What was found on indicators of the catalogue, one for each outcome that is shown.
    """

    pilot: str
    title: str
    place: str = ""
    country: str = ""
    programme: str = ""
    themes: tuple[str, ...] = ()
    state: str = "published"
    sentence: Sentence | None = None
    certainty: str = ""
    simulated: bool = False
    invented: bool = False
    minimum_cell: int = 10
    guarded: bool = True
    measures: tuple[Measured, ...] = ()

    def __post_init__(self) -> None:
        if not _PILOT.fullmatch(self.pilot):
            raise DisclosureError("an index entry names its pilot by id: a-z, 0-9 and -")
        if self.state not in STATES:
            raise DisclosureError(f"the state of an index entry is one of {', '.join(STATES)}")

    def to_payload(self) -> dict[str, Any]:
        """Return the entry as plain JSON, to be kept with the record of the run."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        said = None if self.sentence is None else self.sentence.to_payload()
        measures = [plain(asdict(one)) for one in self.measures]
        return given | {"themes": list(self.themes), "sentence": said, "measures": measures}

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> IndexEntry:
        """Read back what `to_payload` returned."""
        said = payload["sentence"]
        read = {"sentence": None if said is None else Sentence.of_payload(said)}
        measures = tuple(Measured.of_payload(one) for one in payload.get("measures", ()))
        return cls(**{**payload, **read, "themes": tuple(payload["themes"]), "measures": measures})


@dataclass(frozen=True, eq=False)
class ReleasedIndex:
    """Index entries that may be published, in order; `release_index` makes it."""

    entries: tuple[IndexEntry, ...]
    _gate: object = None

    def __post_init__(self) -> None:
        if self._gate is not _GATE:
            raise DisclosureError("a ReleasedIndex is made by impact.disclosure.release_index")

    def __iter__(self) -> Iterator[IndexEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def index_entry(
    source: Release | Status,
    *,
    state: str = "published",
    indicators: Mapping[str, Mapping[str, Any]] | None = None,
) -> IndexEntry:
    """Return the line of a released page, or of a failed pilot from its status alone.

    Parameters
    ----------
    source : Release or Status
        What passed the gate, or who the pilot is.
    state : str
        As in `IndexEntry`.
    indicators : mapping of str to mapping, optional
        By outcome: ``indicator, kind, direction, scale, measured_in``. Outcomes that it names
        may be compared with those of other pilots.
    """
    status = source.status if isinstance(source, Release) else source
    shown = source if isinstance(source, Release) and state != "failed" else None
    headline = shown.headline if shown else None
    rule = Rule.of(status)
    return IndexEntry(
        **{
            name: getattr(status, name)
            for name in ("pilot", "title", "place", "country", "programme", "themes")
        },
        state=state,
        sentence=headline.sentence if headline else None,
        certainty=headline.certainty if headline else "",
        simulated=status.simulated,
        invented=status.invented,
        minimum_cell=rule.minimum_cell,
        guarded=rule.guarded,
        measures=tuple(_measured(shown, indicators)) if shown and indicators else (),
    )


def _measured(shown: Release, indicators: Mapping[str, Mapping[str, Any]]) -> Iterator[Measured]:
    """Yield the headline estimates that the page shows, of outcomes that are indicators."""
    findings = {
        one.outcome: one
        for part in shown
        if isinstance(part, Finding | Findings)
        for one in (part if isinstance(part, Findings) else (part,))
    }
    effects = [part for part in shown if isinstance(part, Effects | EffectResult)]
    every = each_effect(effects)
    for effect in every:
        told, finding = indicators.get(effect.outcome), findings.get(effect.outcome)
        # A finding that is not shown says nothing, whatever the table of estimates holds.
        known = finding is not None and math.isfinite(finding.estimate)
        if effect.role == "headline" and told and finding and known:
            yield Measured.of_payload(
                {
                    **{name: told[name] or "" for name in MEASURE},
                    "scale": told["scale"],
                    "outcome": effect.outcome,
                    "role": finding.role,
                    "certainty": finding.certainty,
                    **{name: float(getattr(effect, name)) for name in (*NUMBERS, "level")},
                }
            )


def release_index(entries: Sequence[IndexEntry]) -> ReleasedIndex:
    """Pass the lines of the index through the gate.

    Every sentence is gated by its own pilot's rule (again, where it comes from a
    released page); a failed pilot keeps its name and nothing of its results.

    Raises
    ------
    DisclosureError
        Two entries name the same pilot.
    """
    names = [entry.pilot for entry in entries]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DisclosureError(f"the index lists {', '.join(twice)} more than once")
    return ReleasedIndex(tuple(_gate_entry(entry) for entry in entries), _GATE)


def _gate_entry(entry: IndexEntry) -> IndexEntry:
    if entry.state == "failed" or entry.sentence is None:
        return replace(entry, sentence=None, certainty="", measures=())
    rule = Rule(entry.minimum_cell, entry.guarded)
    measures = tuple(one.gated(rule) for one in entry.measures if math.isfinite(one.estimate))
    return replace(entry, sentence=gate_sentence(entry.sentence, rule), measures=measures)
