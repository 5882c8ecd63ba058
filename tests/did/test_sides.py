"""Who is compared with whom: places, or people of the same place."""

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel
from impact.did.sides import known_rows, lives_beside, sides_of


def towns(make, treated, total):
    rows = make(units=12 * total, clusters=total)
    return rows.assign(pilot=(rows["town"] < treated).astype(int))


def moved(rows, count):
    """Let some comparison people of the last town live in the first one."""
    last = rows.loc[rows["town"] == rows["town"].max(), "id"].unique()[:count]
    return rows.assign(town=rows["town"].where(~rows["id"].isin(last), 0))


@pytest.mark.parametrize("stray", [1, 5])
def test_one_who_moved_to_the_pilots_town_brings_no_test_over_people(make, panel, stray):
    given = panel(moved(towns(make, 1, 8), stray), place="town")
    choice = did.choose(given)
    assert (choice.inference, choice.over) == ("none", "place")
    assert "hold people of both groups" in str(choice.reasons[1])
    assert not lives_beside(given, known_rows(given, "y"))


def test_many_towns_are_counted_as_towns_whoever_moved(make, panel):
    given = panel(moved(towns(make, 12, 24), 1), place="town")
    choice = did.choose(given)
    assert (choice.inference, choice.over) == ("cr2", "place")
    found = sides_of(given, known_rows(given, "y"))
    assert (found.treated, found.comparison, found.straddled) == (12, 12, True)


def test_people_of_one_town_that_start_one_after_the_other_are_compared():
    people, waves = 120, 6
    first = np.repeat([2, 3, 4, 5], 30)
    frame = pd.DataFrame(
        {
            "id": np.tile(np.arange(people), waves),
            "wave": np.repeat(np.arange(waves), people),
            "first": np.tile(first, waves),
            "town": "here",
            "y": np.random.default_rng(0).normal(size=people * waves),
        }
    )
    given = Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], first_treated="first", place="town"
    )
    choice = did.choose(given)
    assert (choice.method, choice.tested, choice.over) == ("callaway_santanna", True, "assignment")
    assert lives_beside(given, known_rows(given, "y"))


@pytest.mark.parametrize(("last", "tested"), [(1, False), (2, False), (3, True)])
def test_those_who_start_last_must_be_three_where_all_are_reached(last, tested):
    starts = np.repeat([2, 3, 4], [5, 5, last])
    waves, count = 6, len(starts)
    frame = pd.DataFrame(
        {
            "id": np.tile(np.arange(count), waves),
            "wave": np.repeat(np.arange(waves), count),
            "first": np.tile(starts, waves),
            "y": np.random.default_rng(1).normal(size=count * waves),
        }
    )
    given = Panel.from_frame(
        frame.assign(town=frame["id"]),
        unit="id",
        period="wave",
        outcomes=["y"],
        first_treated="first",
        place="town",
    )
    choice = did.choose(given)
    assert choice.tested == tested
    assert ("start last" in str(choice.reasons)) != tested
    assert np.isfinite(did.estimate(given).headline("y").p_value) == tested


def test_repeated_cross_sections_are_worth_what_their_smaller_time_is(panel):
    sizes = {0: [10] * 100, 1: [10] * 99 + [2000]}
    rows = pd.DataFrame(
        [
            {"wave": wave, "town": town, "pilot": int(town >= 50)}
            for wave, held in sizes.items()
            for town, size in enumerate(held)
            for _ in range(size)
        ]
    )
    rows = rows.assign(id=np.arange(len(rows)), y=np.random.default_rng(2).normal(size=len(rows)))
    given = panel(rows, starts=1, place="town", cluster="town", sample="cross_sections")
    assert sides_of(given, known_rows(given, "y")).effective < 2
    assert did.choose(given).inference == "cr2"
