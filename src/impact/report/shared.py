"""What several pilots measured in the same way: their estimates and, with care, an average."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from impact.disclosure import IndexEntry, Measured, ReleasedIndex
from impact.inference.meta import Pooled, pool
from impact.locale import _, spoken
from impact.report import cautions
from impact.results import Sentence

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEAST", "SharedOutcome", "Summary", "shared_outcomes"]

LEAST = 3
"""So many pilots make an outcome a shared one, and so many estimates an average."""
Pair = tuple[IndexEntry, Measured]


@dataclass(frozen=True)
class Summary:
    """The average over pilots with real data, or over pilots with simulated data."""

    simulated: bool
    pooled: Pooled
    pilots: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One row of the table behind a forest plot, in the reader's words."""

    name: str
    what: str
    pilot: str
    estimate: Sentence
    span: Sentence
    weight: Sentence
    certainty: str


@dataclass(frozen=True, eq=False)
class SharedOutcome:
    """One indicator, measured in one way by several pilots.

    Parameters
    ----------
    indicator, label, direction, kind, measured_in : str
        As in the catalogue and the params files.
    scale : tuple of float or None
        Lowest and highest value.
    pairs : tuple of (IndexEntry, Measured)
        In the order of the index, one a pilot.
    summaries : tuple of Summary
        None where fewer than three pilots can be averaged. Real and simulated data are
        never averaged together.
    """

    indicator: str
    label: str
    direction: str
    kind: str
    measured_in: str
    scale: tuple[float, float] | None
    pairs: tuple[Pair, ...]
    summaries: tuple[Summary, ...]

    @property
    def name(self) -> str:
        """What a reader calls the indicator."""
        return _(self.label)

    @property
    def percent(self) -> bool:
        """Whether estimates are differences of shares, shown in percentage points."""
        return self.kind == "binary"

    @property
    def times(self) -> float:
        """What estimates are multiplied with to be in the unit that is shown."""
        return 100.0 if self.percent else 1.0

    @property
    def unit(self) -> Sentence:
        """What the numbers count in."""
        return cautions.unit(self.percent, self.measured_in, self.scale)

    @property
    def places(self) -> int:
        """Decimals that show two digits of the middle standard error."""
        errors = [one.std_error for _, one in self.pairs if one.std_error > 0]
        yardstick = self.times * (float(np.median(errors)) if errors else 0.1)
        return min(max(0, 1 - math.floor(math.log10(yardstick))), 6)

    @property
    def rows(self) -> pd.DataFrame:
        """What is drawn: ``name, what, pilot, estimate, conf_low, conf_high, weight``."""
        import pandas as pd

        weights = {
            pilot: float(weight)
            for one in self.summaries
            for pilot, weight in zip(one.pilots, one.pooled.weights, strict=True)
        }
        rows: list[tuple[object, ...]] = [
            (
                cautions.row_name(entry),
                "difference" if _compared(one) else "change",
                entry.pilot,
                *(self.times * value for value in (one.estimate, one.conf_low, one.conf_high)),
                weights.get(entry.pilot, math.nan),
            )
            for entry, one in self.pairs
        ]
        for one in self.summaries:
            rows += [self._average(one.simulated, one.pooled)]
            rows += [self._further(one.simulated, one.pooled)]
        names = ["name", "what", "pilot", "estimate", "conf_low", "conf_high", "weight"]
        return pd.DataFrame(rows, columns=names)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What the table behind the figure shows."""
        certainties = {entry.pilot: one.certainty for entry, one in self.pairs}
        return tuple(
            Line(
                name=row["name"],
                what=row["what"],
                pilot=row["pilot"],
                estimate=cautions.told(row["estimate"], self.places),
                span=cautions.span(row["conf_low"], row["conf_high"], self.places),
                weight=cautions.share(row["weight"]),
                certainty=certainties.get(row["pilot"], ""),
            )
            for row in self.rows.to_dict("records")
        )

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What must be read with the numbers."""
        said = [cautions.way(self.direction)]
        if any(not _compared(one) for _, one in self.pairs):
            said.append(cautions.CHANGES)
        if any(_compared(one) and not _averaged(one) for _, one in self.pairs):
            said.append(cautions.NO_RANGE)
        if len({entry.simulated for entry, _ in self.pairs}) > 1:
            said.append(cautions.APART)
        for summary in self.summaries:
            said += cautions.average(
                summary.pooled, self.times, self.places, simulated=summary.simulated
            )
        return tuple(said if self.summaries else [*said, cautions.NO_AVERAGE])

    def _average(self, simulated: bool, found: Pooled) -> tuple[object, ...]:
        numbers = (found.mean, found.conf_low, found.conf_high)
        name = spoken().say(cautions.AVERAGE_SIMULATED if simulated else cautions.AVERAGE)
        return (name, "average", "", *(self.times * value for value in numbers), 1.0)

    def _further(self, simulated: bool, found: Pooled) -> tuple[object, ...]:
        numbers = (found.mean, found.predict_low, found.predict_high)
        name = spoken().say(cautions.FURTHER_SIMULATED if simulated else cautions.FURTHER)
        return (name, "further", "", *(self.times * value for value in numbers), math.nan)


