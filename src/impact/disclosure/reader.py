"""From what a page shows to what its reader knows of the people it counts."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from impact.disclosure.alphas import add_alphas
from impact.disclosure.averages import add_averages
from impact.disclosure.ever import add_complete
from impact.disclosure.followed import add_drawn
from impact.disclosure.knowledge import FOLLOWED, Knowledge
from impact.disclosure.lost import add_lost_share
from impact.disclosure.once import add_once
from impact.disclosure.published import Estimated, Page
from impact.disclosure.spreads import add_spreads
from impact.disclosure.structure import Counted, add_structure
from impact.disclosure.sums import add_sums
from impact.results.summary import COUNTS

__all__ = ["known", "linked"]

OTHER, LABEL = 1.0, 0.05
BASES = {"changes": "changes n", "subgroups": "subgroups n", "leavers": "leavers n"}
"""What the people are called of whom a section tells averages and shares; elsewhere ``n``."""
YES_FOLLOWED = "yes trends"
IN_CATEGORIES = frozenset({"distribution", "changes"})


def known(page: Page, hidden: np.ndarray) -> Knowledge:
    """Return what a reader knows who sees the cells that are not hidden.

    Parameters
    ----------
    page : Page
    hidden : numpy.ndarray of bool, shape (page.size,)
    """
    made = Knowledge(page.rule.minimum_cell)
    shown: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(page.rows)):
        key = page.key(at)
        if key is not None:
            shown.setdefault(key, []).append(at)
    for share in (False, True):
        for key, cells in shown.items():
            if page.shares[cells[0]] == share:
                (_share if share else _count)(page, made, key, cells, hidden)
    for at in range(len(page.rows)):
        add_lost_share(page, made, at, hidden)
    add_spreads(page, made, hidden)
    add_alphas(page, made, hidden)
    counted = [_counted(page, cells[0], key) for key, cells in shown.items()]
    _floors(page, made, hidden)
    _followed(made)
    add_structure(made, counted, page.cells[~hidden[: len(page.rows)]])
    add_drawn(made, page.drawn)
    add_once(page, made, hidden)
    add_sums(page, made, hidden)
    add_complete(made, page.cells, {one.outcome for one in page.estimated})
    add_averages(page, made, hidden)
    _estimated(page, made, hidden)
    return made


def _counted(page: Page, at: int, key: tuple[str, ...]) -> Counted:
    row = page.rows[at]
    return Counted(
        row.section, row.variable, row.category, row.group, row.period, row.statistic, key
    )


def _count(
    page: Page, made: Knowledge, key: tuple[str, ...], cells: list[int], hidden: np.ndarray
) -> None:
    value, minimum = float(page.rows[cells[0]].value), page.rule.minimum_cell
    at = made.unknown(key, value)
    told = [cell for cell in cells if not hidden[cell]]
    earlier = [cell for cell in cells if cell in page.before]
    if told or earlier:
        first = (told or earlier)[0]
        low, high = page.span(first)
        cost = sum(page.cost(cell) for cell in told)
        # What was published once stays known.
        rests = () if earlier else tuple(told)
        made.know([(at, 1.0)], low, high, cells=rests, cost=cost, once=bool(earlier))
        return
    made.hide([(at, 1.0)], f"{key[0]} {key[-2]}")
    said = tuple(page.label(cell) for cell in cells if page.few[cell])
    said = tuple(label for label in said if not hidden[label])
    if said:
        made.know([(at, 1.0)], 0.0, minimum - 1, cells=said, cost=LABEL)


def _line(page: Page, at: int) -> tuple[str, ...]:
    """Return the key of the people that an average or share is of."""
    row = page.rows[at]
    category = "" if row.section in IN_CATEGORIES else row.category
    name = BASES.get(row.section, "n")
    if page.followed and row.section == "trends":
        # Of all who answered then, but for those who were seen on one side only.
        name = FOLLOWED
    return (name, row.variable, category, row.group, row.period)


def _base(page: Page, made: Knowledge, cells: list[int], hidden: np.ndarray) -> int:
    """Return the unknown number of people that a share is of."""
    line, people = _line(page, cells[0]), float(page.rows[cells[0]].base)
    counted = line[0] == FOLLOWED or made.find(*line) is not None
    base = made.unknown(line, people)
    told = tuple(cell for cell in cells if not hidden[cell])
    if told and not counted:
        # No table counts them: who knows from elsewhere about how many must learn no more.
        near, half = page.rule.near(people), page.rule.minimum_cell / 2
        low, high = math.ceil(near - half), math.ceil(near + half) - 1
        made.know([(base, 1.0)], low, high, cells=told, cost=sum(map(page.cost, told)))
    return base


def _floors(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note that no average is told of few, nor a share of few or of all but a few."""
    minimum = page.rule.minimum_cell
    resting: dict[int, list[int]] = {}
    for at in range(len(page.rows)):
        row = page.rows[at]
        if hidden[at] or row.statistic in COUNTS or not row.base >= minimum:
            continue
        line = _line(page, at)
        if row.section == "trends" and line[0] == "n":
            # Of periods of which no table tells how many answered.
            made.unknown(line, float(row.base))
        if line[0] == FOLLOWED:
            made.nest(made.unknown(line, float(row.base)), made.find("n", *line[1:]))
        for key in (line, (*line[:2], "", *line[3:])):
            if (base := made.find(*key)) is not None:
                resting.setdefault(base, []).append(at)
    for base, cells in resting.items():
        several = tuple(dict.fromkeys(cells))
        cost = sum(page.cost(cell) for cell in several)
        made.know([(base, 1.0)], minimum, cells=several, cost=cost)


