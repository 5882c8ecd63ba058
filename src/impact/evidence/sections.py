"""Sections of the page that follow from the design: rivals, limits, cost, planned and done."""

from __future__ import annotations

import datetime as dt

from impact.data.panel import Panel
from impact.describe import most_lost
from impact.evidence.amounts import number
from impact.evidence.certainty import HIGH_ATTRITION
from impact.locale import N_
from impact.results import Effects, Sentence, Statement

__all__ = ["cost", "limits", "plan", "rivals"]

_TIME = Sentence(
    "Time itself: people usually learn the language and find their way with every month in the "
    "country, with or without a service."
)
_EXTREME = Sentence(
    "Starting low: people who enter a service at a low point often do better later by themselves."
)
_EVENTS = Sentence(
    "Other events: anything else that happened in the pilot places and not in the comparison "
    "places, such as another service, a new rule, or COVID-19 measures."
)
_MIXED = Sentence(
    "Selection: those who were reached may have differed from the comparison in ways that "
    "nobody measured."
)
_TIME_APART = Sentence(
    "Time in the country: if the participants had been here for longer, or shorter, than the "
    "comparison, they would have learned the language and found their way at another pace anyway."
)
_EXTREME_APART = Sentence(
    "Starting low: if the participants started lower than the comparison, part of the difference "
    "may be a recovery that would have come by itself."
)
_LOST = Sentence(
    "People lost: those who moved on or stopped answering may have fared differently from those "
    "who stayed."
)
_CHANCE = Sentence("Chance: with other people, or in another year, the result would differ.")
_NEW_PEOPLE = Sentence(
    "Different people: each wave asked new people, so the groups may have changed in who they are."
)


def rivals(panel: Panel) -> Statement:
    """Name what else could explain the result, as the design leaves it open.

    Parameters
    ----------
    panel : Panel
        The pilot's data and design.

    Returns
    -------
    Statement
        Section ``rivals``.
    """
    design, people = panel.design, _people(panel)
    said = []
    if design.kind == "before_after":
        said += [_TIME, _EXTREME] if people else [_EVENTS]
    elif design.kind != "randomised" and not design.randomised:
        said += [_EVENTS, *([_MIXED, _TIME_APART, _EXTREME_APART] if people else [])]
    if most_lost(panel):
        said.append(_LOST)
    if not panel.is_panel:
        said.append(_NEW_PEOPLE)
    said.append(_CHANCE)
    return Statement("rivals", tuple(said))


def limits(panel: Panel, effects: Effects) -> Statement:
    """Say what the page cannot say.

    Parameters
    ----------
    panel : Panel
        The pilot's data and design.
    effects : Effects
        All effects; a headline without a valid interval is a limit by itself.

    Returns
    -------
    Statement
        Section ``limits``.
    """
    said = []
    if panel.design.kind == "before_after":
        said.append(Sentence("Whether the pilot caused the change: there is no comparison group."))
    elif any(e.role == "headline" and e.inference == "none" for e in effects):
        said.append(
            Sentence(
                "How much of the difference is chance: with so few places that started together, "
                "no calculation can tell, and the page gives none."
            )
        )
    if panel.design.kind == "did" and _pre_periods(panel) < 2:
        said.append(
            Sentence(
                "Whether the groups moved alike before: that takes at least two waves before the "
                "start."
            )
        )
    said.append(Sentence("Whether the change lasts: the page ends with the last wave of the data."))
    said.append(
        Sentence("Whether it would work elsewhere: other places have other people and services.")
    )
    if (most_lost(panel) or 0.0) >= HIGH_ATTRITION:
        said.append(Sentence("How those fared who could not be followed to the end."))
    caveats = [o.caveat for o in panel.outcomes if o.caveat]
    said += [Sentence("%(caveat)s", {"caveat": caveat}) for caveat in dict.fromkeys(caveats)]
    return Statement("limits", tuple(said))


