"""What CLDR and gettext know of the other nine languages, reached by a second road."""

from __future__ import annotations

import gettext
import io
import threading

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from tests.locale.pseudo import Pseudo, outside

from impact.locale import LANGUAGES, N_, Language, _, language, ngettext, speaking, spoken
from impact.results import Sentence

OTHERS = [code for code in LANGUAGES if code != "en"]
FORMS = {"sl": 4, "lv": 3, "ro": 3}
PEOPLE = ("%(n)s person was lost.", "%(n)s people were lost.")
NARROW, NO_BREAK = "\u202f", "\u00a0"


def speaker(code, *pairs):
    """Return a language with a catalogue of these texts and translations."""
    texts = Catalog(locale=code)
    for text, said in pairs:
        texts.add(text, said)
    made = io.BytesIO()
    write_mo(made, texts)
    made.seek(0)
    return Language(code, gettext.GNUTranslations(made), reviewed=False)


SLOVENE = speaker(
    "sl",
    (
        PEOPLE,
        (
            "Izgubljena je bila %(n)s oseba.",
            "Izgubljeni sta bili %(n)s osebi.",
            "Izgubljene so bile %(n)s osebe.",
            "Izgubljenih je bilo %(n)s oseb.",
        ),
    ),
    ("fewer than %(minimum)s", "manj kot %(minimum)s"),
)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_as_many_forms_as_the_field_notes_say(code):
    assert get_plural(code).num_plurals == FORMS.get(code, 2)
    assert Catalog(locale=code).num_plurals == FORMS.get(code, 2)


@pytest.mark.parametrize("code", OTHERS)
def test_decimals_follow_a_comma_in_all_languages_but_english(code):
    assert Language(code).number(-0.4, 2) == "−0,40"
    assert language("en").number(-0.4, 2) == "−0.40"


@pytest.mark.parametrize(
    ("code", "between"),
    [
        *(("fr", NARROW), ("lv", NO_BREAK), ("en", ",")),
        *((code, ".") for code in ("it", "es", "ca", "nl", "el", "ro", "sl")),
    ],
)
def test_thousands_are_set_apart_as_the_language_does(code, between):
    assert Language(code).count(1234567) == f"1{between}234{between}567"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_percentage_has_a_no_break_space_where_the_language_wants_one(code):
    apart = NO_BREAK if code in ("ro", "sl", "es", "ca", "fr") else ""
    point = "." if code == "en" else ","
    assert Language(code).percent(0.12) == f"12{apart}%"
    assert Language(code).percent(-0.1234, 1) == f"−12{point}3{apart}%"


def test_a_negative_nothing_is_nothing():
    assert [Language(code).number(-0.0004, 2) for code in ("en", "nl")] == ["0.00", "0,00"]


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("en", "1 March 2021"),
        ("fr", "1 mars 2021"),
        ("it", "1 marzo 2021"),
        ("es", "1 de marzo de 2021"),
        ("ca", "1 de març del 2021"),
        ("nl", "1 maart 2021"),
        ("el", "1 Μαρτίου 2021"),
        ("ro", "1 martie 2021"),
        ("sl", "1. marec 2021"),
        ("lv", "2021. gada 1. marts"),
    ],
)
def test_a_day_is_written_in_the_words_of_the_language(code, day):
    assert Language(code).date("2021-03-01") == day
    assert Language(code).say(Sentence("%(on)s", {"on": "2021-03-01"})) == day


@pytest.mark.parametrize(
    ("code", "whole", "cents"),
    [
        ("en", "€210,000", "€0.50"),
        ("fr", f"210{NARROW}000{NO_BREAK}€", f"0,50{NO_BREAK}€"),
        ("nl", f"€{NO_BREAK}210.000", f"€{NO_BREAK}0,50"),
        ("lv", f"210{NO_BREAK}000{NO_BREAK}€", f"0,50{NO_BREAK}€"),
    ],
)
def test_money_stands_with_its_sign_where_the_language_puts_it(code, whole, cents):
    assert Language(code).money(210000, "EUR") == whole
    assert Language(code).money(0.5, "EUR") == cents
    assert Language(code).say(Sentence("%(sum)s", {"sum": "210000 EUR"})) == whole


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "Izgubljena je bila 1 oseba."),
        (2, "Izgubljeni sta bili 2 osebi."),
        (3, "Izgubljene so bile 3 osebe."),
        (5, "Izgubljenih je bilo 5 oseb."),
        (101, "Izgubljena je bila 101 oseba."),
        (1200, "Izgubljenih je bilo 1.200 oseb."),
    ],
)
def test_the_number_under_n_decides_on_the_form(n, said):
    assert SLOVENE.say(Sentence(PEOPLE[0], counts={"n": n}, many=PEOPLE[1])) == said
    assert SLOVENE.say(Sentence(PEOPLE[0], {"n": f"-{n}"}, many=PEOPLE[1])) == said.replace(
        SLOVENE.count(n), SLOVENE.count(-n)
    )


