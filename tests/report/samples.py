"""Whole pages, built by hand: what a notebook shows of three kinds of pilots."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import nbformat
import numpy as np
import pandas as pd

from impact.results import (
    GLOSSARY,
    EffectResult,
    Effects,
    Finding,
    Findings,
    Part,
    Replication,
    Sentence,
    Statement,
    Status,
    SummaryTable,
)

COLUMNS = ["variable", "category", "group", "period", "statistic", "value", "base"]
GROUPS = {
    "group:treated": "Pilot group",
    "group:comparison": "Comparison group",
    "group:expected": "Pilot group, expected without the pilot",
    "group:all": "All",
}
NAN = math.nan


def table(
    section: str, rows: Iterable[Sequence], labels: dict | None = None, notes: Sequence = ()
) -> SummaryTable:
    """Return a summary table of hand-written cells."""
    frame = pd.DataFrame(list(rows), columns=COLUMNS)
    frame = frame.astype({name: "str" for name in COLUMNS[:5]} | {"value": float, "base": int})
    return SummaryTable(section, frame, {**GROUPS, **(labels or {})}, tuple(notes))


def effect(outcome: str, estimate: float, error: float, **said: object) -> EffectResult:
    """Return an effect of one term."""
    z = 1.96
    row = {
        "pilot": said.get("pilot", "tilburg-integration"),
        "outcome": outcome,
        "method": said.get("method", "did"),
        "estimand": "ATT",
        "term": "effect",
        "estimate": estimate,
        "std_error": error,
        "statistic": estimate / error if error == error else NAN,
        "p_value": said.get("p", 0.003),
        "conf_low": estimate - z * error,
        "conf_high": estimate + z * error,
        "level": 0.95,
        "n_obs": 660,
        "n_units": 350,
        "n_treated": 172,
        "n_clusters": 350,
        "inference": said.get("inference", "cr1"),
    }
    rows = pd.DataFrame([row], columns=list(GLOSSARY))
    return EffectResult(rows, said.get("base", 150), said.get("role", "headline"))


def event_study() -> EffectResult:
    """Return an effect of several terms."""
    first = effect("conversations", 0.0, 0.0001, method="event_study", role="alternative")
    terms = [(-3, -0.02, 0.05), (-2, 0.03, 0.05), (0, 0.31, 0.09), (1, 0.42, 0.1)]
    rows = pd.concat([first.rows] * len(terms), ignore_index=True)
    rows["term"] = [f"event time {at}" for at, _, _ in terms]
    rows["estimate"] = [value for _, value, _ in terms]
    rows["std_error"] = [error for _, _, error in terms]
    rows["conf_low"] = rows["estimate"] - 1.96 * rows["std_error"]
    rows["conf_high"] = rows["estimate"] + 1.96 * rows["std_error"]
    return EffectResult(rows, 150, "alternative", (), np.eye(len(terms)) * 0.01)


def _groups(variable: str, period: str, statistic: str, pair: Sequence, bases=(172, 178)) -> list:
    return [
        (variable, "", group, period, statistic, value, base)
        for group, value, base in zip(("treated", "comparison"), pair, bases, strict=False)
    ]


def did_pilot(**status: object) -> list[Part]:
    """Return the page of 350 people in eleven municipalities, with a comparison."""
    given = {
        "pilot": "tilburg-integration",
        "title": "Early civic integration",
        "place": "Tilburg",
        "country": "NL",
        "programme": "Includ-EU",
        "starts": "2021-03-01",
        "ends": "2022-02-28",
        "comparison": "Status holders of the five neighbouring municipalities",
        "source": "Simulated by impact.simulate, seed 20210301",
        "themes": ("education", "participation"),
        "partners": ("City of Tilburg",),
        "simulated": True,
        "plan": "frozen_before_endline",
    } | status
    return [Status(**given), *_did_tables(), *_did_texts(given["title"])]


def _did_tables() -> list[Part]:
    volunteers, conversations = "volunteering", "conversations"
    labels = {
        "": "People",
        volunteers: "Volunteers",
        conversations: "Conversations with nationals per week",
        "age": "Age in years",
        "female": "Women",
    }
    took_part = [
        row
        for period, people in (("1", (172, 178)), ("2", (160, 151)))
        for row in _groups("", period, "units", people, people)
    ]
    took_part += _groups(volunteers, "1", "n", (168, 175), (168, 175))
    took_part += _groups(volunteers, "1", "missing", (4, 3), (4, 3))
    took_part += _groups(volunteers, "1", "share", (21 / 168, 25 / 175), (168, 175))
    took_part += _groups(volunteers, "2", "share", (54 / 160, 31 / 151), (160, 151))
    took_part += _groups(conversations, "1", "mean", (2.314, 2.402))
    took_part += _groups(conversations, "1", "sd", (1.21, 1.32))
    took_part += _groups(conversations, "2", "mean", (3.518, 2.911), (160, 151))
    took_part += _groups("age", "1", "mean", (33.71, 34.02))
    took_part += _groups("age", "1", "sd", (9.41, 9.88))
    took_part += _groups("female", "1", "share", (81 / 172, 80 / 178))
    courses = []
    means = {
        volunteers: ("share", (21 / 168, 54 / 160), (25 / 175, 31 / 151)),
        conversations: ("mean", (2.314, 3.518), (2.402, 2.911)),
    }
    for name, (statistic, treated, compared) in means.items():
        for at, period in enumerate(("1", "2")):
            courses += _groups(name, period, statistic, (treated[at], compared[at]), (160, 151))
            low, high = (
                (treated[at] - 0.06, compared[at] - 0.06),
                (
                    treated[at] + 0.06,
                    compared[at] + 0.06,
                ),
            )
            courses += _groups(name, period, "low", low, (160, 151))
            courses += _groups(name, period, "high", high, (160, 151))
            expected = treated[0] + compared[at] - compared[0]
            courses.append((name, "", "expected", period, statistic, expected, 151))
    flow = []
    for group, start, end in (("treated", 172, 160), ("comparison", 178, 151), ("all", 350, 311)):
        flow += [("baseline", "", group, "", "units", start, start)]
        flow += [("both", "", group, "", "units", end, end)]
        flow += [("lost", "", group, "", "lost", start - end, start - end)]
    flow_labels = {
        "baseline": "At the baseline (1)",
        "both": "At both",
        "lost": "Lost in between",
    }
    alike = _groups("age", "1", "mean", (33.71, 34.02)) + _groups("age", "1", "sd", (9.41, 9.88))
    alike += [("age", "", "all", "1", "smd", -0.032, 172)]
    alike += _groups("female", "1", "share", (81 / 172, 80 / 178))
    alike += [("female", "", "all", "1", "smd", 0.043, 172)]
    who = Sentence(
        "%(comparison)s", {"comparison": "Status holders of the five neighbouring municipalities"}
    )
    compared_with = [("", "", "treated", "", "units", 172, 172)]
    compared_with += [("", "", "comparison", "", "units", 178, 178)]
    compared_with += [("places", "", "treated", "", "places", 6, 172)]
    compared_with += [("places", "", "comparison", "", "places", 5, 178)]
    answers = Sentence("Shares are of those who answered.")
    return [
        table("participants", took_part, labels, [answers]),
        table("flow", flow, flow_labels),
        table("comparison", compared_with, {"": "People", "places": "Places"}, [who]),
        table("trends", courses, labels),
        table("balance", alike, labels),
    ]


def _did_texts(title: str) -> list[Part]:
    amounts = {
        "effect": Sentence("%(n)s more people in 100", {"n": "15"}),
        "low": Sentence("%(n)s more people in 100", {"n": "6"}),
        "high": Sentence("%(n)s more people in 100", {"n": "24"}),
    }
    names = {"pilot": title, "outcome": "Volunteers"}
    volunteers = Finding(
        "volunteering",
        "Volunteers",
        "primary",
        "important_improvement",
        "low",
        Sentence(
            "%(pilot)s may have led to an important improvement in “%(outcome)s”.", names | amounts
        ),
        amounts["effect"],
        Sentence("The data fit anything from %(low)s to %(high)s.", amounts),
        (
            Sentence("6 places with the pilot are compared with 5 without it."),
            Sentence("One step down: with two waves nobody can see whether both moved alike."),
            Sentence("Attrition was uneven: %(lost)s people were lost.", counts={"lost": 39}),
        ),
        0.1503,
        0.0611,
        0.2395,
        151,
        True,
        {"method": "did", "inference": "cr1", "group_means": [0.125, 0.3375]},
    )
    talk = {
        "effect": Sentence("%(n)s %(unit)s more", {"n": "0.70", "unit": "conversations"}),
        "low": Sentence("%(n)s %(unit)s less", {"n": "0.05", "unit": "conversations"}),
        "high": Sentence("%(n)s %(unit)s more", {"n": "1.44", "unit": "conversations"}),
    }
    conversations = Finding(
        "conversations",
        "Conversations with nationals per week",
        "secondary",
        "unclear_improvement",
        "low",
        Sentence(
            "The data do not settle whether %(pilot)s changed “%(outcome)s”: they fit no "
            "difference and an important improvement (from %(low)s to %(high)s).",
            {"pilot": title, "outcome": "Conversations with nationals per week"} | talk,
        ),
        talk["effect"],
        Sentence("The data fit anything from %(low)s to %(high)s.", talk),
        volunteers.reasons,
        0.695,
        -0.05,
        1.44,
        151,
    )
    effects = Effects(
        (
            effect("volunteering", 0.1503, 0.0455),
            effect("volunteering", 0.1471, 0.0462, method="twfe", role="alternative"),
            event_study(),
        ),
        (Sentence("Two groups and two waves: the difference of differences."),),
    )
    replication = Replication(
        pd.DataFrame(
            {
                "outcome": ["volunteering"],
                "label": ["Volunteers"],
                "method": ["did"],
                "inference": ["cr1"],
                "ours": [0.1503],
                "ours_std_error": [0.0455],
                "published": [0.15],
                "published_std_error": [0.05],
                "source": ["A report, table 3"],
                "note": ["A sum of rounded cells."],
            }
        ),
        151,
    )
    return [
        volunteers,
        Statement(
            "rivals",
            (
                Sentence(
                    "Time itself: people usually learn the language with every month in the "
                    "country, with or without a service."
                ),
                Sentence("Other events: another service, a new rule, or COVID-19 measures."),
                Sentence("People lost: those who moved on may have fared differently."),
            ),
        ),
        Findings((volunteers, conversations)),
        Statement(
            "limits",
            (
                Sentence("Whether the change lasts: the page ends with the last wave."),
                Sentence("Whether it would work elsewhere."),
            ),
        ),
        Statement(
            "cost",
            (
                Sentence(
                    "The pilot cost %(amount)s %(currency)s in all.",
                    {"amount": "210000", "currency": "EUR"},
                ),
                Sentence(
                    "That is about %(each)s %(currency)s for each participant in the data.",
                    {"each": "1200", "currency": "EUR"},
                ),
            ),
        ),
        Statement(
            "plan",
            (
                Sentence("The plan of analysis was fixed on %(date)s.", {"date": "2021-02-15"}),
                Sentence("That was before the first final record came in."),
                Sentence("No change to the plan is recorded."),
            ),
        ),
        Statement(
            "methods",
            (Sentence("Difference of differences, 95%% intervals, errors clustered."),),
            (
                (Sentence("%(key)s", {"key": "analysis.level"}), Sentence("0.95 (default)")),
                (
                    Sentence("%(key)s", {"key": "analysis.seed"}),
                    Sentence("%(seed)s", {"seed": "20210301"}),
                ),
            ),
        ),
        effects,
        replication,
        Statement(
            "data",
            (),
            (
                (Sentence("Rows read"), Sentence("%(n)s", counts={"n": 700})),
                (Sentence("Rows used"), Sentence("%(n)s", counts={"n": 661})),
                (Sentence("Rows dropped: no answer"), Sentence("%(n)s", counts={"n": 39})),
            ),
        ),
        Statement(
            "reproduce",
            (Sentence("The command “impact run tilburg-integration” makes this page again."),),
        ),
    ]


def before_after_pilot() -> list[Part]:
    """Return the page of 18 people who are compared with nobody."""
    said = {"pilot": "Mentoring for young women", "outcome": "Belonging"}
    change = Sentence("%(n)s points", {"n": "0.6"})
    belonging = Finding(
        "belonging",
        "Belonging to the town (1 to 5)",
        "primary",
        "not_rated",
        "no_comparison",
        Sentence(
            "Between start and end, “%(outcome)s” went up by %(effect)s. "
            "We cannot tell how much of it is due to %(pilot)s.",
            said | {"effect": change},
        ),
        Sentence("%(n)s %(unit)s more", {"n": "0.6", "unit": "points"}),
        Sentence("The data fit anything from 0.2 points more to 1.0 points more."),
        (Sentence("There is no comparison group, so nobody can tell what would have happened."),),
        0.6,
        0.2,
        1.0,
        18,
        True,
        {"method": "before_after", "inference": "classical"},
    )
    course = [
        ("belonging", "", "treated", period, statistic, value, 18)
        for period, mean in (("start", 3.1), ("end", 3.7))
        for statistic, value in (("mean", mean), ("low", mean - 0.4), ("high", mean + 0.4))
    ]
    labels = {"": "People", "belonging": "Belonging to the town (1 to 5)"}
    took_part = [("", "", "treated", period, "units", 18, 18) for period in ("start", "end")]
    took_part += [row for row in course if row[4] == "mean"]
    done = effect("belonging", 0.6, 0.2, method="before_after", base=18, pilot="catalonia")
    return [
        Status(
            "catalonia-mentoring",
            "Mentoring for young women",
            "Catalonia",
            "ES",
            "Includ-EU",
            simulated=True,
            themes=("participation",),
        ),
        belonging,
        table("participants", took_part, labels),
        table("comparison", [], {}, [Sentence("There is no comparison group.")]),
        table("trends", course, labels),
        Statement(
            "rivals",
            (Sentence("Time itself."), Sentence("Starting low: people often do better later.")),
        ),
        Findings((belonging,)),
        Statement(
            "limits",
            (Sentence("Whether the pilot caused the change: there is no comparison group."),),
        ),
        Statement("cost", (Sentence("The cost was not supplied."),)),
        Statement("plan", (Sentence("The plan of analysis was not fixed in advance."),)),
        Effects((done,)),
    ]


def undecided_pilot() -> list[Part]:
    """Return the page of one place against another: no test is valid, and it says so."""
    contacts = Finding(
        "contacts",
        "Mediated consultations per month",
        "primary",
        "not_rated",
        "very_low",
        Sentence(
            "“%(outcome)s” changed differently in %(pilot)s than in the comparison, by "
            "%(effect)s; there is no valid way here to say how much of it is chance.",
            {
                "pilot": "Mediation in hospitals",
                "outcome": "Mediated consultations per month",
                "effect": Sentence("%(n)s more", {"n": "21.4"}),
            },
        ),
        Sentence("%(n)s more", {"n": "21.4"}),
        None,
        (Sentence("One pilot place is compared with one other place."),),
        21.4,
        NAN,
        NAN,
        1,
        True,
    )
    course = [
        ("contacts", "", group, str(month), "mean", level + month * slope, 1)
        for group, level, slope in (("treated", 40, 4), ("comparison", 38, 1))
        for month in range(1, 7)
    ]
    done = effect("contacts", 21.4, NAN, p=NAN, inference="none", base=1, pilot="crete-mediation")
    return [
        Status(
            "crete-mediation",
            "Mediation in hospitals",
            "Heraklion",
            "GR",
            "Includ-EU",
            starts="2021-04-01",
            invented=True,
            guarded=False,
            unit_is="place",
        ),
        contacts,
        table("trends", course, {"contacts": "Mediated consultations per month"}),
        Findings((contacts,)),
        Statement("limits", (Sentence("How much of the difference is chance."),)),
        Effects((done,)),
    ]


PILOTS = {"did": did_pilot, "before_after": before_after_pilot, "undecided": undecided_pilot}


def notebook(parts: Sequence[Part]) -> nbformat.NotebookNode:
    """Return an executed notebook whose cells show the parts."""
    cells = []
    for at, part in enumerate(parts, start=1):
        payload = {"application/vnd.impact.part+json": {"part": part.part, **part.to_payload()}}
        output = nbformat.v4.new_output(
            "execute_result", {"text/plain": "…", **payload}, execution_count=at
        )
        cells.append(nbformat.v4.new_code_cell(f"part_{at}", execution_count=at, outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)
