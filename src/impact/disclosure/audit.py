"""What a reader could work out of a page, and what else must be hidden so that nobody can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from impact.disclosure.beside import together
from impact.disclosure.knowledge import Fact, Knowledge
from impact.disclosure.published import Page, known
from impact.disclosure.solver import Found, Ranges, narrow

MANY = 4
"""More shares than this that may be the reason are hidden together: their number is the reason."""

__all__ = ["protect", "recovered"]


def recovered(page: Page, hidden: np.ndarray) -> list[Found]:
    """Return the hidden numbers of people that a reader narrows down below the minimum.

    A reader who knows the rule, and all that is shown. No hidden number may be fewer than
    the minimum different whole numbers.
    """
    return _audit(known(page, hidden), page.rule.minimum_cell, {})


def protect(page: Page, hidden: np.ndarray) -> np.ndarray:
    """Hide more cells until no hidden number of people can be narrowed down.

    Per number the cheapest of the cells that hold it where it is: what is told in the annex
    goes before what is told on the first screen, parts before wholes.

    Parameters
    ----------
    page : Page
    hidden : numpy.ndarray of bool, shape (n + number of counts beside estimates,)

    Returns
    -------
    numpy.ndarray of bool, of the same shape
    """
    size, seen = len(page.rows), Ranges()
    same = _same_counts(page)
    hidden = hidden.copy()
    while True:
        for cells in same:
            if hidden[cells].any():
                hidden[cells] = True
        hidden[:size] = together(page.cells, hidden[:size])
        for cells in same:
            if hidden[cells].any():
                hidden[cells] = True
        found = _audit(known(page, hidden), page.rule.minimum_cell, seen)
        picked = _cheapest(found)
        if not picked:
            return hidden
        hidden[list(picked)] = True


def _same_counts(page: Page) -> list[list[int]]:
    """Return the cells that show one and the same count."""
    found: dict[tuple[object, ...], list[int]] = {}
    for at in range(len(page.rows)):
        key = page.key(at)
        if key is not None:
            found.setdefault((key, round(float(page.rows[at].value), 9)), []).append(at)
    return [cells for cells in found.values() if len(cells) > 1]


def _audit(made: Knowledge, minimum: int, seen: Ranges) -> list[Found]:
    """Return all secrets that are narrow; hiding more takes facts away and adds none."""
    found: list[Found] = []
    for unknowns, facts, secrets in made.blocks():
        found += narrow(unknowns, facts, secrets, minimum, seen)
    return found


def _cheapest(found: Sequence[Found]) -> set[int]:
    """Return the cells to hide next: one fact per secret that is still narrow."""
    picked: set[int] = set()
    done: set[Fact] = set()
    for one in sorted(found, key=lambda each: each.width):
        if any(fact in done for fact in one.by) or not one.by:
            continue
        least = min(one.by, key=lambda each: (each.cost, min(each.cells)))
        done.update(one.by)
        together = MANY * len(least.terms) < len(one.by) and len(least.terms) > 1
        alike = [fact for fact in one.by if fact.cost <= least.cost] if together else [least]
        picked |= {cell for fact in alike for cell in fact.cells}
    return picked
