"""How narrow a reader can make a secret: whole numbers between bounds, by HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from impact.disclosure.knowledge import Fact, Secret

__all__ = ["Found", "Ranges", "narrow"]

Ranges = dict[tuple[tuple[int, float], ...], tuple[float, float]]
WHOLE = 1e-6
LARGE = 1000
NODES = 200


@dataclass(frozen=True)
class Found:
    """A secret that a reader narrows down, and the facts by which.

    Parameters
    ----------
    secret : Secret
    width : float
        How many whole numbers it can be.
    by : tuple of Fact
        Facts that rest on cells and that bind.
    """

    secret: Secret
    width: float
    by: tuple[Fact, ...]


def narrow(
    unknowns: np.ndarray,
    facts: Sequence[Fact],
    secrets: Sequence[Secret],
    minimum: int,
    seen: Ranges | None = None,
) -> list[Found]:
    """Return the secrets that can be fewer whole numbers than the minimum.

    Each solution shows what all secrets can be at once, so most need no search of their own.

    Parameters
    ----------
    unknowns : numpy.ndarray of int
        The places of those that hang together.
    facts : sequence of Fact
    secrets : sequence of Secret
    minimum : int
    seen : dict, optional
        Least and most that secrets were seen to be by more facts than these: they can still be.
        What is seen here is added.
    """
    page = _Block(unknowns, facts, secrets)
    seen = {} if seen is None else seen
    for at, secret in enumerate(secrets):
        least, most = seen.get(secret.terms, (secret.value, secret.value))
        page.least[at], page.most[at] = least, most
    sorts: dict[str, list[int]] = {}
    for at, secret in enumerate(secrets):
        sorts.setdefault(secret.sort, []).append(at)
    for alike in sorts.values():
        for sign in (1.0, -1.0):
            if any(page.width(at) < minimum for at in alike):
                page.reach(sign * page.goals[alike].sum(axis=0))
    for at in range(len(secrets)):
        for sign in (1.0, -1.0):
            if page.width(at) < minimum:
                page.reach(sign * page.goals[at])
    for at, secret in enumerate(secrets):
        seen[secret.terms] = (float(page.least[at]), float(page.most[at]))
    thin = [at for at in range(len(secrets)) if page.width(at) < minimum]
    return [Found(secrets[at], page.width(at), page.binding(at)) for at in thin]


class _Block:
    """Facts as a matrix, and the least and most that each secret was seen to be."""

    def __init__(
        self, unknowns: np.ndarray, facts: Sequence[Fact], secrets: Sequence[Secret]
    ) -> None:
        from scipy.optimize import Bounds, LinearConstraint

        place = {int(at): column for column, at in enumerate(unknowns)}
        self.facts = [fact for fact in facts if fact.terms]
        matrix = np.zeros((len(self.facts), len(unknowns)))
        for row, fact in enumerate(self.facts):
            for at, weight in fact.terms:
                matrix[row, place[at]] += weight
        self.goals = np.zeros((len(secrets), len(unknowns)))
        for row, secret in enumerate(secrets):
            for at, weight in secret.terms:
                self.goals[row, place[at]] += weight
        self.matrix = matrix
        self.low = np.array([fact.low for fact in self.facts]) - WHOLE
        self.high = np.array([fact.high for fact in self.facts]) + WHOLE
        self.limits = LinearConstraint(matrix, self.low, self.high)
        # No page counts more than some multiple of the most that it counts.
        most = max((abs(fact.high) for fact in facts if np.isfinite(fact.high)), default=0.0)
        most = max(most, *(abs(secret.value) for secret in secrets))
        self.bounds = Bounds(0, 4 * most + LARGE)
        self.least = np.array([secret.value for secret in secrets])
        self.most = self.least.copy()

    def width(self, at: int) -> float:
        """Return how many whole numbers a secret was seen to be between."""
        return float(round(self.most[at] - self.least[at]) + 1)

    def reach(self, goal: np.ndarray) -> None:
        """Find the whole numbers with the largest goal, and note what the secrets are."""
        from scipy.optimize import milp

        found = milp(
            -goal,
            constraints=self.limits,
            bounds=self.bounds,
            integrality=np.ones(len(goal)),
            options={"node_limit": NODES},
        )
        if found.x is None:
            return
        seen = self.goals @ np.round(found.x)
        self.least, self.most = np.minimum(self.least, seen), np.maximum(self.most, seen)

    def _given(self, at: int) -> bool:
        """Whether a secret is as narrow without anything that cells tell."""
        rows = [row for row, fact in enumerate(self.facts) if not fact.cells]
        return self.spread(self.goals[at], rows) <= self.width(at)

    def spread(self, goal: np.ndarray, rows: Sequence[int]) -> float:
        """Return how many whole numbers a goal can be by some of the facts."""
        from scipy.optimize import LinearConstraint, milp

        limits = LinearConstraint(self.matrix[rows], self.low[rows], self.high[rows])
        ends = []
        for sign in (1.0, -1.0):
            found = milp(
                -sign * goal,
                constraints=limits,
                bounds=self.bounds,
                integrality=np.ones(len(goal)),
                options={"node_limit": NODES},
            )
            ends.append(0.0 if found.x is None else float(goal @ np.round(found.x)))
        return float(round(ends[0] - ends[1]) + 1)

    def binding(self, at: int) -> tuple[Fact, ...]:
        """Return the facts from cells that hold a secret where it is, the tightest first."""
        from scipy.optimize import linprog

        ends = np.isfinite(self.high), np.isfinite(self.low)
        upper = np.vstack([self.matrix[ends[0]], -self.matrix[ends[1]]])
        limit = np.concatenate([self.high[ends[0]], -self.low[ends[1]]])
        rows = np.concatenate([np.flatnonzero(end) for end in ends])
        force = np.zeros(len(self.facts))
        for sign in (1.0, -1.0):
            found = linprog(-sign * self.goals[at], upper, limit, bounds=(0, None))
            if found.x is not None:
                np.maximum.at(force, rows, np.abs(found.ineqlin.marginals))
        order = np.argsort(-force, kind="stable")
        held = [self.facts[row] for row in order if self.facts[row].cells and force[row] > WHOLE]
        if held:
            return tuple(held)
        # Whole numbers bind where fractions do not: so many in so many, as shares tell.
        told = [fact for fact in self.facts if fact.cells]
        if self._given(at):
            return ()
        return tuple(fact for fact in told if len(fact.terms) > 1) or tuple(told)
