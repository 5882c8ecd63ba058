"""How well the items of a score hang together, wave by wave."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from impact.data.panel import Panel
from impact.data.scores import items_of
from impact.describe.cells import Cell, known, summary
from impact.describe.groups import period_text, reached
from impact.describe.moments import LEVEL, moments
from impact.results.summary import SummaryTable
from impact.results.text import Sentence
from impact.spec.models import Outcome

__all__ = ["Alpha", "cronbach_alpha", "reliability"]

NO_SCORE = Sentence("No outcome is a score of several items, so there is no reliability to show.")
MEANING = Sentence(
    "Cronbach's alpha, with its 95%% interval (Feldt): how far the items of a score move together; "
    "0.7 or more is usually asked for. Everybody who answered all items is in it, whatever their "
    "group, without weights."
)
REVERSED = Sentence("Items that are worded the other way round are turned first.")
REST = Sentence(
    "Item and rest: correlation of an item with the sum of the others; near 0, or under it, the "
    "item asks something else."
)


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of k items answered by n people.

    Parameters
    ----------
    value : float
        Not a number where the sum of the items does not vary.
    low, high : float
        Ends of Feldt's interval.
    n, k : int
    """

    value: float
    low: float
    high: float
    n: int
    k: int


def cronbach_alpha(items: np.ndarray, *, level: float = LEVEL) -> Alpha:
    r"""Return Cronbach's alpha with Feldt's interval.

    .. math:: \alpha = \frac{k}{k - 1} \left(1 - \frac{\sum_i s_i^2}{s_{sum}^2}\right)

    (1 - α) over its estimate follows F with n - 1 and (n - 1)(k - 1) degrees of freedom where
    items are normal and equally correlated.

    Parameters
    ----------
    items : numpy.ndarray of float, shape (n, k)
        Answers, all turned the same way; rows with a missing one are left out.
    level : float
        Of the interval.

    References
    ----------
    Cronbach (1951), Psychometrika 16 (3); Feldt, Woodruff and Salih (1987), Applied
    Psychological Measurement 11 (1).

    Examples
    --------
    >>> round(cronbach_alpha(np.array([[1.0, 2], [2, 2], [3, 4], [5, 4]])).value, 4)
    0.8649
    """
    full = items[np.isfinite(items).all(axis=1)]
    n, k = full.shape
    nothing = Alpha(math.nan, math.nan, math.nan, n, k)
    if n < 2 or k < 2:
        return nothing
    total = float(full.sum(axis=1).var(ddof=1))
    if total <= 0:
        return nothing
    value = k / (k - 1) * (1 - float(full.var(axis=0, ddof=1).sum()) / total)
    free = (n - 1, (n - 1) * (k - 1))
    low, high = (
        1 - (1 - value) * float(special.fdtri(*free, share))
        for share in (0.5 + level / 2, 0.5 - level / 2)
    )
    return Alpha(value, low, high, n, k)


def reliability(panel: Panel) -> SummaryTable:
    """Tell the reliability of each score, and of what each item adds to it, by period.

    Parameters
    ----------
    panel : Panel
        The items stand in ``values`` under their own names.

    Returns
    -------
    SummaryTable
        Section ``reliability``, group ``all``. Per score and period ``alpha`` with
        ``alpha_low`` and ``alpha_high``, and ``n`` who answered every item; per item, as a
        category, ``mean`` and ``sd`` (as answered, not turned), ``item_rest`` and
        ``alpha_without``. All of those who answered every item. ``base`` is their number, or
        where a few have a score without it, the number of those few: with the score's mean,
        the items' would tell about them. No rows, and a note, where there is no score.

    Examples
    --------
    >>> impact.describe.reliability(panel)  # doctest: +SKIP
    """
    scores = [o for o in panel.outcomes if o.score is not None]
    if not scores:
        return summary("reliability", (), {}, [NO_SCORE])
    groups = reached(panel)
    everyone = groups.get("all", next(iter(groups.values())))
    cells: list[Cell] = []
    labels: dict[str, str] = {}
    notes = [MEANING, REST]
    for outcome in scores:
        assert outcome.score is not None
        labels[outcome.column] = outcome.label
        for item in outcome.score.items:
            labels[_category(outcome, item)] = _called(panel, item)
        for code in range(len(panel.periods)):
            cells += _one(panel, outcome, everyone & (panel.period == code), code)
    if any(outcome.score and outcome.score.reverse for outcome in scores):
        notes.append(REVERSED)
    return summary("reliability", cells, labels, notes)


def _category(outcome: Outcome, item: str) -> str:
    return f"{outcome.column}: {item}"


def _called(panel: Panel, item: str) -> str:
    said = panel.described.get(item)
    return said.label if said is not None and said.label else item


def _one(panel: Panel, outcome: Outcome, rows: np.ndarray, code: int) -> Iterator[Cell]:
    """Yield the cells of one score in one period."""
    assert outcome.score is not None
    items = items_of(panel, outcome)[rows]
    full = np.isfinite(items).all(axis=1)
    scored = np.isfinite(panel.values.loc[rows, outcome.column].to_numpy(dtype=float))
    apart = int((scored & ~full).sum())
    whole = np.zeros(len(panel), dtype=bool)
    whole[np.flatnonzero(rows)[full]] = True
    n = len(np.unique(panel.unit[whole]))
    base = min(n, apart) if apart else n
    found = cronbach_alpha(items)
    plain = replace(panel, weight=np.ones(len(panel)))
    where = ("all", period_text(panel.periods[code]))
    if not n:
        return
    yield Cell(outcome.column, "", *where, "n", float(n), base)
    for name, value in (
        ("alpha", found.value),
        ("alpha_low", found.low),
        ("alpha_high", found.high),
    ):
        if known(value):
            yield Cell(outcome.column, "", *where, name, value, base)
    for at, item in enumerate(outcome.score.items):
        answered = panel.values[item].to_numpy(dtype=float)
        told = moments(plain, answered, np.where(whole, 0, -1), 1)
        least = min(base, int(told.least[0]))
        for name, value, rests in (
            ("mean", float(told.mean[0]), least),
            ("sd", float(told.sd[0]), least),
            ("item_rest", _item_rest(items[full], at), least),
            ("alpha_without", cronbach_alpha(np.delete(items[full], at, 1)).value, base),
        ):
            if known(value):
                yield Cell(outcome.column, _category(outcome, item), *where, name, value, rests)


def _item_rest(items: np.ndarray, at: int) -> float:
    one, rest = items[:, at], np.delete(items, at, axis=1).sum(axis=1)
    if len(items) < 2 or one.std() == 0 or rest.std() == 0:
        return math.nan
    return float(np.corrcoef(one, rest)[0, 1])
