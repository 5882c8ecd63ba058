"""What a notebook makes up is not released: only sentences of the package are."""

from __future__ import annotations

import pytest
from tests.disclosure.test_tables import table

from impact.disclosure import Rule, release
from impact.disclosure.vouched import is_known, vouched
from impact.results import Sentence, Statement, Status, SummaryTable

KNOWN = Sentence("There is no comparison group.")
MADE_UP = Sentence("Number 17 of the list was refused asylum.")


def test_a_sentence_of_the_package_is_known_and_another_is_not():
    assert is_known(KNOWN)
    assert not is_known(MADE_UP)


def test_a_made_up_sentence_within_a_known_one_is_not_known():
    text = "%(names)s: categories that would tell about fewer than %(minimum)s people are left out."
    assert is_known(Sentence(text, {"names": "y", "minimum": 10}))
    assert not is_known(Sentence(text, {"names": MADE_UP, "minimum": 10}))


@pytest.mark.parametrize("vouch", [True, False])
def test_what_a_notebook_makes_up_is_left_out_of_a_page(vouch):
    given = [Statement("limits", (KNOWN, MADE_UP)), table([], "balance", (KNOWN, MADE_UP))]
    page = release([Status("a-pilot", "A pilot"), *given], Rule(10, guarded=True), vouch=vouch)
    for part in page:
        if isinstance(part, Statement):
            assert (str(MADE_UP) in map(str, part.sentences)) == (not vouch)
        if isinstance(part, SummaryTable):
            assert (str(MADE_UP) in map(str, part.notes)) == (not vouch)


def test_the_given_part_keeps_its_sentences():
    given = Statement("limits", (KNOWN, MADE_UP))
    assert vouched(given).sentences == (KNOWN,)
    assert given.sentences == (KNOWN, MADE_UP)
