"""Where simulated pilots come from: the pilot's own data, or what is known before there are any."""

from __future__ import annotations

from typing import Protocol

from impact.data.panel import Panel
from impact.did.choose import Choice

__all__ = ["Source"]


class Source(Protocol):
    """A pilot that can be drawn again and again, with any effect and of any size."""

    panel: Panel
    outcome: str
    choice: Choice
    sign: float
    free: bool
    units: int
    clusters: int

    @property
    def most(self) -> float:
        """The largest effect in the direction looked at that there is room for."""

    @property
    def least(self) -> float:
        """The fewest times as many clusters that still leave something to compare."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said of how the pilots are drawn."""

    def draw(self, seed: int, effect: float, times: float = 1.0) -> Panel:
        """Return a pilot of `times` as many clusters; the same seed gives the same chance."""

    def stretch(self, times: float = 1.0) -> float:
        """Return how much wider than in the draws estimates of new pilots spread."""

    def size(self, times: float) -> tuple[int, int]:
        """Return about how many units, and how many clusters, a larger pilot has."""
