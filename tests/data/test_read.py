"""From a file to a panel: toy data computed by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.errors import DataError, DesignError

Read = Callable[..., Panel]

TOY = "id,wave,pilot,y\nb,2,0,3\na,2,1,4\nb,1,0,2\na,1,1,1\n"
LONG = pd.DataFrame(
    {
        "id": np.repeat([f"p{at:02d}" for at in range(12)], 3),
        "wave": np.tile([1, 2, 3], 12),
        "pilot": np.repeat([0, 1], 18),
        "town": np.repeat(["N", "E", "S", "W"], 9),
        "y": np.arange(36) * 0.7 % 5,
        "sex": np.repeat(["f", "m", "x", "f"], 9),
        "w": np.repeat([1.0, 2.0, 0.5], 12),
    }
)


def assert_equal(one: Panel, other: Panel) -> None:
    for name in ("unit", "period", "cluster", "place", "treated", "start", "weight", "times"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for name in ("units", "periods", "clusters", "places"):
        assert list(getattr(one, name)) == list(getattr(other, name)), name
    pd.testing.assert_frame_equal(one.values, other.values, check_exact=True)
    assert one.answers.keys() == other.answers.keys()
    for name, answers in one.answers.items():
        pd.testing.assert_series_equal(answers, other.answers[name])
    assert one.rows == other.rows


def test_rows_are_sorted_by_unit_and_period_and_roles_have_our_names(read: Read) -> None:
    panel = read(TOY)
    assert panel.values["y"].tolist() == [1, 4, 2, 3]
    assert panel.unit.tolist() == [0, 0, 1, 1]
    assert panel.period.tolist() == [0, 1, 0, 1]
    assert panel.treated.tolist() == [True, True, False, False]
    assert panel.start.tolist() == [2, 2, np.inf, np.inf]
    assert panel.under_treatment.tolist() == [False, True, False, False]
    assert panel.times.tolist() == [1, 2]
    assert panel.cluster.tolist() == panel.unit.tolist()
    assert panel.place.tolist() == [-1] * 4
    assert panel.weight.tolist() == [1] * 4
    assert list(panel.units) == ["a", "b"]
    assert list(panel.periods) == [1, 2]
    assert panel.rows == {"read": 4, "used": 4}


def test_01_and_1_stay_two_units(read: Read) -> None:
    panel = read("id,wave,pilot,y\n01,1,1,1\n01,2,1,2\n1,1,0,3\n1,2,0,5\n")
    assert list(panel.units) == ["01", "1"]
    assert panel.grid().tolist() == [[1, 2], [3, 5]]


def test_long_ids_in_parquet_keep_their_last_digits_beside_missing_values(read: Read) -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "a", "b", "b"],
            "wave": [1, 2, 1, 2],
            "pilot": [1, 1, 0, 0],
            "y": [1.0, 2.0, 3.0, 5.0],
            "place": pd.array([9007199254740993, 9007199254740993, None, None], dtype="Int64"),
        }
    )
    design = {"kind": "did", "treated": "pilot", "starts": 2, "place": "place"}
    panel = read(frame, suffix=".parquet", design=design)
    assert list(panel.places) == ["9007199254740993"]
    assert panel.place.tolist() == [0, 0, -1, -1]


@pytest.mark.parametrize("sample", ["panel", "cross_sections", "without units"])
def test_the_order_of_the_rows_changes_nothing(sample: str, read: Read) -> None:
    keys = {
        "design": {
            "kind": "did",
            "treated": "pilot",
            "starts": 2,
            "sample": "panel" if sample == "panel" else "cross_sections",
            "assignment": "town",
        },
        "data": {
            "path": "data/toy.csv",
            "unit": None if sample == "without units" else "id",
            "period": "wave",
            "weight": "w",
            "missing": {"refused": [0.7]},
        },
        "covariates": ["sex"],
    }
    one = read(LONG, **keys)
    for seed in range(5):
        assert_equal(read(LONG.sample(frac=1, random_state=seed), **keys), one)


def test_parquet_and_csv_of_one_table_are_one_panel(read: Read) -> None:
    frame = LONG.assign(y=LONG["y"].where(LONG.index % 7 != 0), wave=LONG["wave"] + 2019)
    design = {"kind": "did", "treated": "pilot", "starts": 2021, "assignment": "town"}
    keys = {"design": design, "covariates": ["sex", "w"], "subgroups": ["sex"]}
    csv = read(frame, **keys)
    keys["data"] = {"path": "data/toy.parquet"}
    assert_equal(read(frame, suffix=".parquet", **keys), csv)
    typed = frame.astype({"town": "category", "sex": "category", "pilot": bool, "wave": "Int64"})
    assert_equal(read(typed, suffix=".parquet", **keys), csv)


def test_every_row_that_was_read_is_used_or_dropped_for_a_named_reason(read: Read) -> None:
    frame = LONG.astype({"wave": object, "pilot": object})
    frame.loc[[0, 1], "wave"] = None
    frame.loc[[1, 5, 6], "pilot"] = None
    frame.loc[[6, 9, 10, 11], "w"] = 0.0
    panel = read(
        frame, data={"path": "data/toy.csv", "unit": "id", "period": "wave", "weight": "w"}
    )
    assert panel.rows == {
        "read": 36,
        "used": 29,
        "dropped: no period": 2,
        "dropped: group not known": 2,
        "dropped: weight of zero": 3,
    }
    assert sum(panel.rows.values()) == 2 * panel.rows["read"]
    # The fourth person had only rows of weight zero and is nobody's code now.
    assert "p03" not in list(panel.units)
    assert panel.unit.max() == len(panel.units) - 1


def test_an_answer_that_was_refused_is_apart_from_one_that_is_missing(read: Read) -> None:
    answers = ["98", "99", "", "97.0", "3", "NA", "5", "refused"]
    rows = [f"{'abcd'[at // 2]},{at % 2 + 1},{at // 4},{y}" for at, y in enumerate(answers)]
    keys = {"refused": [98, "refused"], "not_known": ["99"], "not_asked": [97]}
    data = {"path": "data/toy.csv", "unit": "id", "period": "wave", "missing": keys}
    text = "id,wave,pilot,y\n" + "\n".join(rows) + "\n"
    with pytest.raises(DataError, match="nobody has an answer in: the comparison before the st"):
        read(text, data=data)
    more = "x,1,0,1\nx,2,0,2\ny,1,1,3\ny,2,1,1\n"
    panel = read(text + more, data=data)
    assert panel.answers["y"].tolist() == [
        "refused",
        "not_known",
        "missing",
        "not_asked",
        "given",
        "missing",
        "given",
        "refused",
        *["given"] * 4,
    ]
    assert panel.values["y"].tolist()[4] == 3
    assert int(panel.values["y"].isna().sum()) == 6


@pytest.mark.parametrize("code", [98, 98.0, "98", "98.0"])
@pytest.mark.parametrize("written", ["98", "98.0"])
def test_a_code_is_met_however_it_is_written(code: float | str, written: str, read: Read) -> None:
    data = {"path": "data/toy.csv", "unit": "id", "period": "wave", "missing": {"refused": [code]}}
    panel = read(TOY + f"c,1,0,{written}\nc,2,0,7\n", data=data)
    assert panel.answers["y"].tolist()[4:] == ["refused", "given"]


def test_a_covariate_of_words_becomes_columns_without_the_first_category(read: Read) -> None:
    frame = LONG.assign(sex=LONG["sex"].where(LONG.index != 0, "98"))
    data = {"path": "data/toy.csv", "unit": "id", "period": "wave", "missing": {"refused": [98]}}
    panel = read(frame, data=data, covariates=["sex"], subgroups=["sex"])
    assert panel.covariates == panel.subgroups == ("sex=m", "sex=x")
    expected = (LONG["sex"] == "m").astype(float)
    expected[0] = np.nan
    np.testing.assert_array_equal(panel.values["sex=m"], expected)
    assert panel.answers["sex=x"].value_counts()["refused"] == 1


@pytest.mark.parametrize("words", [("true", "false"), ("True", "False"), ("1", "0")])
def test_true_and_false_are_one_and_zero(words: tuple[str, str], read: Read) -> None:
    yes, no = words
    text = (
        f"id,wave,pilot,y,c\na,1,{yes},{no},{yes}\na,2,{yes},{yes},{no}\n"
        f"b,1,{no},{yes},{yes}\nb,2,{no},{no},{no}\n"
    )
    outcomes = [{"column": "y", "label": "Y", "kind": "binary"}]
    panel = read(text, outcomes=outcomes, covariates=["c"])
    assert panel.values["y"].tolist() == [0, 1, 1, 0]
    assert panel.values["c"].tolist() == [1, 0, 1, 0]
    assert panel.treated.tolist() == [True, True, False, False]


def test_before_and_after_treats_every_row_from_the_start_on(read: Read) -> None:
    panel = read(LONG, design={"kind": "before_after", "treated": None, "starts": 2})
    assert panel.treated.all()
    assert (panel.start == 2).all()
    assert panel.under_treatment.tolist() == [False, True, True] * 12


def test_a_lottery_may_have_one_wave_and_no_units(read: Read) -> None:
    design = {"kind": "randomised", "treated": "pilot", "starts": None}
    data = {"path": "data/toy.csv", "unit": None, "period": None}
    panel = read("pilot,y\n1,3\n0,1\n1,5\n0,2\n", design=design, data=data)
    assert panel.times.tolist() == [0]
    assert panel.under_treatment.tolist() == panel.treated.tolist()
    assert sorted(panel.start.tolist()) == [0, 0, np.inf, np.inf]
    assert len(panel.units) == 4


def test_a_lottery_with_a_baseline_starts_after_it(read: Read) -> None:
    panel = read(LONG, design={"kind": "randomised", "treated": "pilot", "starts": None})
    assert set(panel.start.tolist()) == {2.0, np.inf}


def test_staggered_cohorts_are_starts_and_empty_or_zero_is_never(read: Read) -> None:
    cohort = np.repeat(["", "0", "2", "3"], 9)
    design = {"kind": "staggered", "treated": None, "starts": None, "first_treated": "cohort"}
    panel = read(LONG.assign(cohort=cohort), design=design)
    assert panel.start[::9].tolist() == [np.inf, np.inf, 2, 3]
    assert panel.treated.tolist() == [False] * 18 + [True] * 18


def test_cross_sections_without_units_take_each_row_as_its_own(read: Read) -> None:
    design = {"kind": "did", "treated": "pilot", "starts": 2, "sample": "cross_sections"}
    data = {"path": "data/toy.csv", "unit": None, "period": "wave"}
    panel = read(LONG, design=design, data=data)
    assert len(panel.units) == len(panel) == 36
    assert panel.cluster.tolist() == panel.unit.tolist() == list(range(36))
    assert sorted(panel.values["y"]) == sorted(LONG["y"])


def test_people_twice_in_a_wave_are_refused_also_in_cross_sections(read: Read) -> None:
    design = {"kind": "did", "treated": "pilot", "starts": 2, "sample": "cross_sections"}
    with pytest.raises(DataError, match="1 unit–period pairs stand more than once, in 2 rows"):
        read(pd.concat([LONG, LONG.iloc[[0]]]), design=design)


PLACES = {"path": "data/toy.csv", "unit": "town", "period": "wave", "unit_is": "place"}


def test_several_rows_of_a_place_in_a_period_are_people_and_refused_as_places(read: Read) -> None:
    sample = {"kind": "did", "treated": "pilot", "starts": 2, "sample": "cross_sections"}
    with pytest.raises(DataError, match=r"say data\.unit_is: person.*or aggregate") as caught:
        read(LONG, data=PLACES, design=sample)
    assert [fault.code for fault in caught.value.faults] == ["rows-are-people"]
    people = {**PLACES, "unit": None, "unit_is": "person"}
    assert len(read(LONG, data=people, design={**sample, "place": "town"})) == len(LONG)
    means = LONG.groupby(["town", "wave"], as_index=False)[["pilot", "y"]].mean()
    assert len(read(means, data=PLACES, design=sample)) == 12
    rows = {**PLACES, "unit": None}
    assert len(read(LONG, data=rows, design=sample)) == len(LONG)


def test_a_place_is_known_only_where_it_was_named_or_is_the_unit(read: Read) -> None:
    design = {"kind": "did", "treated": "pilot", "starts": 2, "assignment": "town"}
    assert list(read(LONG, design=design).places) == []
    named = read(LONG, design={**design, "place": "town"})
    assert list(named.places) == ["E", "N", "S", "W"]
    data = {"path": "data/toy.csv", "unit": "id", "period": "wave", "unit_is": "place"}
    assert list(read(LONG, data=data, design=design).places) == ["E", "N", "S", "W"]
    design = {**design, "assignment": None}
    assert read(LONG, data=data, design=design).places[0] == "p00"


def test_another_cluster_is_kept_beside_the_unit_of_assignment(read: Read) -> None:
    panel = read(LONG, analysis={"cluster": "sex"})
    codes = LONG["sex"].map({"f": 0, "m": 1, "x": 2})
    assert panel.other_cluster is not None
    assert panel.other_cluster.tolist() == codes.tolist()
    assert panel.cluster.tolist() == panel.unit.tolist()
    assert read(LONG).other_cluster is None


@pytest.mark.parametrize(("mark", "due"), [("1", True), ("0", False), ("true", True)])
def test_a_file_that_says_it_is_simulated_is_believed(mark: str, due: bool, read: Read) -> None:
    frame = LONG.assign(_simulated=mark)
    assert read(frame).simulated is due
    assert read(frame, about={"simulated": False}).simulated is due
    dropped = {"path": "data/toy.csv", "unit": "id", "period": "wave", "drop": ["_simulated"]}
    assert read(frame, data=dropped).simulated is due
    assert read(frame, about={"simulated": True}).simulated is True


@pytest.mark.parametrize("name", ["_Simulated", "_SIMULATED", " _simulated"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_the_mark_of_simulated_data_counts_in_any_spelling(
    name: str, suffix: str, read: Read
) -> None:
    keys = {"suffix": suffix, "about": {"simulated": False}}
    assert read(LONG.assign(**{name: 1}), **keys).simulated
    assert not read(LONG.assign(**{name: 0}), **keys).simulated


@pytest.mark.parametrize("second", ["_simulated", "_Simulated"])
def test_a_file_that_is_marked_twice_is_simulated(second: str, read: Read) -> None:
    twice = pd.concat([LONG.assign(_simulated=1), pd.DataFrame({second: 0}, LONG.index)], axis=1)
    assert read(twice).simulated
    framed = {"unit": "id", "period": "wave", "outcomes": "y", "treated": "pilot", "starts": 2}
    assert Panel.from_frame(twice, **framed).simulated


def test_what_a_design_needs_is_told_before_the_data_are_checked(read: Read) -> None:
    design = {"kind": "did", "treated": None, "starts": None}
    data = {"path": "data/toy.csv", "unit": None, "period": None}
    with pytest.raises((DesignError, ValueError), match=r"design\.treated|treated"):
        read(TOY, design=design, data=data)


def test_the_panel_is_read_only(read: Read) -> None:
    panel = read(LONG, design={"kind": "did", "treated": "pilot", "starts": 2, "place": "town"})
    arrays = ("unit", "period", "cluster", "place", "treated", "start", "weight", "times")
    for array in (*(getattr(panel, name) for name in arrays), panel.grid()):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    with pytest.raises(ValueError, match="read-only"):
        panel.values["y"].to_numpy()[:] = 0


def test_a_grid_has_a_row_a_unit_and_nothing_where_nobody_was_seen(read: Read) -> None:
    panel = read(LONG.drop(index=[1, 35]))
    table = LONG.drop(index=[1, 35]).pivot_table(index="id", columns="wave", values="y")
    np.testing.assert_array_equal(panel.grid("y"), table.to_numpy())
    assert panel.grid("y") is panel.grid()
    whole = LONG.pivot_table(index="id", columns="wave", values="y")
    np.testing.assert_array_equal(read(LONG).grid(), whole.to_numpy())


def test_a_name_that_was_asked_for_and_is_none_is_not_repeated(read: Read) -> None:
    for asked in (read(LONG).outcome, read(LONG).grid):
        with pytest.raises(DesignError) as caught:
            asked("maria-lopez")
        assert "maria" not in str(caught.value)
        assert "outcome" in str(caught.value)


def test_a_grid_is_refused_where_there_is_none(read: Read) -> None:
    with pytest.raises(DesignError, match="no variable of that name"):
        read(LONG).grid("z")
    design = {"kind": "did", "treated": "pilot", "starts": 2, "sample": "cross_sections"}
    with pytest.raises(DesignError, match="cross-sections"):
        read(LONG, design=design).grid()


def test_bare_periods_that_many_share_are_named_and_one_of_few_people_is_not(read: Read) -> None:
    many = pd.concat([LONG, LONG.assign(id="q" + LONG["id"])])
    bare = many[(many["pilot"] == 1) | (many["wave"] != 3)]
    with pytest.raises(DataError, match=r"1 of 3 periods have no comparison units \(3\)"):
        read(bare)
    born = LONG.iloc[[-1]].assign(wave=1984)
    with pytest.raises(DataError, match=r"2 of 4 periods have no .* units \(3, 1 more\)") as caught:
        read(pd.concat([bare, born]))
    assert "1984" not in str(caught.value)
    with pytest.raises(DataError, match=r"1 of 3 periods have no comparison units;"):
        read(LONG[(LONG["pilot"] == 1) | (LONG["wave"] != 3)])


def test_ids_taken_for_periods_are_not_named(read: Read) -> None:
    swapped = LONG.assign(wave=LONG.index + 700_000, id=LONG["wave"].astype(str) + LONG["id"])
    design = {"kind": "did", "treated": "pilot", "starts": 700_020}
    with pytest.raises(DataError) as caught:
        read(swapped, design=design)
    assert "7000" not in str(caught.value)


def test_anticipation_takes_a_period_from_those_before(read: Read) -> None:
    design = {"kind": "did", "treated": "pilot", "starts": 2, "anticipation": 1}
    with pytest.raises(DataError, match="no period lies before the first treated one less 1"):
        read(LONG, design=design)
    assert len(read(LONG, design={**design, "starts": 3})) == 36


def test_a_staggered_roll_out_to_everybody_compares_with_those_who_wait(read: Read) -> None:
    design = {"kind": "staggered", "treated": None, "starts": None, "first_treated": "cohort"}
    frame = LONG.assign(cohort=np.repeat([2, 3], 18))
    assert len(read(frame, design=design)) == 36
    with pytest.raises(DataError, match="there is no comparison unit"):
        read(frame, design=design, analysis={"control_group": "never_treated"})
