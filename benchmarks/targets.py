"""What must hold of speed and memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["TARGETS", "Faster", "Grows", "Within"]

AT, MILLION = 100_000, 1_000_000
OURS = "impact"


@dataclass(frozen=True)
class Faster:
    """At least so many times as fast as a peer (the fastest unless named), with half its memory."""

    method: str
    times: float
    peer: str = ""

    @property
    def says(self) -> str:
        """The target in words."""
        peer = self.peer or "the fastest peer"
        return f"`{self.method}` {self.times:g} × {peer}, half its extra memory, {AT:,} units"

    def measured(self, found: Mapping[tuple[str, str, int], Any]) -> tuple[str, bool] | None:
        """Return what was measured in words, and whether it holds; None if it was not."""
        own = found.get((self.method, OURS, AT))
        peers = {
            tool: got
            for (method, tool, units), got in found.items()
            if method == self.method and units == AT and tool != OURS
        }
        if self.peer:
            peers = {tool: got for tool, got in peers.items() if tool == self.peer}
        if own is None or not peers:
            return None
        name = min(peers, key=lambda tool: peers[tool].seconds)
        times = peers[name].seconds / own.seconds
        share = own.extra_mb / peers[name].extra_mb
        busy = peers[name].processor / own.processor
        said = f"{times:.1f} × {name} ({busy:.1f} ×); {share:.2f} of its extra memory"
        return said, times >= self.times and share <= 0.5


@dataclass(frozen=True)
class Grows:
    """Ten times the rows take at most so many times as long."""

    method: str
    times: float = 12.0

    @property
    def says(self) -> str:
        """The target in words."""
        return f"`{self.method}` from {AT:,} to {MILLION:,} units: at most {self.times:g} ×"

    def measured(self, found: Mapping[tuple[str, str, int], Any]) -> tuple[str, bool] | None:
        """Return what was measured in words, and whether it holds; None if it was not."""
        small, large = (found.get((self.method, OURS, units)) for units in (AT, MILLION))
        if small is None or large is None:
            return None
        ratio = large.seconds / small.seconds
        busy = large.processor / small.processor
        return f"{ratio:.1f} × ({busy:.1f} ×)", ratio <= self.times


@dataclass(frozen=True)
class Within:
    """So many seconds at most."""

    method: str
    units: int
    seconds: float

    @property
    def says(self) -> str:
        """The target in words."""
        return f"`{self.method}`, {self.units:,} clusters × 9,999 draws: under {self.seconds:g} s"

    def measured(self, found: Mapping[tuple[str, str, int], Any]) -> tuple[str, bool] | None:
        """Return what was measured in words, and whether it holds; None if it was not."""
        own = found.get((self.method, OURS, self.units))
        return (
            None
            if own is None
            else (f"{own.seconds:.2f} s ({own.processor:.2f} s)", own.seconds < self.seconds)
        )


TARGETS = (
    Faster("twfe", 10, "pyfixest"),
    Faster("callaway_santanna", 1.5),
    Faster("callaway_santanna, covariate", 1.5),
    Faster("imputation", 2),
    Faster("sun_abraham", 20, "pyfixest"),
    Grows("twfe"),
    Grows("callaway_santanna"),
    Grows("callaway_santanna, covariate"),
    Grows("imputation"),
    Grows("sun_abraham"),
    Within("wild_bootstrap", 1_000, 1.0),
)
