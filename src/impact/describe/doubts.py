"""What in the answers is doubtful, though not wrong enough to keep a pilot from running."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.describe.cells import Variable, covariates, outcomes
from impact.describe.heaping import heaping, myers_by_chance, myers_index
from impact.locale import N_
from impact.results.text import Sentence
from impact.spec.models import Outcome

__all__ = ["doubts"]

OLDEST = 110
ITEMS = 3
ALIKE = {True: 0.05, False: 0.25}
"""Share of one answer to all items from which it is told: with turned items, and without."""
COLUMNS = 3
CHANCE = 0.002
"""Pairs that chance would make if answers were independent, up to which any pair is told; far
below one, because answers of a person are not."""

AGE = re.compile(
    r"(?<![^\W\d_])(age|leeftijd|edad|edat|et[àa]|[âa]ge|v[âa]rst[ăa]|starost|vecums|ηλικ[ίι]α|alter)"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
ROUNDED = N_(
    "“%(label)s”: answers are heaped on multiples of %(step)s, %(ratio)s times as many as beside "
    "them (%(doubtful)s in all). They were rounded or guessed; do not read small differences."
)
MYERS = N_(
    "“%(label)s”: Myers' index of preferred digits is %(index)s (0 is none, 90 all on one; chance "
    "alone would give about %(chance)s)."
)
TOO_OLD = N_(
    "“%(label)s”, ages under 0 or over 110: %(doubtful)s. Look these up in the source, and name "
    "codes of missing answers in data.missing."
)
YOUNGER = N_(
    "“%(label)s”, younger in a later period than in an earlier one: %(doubtful)s. Were two people "
    "taken for one, or waves exchanged?"
)
STRAIGHT = Sentence(
    "“%(label)s”, one and the same answer to all %(n)s item in a period: %(doubtful)s. It may be "
    "haste; look at who asked them, and how.",
    many="“%(label)s”, one and the same answer to all %(n)s items in a period: %(doubtful)s. It "
    "may be haste; look at who asked them, and how.",
)
SAME = N_(
    "Exactly the records of another one, in every variable and period: %(doubtful)s. Were forms "
    "copied, or is one of them there under two names?"
)


def doubts(panel: Panel) -> tuple[Sentence, ...]:
    """Tell what is doubtful in the answers, each with how many units it is about and advice.

    Parameters
    ----------
    panel : Panel
        Sound: what is impossible was refused when it was read.

    Returns
    -------
    tuple of Sentence
        Empty where nothing is. ``doubtful`` counts the units; ``others``, which no text
        names, those it is not about: the gate hides a sentence that tells about few of them.
    """
    return (*_rounded(panel), *_ages(panel), *_straight(panel), *_same(panel))


def _doubt(
    panel: Panel, text: str | Sentence, hit: np.ndarray, among: np.ndarray, **values: str
) -> Sentence:
    """Make a sentence of the units in which rows hit, of all with rows that could."""
    doubtful = len(np.unique(panel.unit[hit]))
    others = len(np.unique(panel.unit[among])) - doubtful
    # Of all or of none there is nobody else to tell about.
    counts = {"doubtful": doubtful} | ({"others": others} if others else {})
    if isinstance(text, Sentence):
        return replace(text, values=values, counts=counts)
    return Sentence(text, values, counts)


def _measured(panel: Panel) -> dict[str, Variable]:
    """Return the variables of numbers, by column."""
    names = tuple(dict.fromkeys([*panel.covariates, *panel.subgroups]))
    found = [*covariates(replace(panel, covariates=names)), *outcomes(panel)]
    return {v.column: v for v in found if not (v.binary or v.category)}


def _first_rows(panel: Panel, values: np.ndarray) -> np.ndarray:
    """Return the row of each unit's first answer: a person who rounds does so each time."""
    given = np.flatnonzero(np.isfinite(values))
    return given[np.unique(panel.unit[given], return_index=True)[1]]


def _rounded(panel: Panel) -> Iterator[Sentence]:
    scales = {outcome.column: outcome.scale or () for outcome in panel.outcomes}
    made = {outcome.column for outcome in panel.outcomes if outcome.score is not None}
    for column, variable in _measured(panel).items():
        values = panel.values[column].to_numpy(dtype=float)
        first = _first_rows(panel, values)
        found = None if column in made else heaping(values[first], ends=scales.get(column, ()))
        if found is None:
            continue
        on = np.zeros(len(panel), dtype=bool)
        on[first] = np.isin(values[first] % found.step, 0)
        said = {"label": variable.label, "step": str(found.step), "ratio": f"{found.ratio:.1f}"}
        yield _doubt(panel, ROUNDED, on, first, **said)
        if _is_age(panel, variable):
            chance = f"{myers_by_chance(len(first)):.0f}"
            said = {"label": variable.label, "index": f"{myers_index(values[first]):.0f}"}
            # The index rests on everybody's age; its count is not named, and guards it.
            yield Sentence(MYERS, {**said, "chance": chance}, {"answers": len(first)})


