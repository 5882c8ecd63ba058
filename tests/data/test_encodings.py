"""Letters of files that do not say how they are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from impact.data.readers import read_file
from impact.data.readers.encodings import is_western, older_as_utf8
from impact.data.table import Table
from impact.errors import DataError

WESTERN = {
    "French": "Orléans Besançon déjà Île-de-France l’été Noël où œuvre Ève Évry Château-Thierry",
    "Spanish": "España niño señor mañana Ávila último pingüino ¿Qué? 2ª Íñigo índice ítem",
    "Catalan": "col·laboració Lleida Vicenç feliç plaça països Òmnium òpera íntim això avanç",
    "Italian": "perché città è È caffè più però così virtù cioè Cantù Forlì lunedì",
    "Dutch": "coördinatie één reünie België categorieën ’s-Hertogenbosch naïef zeeën",
    "others": "Zürich Straße São Paulo mãe educação 100 € 5 km² ½ “quote” 2019–2020 Türkçe",
}
ELSEWHERE = {
    "cp1253": "Λιβαδειά",
    "iso8859-7": "Ηράκλειο",
    "cp1250": "Bucureşti Constanţa sănătate şcoală",
    "iso8859-16": "Timișoara învățământ",
    "cp1257": "Jēkabpils Rīga mājās izglītība pašvaldība",
    "iso8859-2": "Črnomelj Kočevje Šmarje računalnik",
    "cp1251": "Москва",
    "cp850": "Orléans garçon",
    "cp437": "très été",
    "mac-roman": "Orléans garçon",
}


@pytest.mark.parametrize("language", WESTERN)
def test_words_of_western_languages_are_read(language: str) -> None:
    for word in WESTERN[language].split():
        read = older_as_utf8(word.encode("cp1252"))
        assert read is not None
        # Python's own decoder is the second road.
        assert read.decode() == word.encode("cp1252").decode("cp1252")
        assert is_western([word]), word


@pytest.mark.parametrize("codec", ELSEWHERE)
def test_words_of_other_alphabets_are_told_from_them(codec: str) -> None:
    read = older_as_utf8(ELSEWHERE[codec].encode(codec))
    assert read is None or not is_western([read.decode()])


def table(folder: Path, raw: bytes, wanted: tuple[str, ...] = ("id", "town")) -> Table:
    path = folder / "towns.csv"
    path.write_bytes(raw)
    return read_file(path, wanted, "data/towns.csv")


def test_another_encoding_is_read_and_said(tmp_path: Path) -> None:
    read = table(tmp_path, "id,town\n1,Orléans\n2,Nîmes\n".encode("cp1252"))
    assert read.frame["town"].tolist() == ["Orléans", "Nîmes"]
    said = "data/towns.csv is not written in UTF-8; it is read as Windows-1252."
    assert [str(note) for note in read.notes] == [said]


@pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
def test_a_mark_of_unicode_is_believed_and_said(codec: str, tmp_path: Path) -> None:
    read = table(tmp_path, "id,town\n1,Λιβαδειά\n".encode(codec))
    assert read.frame["town"].tolist() == ["Λιβαδειά"]
    assert codec.upper() in str(read.notes[0])


def test_letters_that_no_wanted_column_holds_do_not_matter(tmp_path: Path) -> None:
    raw = "id,town\n1,Λιβαδειά\n2,Αθήνα\n".encode("cp1253")
    read = table(tmp_path, raw, ("id",))
    assert read.frame["id"].tolist() == ["1", "2"]
    assert "no column that is read depends on it" in str(read.notes[0])
    with pytest.raises(DataError, match="Greek, Romanian, Slovene or Latvian"):
        table(tmp_path, raw)


def test_nothing_is_said_of_a_file_as_it_should_be(tmp_path: Path) -> None:
    assert table(tmp_path, "id,town\n1,Λιβαδειά\n".encode()).notes == ()


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_said(sign: str, name: str, tmp_path: Path) -> None:
    read = table(tmp_path, f"id{sign}town\n1{sign}a\n".encode())
    assert name in str(read.notes[0])


def test_a_file_that_names_its_separator_numbers_no_rows(tmp_path: Path) -> None:
    read = table(tmp_path, b"sep=;\r\nid;town\r\n1;a,b\r\n")
    assert read.frame["town"].tolist() == ["a,b"]
    assert not read.numbered


def test_memory_of_older_text_stays_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: Callable[[bytes], Any] = older_as_utf8
    raw = "Nîmes, Orléans; ".encode("cp1252") * 50
    expected = whole(raw)
    monkeypatch.setattr("impact.data.readers.encodings.PIECE", 7)
    assert older_as_utf8(raw) == expected


def reading_as(folder: Path, content: bytes, encoding: str, name: str = "older.csv") -> Table:
    path = folder / name
    path.write_bytes(content)
    return read_file(path, ["town", "y"], f"data/{name}", encoding=encoding)


@pytest.mark.parametrize("encoding", ELSEWHERE)
def test_an_older_file_is_read_when_the_params_file_says_how_it_is_written(
    tmp_path: Path, encoding: str
) -> None:
    word = ELSEWHERE[encoding]
    content = f"town;y\n{word};1\nplain;2\n".encode(encoding)
    table = reading_as(tmp_path, content, encoding)
    assert table.frame["town"].tolist() == [word, "plain"]
    assert f"it is read as {encoding}" in " ".join(map(str, table.notes))


def test_an_encoding_may_have_any_name_that_it_is_known_by(tmp_path: Path) -> None:
    content = "town,y\nΛιβαδειά,1\n".encode("cp1253")
    for name in ("cp1253", "windows-1253", "Windows-1253"):
        assert reading_as(tmp_path, content, name).frame["town"].tolist() == ["Λιβαδειά"]
    wide = "town,y\nΛιβαδειά,1\n".encode("utf-16-le")
    assert reading_as(tmp_path, wide, "utf-16-le").frame["town"].tolist() == ["Λιβαδειά"]


def test_letters_that_are_parted_between_two_pieces_of_a_large_file_stay_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impact.data.readers.encodings.PIECE", 7)
    content = "town,y\nΛιβαδειά,1\nΆργος,2\n".encode("utf-16-be")
    table = reading_as(tmp_path, content, "utf-16-be")
    assert table.frame["town"].tolist() == ["Λιβαδειά", "Άργος"]


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf-8-sig", "cp1253"])
def test_plain_text_is_read_whatever_is_said(tmp_path: Path, encoding: str) -> None:
    table = reading_as(tmp_path, b"town,y\nplain,1\n", encoding)
    assert table.frame["town"].tolist() == ["plain"]
    assert not table.notes


@pytest.mark.parametrize(
    ("content", "encoding", "due"),
    [
        ("town,y\nΛιβαδειά,1\n".encode(), "cp1253", "the text is written in UTF-8"),
        ("town,y\nΛιβαδειά,1\n".encode("utf-16"), "cp1253", "the text begins as UTF-16"),
        ("town,y\nΛιβαδειά,1\n".encode("cp1253"), "utf-8", "the text is not written in UTF-8"),
        (b"town,y\na,1\n\xd2,2\n", "cp1253", "bytes that are no letters of cp1253"),
        (b"town,y\n\xeb\x00,1\n", "cp1253", "NUL bytes"),
    ],
)
def test_what_is_said_wrongly_is_refused(
    tmp_path: Path, content: bytes, encoding: str, due: str
) -> None:
    with pytest.raises(DataError, match=due):
        reading_as(tmp_path, content, encoding)


def test_a_workbook_has_no_encoding(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no text"):
        reading_as(tmp_path, b"PK", "cp1253", "older.xlsx")


def test_the_params_file_says_it_for_one_file_and_for_waves(
    project: Path, read_from: Callable[..., Any]
) -> None:
    def rows(wave: int) -> bytes:
        head = "id;wave;pilot;y;town" if wave == 0 else "id;pilot;y"
        told = [f"Λίνα{n};{w};{n % 2};{n};Θήβα" for n in range(8) for w in (1, 2)]
        if wave:
            told = [f"Λίνα{n};{n % 2};{n + wave}" for n in range(8)]
        return "\n".join([head, *told, ""]).encode("cp1253")

    for wave, name in enumerate(("whole", "first", "second")):
        (project / "data" / f"{name}.csv").write_bytes(rows(wave))
    whole = read_from("data/whole.csv", encoding="cp1253")
    assert whole.units[0] == "Λίνα0"
    waves = {1: "data/first.csv", 2: {"path": "data/second.csv", "encoding": "windows-1253"}}
    joined = read_from(None, waves=waves, encoding="cp1253", period="wave")
    assert joined.units.tolist() == whole.units.tolist()
    with pytest.raises(DataError, match="fit no Western encoding"):
        read_from("data/whole.csv")
