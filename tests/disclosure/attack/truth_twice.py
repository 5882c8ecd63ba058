"""The true counts of those who were asked twice, lost, or answered at all."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import pandas as pd

from attack.pilots import Pilot

__all__ = ["LEVELLED", "level_of", "start_of", "twice_of"]

LEVELLED = ("nation", "female")


def level_of(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return which level of a covariate each row has, as a page names it."""
    if column == "female":
        return rows[column].map({0: "no", 1: "yes"})
    return rows[column].astype(str)


def start_of(pilot: Pilot, frame: pd.DataFrame, waves: Sequence[int]) -> int | None:
    """Return the last wave before the pilot started anywhere; None where there is none."""
    start = pilot.keys["design"].get("starts")
    if pilot.keys["design"]["kind"] == "staggered":
        start = int(frame.loc[frame["t"] == 1, "cohort"].min())
    if start is None:
        return waves[0] if len(waves) > 1 else None
    return max((wave for wave in waves if wave < start), default=None)


def twice_of(
    pilot: Pilot, people: pd.DataFrame, group: str, waves: Sequence[int], at: int | None
) -> dict[Hashable, float]:
    """Return counts of one group's people, followed from the baseline to the last wave."""
    found: dict[Hashable, float] = {}
    for name in pilot.kinds:
        given = people[people[f"{name}_state"] == "n"]
        times = given.groupby("id")["w"].nunique()
        found["E", name, group] = len(times)
        found["F", name, group] = int((times == len(waves)).sum())
        found |= _subgroups(pilot, people, name, group, (at, waves[-1]))
    if at is None:
        return found
    start, last = people[people["w"] == at], people[people["w"] == waves[-1]]
    for name in pilot.kinds:
        found |= _moved(start, last, name, group, pilot.parts.get(name, 1))
    found |= _gone(pilot, people, group, at, waves[-1])
    return found


def _subgroups(
    pilot: Pilot, people: pd.DataFrame, name: str, group: str, waves: tuple[int | None, int]
) -> dict[Hashable, float]:
    """Return how many of each subgroup are in an estimate, by whom it is of."""
    given = people[people[f"{name}_state"] == "n"]
    first, last = (set(given[given["w"] == wave]["id"]) for wave in waves)
    after = people[people[f"{name}_after"]]
    if people[f"{name}_before"].any():
        after = after[after[f"{name}_before"]]
    kinds = {"E": set(given["id"]), "A": set(after["id"]), "n": last, "n2": first & last}
    found: dict[Hashable, float] = {}
    for column in pilot.keys["subgroups"]:
        each = people.drop_duplicates("id")
        for level, some in each.groupby(level_of(each, column)):
            for kind, who in kinds.items():
                found["se", kind, name, column, level, group] = len(who & set(some["id"]))
    return found


def _moved(
    start: pd.DataFrame, last: pd.DataFrame, name: str, group: str, parts: int
) -> dict[Hashable, float]:
    """Return how many of those who answered twice went which way, and how far."""
    first, second = (
        one[one[f"{name}_state"] == "n"].set_index("id")[name] for one in (start, last)
    )
    own = pd.concat([first, second], axis=1, join="inner", keys=["first", "second"])
    change = own["second"] - own["first"]
    far = (change * max(parts, 1)).round().value_counts()
    found: dict[Hashable, float] = {
        ("up", name, group): int((change > 0).sum()),
        ("down", name, group): int((change < 0).sum()),
        ("same", name, group): int((change == 0).sum()),
        ("yes", name, group): int((own["first"] == 1).sum()),
    }
    found |= {("d", name, group, steps): int(many) for steps, many in far.items()}
    pairs = own.groupby(["first", "second"])
    return found | {("m", name, group, *pair): len(some) for pair, some in pairs}


def _gone(
    pilot: Pilot, people: pd.DataFrame, group: str, at: int, end: int
) -> dict[Hashable, float]:
    """Return how those who were lost had answered, and why they were lost."""
    found: dict[Hashable, float] = {}
    states = people[[f"{name}_state" for name in pilot.kinds]] == "n"
    start, last = people[people["w"] == at], people["w"] == end
    there = {"lost": set(people[last & states.any(axis=1)]["id"])}
    there |= {name: set(people[last & states[f"{name}_state"]]["id"]) for name in pilot.kinds}
    for lost, still in there.items():
        gone = start[~start["id"].isin(still)]
        for name in pilot.kinds:
            given = gone[gone[f"{name}_state"] == "n"]
            found["ln", lost, name, group] = len(given)
            for answer, some in given.groupby(name):
                found["lk", lost, name, group, answer] = len(some)
        for column in LEVELLED:
            for level, some in gone.groupby(level_of(gone, column)):
                found["lc", lost, column, level, group] = len(some)
        found["stayed", lost, group] = len(start) - len(gone)
    gone = start[~start["id"].isin(there["lost"])]
    for reason, some in gone.groupby("why"):
        found["why", str(reason) or "no reason known", group] = len(some)
    return found
