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