@pytest.mark.parametrize("hidden", [Sentence("fewer than %(minimum)s", {"minimum": 10}), "few"])
def test_a_hidden_count_takes_the_form_for_many(hidden):
    told = SLOVENE.say(Sentence(PEOPLE[0], {"n": hidden}, many=PEOPLE[1]))
    assert told.startswith("Izgubljenih je bilo ")
    assert told.endswith(" oseb.")


def test_a_sentence_without_its_number_takes_the_form_for_many():
    assert SLOVENE.say(Sentence(PEOPLE[0], many=PEOPLE[1])) == "Izgubljenih je bilo %(n)s oseb."


@pytest.mark.parametrize(
    ("code", "form"), [("fr", 0), ("en", 1), ("nl", 1), ("sl", 2), ("ro", 1), ("es", 1), ("el", 1)]
)
def test_four_tenths_take_the_form_that_cldr_gives_them(code, form):
    words = [f"form {at}" for at in range(FORMS.get(code, 2))]
    tongue = speaker(code, (("one", "many"), tuple(words)))
    assert tongue.ngettext("one", "many", 0.4) == words[form]


def test_names_of_the_package_are_translated_and_a_users_own_stay():
    tongue = speaker(
        "fr", ("days", "jours"), ("It took %(n)s %(unit)s.", "Il a duré %(n)s %(unit)s.")
    )
    assert tongue.say(Sentence("It took %(n)s %(unit)s.", {"n": "1.50", "unit": "days"})) == (
        "Il a duré 1,50 jours."
    )
    assert tongue.say(Sentence("%(x)s", {"x": "moons"})) == "moons"


def test_a_per_cent_sign_stands_as_the_translator_puts_it():
    tongue = speaker("fr", ("%(n)s%% of all", f"%(n)s{NO_BREAK}%% de tous"))
    assert tongue.say(Sentence("%(n)s%% of all", {"n": "12.5"})) == f"12,5{NO_BREAK}% de tous"


def test_a_language_is_spoken_for_as_long_as_its_block_lasts():
    seen = [spoken().code]
    with speaking(Language("fr")):
        seen.append(spoken().code)
        with speaking(SLOVENE) as tongue:
            seen += [spoken().code, tongue.code]
        seen.append(spoken().code)
    assert [*seen, spoken().code] == ["en", "fr", "sl", "sl", "fr", "en"]


def test_a_failure_leaves_the_language_that_was_spoken_before():
    with pytest.raises(ZeroDivisionError), speaking(SLOVENE):
        1 / 0  # noqa: B018
    assert spoken().code == "en"


def test_threads_do_not_share_a_language():
    heard = {}
    both = threading.Barrier(2)

    def talk(code):
        with speaking(Language(code)):
            both.wait(timeout=10)
            heard[code] = (spoken().code, spoken().number(0.5, 1))
            both.wait(timeout=10)
        heard[f"after {code}"] = spoken().code

    threads = [threading.Thread(target=talk, args=(code,)) for code in ("fr", "lv")]
    with speaking(SLOVENE):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=10)
    assert heard == {
        "fr": ("fr", "0,5"),
        "lv": ("lv", "0,5"),
        "after fr": "en",
        "after lv": "en",
    }


def test_texts_are_translated_where_they_are_said_and_not_where_they_are_marked():
    tongue = speaker("nl", ("All", "Alle"), (("one pilot", "many pilots"), ("één", "veel")))
    marked = N_("All")
    assert (marked, _(marked), ngettext("one pilot", "many pilots", 1)) == (
        "All",
        "All",
        "one pilot",
    )
    with speaking(tongue):
        assert (_(marked), ngettext("one pilot", "many pilots", 7)) == ("Alle", "veel")
        assert _("") == ""


def test_what_stands_outside_the_brackets_has_escaped():
    with speaking(Language("en", Pseudo())):
        said = spoken().say(Sentence("%(a)s in all", {"a": Sentence("Ten")}))
    assert said == "⟦⟦Ten⟧ in all⟧"
    assert outside(f"Lost: {said}, 5") == "Lost: , 5"
