"""Table 1 and the standardised differences of a public trial, beside the package tableone's."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pandas as pd
import pytest

import impact
from impact.describe import balance, participants

ROOT = Path(__file__).parents[2]
CONTINUOUS = ["earnings", "age", "years_of_schooling", "earnings_1974"]
BINARY = ["black", "hispanic", "married", "no_degree"]
GROUPS = {"treated": "1", "comparison": "0", "all": "Overall"}


@pytest.fixture(scope="module")
def panel():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPACT_ROOT", str(ROOT))
        return impact.read_panel(impact.load_spec(ROOT / "params" / "nsw-training.yml"))


@pytest.fixture(scope="module")
def baseline():
    frame = pd.read_csv(ROOT / "data" / "nsw-training.csv")
    return frame[frame["year"] == 1975]


@pytest.fixture(scope="module")
def theirs(baseline):
    """Return tableone's table with means, and with medians; made here, since it draws numbers."""
    return table_one(baseline), table_one(baseline, CONTINUOUS)


def table_one(frame, nonnormal=()):
    """Return tableone's table: a row a variable and level, a column a group."""
    from tableone import TableOne

    with warnings.catch_warnings():
        # tableone 0.9.6 was written for an older pandas; its numbers are not touched by it.
        warnings.simplefilter("ignore")
        made = TableOne(
            frame,
            columns=CONTINUOUS + BINARY,
            categorical=BINARY,
            continuous=CONTINUOUS,
            groupby="offered_training",
            nonnormal=list(nonnormal),
            decimals=3,
            smd=True,
        )
        table = made.tableone
    table.columns = [column[-1] for column in table.columns]
    return table


def printed(table, variable, column, level=""):
    """Return the numbers in one cell as tableone prints them."""
    rows = table[[str(at[0]).split(",")[0] == variable for at in table.index]]
    rows = rows[[str(at[1]) == level for at in rows.index]]
    text = next(str(text) for text in rows[column] if re.search(r"\d", str(text)))
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]


def told(table, variable, group, period="1975"):
    cells = table.cells.query("variable == @variable and group == @group and period == @period")
    return cells.set_index("statistic")["value"]


@pytest.mark.parametrize("variable", CONTINUOUS)
@pytest.mark.parametrize("group", GROUPS)
def test_means_and_spreads_are_tableones(panel, theirs, variable, group):
    ours = told(participants(panel), variable, group)
    numbers = printed(theirs[0], variable, GROUPS[group])
    assert [round(ours["mean"], 3), round(ours["sd"], 3)] == numbers


@pytest.mark.parametrize("group", GROUPS)
def test_medians_and_quartiles_of_skewed_variables_are_tableones(panel, theirs, group):
    for variable in ("earnings", "earnings_1974"):
        ours = told(participants(panel), variable, group)
        numbers = printed(theirs[1], variable, GROUPS[group])
        assert [round(ours[name], 3) for name in ("median", "q1", "q3")] == numbers


@pytest.mark.parametrize("variable", BINARY)
@pytest.mark.parametrize("group", GROUPS)
def test_numbers_and_shares_are_tableones(panel, theirs, variable, group):
    ours = told(participants(panel), variable, group)
    people, percent = printed(theirs[0], variable, GROUPS[group], level="1")
    assert round(ours["share"] * ours["n"]) == people
    assert round(100 * ours["share"], 3) == percent


@pytest.mark.parametrize("variable", CONTINUOUS + BINARY)
def test_standardised_differences_are_tableones(panel, theirs, variable):
    column = next(name for name in theirs[0].columns if name.startswith("SMD"))
    first = "" if variable in CONTINUOUS else "0"
    [number] = printed(theirs[0], variable, column, level=first)
    ours = told(balance(panel), variable, "all")["smd"]
    # tableone takes the second group less the first, and of a categorical variable the size.
    assert round(abs(ours), 3) == abs(number)
