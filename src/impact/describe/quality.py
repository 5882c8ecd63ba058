"""The quality of the data: rows and why they are not used, answers not given, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import ROWS, Cell, count, summary, units_label
from impact.describe.doubts import doubts
from impact.describe.groups import left_out, period_text, reached
from impact.describe.moments import count_units
from impact.locale import N_
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["quality"]

MOST = 4
"""With more periods than this answers are counted over all of them alone."""
KINDS = ("missing", "refused", "not_known", "not_asked")
COMPLETE = Sentence("No answer is missing.")
NAMED = N_("No answer is missing in: %(names)s.")
ALL_PERIODS = Sentence(
    "Overall: answers in %(n)s period, where whoever was asked several times counts several times.",
    many="Overall: answers in all %(n)s periods together, where whoever was asked several times "
    "counts several times.",
)
CHECKED = Sentence(
    "Checked when the data were read, without a fault: no unit stands twice in a period, none "
    "changes group, every period is known and in its order, no value is outside its scale."
)
CHECKED_ONCE = Sentence(
    "Checked when the data were read, without a fault: every row says its group, every period is "
    "known and in its order, no value is outside its scale."
)
NO_DOUBT = Sentence(
    "Looked for and not found: answers heaped on fives and tens, impossible ages, one answer to "
    "all items of a score, the same records under two names."
)


def quality(panel: Panel) -> SummaryTable:
    """Tell how good the data are that were read.

    What is wrong keeps a panel from being made: units that stand twice or change group,
    periods without an order, values outside their scale. So none of it is in this table; what
    is merely doubtful is told beside it, with how many it is about, and so is what was found
    out in reading the files.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``data``. For ``rows``, ``n`` by ``category``: ``read`` from the files, ``used``,
        each ``dropped: …``, ``made: …`` and ``folded: …`` with its reason; read and made are
        as many as used, dropped and folded. Of each outcome, item, covariate and subgroup in
        which an answer is missing: ``n`` that answered, and ``missing``, ``refused``,
        ``not_known`` and ``not_asked`` where there are any, by group: records of all periods
        together (period ``""``), whose ``base`` are the units behind them, and, of no more
        than four periods, each by itself.

    Examples
    --------
    >>> print(impact.quality(panel))  # doctest: +SKIP
    """
    cells = [count("rows", "all", "", "n", n, category=name) for name, n in panel.rows.items()]
    labels = {name: ROWS.get(name, name) for name in ("rows", *panel.rows)}
    labels[""] = units_label(panel)
    full = []
    for name, label in _asked(panel).items():
        found = list(_unanswered(panel, name))
        cells += found
        labels[_variable(name)] = label
        if not found:
            full.append(label)
    notes = [*_full(full, len(full) == len(_asked(panel)))]
    if len(cells) > len(panel.rows) and len(panel.periods) > 1:
        notes.append(replace(ALL_PERIODS, values={"n": str(len(panel.periods))}))
    found_doubts = doubts(panel)
    notes += [*left_out(panel), *panel.notes, CHECKED if panel.is_panel else CHECKED_ONCE]
    return summary("data", cells, labels, [*notes, *(found_doubts or (NO_DOUBT,))])


def _variable(name: str) -> str:
    """Return a variable's name; the columns of one text share it."""
    return name.partition("=")[0]


def _asked(panel: Panel) -> dict[str, str]:
    """Return what was asked, with its label: one entry a question."""
    known = {o.column: o.label for o in panel.outcomes}
    items = (i for o in panel.outcomes if o.score is not None for i in o.score.items)
    found: dict[str, str] = {}
    seen = set()
    for name in (*known, *items, *panel.covariates, *panel.subgroups):
        if name in panel.values and _variable(name) not in seen:
            seen.add(_variable(name))
            said = panel.described.get(name)
            own = said.label if said is not None else ""
            found[name] = known.get(name) or own or _variable(name)
    return found


def _full(labels: list[str], all_of_them: bool) -> Iterator[Sentence]:
    if all_of_them:
        yield COMPLETE
    elif labels:
        yield Sentence(NAMED, {"names": ", ".join(labels)})


def _unanswered(panel: Panel, name: str) -> Iterator[Cell]:
    """Yield how many answered a question, and how many did not, by group and period."""
    absent = _absent(panel, name)
    if not any(rows.any() for rows in absent.values()):
        return
    given = {"n": np.isfinite(panel.values[name].to_numpy(dtype=float))}
    told = {**given, **{kind: rows for kind, rows in absent.items() if rows.any()}}
    for group, among in reached(panel).items():
        for kind, rows in told.items():
            yield from _counted(panel, (_variable(name), group, kind), among & rows)


def _counted(panel: Panel, named: tuple[str, str, str], rows: np.ndarray) -> Iterator[Cell]:
    variable, group, kind = named
    if len(panel.periods) > 1:
        units = len(np.unique(panel.unit[rows]))
        yield Cell(variable, "", group, "", kind, float(rows.sum()), units)
    if len(panel.periods) > MOST:
        return
    found = count_units(panel, panel.period, len(panel.periods), rows)
    for code, n in enumerate(found):
        yield count(variable, group, period_text(panel.periods[code]), kind, n)


def _absent(panel: Panel, name: str) -> dict[str, np.ndarray]:
    """Return, per reason why no answer was given, the rows it holds for."""
    nothing = ~np.isfinite(panel.values[name].to_numpy(dtype=float))
    said = panel.answers.get(name)
    if said is None:
        return {"missing": nothing}
    named = {kind: nothing & (said == kind).to_numpy() for kind in KINDS[1:]}
    return {"missing": nothing & ~np.logical_or.reduce(list(named.values())), **named}
