"""The flow of participants: from those it was open to down to those the result rests on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.data.panel import Panel
from impact.describe.attrition import Followed, attrition, followed, marked
from impact.describe.cells import ROWS, Cell, count, summary
from impact.describe.groups import contrast, period_text
from impact.locale import N_
from impact.results.summary import SummaryTable
from impact.results.text import Label, Sentence
from impact.spec.models import Outcome

__all__ = ["NO_REASON", "flow"]

MEANING = Sentence(
    "Lost: recorded at the baseline, and without an answer on any outcome at the last period."
)
NEW_PEOPLE = Sentence(
    "Different people were asked each time, so nobody can be followed and nobody counted as lost."
)
ONCE = Sentence("There is one period only, so nobody can be followed.")
NO_BASELINE = Sentence(
    "There are no records from before the pilot: the first period stands for the baseline."
)
ANALYSED = Sentence(
    "In the analysis: with an answer on the outcome both before and after the start."
)
ANALYSED_AT_THE_END = Sentence("In the analysis: with an answer on the outcome at the end.")
OPEN_TO = Sentence(
    "To how many the pilot was open, and how many took it up, is as the pilot's team states it."
)
NO_REASON = "reason: "
"""The category of those lost of whom no reason is known; reasons begin with it."""
LOST_ON = "lost: "
"""The variable that tells who was lost on one outcome begins with it."""
EVERY, SOME = "in every wave", "in some waves"
ONLY = "only in "


def flow(panel: Panel) -> SummaryTable:
    """Count who was eligible, enrolled, there at the baseline and at the end, lost, analysed.

    The baseline is the last period before the pilot, or the first period where there is none
    before. A unit is at the baseline when it has a record there, and at the end when at least
    one outcome was answered in the last period.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``flow``, without periods. ``units`` for the variables ``eligible`` and
        ``enrolled`` (of the params file; of all where lots were drawn, else of the pilot
        group), ``baseline``, ``endline`` and ``both``, and for ``analysed`` by ``category``,
        the primary outcomes: units with an answer before and after the start (at the end,
        where there is nothing before). ``lost`` for ``lost``, by ``category`` each reason
        too where the panel has them, with the ``share`` lost, whose ``base`` is the smaller
        of lost and stayed (the share gives both away). Where there are several outcomes, for
        ``lost: …`` of each the ``share`` lost on it, whose ``base`` is all at the start. For
        ``matched``, of the group ``all``, ``units`` of the files and by ``category`` how many
        are in every wave, in one alone (``only in …``) or in some. For ``rows``, ``n`` rows
        of the data file by ``category``: ``read``, ``used`` and each reason for a drop.

    Examples
    --------
    >>> table = impact.describe.flow(panel)  # doctest: +SKIP
    >>> impact.figures.flow(table.cells, labels=table.labels)  # doctest: +SKIP
    """
    seen = followed(panel, any_outcome=True)
    cells = list(_stated(panel, seen))
    cells += [cell for group in seen.groups for cell in _steps(panel, seen, group)]
    cells += list(_without_an_answer(panel, seen))
    cells += list(_analysed(panel, seen))
    cells += list(_matched(panel))
    cells += [count("rows", "all", "", "n", n, category=name) for name, n in panel.rows.items()]
    used = {name for cell in cells for name in (cell.variable, cell.category)}
    named = {key: label for key, label in _labels(panel, seen).items() if key in used}
    return summary("flow", cells, named, _notes(panel, seen, used))


def _labels(panel: Panel, seen: Followed) -> dict[str, str]:
    first, last = period_text(panel.periods[seen.first]), period_text(panel.periods[seen.last])
    reasons = _reasons(panel)
    return {
        "eligible": N_("The pilot was open to"),
        "enrolled": N_("Took it up"),
        "baseline": Label(Sentence("At the baseline (%(period)s)", {"period": first})),
        "endline": Label(
            Sentence(
                "At the end (%(period)s)" if seen.first < seen.last else "In %(period)s",
                {"period": last},
            )
        ),
        "both": N_("At both"),
        "lost": N_("Lost in between"),
        **{reason: reason.removeprefix(NO_REASON) for reason in reasons},
        NO_REASON: N_("no reason known"),
        "analysed": N_("In the analysis"),
        **{outcome.column: outcome.label for outcome in _primary(panel)},
        **{
            f"{LOST_ON}{one.column}": Label(
                Sentence("No answer at the end: %(label)s", {"label": one.label})
            )
            for one in panel.outcomes
        },
        "matched": N_("Found in the files of the waves"),
        EVERY: N_("in every wave"),
        SOME: N_("in some waves"),
        **{
            name: Label(Sentence("only in %(period)s", {"period": name.removeprefix(ONLY)}))
            for name in panel.matched
            if name.startswith(ONLY)
        },
        **ROWS,
        "rows": N_("Rows of the data file"),
    }


def _stated(panel: Panel, seen: Followed) -> Iterator[Cell]:
    """Yield what the params file says of the time before the data."""
    drawn = panel.design.randomised or panel.design.kind == "randomised"
    group = "all" if drawn and "all" in seen.groups else "treated"
    for name in ("eligible", "enrolled"):
        number = getattr(panel.design, name)
        if number is not None:
            yield count(name, group, "", "units", number)


def _steps(panel: Panel, seen: Followed, group: str) -> Iterator[Cell]:
    members = seen.groups[group]
    start, end = seen.start & members, seen.end & members
    twice = seen.first < seen.last
    if twice:
        yield count("baseline", group, "", "units", int(start.sum()))
    yield count("endline", group, "", "units", int(end.sum()))
    if not twice or not panel.is_panel:
        return
    lost, stayed = int((seen.lost & members).sum()), int((start & end).sum())
    yield count("both", group, "", "units", stayed)
    yield count("lost", group, "", "lost", lost)
    if start.any():
        yield Cell("lost", "", group, "", "share", lost / int(start.sum()), min(lost, stayed))
    given = _reason(panel)
    if given is None:
        return
    for at, name in enumerate((*_reasons(panel), NO_REASON)):
        at = -1 if name == NO_REASON else at
        people = int((seen.lost & members & (given == at)).sum())
        yield count("lost", group, "", "lost", people, category=name)


def _without_an_answer(panel: Panel, seen: Followed) -> Iterator[Cell]:
    """Yield the share lost of each outcome; of a single one it is told already."""
    if not panel.is_panel or len(panel.outcomes) < 2:
        return
    for outcome in panel.outcomes:
        lost, name = attrition(panel, outcome.column), f"{LOST_ON}{outcome.column}"
        if not followed(panel, outcome.column).told:
            continue
        rates = {"treated": lost.treated, "comparison": lost.comparison, "all": lost.overall}
        for group in seen.groups:
            rate = rates[group]
            if rate is not None:
                people = int((seen.start & seen.groups[group]).sum())
                yield Cell(name, "", group, "", "share", rate, people)


def _reasons(panel: Panel) -> tuple[str, ...]:
    if panel.lost_because is None:
        return ()
    return tuple(f"{NO_REASON}{name}" for name in panel.lost_because.cat.categories)


def _reason(panel: Panel) -> np.ndarray | None:
    """Return the code of each unit's reason, the last one that was noted; -1 for none."""
    if panel.lost_because is None:
        return None
    codes = panel.lost_because.cat.codes.to_numpy()
    found = np.full(len(panel.units), -1)
    noted = codes >= 0
    found[panel.unit[noted]] = codes[noted]  # rows are in the order of the periods
    return found


