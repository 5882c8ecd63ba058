"""What the params file says of random draws."""

from __future__ import annotations

from dataclasses import dataclass

from impact.data.panel import Panel

__all__ = ["Draws", "draws_of"]


@dataclass(frozen=True)
class Draws:
    """How many assignments or bootstrap samples are looked at, and the seed of the draws."""

    replications: int = 999
    seed: int = 0


def draws_of(panel: Panel) -> Draws:
    """Return what the params file says of replications and seed."""
    if panel.spec is None:
        return Draws()
    return Draws(panel.spec.analysis.replications, panel.spec.analysis.seed)
