"""What a file may look like and still be the same table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.data.readers import READERS, read_file, read_table
from impact.errors import DataError
from impact.spec.models import PilotSpec

Read = Callable[..., Panel]

TOY = "id,wave,pilot,y\na,1,1,1.5\na,2,1,4\nb,1,0,2\nb,2,0,3\n"


def assert_same(one: Panel, other: Panel) -> None:
    pd.testing.assert_frame_equal(one.values, other.values, check_exact=True)
    assert list(one.units) == list(other.units)
    assert list(one.periods) == list(other.periods)
    assert one.rows == other.rows


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_separate_as_commas_do(separator: str, read: Read) -> None:
    assert_same(read(TOY.replace(",", separator)), read(TOY))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + TOY.encode(),
        TOY.replace("\n", "\r\n").encode(),
        TOY.strip().encode(),
        b"\n\n" + TOY.encode() + b"\n\n",
        TOY.replace("id,wave", '"id", wave ').encode(),
        TOY.replace("a,", '"a",').encode(),
    ],
    ids=["byte-order-mark", "windows", "no-last-line-end", "blank-lines", "header", "quotes"],
)
def test_what_programs_add_to_a_csv_file_changes_nothing(content: bytes, read: Read) -> None:
    assert_same(read(content), read(TOY))


def test_a_quoted_value_may_hold_separators_line_ends_and_marks(read: Read) -> None:
    note = '"he said ""no"",\nand left; then ""yes"""'
    lines = TOY.splitlines()
    noted = "\n".join([lines[0] + ",note", *(f"{line},{note}" for line in lines[1:])])
    assert_same(read(noted), read(TOY))


def test_numbers_keep_every_digit_that_the_file_holds(read: Read) -> None:
    digits = "0.1234567890123456789"
    panel = read(TOY.replace("1.5", digits).replace(",4\n", ",1e-300\n"))
    # Python's own reading of the text is the second road.
    assert panel.values["y"].tolist()[:2] == [float(digits), 1e-300]


def test_only_named_columns_are_made_and_dropped_ones_never(project: Path) -> None:
    text = TOY.replace("y\n", "y,_uuid,extra\n").replace("\na", "\na").splitlines()
    body = [text[0], *(line + ",u-1,e-1" for line in text[1:])]
    (project / "data/kept.csv").write_text("\n".join(body))
    spec = PilotSpec.model_validate(
        {
            "pilot": "kept",
            "data": {"path": "data/kept.csv", "unit": "id", "period": "wave", "drop": ["_uuid"]},
            "design": {"kind": "did", "treated": "pilot", "starts": 2},
            "outcomes": [{"column": "y", "label": "Y"}],
        }
    )
    frame = read_table(spec)
    assert list(frame.columns) == ["id", "wave", "pilot", "y"]
    assert frame["y"].tolist() == ["1.5", "4", "2", "3"]


def test_a_column_that_is_named_and_dropped_is_refused(read: Read) -> None:
    with pytest.raises(DataError, match=r"named by outcomes and by data\.drop"):
        read(TOY, data={"path": "data/toy.csv", "unit": "id", "period": "wave", "drop": ["y"]})


def test_a_missing_column_is_told_with_those_there_are_and_the_nearest(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read(
            TOY.replace(",y\n", ",attendance\n"), outcomes=[{"column": "attendence", "label": "A"}]
        )
    assert str(caught.value) == (
        "data/toy.csv: no column 'attendence', which outcomes names; "
        "it has id, wave, pilot, attendance; did you mean 'attendance'?"
    )


def test_a_first_row_of_values_is_not_repeated_in_the_message(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("maria-lopez,1,1,2.5\njan-smit,1,0,3\n")
    assert caught.value.faults[0].code == "no-known-column"
    assert "maria" not in str(caught.value)


def test_a_first_row_in_which_one_value_happens_to_be_a_column_is_not_repeated(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("maria-lopez,1,pilot,2.5\njan-smit,1,0,3\n")
    assert {fault.code for fault in caught.value.faults} == {"column-missing"}
    assert "is its first row the header?" in str(caught.value)
    assert "maria" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_header_is_listed_where_most_named_columns_are_in_it(suffix: str, read: Read) -> None:
    frame = pd.DataFrame({"id": ["a"], "wave": [1], "treated": [1], "y": [2]})
    with pytest.raises(DataError, match="it has id, wave, treated, y"):
        read(frame, suffix)
    with pytest.raises(DataError) as caught:
        read(frame.rename(columns={"wave": "when"}), suffix)
    assert "when" not in str(caught.value)


def test_a_file_that_may_not_be_opened_is_told_without_a_traceback(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "data/closed.csv"
    path.write_text(TOY)

    def closed(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", closed)
    with pytest.raises(DataError, match=r"^data/closed\.csv: the file cannot be opened"):
        read_file(path, ["id"], "data/closed.csv")


def test_a_misspelt_file_name_is_told_with_the_nearest(project: Path) -> None:
    (project / "data/tilburg.csv").write_text(TOY)
    with pytest.raises(DataError, match=r"did you mean 'tilburg\.csv'\?"):
        read_file(project / "data/tilborg.csv", ["id"], "data/tilborg.csv")


def test_an_unknown_ending_names_those_that_are_known(project: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_file(project / "data/x.ods", ["id"], "data/x.ods")
    assert all(suffix in str(caught.value) for suffix in READERS)
