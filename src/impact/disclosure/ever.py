"""Who never answered a question, and which questions everybody answered: no table says so."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from impact.disclosure.knowledge import Knowledge
from impact.results.summary import ABSENT

__all__ = ["add_complete", "add_ever_answered", "add_in_all"]


def add_ever_answered(made: Knowledge) -> None:
    """Note that whoever answers in a period is among those who ever answer, and these among all.

    How many ever answered no table says. They are taken to be all, so that it must stay open
    whether a few never did.
    """
    given: dict[tuple[object, object], list[int]] = {}
    for key, at in made.places.items():
        if len(key) == 5 and key[0] == "n" and key[2] == "" and key[3] != "all":
            given.setdefault((key[1], key[3]), []).append(at)
    for (variable, group), parts in given.items():
        there = made.find("ever", "", "", group, "")
        if there is None or len(parts) < 2:
            continue
        ever = made.unknown(("answered ever", variable, "", group, ""), made.values[there])
        made.know([(there, 1.0), (ever, -1.0)], 0.0)
        for part in parts:
            made.know([(ever, 1.0), (part, -1.0)], 0.0)
        made.hide([(there, 1.0), (ever, -1.0)], "never")


def add_in_all(made: Knowledge) -> None:
    """Note that answers not given in all periods together are those of each."""
    for key, at in list(made.places.items()):
        kind = str(key[0]).removeprefix("all ")
        if len(key) != 5 or kind == key[0] or kind not in ABSENT:
            continue
        own = [k for k in made.places if len(k) == 5 and k[0] == kind and k[1:4] == key[1:4]]
        if own:
            made.know([(at, -1.0), *((made.places[k], 1.0) for k in own)], 0.0, 0.0)


def add_complete(made: Knowledge, cells: pd.DataFrame, outcomes: Iterable[str]) -> None:
    """Note that whoever was there told what is known of everybody.

    Where no table tells of background that is missing, nobody's is: so its numbers of answers
    are numbers of people. Of outcomes this is not noted: who gave no answer stays secret.
    """
    asked = {*outcomes, *cells.loc[cells["section"].eq("trends"), "variable"]}
    asked |= set(cells.loc[cells["statistic"].isin(ABSENT), "variable"])
    known = set()
    for key, at in list(made.places.items()):
        if len(key) != 5 or key[0] != "n" or ": " in str(key[1]) or key[1] in asked:
            continue
        there = made.find("units", "", "", key[3], key[4])
        if there is not None and made.values[at] == made.values[there]:
            made.know([(there, 1.0), (at, -1.0)], 0.0, 0.0)
            known.add(((there, 1.0), (at, -1.0)))
    made.secrets = [one for one in made.secrets if one.terms not in known]
