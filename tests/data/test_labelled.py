"""What Stata and SPSS files say of their own codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from impact.data.labels import Codes, codes_of, in_words
from impact.data.readers import read_file
from impact.data.readers.unanswered import WORDS, why
from impact.data.table import Described, Table
from impact.errors import DataError
from impact.spec.models import Missing

SAID = {
    "refused": "Refused|Refuse de répondre|Se niega a contestar|No vol respondre|Preferisce non "
    "rispondere|Wil niet antwoorden|Αρνείται να απαντήσει|Refuză să răspundă|Ne želi "
    "odgovoriti|Atsakās atbildēt|PREFER NOT TO SAY|Rehúsa|Zavrnil|Geweigerd",
    "not_known": "Don’t know|Ne sait pas|No sabe|No ho sap|Non so|Weet niet|Δεν ξέρω|Nu știu|Ne "
    "vem|Nezinu|99 - do not know|NSP",
    "not_asked": "Not asked|Question non posée|No procede|No demanat|Non pertinente|Niet van "
    "toepassing|Δεν ρωτήθηκε|Nu se aplică|Ni vprašan|Nav jautāts|N/A|Skipped",
}
ANSWERS = "Often|Never|Not at all|No|Non|Nee|Refugee|Rifugiato|Refugiat|Nord|No services|Missing"


@pytest.mark.parametrize("answer", SAID)
def test_labels_of_ten_languages_say_why_there_is_no_answer(answer: str) -> None:
    for label in SAID[answer].split("|"):
        assert why(label) == answer, label


@pytest.mark.parametrize("label", ANSWERS.split("|"))
def test_labels_of_answers_say_nothing_of_the_kind(label: str) -> None:
    assert why(label) is None


def test_a_label_that_goes_on_is_an_answer_where_the_file_calls_it_none() -> None:
    assert why("Do not know the city hall") == "not_known"
    assert why("Do not know the city hall", whole=True) is None
    assert why("Do not know", whole=True) == "not_known"


def test_every_answer_has_words_of_ten_languages_without_accents() -> None:
    for words in WORDS.values():
        assert len(set(words)) >= 10
        assert all(word == word.casefold() for word in words)


def spss(folder: Path, frame: pd.DataFrame, **how: Any) -> Table:
    path = folder / "answers.sav"
    pyreadstat.write_sav(frame, path, **how)
    return read_file(path, list(frame), "data/answers.sav")


def stata(folder: Path, frame: pd.DataFrame, **how: Any) -> Table:
    path = folder / "answers.dta"
    pyreadstat.write_dta(frame, path, **how)
    return read_file(path, list(frame), "data/answers.dta")


def test_codes_of_spss_are_kept_with_what_they_mean(tmp_path: Path) -> None:
    frame = pd.DataFrame({"y": [1.0, 5.0, 97.0, 98.0, 99.0, -1.0]})
    read = spss(
        tmp_path,
        frame,
        column_labels={"y": "How often?"},
        variable_value_labels={"y": {1: "Never", 98: "Refusé", 97: "Ne sait pas"}},
        missing_ranges={"y": [{"lo": 97, "hi": 98}, -1]},
    )
    assert read.frame["y"].tolist() == frame["y"].tolist()
    said = read.described["y"]
    assert said.label == "How often?"
    assert said.values == {"1": "Never", "97": "Ne sait pas", "98": "Refusé"}
    assert said.missing == {"97": "not_known", "98": "refused", "-1": "missing"}


def test_letters_of_stata_are_spelled_as_people_write_them(tmp_path: Path) -> None:
    frame = pd.DataFrame({"y": [1.0, "a", "b", 2.0], "s": ["a", "b", "c", "d"]})
    labels = {"y": {1: "Low", "a": "Refused"}}
    read = stata(
        tmp_path, frame, variable_value_labels=labels, missing_user_values={"y": ["a", "b"]}
    )
    assert read.frame["y"].tolist() == ["1", ".a", ".b", "2"]
    assert read.frame["s"].tolist() == ["a", "b", "c", "d"]
    assert read.described["y"].missing == {".a": "refused", ".b": "missing"}


def test_months_and_quarters_of_stata_are_periods(tmp_path: Path) -> None:
    frame = pd.DataFrame({"m": [734.0, 743.0], "q": [244.0, 247.0]})
    read = stata(tmp_path, frame, variable_format={"m": "%tm", "q": "%tq"})
    # 1960 began both counts: 61 years and 2 months, 61 years and no quarter.
    assert read.frame["m"].tolist() == ["2021-03", "2021-12"]
    assert read.frame["q"].tolist() == ["2021Q1", "2021Q4"]


def test_months_and_quarters_of_spss_are_periods(tmp_path: Path) -> None:
    day = (pd.Timestamp("2021-03-01") - pd.Timestamp("1582-10-14")).total_seconds()
    frame = pd.DataFrame({"m": [day], "q": [day]})
    read = spss(tmp_path, frame, variable_format={"m": "MOYR8", "q": "QYR8"})
    assert read.frame.iloc[0].tolist() == ["2021-03", "2021Q1"]


def test_a_code_labelled_as_no_answer_is_none_though_the_file_does_not_declare_it(
    tmp_path: Path,
) -> None:
    frame = pd.DataFrame({"y": [1.0, 98.0]})
    read = spss(tmp_path, frame, variable_value_labels={"y": {98: "Refused", 1: "Not at all"}})
    assert read.described["y"].missing == {"98": "refused"}


def test_the_params_file_has_the_last_word_on_a_code() -> None:
    said = Described(missing={"98": "refused", "99": "missing", ".a": "not_asked"})
    found = codes_of(Missing(not_known=("98.0",), not_asked=(97,)), said)
    assert found == Codes(not_known=("98.0",), not_asked=("97", ".a"), missing=("99",), refused=())
    assert codes_of(Missing(refused=(98,)), None) == Missing(refused=(98,))


LABELS = Described(values={"1": "Rented", "2": "Shared", "3": "Owned", "9": "Refused"})


def test_codes_become_words_where_every_answer_has_one() -> None:
    column = pd.Series([1.0, 2.0, 3.0, 9.0, None])
    words = in_words(column, LABELS, Codes(refused=("9",)))
    assert words.fillna("").tolist() == ["Rented", "Shared", "Owned", "9", ""]
    assert column.tolist()[:4] == [1.0, 2.0, 3.0, 9.0]


@pytest.mark.parametrize("values", [[0, 1, 1], [1, 2, 4], [1, 1, 1]])
def test_codes_stay_where_an_answer_has_no_word_or_they_are_0_and_1(values: list[int]) -> None:
    column = pd.Series(values)
    said = Described(values={**LABELS.values, "0": "Neither"})
    assert in_words(column, said, Codes()) is column


def test_a_file_that_crashes_its_parser_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash = tmp_path / "crash.py"
    crash.write_text("import os, signal; os.kill(os.getpid(), signal.SIGABRT)")
    monkeypatch.setattr("impact.data.readers.apart.SCRIPT", crash)
    with pytest.raises(DataError, match="cannot be read as one of SPSS; it may be cut off"):
        spss(tmp_path, pd.DataFrame({"y": [1.0]}))


def test_a_file_that_never_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hang = tmp_path / "hang.py"
    hang.write_text("import time; time.sleep(60)")
    monkeypatch.setattr("impact.data.readers.apart.SCRIPT", hang)
    monkeypatch.setattr("impact.data.readers.apart.PATIENCE", 0.3)
    with pytest.raises(DataError, match="cannot be read as one of SPSS"):
        spss(tmp_path, pd.DataFrame({"y": [1.0]}))


@pytest.mark.parametrize("version", [114, 117])
def test_letters_of_older_stata_files_are_read_as_windows_wrote_them_and_said(
    version: int, tmp_path: Path
) -> None:
    path = tmp_path / "old.dta"
    frame = pd.DataFrame({"town": ["Orléans", "Nîmes"], "y": [1.0, 2.0]})
    # pandas writes what Stata 12 and 13 wrote: Latin-1.
    frame.to_stata(path, version=version, write_index=False)
    read = read_file(path, ["town", "y"], "data/old.dta")
    assert read.frame["town"].tolist() == ["Orléans", "Nîmes"]
    assert "it is read as Windows-1252" in str(read.notes[0])
    assert read_file(path, ["y"], "data/old.dta").notes == ()


@pytest.mark.parametrize("name", ["simulated", "Simulated"])
def test_spss_may_call_the_mark_of_simulated_data_without_its_underscore(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(pd.DataFrame({"y": [1.0, 2.0], name: [1, 1]}), path)
    table = read_file(path, ["y", "_simulated"], "data/answers.sav")
    assert table.frame["_simulated"].tolist() == [1, 1]
    assert set(table.header) == {"y", "_simulated"}
    # as a column with a role of its own it stays what it is called
    own = read_file(path, ["y", "_simulated", name, name.casefold()], "data/answers.sav")
    assert set(own.header) == {"y", name}


def test_stata_has_names_with_an_underscore_and_one_mark(tmp_path: Path) -> None:
    path = tmp_path / "answers.dta"
    pyreadstat.write_dta(pd.DataFrame({"y": [1.0, 2.0], "simulated": [1, 1]}), path)
    table = read_file(path, ["y", "_simulated"], "data/answers.dta")
    assert "_simulated" not in table.frame
