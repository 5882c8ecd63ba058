"""Whole numbers of people in linear inequalities: what they can be, by LP and by MILP."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_matrix, vstack

__all__ = ["Expression", "System"]

Expression = Mapping[Any, float]
EASE = 1e-6
SECONDS = 0.5
METHOD = "highs"
TRIES = 6


@dataclass
class System:
    """Unknown whole numbers, none negative, and what is known of sums of them."""

    most: int
    places: dict[Hashable, int] = field(default_factory=dict)
    caps: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    rows: list[tuple[list[int], list[float], float, float]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    source: str = ""
    tries: int = TRIES
    seen: list[np.ndarray] = field(default_factory=list)
    _built: tuple[csr_matrix, np.ndarray, np.ndarray] | None = None
    _above: tuple[csr_matrix, np.ndarray, np.ndarray] | None = None

    def at(self, name: Hashable) -> int:
        """Return the place of an unknown; one that is new is added."""
        if name not in self.places:
            self.places[name] = len(self.places)
            self.caps.append(float(self.most))
            self.floors.append(0.0)
            self._built = self._above = None
        return self.places[name]

    def say(self, terms: Expression, low: float = -math.inf, high: float = math.inf) -> None:
        """Add that a sum of unknowns lies between two numbers."""
        self.rows.append(([self.at(n) for n in terms], list(terms.values()), low, high))
        self.sources.append(self.source)
        self.seen.clear()
        self._built = self._above = None

    def equal(self, terms: Expression, to: float = 0.0) -> None:
        """Add that a sum of unknowns is a number."""
        self.say(terms, to, to)

    def within(self, inner: Hashable, outer: Hashable) -> None:
        """Add that one group is part of another."""
        self.say({inner: 1.0, outer: -1.0}, high=0.0)

    def fits(self, truth: Mapping[Hashable, float]) -> list[str]:
        """Return what does not hold of the true numbers, a count without one is zero."""
        names = {place: name for name, place in self.places.items()}
        wrong = []
        for (at, by, low, high), source in zip(self.rows, self.sources, strict=True):
            total = sum(f * truth.get(names[one], 0.0) for one, f in zip(at, by, strict=True))
            ease = 1e-6 * max(1.0, abs(total))
            if not low - ease <= total <= high + ease:
                told = " + ".join(f"{f:g}·{names[o]}" for o, f in zip(at, by, strict=True))
                wrong.append(f"{source}: {told} = {total:g} is not in {low:g} … {high:g}")
        return wrong

    def range_of(self, terms: Expression, *, narrow: int = 0) -> tuple[int, int] | None:
        """Return the least and the most that a sum can be; None where nothing fits.

        By linear programming; by integer programming where that leaves a little more than
        ``narrow`` whole numbers, so that fewer of them may be left.
        """
        low, high = self.at_least(terms), self.at_most(terms)
        if low is None or high is None:
            return None
        ends = math.ceil(low - 1e-5), math.floor(high + 1e-5)
        if narrow <= ends[1] - ends[0] + 1 < narrow + 3 and self.tries:
            self.tries -= 1
            return self._whole(terms, ends)
        return ends

    def at_least(self, terms: Expression) -> float | None:
        """Return the least that a sum can be, by linear programming."""
        found = self._solved(terms, 1.0)
        return None if found.status == 2 else float(found.fun)

    def at_most(self, terms: Expression) -> float | None:
        """Return the most that a sum can be, by linear programming."""
        found = self._solved(terms, -1.0)
        return None if found.status == 2 else -float(found.fun)

    def seen_range(self, terms: Expression) -> float:
        """Return how far apart a sum lies in the solutions that were met so far."""
        if not self.seen:
            return 0.0
        at = [self.at(name) for name in terms]
        by = list(terms.values())
        found = [float(one[at] @ by) for one in self.seen if len(one) > max(at)]
        return max(found) - min(found) if found else 0.0

    def because(self, terms: Expression) -> list[str]:
        """Return what of the page keeps a sum under its upper and over its lower end."""
        _, low, high = self._matrix()
        lines = [*np.flatnonzero(np.isfinite(high)), *np.flatnonzero(np.isfinite(low))]
        used: dict[str, None] = {}
        for sign in (-1.0, 1.0):
            found = self._solved(terms, sign)
            if found.status == 0:
                binding = np.flatnonzero(np.abs(found.ineqlin.marginals) > 1e-7)
                used |= dict.fromkeys(self.sources[lines[at]] for at in binding)
        return [source for source in used if source]

    def _solved(self, terms: Expression, sign: float) -> OptimizeResult:
        goal = self._goal(terms) * sign
        if self._above is None:
            matrix, low, high = self._matrix()
            upper, lower = np.isfinite(high), np.isfinite(low)
            above = vstack([matrix[upper], -matrix[lower]]).tocsr()
            ends = np.concatenate([high[upper], -low[lower]]) + EASE
            self._above = above, ends, np.column_stack([self.floors, self.caps])
        above, ends, box = self._above
        found = linprog(goal, A_ub=above, b_ub=ends, bounds=box, method=METHOD)
        if found.status == 0:
            self.seen.append(found.x)
        return found

    def _whole(self, terms: Expression, ends: tuple[int, int]) -> tuple[int, int] | None:
        goal = self._goal(terms)
        matrix, low, high = self._matrix()
        rule = LinearConstraint(matrix, low - EASE, high + EASE)
        box = Bounds(np.array(self.floors), np.array(self.caps))
        told = []
        for sign, known in ((1.0, ends[0]), (-1.0, ends[1])):
            found = milp(
                goal * sign,
                integrality=np.ones(len(goal)),
                bounds=box,
                constraints=rule,
                options={"time_limit": SECONDS, "presolve": False},
            )
            if found.status == 2:
                return None
            bound = found.mip_dual_bound
            exact = found.status == 0 and found.fun is not None
            sure = float(found.fun) if exact else bound if bound is not None else None
            told.append(known if sure is None or not math.isfinite(sure) else round(sure * sign))
        return max(told[0], ends[0]), min(told[1], ends[1])

    def _goal(self, terms: Expression) -> np.ndarray:
        for name in terms:
            self.at(name)
        goal = np.zeros(len(self.places))
        for name, by in terms.items():
            goal[self.places[name]] += by
        return goal

    def _matrix(self) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
        if self._built is None:
            down, across, by = [], [], []
            for line, (at, factors, _, _) in enumerate(self.rows):
                down += [line] * len(at)
                across += at
                by += factors
            shape = (len(self.rows), len(self.places))
            matrix = csr_matrix((by, (down, across)), shape=shape)
            low = np.array([row[2] for row in self.rows])
            high = np.array([row[3] for row in self.rows])
            self._built = matrix, low, high
        return self._built


def total(names: Iterable[Hashable], by: float = 1.0) -> dict[Hashable, float]:
    """Return the sum of unknowns as an expression."""
    return dict.fromkeys(names, by)
