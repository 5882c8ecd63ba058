"""What a reader could work out of a page, and what else must be hidden so that nobody can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from impact.disclosure.beside import together, whole_outcomes
from impact.disclosure.knowledge import Fact, Knowledge
from impact.disclosure.published import Page
from impact.disclosure.reader import known
from impact.disclosure.solver import Block, Found, Ranges
from impact.errors import DisclosureError

MANY = 4
"""More shares than this that may be the reason are hidden together: their number is the reason."""
WORTH = 1.0
"""What costs less is not worth another look whether it might be told after all."""

__all__ = ["protect", "recovered"]


def recovered(page: Page, hidden: np.ndarray) -> list[Found]:
    """Return the hidden numbers of people that a reader narrows down below the minimum.

    A reader who knows the rule, and all that is shown. No hidden number may be fewer than
    the minimum different whole numbers.
    """
    found = []
    for block in _blocks(known(page, hidden), page.rule.minimum_cell, {}):
        block.look_around()
        for at in block.narrow():
            if (width := block.search(at)) < block.minimum:
                found.append(Found(block.secrets[at], width))
    return found


def protect(page: Page, hidden: np.ndarray) -> np.ndarray:
    """Hide more cells until no hidden number of people can be narrowed down.

    Per number the cheapest of the cells that hold it where it is: what is told in the annex
    goes before what is told on the first screen, parts before wholes. What was hidden for one
    number is taken into account for the next one.

    Parameters
    ----------
    page : Page
    hidden : numpy.ndarray of bool, shape (page.size,)

    Returns
    -------
    numpy.ndarray of bool, of the same shape

    Raises
    ------
    DisclosureError
        A number could be narrowed down whatever is hidden.
    """
    seen: Ranges = {}
    same = _same_counts(page)
    hidden = hidden.copy()
    while True:
        hidden = _closed(page, hidden, same)
        gone = set(np.flatnonzero(hidden).tolist())
        before = len(gone)
        for block in _blocks(known(page, hidden), page.rule.minimum_cell, seen):
            _settle(block, gone)
        if len(gone) == before:
            return hidden
        hidden[list(gone)] = True


def _settle(block: Block, gone: set[int]) -> None:
    """Hide cells until no secret of a block is narrow; ``gone`` is added to."""
    block.drop(gone)
    block.look_around()
    for at in block.narrow():
        picked: list[tuple[set[int], float]] = []
        before = block.ends()
        while block.search(at) < block.minimum:
            by = block.binding()
            if not by:
                _give_up(block)
                break
            cells = _cheapest(by) - gone
            picked.append((cells, min(fact.cost for fact in by)))
            gone |= cells
            block.drop(gone)
        for cells, cost in reversed(picked[:-1]):
            if cost >= WORTH and _spare(block, at, gone - cells, before):
                gone -= cells
    block.remember()


def _spare(block: Block, at: int, gone: set[int], before: tuple[np.ndarray, ...]) -> bool:
    """Return whether a secret is wide with less hidden than is; then no more is hidden."""
    wide = block.ends()
    block.again(before)
    block.drop(gone, afresh=True)
    if block.search(at) >= block.minimum:
        return True
    block.again(wide)
    return False


def _give_up(block: Block) -> None:
    """Raise an error where a number follows from what anybody knows.

    What earlier editions told stays known: no later one takes it back.
    """
    if not any(fact.once for fact in block.facts):
        raise DisclosureError(
            "a number of few people would follow from how the tables of this page are made, "
            "whatever is left out of them; a higher report.minimum_cell, or fewer groups, "
            "periods and categories, keeps it from being told"
        )


def _closed(page: Page, hidden: np.ndarray, same: Sequence[list[int]]) -> np.ndarray:
    """Hide what stands beside hidden cells, and a count wherever it stands."""
    hidden, size = hidden.copy(), len(page.rows)
    for last in (False, True):
        for cells in same:
            if hidden[cells].any():
                hidden[cells] = True
        if not last:
            hidden[:size] = together(page.cells, hidden[:size])
            hidden[:size] = whole_outcomes(page.cells, hidden[:size], page.contrasted)
    return hidden


def _same_counts(page: Page) -> list[list[int]]:
    """Return the cells that show one and the same count."""
    found: dict[tuple[object, ...], list[int]] = {}
    for at in range(len(page.rows)):
        key = page.key(at)
        if key is not None:
            found.setdefault((key, round(float(page.rows[at].value), 9)), []).append(at)
    return [cells for cells in found.values() if len(cells) > 1]


def _blocks(made: Knowledge, minimum: int, seen: Ranges) -> Iterator[Block]:
    for unknowns, facts, secrets in made.blocks():
        true = np.array(made.values)[unknowns]
        yield Block(unknowns, facts, secrets, true=true, minimum=minimum, seen=seen)


def _cheapest(by: Sequence[Fact]) -> set[int]:
    """Return the cells to hide next, of the facts that hold a secret where it is."""
    least = min(by, key=lambda each: (each.cost, min(each.cells)))
    together = MANY * len(least.terms) < len(by) and len(least.terms) > 1
    alike = [fact for fact in by if fact.cost <= least.cost] if together else [least]
    return {cell for fact in alike for cell in fact.cells}