def shared_outcomes(index: ReleasedIndex) -> tuple[SharedOutcome, ...]:
    """Return what three or more pilots measured, in the catalogue's order.

    Parameters
    ----------
    index : ReleasedIndex
        Only released estimates enter.

    Returns
    -------
    tuple of SharedOutcome
        An indicator that pilots measured in different ways (kind, scale, unit, level of the
        interval) makes one for each way that three of them share.

    Raises
    ------
    TypeError
        The entries did not pass the gate.
    """
    from impact.spec.catalogue import catalogue

    if not isinstance(index, ReleasedIndex):
        raise TypeError("outcomes are shared by pilots of a ReleasedIndex")
    ways: dict[tuple[object, ...], list[Pair]] = {}
    for entry in index:
        for one in _first_of_each(entry.measures):
            ways.setdefault(one.measure, []).append((entry, one))
    order = list(catalogue())
    enough = [pairs for pairs in ways.values() if len(pairs) >= LEAST]
    known = [pairs for pairs in enough if pairs[0][1].indicator in order]
    known.sort(key=lambda pairs: order.index(pairs[0][1].indicator))
    return tuple(_shared(pairs, catalogue()[pairs[0][1].indicator].label) for pairs in known)


def _first_of_each(measures: Sequence[Measured]) -> Iterator[Measured]:
    """Yield one estimate an indicator, a primary one where there is one: they share people."""
    ordered = sorted(measures, key=lambda one: one.role != "primary")
    yield from {one.indicator: one for one in reversed(ordered)}.values()


def _shared(pairs: Sequence[Pair], label: str) -> SharedOutcome:
    first = pairs[0][1]
    summaries = (_summary(pairs, simulated=mark) for mark in (False, True))
    return SharedOutcome(
        indicator=first.indicator,
        label=label,
        direction=first.direction,
        kind=first.kind,
        measured_in=first.measured_in,
        scale=first.scale,
        pairs=tuple(pairs),
        summaries=tuple(one for one in summaries if one is not None),
    )


def _summary(pairs: Sequence[Pair], *, simulated: bool) -> Summary | None:
    """Average the differences of pilots with real, or with simulated, data."""
    taken = [(e, m) for e, m in pairs if e.simulated == simulated and _averaged(m)]
    if len(taken) < LEAST:
        return None
    estimates = np.array([one.estimate for _, one in taken])
    errors = np.array([one.std_error for _, one in taken])
    pooled = pool(estimates, errors, level=taken[0][1].level)
    return Summary(simulated, pooled, tuple(entry.pilot for entry, _ in taken))


def _compared(one: Measured) -> bool:
    return one.certainty != "no_comparison"


def _averaged(one: Measured) -> bool:
    """Whether an estimate can be averaged: a difference with an error that holds."""
    numbers = (one.std_error, one.conf_low, one.conf_high)
    return _compared(one) and all(map(math.isfinite, numbers)) and one.std_error > 0
