"""Names that the package puts together: English wherever text is wanted, sentences elsewhere."""

from __future__ import annotations

import copy
import gettext
import json
import pickle

import pandas as pd
import pytest
from tests.locale.gathered import gathered

from impact.locale import Language, _, speaking
from impact.locale.gather import gather
from impact.results import Label, Sentence, SummaryTable
from impact.spec.catalogue import catalogue

END = Label(Sentence("At the end (%(period)s)", {"period": "2012"}))


def test_a_name_is_its_english_text():
    assert END == "At the end (2012)"
    assert {END: 1}["At the end (2012)"] == 1


@pytest.mark.parametrize("again", [copy.deepcopy, lambda name: pickle.loads(pickle.dumps(name))])
def test_a_copy_of_a_name_keeps_its_sentence(again):
    assert again(END) == END
    assert again(END).sentence == END.sentence


def test_a_name_is_said_in_the_language_that_is_spoken():
    with speaking(gathered()):
        assert _(END) == "⟦At the end (2012)⟧"
    assert _(END) == "At the end (2012)"


def test_a_name_in_a_sentence_is_said_with_it():
    said = Sentence("%(label)s: nobody", {"label": END})
    assert gathered().say(said) == "⟦At the end (2012)⟧: nobody"
    assert gathered().say(Sentence.of_payload(said.to_payload())) == "⟦At the end (2012)⟧: nobody"


def test_a_table_comes_back_with_its_names():
    columns = ["variable", "category", "group", "period", "statistic", "value", "base"]
    table = SummaryTable("flow", pd.DataFrame(columns=columns), {"endline": END, "age": "Age"})
    payload = json.loads(json.dumps(table.to_payload()))
    back = SummaryTable.of_payload(payload)
    assert back.labels == {"endline": "At the end (2012)", "age": "Age"}
    assert back.labels["endline"].sentence == END.sentence
    assert type(back.labels["age"]) is str


def test_translators_get_what_the_catalogue_of_indicators_says():
    texts = {text.one for text in gather()}
    for one in catalogue().values():
        assert {one.label, one.measured_in, one.caveat} - {None} <= texts


def test_translators_get_no_text_of_names_alone():
    texts = {text.one for text in gather()}
    assert "%(label)s" not in texts
    assert "; " in texts  # a Greek reader takes it for a question mark


def test_each_name_of_a_list_is_looked_up() -> None:
    """A list travels as text; a name of the package in it is said in the page's language."""

    class Known(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Women": "Femmes"}.get(message, message)

    said = Language("fr", Known()).say(
        Sentence("%(names)s", {"names": "Women, Men of 30, or more"})
    )
    assert said == "Femmes, Men of 30, or more"
