"""What a pilot can find: a frozen record, a frame, a few sentences."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from impact.power.reach import Share
from impact.power.words import sentences_of
from impact.results.part import plain

__all__ = ["Power", "Sample"]


@dataclass(frozen=True)
class Sample:
    """A sample: how many units, in how many clusters.

    Parameters
    ----------
    units, clusters : int
    low, high : int or None
        Units at the ends of the 95 % interval by the draws' chance; None: more than 100
        times the pilot.
    """

    units: int
    clusters: int
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, kw_only=True)
class Power:
    """What a pilot of a size and a design can find of one outcome.

    Parameters
    ----------
    pilot, outcome, label : str
    unit_is : str
        ``person``, ``household`` or ``place``.
    design, method, inference, over : str
        How the pilot is analysed, as `impact.did.choose` picks it.
    level : float
        Of the intervals; the test is at one less it.
    power : float
        The share of pilots that shall find the effect.
    sample : Sample
        Units and clusters of the pilots that were drawn.
    detectable, low, high : float or None
        The smallest effect found with that power, signed by the direction looked at, and its
        95 % interval by the draws' chance; None where no effect there is room for is.
    at_zero : Share or None
        Draws without any effect that find one; None where nothing is tested.
    effect : float or None
        An effect of interest: the one that was asked for, or the params file's
        ``smallest_effect``, signed by the direction looked at.
    asked : bool
        Whether it was asked for.
    power_at_effect : Share or None
        Draws with that effect that find one.
    needed : Sample or None
        The sample that finds it with that power; None where none was searched, or none of
        up to 100 times the pilot does.
    searched : bool
        Whether such a sample was searched.
    from_data : bool
        Whether the pilots were drawn from the pilot's own data.
    draws, failed, seed : int
        How many pilots were drawn, and on how many of them the method could not be used.
    smallest_p : float or None
        The smallest p-value that a permutation of these clusters can give.
    reasons : tuple of str
        Why this inference.
    notes : tuple of str
        What must be read with the numbers.
    """

    pilot: str
    outcome: str
    label: str
    unit_is: str
    design: str
    method: str
    inference: str
    over: str
    level: float
    power: float
    sample: Sample
    detectable: float | None
    low: float | None
    high: float | None
    at_zero: Share | None
    effect: float | None
    asked: bool
    power_at_effect: Share | None
    needed: Sample | None
    searched: bool
    from_data: bool
    draws: int
    failed: int
    seed: int
    smallest_p: float | None = None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it says, in plain sentences; the first one is the verdict."""
        return sentences_of(self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row with all numbers."""
        return pd.DataFrame([self._row()])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as what JSON can hold."""
        return {**plain(asdict(self)), "sentences": list(self.sentences)}

    def _row(self) -> dict[str, Any]:
        at_zero, found, needed = self.at_zero, self.power_at_effect, self.needed
        return {
            "pilot": self.pilot,
            "outcome": self.outcome,
            "design": self.design,
            "method": self.method,
            "inference": self.inference,
            "level": self.level,
            "n_units": self.sample.units,
            "n_clusters": self.sample.clusters,
            "power": self.power,
            "detectable": self.detectable,
            "detectable_low": self.low,
            "detectable_high": self.high,
            "at_zero": at_zero and at_zero.value,
            "effect": self.effect,
            "power_at_effect": found and found.value,
            "std_error": found and found.std_error,
            "power_low": found and found.low,
            "power_high": found and found.high,
            "needed_units": needed and needed.units,
            "needed_clusters": needed and needed.clusters,
            "smallest_p": self.smallest_p,
            "draws": self.draws,
            "failed": self.failed,
            "seed": self.seed,
        }

    def __repr__(self) -> str:
        return "\n".join((f"{self.label} ({self.outcome})", *self.sentences))

    def _repr_html_(self) -> str:
        told = "".join(f"<p>{html.escape(said)}</p>" for said in self.sentences)
        return f"<section><h3>{html.escape(self.label)}</h3>{told}</section>"
