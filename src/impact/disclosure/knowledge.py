"""What a reader of a page knows of its counts, as linear facts about whole numbers.

Every number of people on the page is an unknown. What the page shows, and what anybody knows
of such tables, are bounds on sums of unknowns. Facts that rest on cells can be taken back by
hiding those cells; what every reader knows cannot.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

__all__ = ["FOLLOWED", "Fact", "Knowledge", "Secret"]

Key = tuple[Hashable, ...]
NEAR = 1e-6
FOLLOWED = "followed n"
"""Called so are those who were seen on both sides of the start, and answered in a period."""


@dataclass(frozen=True)
class Fact:
    """``low <= sum of weight * unknown <= high``.

    Parameters
    ----------
    terms : tuple of (int, float)
        Unknowns, by their place, and their weights.
    low, high : float
    cells : tuple of int
        The cells that tell it; none where everybody knows it. All of them must be hidden for
        nobody to know it any more.
    cost : float
        How much a page loses without these cells.
    once : bool
        Whether an earlier edition told it: nothing takes it back.
    """

    terms: tuple[tuple[int, float], ...]
    low: float
    high: float
    cells: tuple[int, ...] = ()
    cost: float = 0.0
    once: bool = False


@dataclass(frozen=True)
class Secret:
    """A number of people that is not told, as a sum of unknowns.

    Parameters
    ----------
    terms : tuple of (int, float)
    value : float
        Its true value.
    sort : str
        Secrets of one sort are large together, so that one solution shows it of all of them.
    """

    terms: tuple[tuple[int, float], ...]
    value: float
    sort: str = ""


@dataclass
class Knowledge:
    """The unknowns of a page with their true values, facts about them, and what is secret.

    ``minimum`` is the fewest people that may be told of.
    """

    minimum: int = 0
    places: dict[Key, int] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)

    def unknown(self, key: Key, value: float) -> int:
        """Return the place of an unknown; one of another value is another one."""
        if (at := self.places.get(key)) is not None:
            if abs(self.values[at] - value) < NEAR:
                return at
            return self.unknown((*key, round(value)), value)
        self.places[key] = len(self.values)
        self.values.append(value)
        return len(self.values) - 1

    def find(self, *key: Hashable) -> int | None:
        """Return the place of an unknown, if the page counts it."""
        return self.places.get(key)

    def true(self, terms: Iterable[tuple[int, float]]) -> float:
        """Return the true value of a sum."""
        return sum(weight * self.values[at] for at, weight in terms)

    def know(
        self,
        terms: Mapping[int, float] | Iterable[tuple[int, float]],
        low: float = -math.inf,
        high: float = math.inf,
        *,
        cells: tuple[int, ...] = (),
        cost: float = 0.0,
        once: bool = False,
    ) -> None:
        """Note a fact, where it is true: what holds only without weights may not."""
        terms = tuple(terms.items() if isinstance(terms, Mapping) else terms)
        if low - NEAR <= self.true(terms) <= high + NEAR:
            self.facts.append(Fact(terms, low, high, cells, cost, once))

    def hide(self, terms: Iterable[tuple[int, float]], sort: str = "") -> None:
        """Note that a sum is secret."""
        terms = tuple(terms)
        self.secrets.append(Secret(terms, self.true(terms), sort))

    def nest(self, least: int | None, most: int | None) -> None:
        """Note that one number of people holds another one; few between them are secret."""
        if least is None or most is None or least == most:
            return
        terms = [(most, 1.0), (least, -1.0)]
        self.know(terms, 0.0)
        if 0 <= self.true(terms) < self.minimum:
            self.hide(terms, "between")

    def blocks(self) -> list[tuple[np.ndarray, list[Fact], list[Secret]]]:
        """Return unknowns that hang together, with their facts and secrets.

        What is told exactly holds nothing together.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        size = len(self.values)
        fixed = {f.terms[0][0] for f in self.facts if len(f.terms) == 1 and f.low == f.high}
        pairs = [
            (terms[0], other)
            for fact in self.facts
            if (terms := [at for at, _ in fact.terms if at not in fixed])
            for other in terms[1:]
        ]
        first, second = np.array(pairs, dtype=int).reshape(-1, 2).T
        graph = coo_array((np.ones(len(first)), (first, second)), shape=(size, size))
        _, label = connected_components(graph, directed=False)
        facts: dict[int, list[Fact]] = {}
        secrets: dict[int, list[Secret]] = {}
        for each in self.facts:
            free = [at for at, _ in each.terms if at not in fixed]
            if free:
                facts.setdefault(label[free[0]], []).append(each)
        for secret in self.secrets:
            free = [at for at, _ in secret.terms if at not in fixed]
            if free:
                secrets.setdefault(label[free[0]], []).append(secret)
        told = [f for f in self.facts if len(f.terms) == 1 and f.low == f.high]
        found = []
        for name, hidden in secrets.items():
            own = facts.get(name, [])
            sums = [*(fact.terms for fact in own), *(secret.terms for secret in hidden)]
            used = {at for terms in sums for at, _ in terms}
            own = [*own, *(f for f in told if f.terms[0][0] in used)]
            found.append((np.array(sorted(used)), own, hidden))
        return found
