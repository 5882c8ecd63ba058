"""The true counts of a pilot's records, under the names by which the attack seeks them."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

import numpy as np
import pandas as pd

from attack.pilots import REFUSED, UNKNOWN, Pilot
from attack.scores import ITEMS, answers_to
from attack.truth_twice import LEVELLED, level_of, start_of, twice_of

__all__ = ["STATES", "truth_of"]

STATES = ("missing", "refused", "not_known", "not_asked")


@lru_cache(maxsize=8)
def truth_of(pilot: Pilot) -> dict[Hashable, float]:
    """Return every count by name: who was there, answered what, was lost."""
    frame = _prepared(pilot)
    waves = sorted(frame["w"].unique())
    found = _items(pilot, frame, waves)
    start = start_of(pilot, frame, waves)
    for group, people in frame.groupby("g"):
        found["U", group] = people["id"].nunique()
        for wave in waves:
            rows = people[people["w"] == wave]
            found["N", group, str(wave)] = len(rows)
            found |= _answers(pilot, rows, group, str(wave))
        found |= _flow(pilot, people, group, waves)
        found |= twice_of(pilot, people, str(group), waves, start)
    return found


def _items(pilot: Pilot, frame: pd.DataFrame, waves: list[int]) -> dict[Hashable, float]:
    """Return how many answered all items of a score, and how many gave which answer to each."""
    found: dict[Hashable, float] = {}
    for name in pilot.parts:
        full = frame[frame[list(ITEMS)].ge(0).all(axis=1)]
        for wave in waves:
            here = full[full["w"] == wave]
            found["rn", name, str(wave)] = len(here)
            for item in ITEMS:
                for answer, some in here.groupby(item):
                    found["rk", name, item, str(wave), answer] = len(some)
        for item in ITEMS:
            said = {"given": frame[item] >= 0, "refused": frame[item] == REFUSED}
            said |= {"not_known": frame[item] == UNKNOWN, "missing": frame[item].isna()}
            for state, rows in said.items():
                for group, some in frame[rows].groupby("g"):
                    found[state, item, group] = len(some)
    return found


def _prepared(pilot: Pilot) -> pd.DataFrame:
    frame = pilot.records.copy()
    kind = pilot.keys["design"]["kind"]
    frame["g"] = np.where(frame["t"] == 1, "t", "c") if kind != "before_after" else "t"
    if "period" not in pilot.keys["data"]:
        frame["w"] = 1
    if kind == "staggered":
        first = frame["w"].min()
        always = (frame["t"] == 1) & (frame["cohort"] <= first)
        if not always[frame["t"] == 1].all():
            frame = frame[~always]
    for name in pilot.kinds:
        answer = frame[name]
        states = [answer == REFUSED, answer == UNKNOWN, answer.isna()]
        frame[f"{name}_state"] = np.select(states, ["refused", "not_known", "missing"], "n")
        frame[f"{name}_before"] = _side(pilot, frame, name, before=True)
        frame[f"{name}_after"] = _side(pilot, frame, name, before=False)
    return frame


def _side(pilot: Pilot, frame: pd.DataFrame, name: str, *, before: bool) -> pd.Series:
    """Tell whose outcome was answered before, or after, the start."""
    start = pilot.keys["design"].get("starts")
    given = frame[f"{name}_state"] == "n"
    if pilot.keys["data"].get("weight"):
        given &= frame["heft"] > 0
    first = frame[frame["t"] == 1]["cohort"].min()
    if pilot.keys["design"]["kind"] == "staggered":
        early = frame["w"] < frame["cohort"].where(frame["t"] == 1, first)
    else:
        early = frame["w"] < (start if start is not None else frame["w"].max() + 1)
    side = early if before else ~early
    return (given & side).groupby(frame["id"]).transform("any")


def _answers(pilot: Pilot, rows: pd.DataFrame, group: Hashable, wave: str) -> dict[Hashable, float]:
    found: dict[Hashable, float] = {}
    for name in pilot.kinds:
        given = rows[rows[f"{name}_state"] == "n"]
        both = given[given[f"{name}_before"] & given[f"{name}_after"]]
        found["n", name, group, wave] = len(given)
        found["fn", name, group, wave] = len(both)
        for state in STATES:
            found[state, name, group, wave] = int((rows[f"{name}_state"] == state).sum())
        for code in _codes(pilot, name):
            found["k", name, group, wave, code] = int((given[name] == code).sum())
            found["fk", name, group, wave, code] = int((both[name] == code).sum())
        for column in pilot.keys["subgroups"]:
            for level, one in given.groupby(level_of(given, column)):
                found["sn", name, group, wave, column, level] = len(one)
                for code in _codes(pilot, name):
                    key = ("sk", name, group, wave, column, level, code)
                    found[key] = int((one[name] == code).sum())
    for column in LEVELLED:
        for level, one in rows.groupby(level_of(rows, column)):
            found["c", column, level, group, wave] = len(one)
    return found


def _codes(pilot: Pilot, name: str) -> tuple[float, ...]:
    return answers_to(pilot.scales[name], pilot.parts.get(name, 1)) if name in pilot.scales else ()


def _flow(
    pilot: Pilot, people: pd.DataFrame, group: Hashable, waves: list[int]
) -> dict[Hashable, float]:
    found: dict[Hashable, float] = {}
    state = people[[f"{name}_state" for name in pilot.kinds]]
    answered = people.assign(any=(state == "n").any(axis=1))
    end = set(answered[(answered["w"] == waves[-1]) & answered["any"]]["id"])
    for wave in waves:
        start = set(people[people["w"] == wave]["id"])
        found["both", group, str(wave)] = len(start & end)
        found["lost", group, str(wave)] = len(start - end)
        for name in pilot.kinds:
            given = people[(people["w"] == waves[-1]) & (people[f"{name}_state"] == "n")]
            found["loston", name, group, str(wave)] = len(start - set(given["id"]))
            first = people[(people["w"] == wave) & (people[f"{name}_state"] == "n")]
            found["n2", name, group, str(wave)] = len(set(first["id"]) & set(given["id"]))
    found["end", group] = len(end)
    for name in pilot.kinds:
        used = people[people[f"{name}_after"]]
        if people[f"{name}_before"].any():
            used = used[used[f"{name}_before"]]
        found["A", name, group] = used["id"].nunique()
    return found