def _is_age(panel: Panel, variable: Variable) -> bool:
    people = panel.spec is None or panel.spec.data.unit_is == "person"
    return people and bool(AGE.search(variable.name.replace("_", " ")))


def _ages(panel: Panel) -> Iterator[Sentence]:
    for column, variable in _measured(panel).items():
        if not _is_age(panel, variable):
            continue
        age = panel.values[column].to_numpy(dtype=float)
        given = np.isfinite(age)
        impossible = given & ((age < 0) | (age > OLDEST))
        if impossible.any():
            yield _doubt(panel, TOO_OLD, impossible, given, label=variable.label)
        rows = np.flatnonzero(given)
        again = panel.unit[rows[1:]] == panel.unit[rows[:-1]]
        younger = rows[1:][again & (age[rows[1:]] < age[rows[:-1]])]
        if panel.is_panel and len(younger):
            yield _doubt(panel, YOUNGER, younger, given, label=variable.label)


def _straight(panel: Panel) -> Iterator[Sentence]:
    for outcome in panel.outcomes:
        if outcome.score is None or len(outcome.score.items) < ITEMS:
            continue
        items = panel.values[list(outcome.score.items)].to_numpy(dtype=float)
        full = np.isfinite(items).all(axis=1)
        one = full & (items == items[:, :1]).all(axis=1) & ~_in_the_middle(outcome, items[:, 0])
        turned = bool(outcome.score.reverse)
        if one.sum() > ALIKE[turned] * full.sum():
            said = {"label": outcome.label, "n": str(len(outcome.score.items))}
            yield _doubt(panel, STRAIGHT, one, full, **said)


def _in_the_middle(outcome: Outcome, answer: np.ndarray) -> np.ndarray:
    """Whether an answer is the same however an item is turned."""
    if outcome.score is None or not outcome.score.reverse or outcome.item_scale is None:
        return np.zeros(len(answer), dtype=bool)
    middle: np.ndarray = 2 * answer == sum(outcome.item_scale)
    return middle


def _same(panel: Panel) -> Iterator[Sentence]:
    """Tell units whose records are all the same, where chance would not make them so."""
    factors = [codes for codes in _factors(panel) if codes.max(initial=0) > 0]
    if not panel.is_panel or len(factors) < COLUMNS:
        return
    n = len(panel.units)
    together = _joint(factors)
    sizes = np.bincount(together)
    pairs = _pairs(sizes)
    if not pairs:
        return
    every = n * (n - 1) / 2
    chance = every * math.prod(_pairs(np.bincount(codes)) / every for codes in factors)
    if chance < CHANCE:
        alike = (sizes[together] > 1)[panel.unit]
        yield _doubt(panel, SAME, alike, np.ones(len(panel), dtype=bool))


def _pairs(sizes: np.ndarray) -> float:
    return float((sizes.astype(float) * (sizes - 1) / 2).sum())


def _factors(panel: Panel) -> Iterator[np.ndarray]:
    """Yield codes of each unit's whole course in a variable; of a score in all its items."""
    scores = {o.column: list(o.score.items) for o in panel.outcomes if o.score is not None}
    items = {item for several in scores.values() for item in several}
    split: dict[str, list[str]] = {}
    for column in map(str, panel.values):
        if column not in items:
            split.setdefault(column.partition("=")[0], []).extend(scores.get(column, [column]))
    at = panel.unit.astype(np.int64) * len(panel.periods) + panel.period
    shape = (len(panel.units), len(panel.periods))
    for columns in split.values():
        parts = []
        for column in columns:
            grid = np.full(shape[0] * shape[1], np.inf)
            values = panel.values[column].to_numpy(dtype=float)
            grid[at] = np.where(np.isfinite(values), values, -np.inf)
            parts += list(grid.reshape(shape).T)
        yield _joint([pd.factorize(part)[0] for part in parts])


def _joint(factors: list[np.ndarray]) -> np.ndarray:
    """Return one code for each different combination of codes."""
    joint = factors[0].astype(np.int64)
    for codes in factors[1:]:
        joint = pd.factorize(joint * (int(codes.max(initial=0)) + 1) + codes)[0]
    return joint