def _analysed(panel: Panel, seen: Followed) -> Iterator[Cell]:
    """Yield the units of each primary outcome that are seen on both sides of the start."""
    if not panel.is_panel:
        return
    for outcome in _primary(panel):
        if not followed(panel, outcome.column).told:
            continue
        known = np.isfinite(panel.values[outcome.column].to_numpy(dtype=float))
        used = marked(panel, known & ~_before(panel))
        if _before(panel).any():
            used &= marked(panel, known & _before(panel))
        for group, members in seen.groups.items():
            people = int((used & members).sum())
            yield count("analysed", group, "", "units", people, category=outcome.column)


def _primary(panel: Panel) -> list[Outcome]:
    chosen = [outcome for outcome in panel.outcomes if outcome.role == "primary"]
    return chosen or [panel.primary]


def _before(panel: Panel) -> np.ndarray:
    """Return the rows before their unit's start; of those never reached, up to the baseline."""
    baseline = contrast(panel).baseline
    if baseline is None:
        return np.zeros(len(panel), dtype=bool)
    own = panel.times[panel.period] < panel.start - panel.design.anticipation
    return np.where(np.isfinite(panel.start), own, panel.period <= baseline)


def _matched(panel: Panel) -> Iterator[Cell]:
    """Yield how the units of several files match; those twice in a file stand in its notes."""
    if not panel.matched or not panel.is_panel:
        return
    parts = {name: n for name, n in panel.matched.items() if name == EVERY or name.startswith(ONLY)}
    yield count("matched", "all", "", "units", panel.matched["units"])
    rest = panel.matched["units"] - sum(parts.values())
    for name, people in (parts | ({SOME: rest} if rest else {})).items():
        yield count("matched", "all", "", "units", people, category=name)


def _notes(panel: Panel, seen: Followed, used: set[str]) -> list[Sentence]:
    stated = [OPEN_TO] if used & {"eligible", "enrolled"} else []
    if seen.first == seen.last:
        return [*stated, ONCE]
    notes = [*stated, MEANING if panel.is_panel else NEW_PEOPLE]
    if "analysed" in used:
        notes.append(ANALYSED if _before(panel).any() else ANALYSED_AT_THE_END)
    return notes if contrast(panel).baseline is not None else [*notes, NO_BASELINE]
