"""The finished page against the records: nothing distinctive of them stands on it."""

from __future__ import annotations

import pandas as pd
import pytest

from impact.disclosure import distinctive, planted

RECORDS = pd.DataFrame(
    {
        "id": [f"AX-10{n:02}" for n in range(30)],
        "mail": [f"p{n}@example.org" for n in range(30)],
        "born": [f"19{60 + n}-03-1{n % 9}" for n in range(30)],
        "phone": [f"00316{n:02}123456" for n in range(30)],
        "notes": [f"She moved to her sister {n} months ago" for n in range(30)],
        "town": ["Tilburg"] * 28 + ["Goirle"] * 2,
        "score": [f"{n / 7:.5f}" for n in range(30)],
        "number": range(70000, 70030),
    }
)
LOOKED_FOR = distinctive(RECORDS, ids=["id", "number"])


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("<p>as AX-1007 said</p>", "id"),
        ('<img alt="ax-1007: a line">', "id"),
        ("<td>70013</td>", "number"),
        ("write to P3@example.org.", "mail"),
        ("born 1963-03-13", "born"),
        ("call 0031612123456", "phone"),
        ("<p>She moved to\n her sister 4 months ago.</p>", "notes"),
        ("<p>p3&#64;example.org</p>", "mail"),
    ],
)
def test_a_planted_string_is_found(text, column):
    assert planted([f"<html>A page. {text} More text.</html>"], LOOKED_FOR) == (column,)


@pytest.mark.parametrize(
    "text",
    [
        "<p>28 of 30 live in Tilburg</p>",
        "<p>The estimate is 0.14286</p>",
        "<p>She moved</p>",
        '<img src="data:image/png;base64,AX-1007aGVsbG8=">',
        "<p>70 013 people</p>",
    ],
)
def test_what_many_share_and_plain_numbers_are_not(text):
    assert planted([text], LOOKED_FOR) == ()


def test_what_the_params_file_says_may_stand_on_the_page():
    said = distinctive(RECORDS, ids=["id"], stated="The pilot of 1963-03-13, about AX-1007")
    assert planted(["<p>1963-03-13: AX-1007</p>"], said) == ()


def test_an_id_is_one_however_many_records_it_has():
    several = pd.concat([RECORDS] * 12, ignore_index=True)
    assert planted(["AX-1007"], distinctive(several, ids=["id"])) == ("id",)