def cost(panel: Panel) -> Statement:
    """Say what the pilot cost, and per participant where enough took part to say it.

    What one participant cost has one significant digit, so that the cost divided by it is
    no count; the number of participants travels with it as ``per``, so that it is shown
    only where that number is.

    Parameters
    ----------
    panel : Panel
        The pilot's data; ``about.cost`` of its params file.

    Returns
    -------
    Statement
        Section ``cost``; "not supplied" where no cost is given.
    """
    spent = panel.spec.about.cost if panel.spec else None
    if panel.spec is None or spent is None:
        return Statement("cost", (Sentence("The cost was not supplied."),))
    money = f"{number(spent.amount, 0)} {spent.currency}"
    said = [Sentence("The pilot cost %(money)s in all.", {"money": money})]
    took_part = len(set(panel.unit[panel.treated].tolist()))
    if panel.is_panel and _people(panel) and took_part >= panel.spec.report.minimum_cell:
        each = number(float(f"{spent.amount / took_part:.0e}"), 0)
        values = {"money": f"{each} {spent.currency}"}
        text = N_("That is about %(money)s for each participant in the data.")
        said.append(Sentence(text, values, {"per": took_part}))
    return Statement("cost", tuple(said))


def plan(panel: Panel) -> Statement:
    """Set what was planned beside what was done.

    Parameters
    ----------
    panel : Panel
        The pilot's data; ``plan`` of its params file.

    Returns
    -------
    Statement
        Section ``plan``.
    """
    planned = panel.spec.plan if panel.spec else None
    if planned is None or planned.frozen is None:
        frozen = Sentence("The plan of analysis was not fixed in advance.")
    else:
        frozen = Sentence(
            "The plan of analysis was fixed on %(date)s.", {"date": planned.frozen.isoformat()}
        )
    said = [*_theory(panel), frozen]
    if planned and planned.frozen and planned.endline:
        said.append(_before_endline(planned.frozen, planned.endline))
    if planned and planned.registry:
        said.append(Sentence("It is registered at %(registry)s.", {"registry": planned.registry}))
    for criterion in planned.progression if planned else ():
        said.append(Sentence(_met(criterion.met), {"criterion": criterion.says}))
    for change in planned.deviations if planned else ():
        said.append(
            Sentence(
                "Changed on %(date)s after the data were seen: %(what)s – %(why)s"
                if change.after_seeing_data
                else "Changed on %(date)s before the data were seen: %(what)s – %(why)s",
                {"date": change.date.isoformat(), "what": change.what, "why": change.why},
            )
        )
    if planned and planned.frozen and not planned.deviations:
        said.append(Sentence("No change to the plan is recorded."))
    return Statement("plan", tuple(said))


def _theory(panel: Panel) -> list[Sentence]:
    """Say how the pilot was meant to work, in its team's own words."""
    theory = panel.spec.about.theory_of_change if panel.spec else None
    return [Sentence("How it was meant to work: %(theory)s", {"theory": theory})] if theory else []


def _before_endline(frozen: dt.date, endline: dt.date) -> Sentence:
    """Say whether the plan came before the first endline record."""
    if frozen <= endline:
        return Sentence("That was before the first final record came in.")
    return Sentence("That was after the first final record had come in.")


def _met(met: bool | None) -> str:
    """Return the sentence for a progression criterion."""
    if met is None:
        return N_("To go on: “%(criterion)s”. Not judged yet.")
    if met:
        return N_("To go on: “%(criterion)s”. Met.")
    return N_("To go on: “%(criterion)s”. Not met.")


def _people(panel: Panel) -> bool:
    """Whether the units are people or households."""
    return panel.spec is None or panel.spec.data.unit_is != "place"


def _pre_periods(panel: Panel) -> int:
    """Count the periods before the first start."""
    starts = panel.start[panel.treated]
    return int((panel.times < starts.min()).sum()) if len(starts) else 0
