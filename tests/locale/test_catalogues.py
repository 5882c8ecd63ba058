"""Every catalogue has every text of the package, looked at, with all that is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages import Catalog

from impact.locale import LANGUAGES, language
from impact.locale.catalogues import file_of
from impact.locale.update import template, unsaid, updated, written

CODES = [code for code in LANGUAGES if code != "en"]
SLOT = re.compile(r"%\((\w+)\)([-+ #0]*\d*(?:\.\d+)?[a-zA-Z])")
each_language = pytest.mark.parametrize("code", CODES)


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return template()


def forms(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Yield every form of every translation beside the English text with the same slots."""
    for message in catalogue:
        if message.id:
            several = isinstance(message.id, tuple | list)
            told = message.string if several else [message.string]
            yield from ((message.id[1] if several else message.id, form) for form in told)


@each_language
def test_no_text_is_without_a_translation_or_with_one_nobody_looked_at(
    code: str, texts: Catalog
) -> None:
    catalogue = updated(code, texts)
    assert len(catalogue) > 1000
    assert unsaid(catalogue) == []


@each_language
def test_the_file_is_what_the_update_writes(code: str, texts: Catalog) -> None:
    assert file_of(code).read_bytes() == written(updated(code, texts))


@each_language
def test_a_translation_fills_in_what_the_text_fills_in(code: str, texts: Catalog) -> None:
    catalogue = updated(code, texts)
    wrong = [
        (text, said)
        for text, said in forms(catalogue)
        if set(SLOT.findall(text)) - {("n", "s")} != set(SLOT.findall(said)) - {("n", "s")}
    ]
    assert wrong == []


@each_language
def test_a_space_before_per_cent_is_the_languages_own(code: str, texts: Catalog) -> None:
    """CLDR's: a no-break space in some, none in others."""
    pattern = language(code).locale.percent_formats[None].pattern
    space = pattern.partition("#,##0")[2].removesuffix("%")
    told = [said for _, said in forms(updated(code, texts)) if re.search(r"[sdf]\s*%%", said)]
    assert told
    assert [one for one in told if not re.search(rf"[sdf]{space}%%", one)] == []


def test_a_text_that_is_new_is_missed(texts: Catalog) -> None:
    catalogue = template()
    catalogue.add("A text that nobody has translated.")
    assert unsaid(updated("fr", catalogue)) == ["A text that nobody has translated."]
