"""How narrow a reader can make a secret: whole numbers between bounds, by HiGHS.

Fractions first: where their range is too narrow, that of whole numbers is. Where the ends of the
range are whole by themselves, they are what the secret can be. Only what is left needs a search:
first among its neighbours alone, while everything else is as it truly is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from impact.disclosure.knowledge import Fact, Secret

__all__ = ["Block", "Found", "Ranges"]

Ranges = dict[tuple[tuple[int, float], ...], tuple[float, float]]
WHOLE = 1e-6
NEAR_WHOLE = 1e-4
LARGE = 1000
NODES = 200
NEIGHBOURS = 40


@dataclass(frozen=True)
class Found:
    """A secret that a reader narrows down.

    ``width`` is how many whole numbers it can be.
    """

    secret: Secret
    width: float


class Block:
    """Unknowns that hang together: facts as a matrix, and what each secret was seen to be.

    Parameters
    ----------
    unknowns : numpy.ndarray of int
        The places of those that hang together.
    facts : sequence of Fact
    secrets : sequence of Secret
    true : numpy.ndarray of float
        What the unknowns truly are.
    minimum : int
        Fewer whole numbers than this are too few.
    seen : dict
        Least and most that secrets were seen to be by more facts than these: they can still be.
        What is seen here is added.
    """

    def __init__(
        self,
        unknowns: np.ndarray,
        facts: Sequence[Fact],
        secrets: Sequence[Secret],
        *,
        true: np.ndarray,
        minimum: int,
        seen: Ranges,
    ) -> None:
        place = {int(at): column for column, at in enumerate(unknowns)}
        self.facts = [fact for fact in facts if fact.terms]
        self.secrets, self.minimum, self.seen, self.true = list(secrets), minimum, seen, true
        self.matrix = _rows([fact.terms for fact in self.facts], place)
        self.goals = _rows([secret.terms for secret in secrets], place).toarray()
        self.force = np.zeros(len(self.facts))
        self._limit()
        # No page counts more than some multiple of the most that it counts.
        ends = [abs(fact.high) for fact in facts if np.isfinite(fact.high)]
        ends += [abs(secret.value) for secret in secrets]
        self.most_of_all = 4 * max(ends, default=0.0) + LARGE
        known = [seen.get(one.terms, (one.value, one.value)) for one in secrets]
        self.least, self.most = np.array(known, dtype=float).reshape(-1, 2).T.copy()

    def narrow(self) -> list[int]:
        """Return the secrets that were not yet seen to be enough whole numbers."""
        return [at for at in range(len(self.secrets)) if self.width(at) < self.minimum]

    def width(self, at: int) -> float:
        """Return how many whole numbers a secret was seen to be between."""
        return float(round(self.most[at] - self.least[at]) + 1)

    def look_around(self) -> None:
        """Widen secrets of a sort together: most need no search of their own."""
        sorts: dict[str, list[int]] = {}
        for at, secret in enumerate(self.secrets):
            sorts.setdefault(secret.sort, []).append(at)
        for alike in sorts.values():
            for sign in (1.0, -1.0):
                short = [at for at in alike if self.width(at) < self.minimum]
                if short:
                    self._reach(sign * self.goals[short].sum(axis=0))

    def search(self, at: int) -> float:
        """Return how many whole numbers a secret can be, or enough of them."""
        near = self._near(at)
        for sign in (1.0, -1.0):
            if self.width(at) < self.minimum:
                self._reach_near(sign * self.goals[at], near)
        if self.width(at) >= self.minimum or self._bound(at) < self.minimum:
            return self.width(at)
        for sign in (1.0, -1.0):
            if self.width(at) < self.minimum:
                self._reach(sign * self.goals[at])
        return self.width(at)

    def _bound(self, at: int) -> float:
        """Return how many whole numbers a secret is at most, by fractions; note what binds."""
        from scipy.optimize import linprog
        from scipy.sparse import vstack

        ends = np.isfinite(self.high), np.isfinite(self.low)
        upper = vstack([self.matrix[ends[0]], -self.matrix[ends[1]]]).tocsr()
        limit = np.concatenate([self.high[ends[0]], -self.low[ends[1]]])
        rows = np.concatenate([np.flatnonzero(end) for end in ends])
        self.force, widest = np.zeros(len(self.facts)), 1.0
        for sign in (1.0, -1.0):
            found = linprog(-sign * self.goals[at], upper, limit, bounds=(0, self.most_of_all))
            if found.x is None:
                return np.inf
            self._note(found.x)
            widest += np.floor(NEAR_WHOLE - found.fun)
            np.maximum.at(self.force, rows, np.abs(found.ineqlin.marginals))
        return float(widest)

    def drop(self, cells: Collection[int], *, afresh: bool = False) -> None:
        """Take back the facts that rest on hidden cells alone; ``afresh``: and no others."""
        if afresh:
            self._limit()
        for row, fact in enumerate(self.facts):
            if fact.cells and all(cell in cells for cell in fact.cells):
                self.low[row], self.high[row] = -np.inf, np.inf

    def ends(self) -> tuple[np.ndarray, ...]:
        """Return which facts hold, and what the secrets were seen to be while they do."""
        return tuple(each.copy() for each in (self.low, self.high, self.least, self.most))

    def again(self, ends: tuple[np.ndarray, ...]) -> None:
        """Go back to what `ends` returned."""
        self.low, self.high, self.least, self.most = (each.copy() for each in ends)

    def _limit(self) -> None:
        self.low = np.array([fact.low for fact in self.facts]) - WHOLE
        self.high = np.array([fact.high for fact in self.facts]) + WHOLE

    def remember(self) -> None:
        """Note what the secrets were seen to be, for the next look at fewer facts."""
        for at, secret in enumerate(self.secrets):
            self.seen[secret.terms] = (float(self.least[at]), float(self.most[at]))

    def _reach(self, goal: np.ndarray) -> None:
        """Find the largest goal, in whole numbers, and note what the secrets are there."""
        for whole in (False, True):
            found = self._solve(goal, whole=whole)
            if found is None or self._note(found):
                return

    def _near(self, at: int) -> np.ndarray:
        """Return the unknowns nearest to a secret: in one fact with it, or with those that are."""
        near = self.goals[at] != 0
        links = abs(self.matrix)
        while 0 < near.sum() < NEIGHBOURS:
            wider = (links.T @ (links @ near)) > 0
            if (wider == near).all():
                break
            near = wider
        return np.flatnonzero(near)

    def _reach_near(self, goal: np.ndarray, near: np.ndarray) -> None:
        """Find the largest goal where only some unknowns are not what they truly are."""
        part = self.matrix[:, near]
        rows = np.flatnonzero((np.diff(part.indptr) > 0) & self._told())
        rest = self.matrix[rows] @ self.true - part[rows] @ self.true[near]
        limits = part[rows], self.low[rows] - rest, self.high[rows] - rest
        for whole in (False, True):
            found = _best(goal[near], limits, self.most_of_all, whole=whole)
            if found is None:
                return
            every = self.true.copy()
            every[near] = found
            if self._note(every):
                return

    def _told(self) -> np.ndarray:
        told: np.ndarray = np.isfinite(self.low) | np.isfinite(self.high)
        return told

    def _solve(self, goal: np.ndarray, *, whole: bool) -> np.ndarray | None:
        told = self._told()
        limits = self.matrix[told], self.low[told], self.high[told]
        return _best(goal, limits, self.most_of_all, whole=whole)

    def _note(self, found: np.ndarray) -> bool:
        """Note what the secrets are where a solution is of whole numbers; return whether it is."""
        near = np.round(found)
        if np.abs(near - found).max(initial=0.0) > NEAR_WHOLE:
            return False
        told = self.matrix @ near
        if (told < self.low - WHOLE).any() or (told > self.high + WHOLE).any():
            return False
        values = self.goals @ near
        self.least, self.most = np.minimum(self.least, values), np.maximum(self.most, values)
        return True

    def binding(self) -> list[Fact]:
        """Return the facts from cells that hold what was searched last where it is, if any do."""
        told = [self.facts[row] for row in np.flatnonzero(self.force > WHOLE)]
        told = [fact for fact in told if fact.cells]
        if told:
            return told
        # Whole numbers bind where fractions do not: so many in so many, as shares tell.
        told = [self.facts[row] for row in np.flatnonzero(self._told()) if self.facts[row].cells]
        return [fact for fact in told if len(fact.terms) > 1] or told


def _best(
    goal: np.ndarray, limits: tuple[Any, np.ndarray, np.ndarray], most: float, *, whole: bool
) -> np.ndarray | None:
    """Return where a goal is largest, in fractions or in whole numbers."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        -goal,
        constraints=LinearConstraint(*limits),
        bounds=Bounds(0, most),
        integrality=np.ones(len(goal)) if whole else None,
        options={"node_limit": NODES} if whole else {},
    )
    out: np.ndarray | None = found.x
    return out


def _rows(sums: Sequence[tuple[tuple[int, float], ...]], place: dict[int, int]) -> Any:
    from scipy.sparse import csr_array

    down = [row for row, terms in enumerate(sums) for _ in terms]
    across = [place[at] for terms in sums for at, _ in terms]
    weights = [weight for terms in sums for _, weight in terms]
    return csr_array((weights, (down, across)), shape=(len(sums), len(place)))
