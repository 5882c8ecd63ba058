"""From a pilot that can be drawn to what it finds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from impact.did.choose import FOLLOWED, PAIRS, Choice
from impact.did.ruled import as_ruled
from impact.power.groups import TELLING
from impact.power.notes import notes_of
from impact.power.reach import Reach, choice_at
from impact.power.record import Power, Sample
from impact.power.search import Detected, Tries, detected, needed, with_effect
from impact.power.source import Source
from impact.spec.models import Outcome

__all__ = ["Asks", "measured"]

ROUNDING = 1e-12


@dataclass(frozen=True)
class Asks:
    """What is asked of a pilot.

    Parameters
    ----------
    outcome : Outcome
    tries : Tries
    effect : float or None
        An effect of interest that was asked for.
    search : bool
        Whether the sample that finds it is searched.
    from_data : bool
        Whether the pilots are drawn from the pilot's own data.
    """

    outcome: Outcome
    tries: Tries
    effect: float | None = None
    search: bool = True
    from_data: bool = True

    @property
    def size(self) -> float | None:
        """The effect of interest as a size."""
        return self.outcome.smallest_effect if self.effect is None else abs(self.effect)


def measured(source: Source, asks: Asks) -> Power:
    """Draw pilots and say what they find.

    Parameters
    ----------
    source : Source
    asks : Asks
    """
    tries, size = asks.tries, asks.size
    choice = choice_at(source, tries.times, tries.seed)
    found: Detected | None = None
    near: Reach | None = None
    room = size is not None and size <= source.most
    smallest_p = _smallest_p(source, choice, tries)
    if choice.inference != "none" and (smallest_p or 0.0) <= 1 - _level(source) + ROUNDING:
        found, near = detected(source, tries)
        near = with_effect(source, near, size, tries) if size is not None and room else None
    search = asks.search and room and source.clusters >= TELLING
    sought = _sought(source, near, size, tries) if search and size is not None else None
    failed = 0 if found is None else found.failed
    panel, sign = source.panel, source.sign
    ends = (math.inf,) * 3 if found is None else (found.size, found.low, found.high)
    signed = [sign * end if math.isfinite(end) else None for end in ends]
    return Power(
        pilot=panel.pilot,
        outcome=asks.outcome.column,
        label=asks.outcome.label or asks.outcome.column,
        unit_is="person" if panel.spec is None else panel.spec.data.unit_is,
        design=panel.design.kind,
        method=choice.method,
        inference=choice.inference,
        over=choice.over,
        level=_level(source),
        power=tries.power,
        sample=Sample(*source.size(tries.times)),
        detectable=signed[0],
        low=signed[1],
        high=signed[2],
        at_zero=None if found is None else found.at_zero,
        effect=None if size is None else sign * size,
        asked=asks.effect is not None,
        power_at_effect=near.power(size) if near and size else None,
        needed=sought,
        searched=search,
        from_data=asks.from_data,
        draws=tries.draws,
        failed=failed,
        seed=tries.seed,
        smallest_p=smallest_p,
        reasons=_why(choice),
        notes=notes_of(source, asks.outcome, failed, size=size, draws=tries.draws),
    )


def _sought(source: Source, near: Reach | None, size: float, tries: Tries) -> Sample | None:
    found = needed(source, near, size, tries)
    if not math.isfinite(found.times):
        return None
    ends = (found.low, found.high)
    low, high = (source.size(end)[0] if math.isfinite(end) else None for end in ends)
    return Sample(*source.size(found.times), low, high)


def _smallest_p(source: Source, choice: Choice, tries: Tries) -> float | None:
    """Return the smallest p-value that a permutation can give; None where none is made."""
    if choice.inference != "permutation":
        return None
    once = tries.times == 1.0
    panel = source.panel if once else source.draw(tries.seed, 0.0, tries.times)
    found = as_ruled(panel, source.outcome, choice).details
    return float(found["smallest_p"]) if "smallest_p" in found else None


def _why(choice: Choice) -> tuple[str, ...]:
    """Return the reasons for the inference, without those for the method."""
    other = (FOLLOWED.text, PAIRS.text)
    return tuple(str(reason) for reason in choice.reasons[1:] if reason.text not in other)


def _level(source: Source) -> float:
    spec = source.panel.spec
    return 0.95 if spec is None else spec.analysis.level