def _followed(made: Knowledge) -> None:
    """Note that those of the course are in the analysis, and among all who said yes, or no."""
    for key, at in list(made.places.items()):
        whole, part = made.find("yes", *key[1:]), made.find(FOLLOWED, *key[1:])
        n = made.find("n", *key[1:])
        analysed = len(key) == 5 and made.find("flow units", "analysed", key[1], key[3], "")
        if key[0] == FOLLOWED and analysed:
            made.know([(analysed, 1.0), (at, -1.0)], 0.0)
        if key[0] == FOLLOWED and len(key) == 5 and n is None:
            # Of a period of which no table tells who answered: those who did not are secret.
            made.nest(at, made.find("ever", "", "", key[3], ""))
        if key[0] == YES_FOLLOWED and whole is not None and part is not None and n is not None:
            made.know([(whole, 1.0), (at, -1.0)], 0.0)
            made.know([(n, 1.0), (part, -1.0), (whole, -1.0), (at, 1.0)], 0.0)


def _share(
    page: Page, made: Knowledge, key: tuple[str, ...], cells: list[int], hidden: np.ndarray
) -> None:
    row, minimum = page.rows[cells[0]], page.rule.minimum_cell
    if row.base <= 0:
        return
    people = float(round(row.value * row.base))
    yes, base = made.unknown(key, people), _base(page, made, cells, hidden)
    made.know([(base, 1.0), (yes, -1.0)], 0.0)
    told = [cell for cell in cells if not hidden[cell]]
    earlier = [cell for cell in cells if cell in page.before]
    for cell in (told or earlier)[:1]:
        share, half = float(page.told[cell]), float(page.steps[cell]) / 2 + 1e-9
        cost = sum(page.cost(one) for one in told)
        rests = () if earlier else tuple(told)
        over, under = [(yes, 1.0), (base, -(share + half))], [(yes, 1.0), (base, -(share - half))]
        made.know(over, high=0.0, cells=rests, cost=cost, once=bool(earlier))
        made.know(under, low=0.0, cells=rests, cost=cost, once=bool(earlier))
        for few in ([(yes, 1.0)], [(base, 1.0), (yes, -1.0)]):
            made.know(few, minimum, cells=rests, cost=cost, once=bool(earlier))
        return
    made.hide([(yes, 1.0)], f"{key[0]} {row.group}")
    made.hide([(base, 1.0), (yes, -1.0)], f"not {key[0]} {row.group}")


def _estimated(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note the counts beside estimates, whatever other counts they are the same as."""
    step = page.rule.minimum_cell
    for at, one in enumerate(page.estimated, start=len(page.rows)):
        if hidden[at]:
            continue
        near = page.rule.near(one.people)
        low, high = math.ceil(near - step / 2), math.ceil(near + step / 2) - 1
        for terms in _same(made, one):
            made.know(terms, low, high, cells=(at,), cost=OTHER / 4)


def linked(page: Page, hidden: np.ndarray) -> frozenset[Estimated]:
    """Return the counts beside estimates that are the same as counts of the tables."""
    made = known(page, hidden)
    return frozenset(one for one in page.estimated if any(True for _ in _same(made, one)))


def _same(made: Knowledge, one: Estimated) -> Iterator[list[tuple[int, float]]]:
    """Yield the sums of unknowns that a count beside an estimate may be."""
    group = "treated" if one.name == "n_treated" else "all"
    answered, ever = [], []
    for key, at in made.places.items():
        name, rest = str(key[0]), key[1:]
        counts = name in ("units", "ever") or (name == "flow units" and rest[0] != "eligible")
        mine = name == "n" and rest[0] == one.outcome
        twice = name == "changes n" and rest[0] == one.outcome
        if len(rest) > 2 and (rest[2] == group or twice) and (counts or mine or twice):
            if made.values[at] == one.people:
                yield [(at, 1.0)]
            if 2 * made.values[at] == one.people and one.name == "n_obs":
                yield [(at, 2.0)]
            if mine:
                answered.append((at, 1.0))
        if name == "answered ever" and rest[0] == one.outcome:
            ever += [(at, 1.0)] if group in (rest[2], "all") else []
    for several in (answered, ever):
        if several and made.true(several) == one.people:
            yield several
