"""What the estimators say can be said in any language: whole, marked, and in the right form."""

from __future__ import annotations

import gettext
import re

import numpy as np
import pandas as pd
import pytest
from tests.locale.gathered import bare, gathered
from tests.locale.pseudo import outside

from impact import did
from impact.data.panel import Panel
from impact.did.look_terms import said_term
from impact.locale import Language, speaking, spoken
from impact.locale.gather import gather
from impact.results import EffectResult
from impact.tables.effects import INFERENCE

TONGUE = gathered()
LOOKS = (
    "by_subgroup",
    "leave_one_out",
    "placebo",
    "other_errors",
    "other_methods",
    "by_time",
    "bounds",
    "reweighted",
)
SLOT = re.compile(r"%\((\w+)\)")


def people(kind):
    """Return 480 people of 24 places in four waves, every seventh lost at the end."""
    rng = np.random.default_rng(4)
    frame = pd.MultiIndex.from_product([range(480), (2001, 2002, 2003, 2004)])
    frame = frame.set_names(["id", "wave"]).to_frame(index=False)
    place = frame["id"] % 24
    starts = np.where(place < 6, 2003, np.where(place < 12, 2004, 0))
    frame = frame.assign(place=place, t=(place < 12) * 1, first=starts)
    frame["young"] = frame["id"] // 24 % 2
    frame["y"] = rng.normal(size=len(frame)) + frame["t"]
    frame = frame[(frame["wave"] < 2004) | (frame["id"] % 7 > 0)]
    design = {
        "did": {"treated": "t", "starts": 2003, "cluster": "place"},
        "staggered": {"first_treated": "first", "cluster": "place"},
        "randomised": {"kind": "randomised", "treated": "t", "starts": 2003},
        "alone": {"treated": "one", "starts": 2003, "place": "place"},
    }[kind]
    frame["one"] = (place == 0) * 1
    return Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], subgroups=["young"], **design
    )


@pytest.fixture(scope="module", params=["did", "staggered", "randomised", "alone"])
def looked(request):
    """Return the estimates of one design, and every look at them."""
    panel = people(request.param)
    effects = did.estimate(panel)
    return effects, {name: getattr(did, name)(panel, effects) for name in LOOKS}


def sentences(part):
    return part.notes if isinstance(part, EffectResult) else part.sentences


def test_a_translator_gets_to_see_every_note_of_every_estimator(case, every):
    found = case.run(every.drawn(5, gaps=case.gaps))
    assert [text for note in found.notes for text in bare(note, TONGUE)] == []


def test_a_translator_gets_to_see_every_reason_and_every_look(looked):
    effects, looks = looked
    said = [*effects.reasons, *(note for effect in effects for note in effect.notes)]
    said += [one for part in looks.values() for one in sentences(part)]
    assert len(said) > 5
    assert [text for one in said for text in bare(one, TONGUE)] == []


def test_a_translator_gets_to_see_what_rows_are_called(looked):
    for name, part in looked[1].items():
        if isinstance(part, EffectResult) and name not in ("other_methods", "by_time"):
            terms = part.rows["term"]
            assert [said_term(term, name) for term in terms] == list(terms)
            with speaking(TONGUE):
                # Names of errors are marked where tables keep them; a level's name has no word.
                left = {outside(said_term(term, name)) for term in terms}
                assert left <= {"", *INFERENCE.values(), "young: ", "young: no", "young: yes"}


def test_a_row_is_called_in_another_language_with_its_names_as_they_are():
    class Other(gettext.NullTranslations):
        def gettext(self, message):
            told = {"%(subgroup)s: %(second)s less %(first)s": "%(first)s < %(second)s"}
            return told.get(message, message)

    with speaking(Language("en", Other())):
        assert said_term("age: 100% old less young", "by_subgroup") == "young < 100% old"
        assert said_term("age: old", "by_subgroup") == "age: old"
        assert said_term("age: old less young", "placebo") == "age: old less young"


def test_both_forms_name_the_same_and_the_form_for_many_its_number():
    pairs = [text for text in gather() if text.where.startswith("did/") and text.many]
    assert len(pairs) > 20
    for text in pairs:
        one, many = (set(SLOT.findall(form)) for form in (text.one, text.many))
        assert many == one | {"n"}, text


def test_one_is_told_in_the_form_for_one():
    frame = pd.DataFrame({"id": [1, 1, 2, 2, 3, 3, 4, 4, 5], "wave": [1, 2] * 4 + [1]})
    frame = frame.assign(t=frame["id"] % 2, y=np.arange(9.0) ** 2)
    panel = Panel.from_frame(frame, unit="id", period="wave", outcomes=["y"], treated="t", starts=2)
    note = did.did(panel, inference="classical").notes[0]
    assert spoken().say(note).endswith("1 unit is not seen in every period.")


def test_a_year_is_no_number():
    frame = pd.DataFrame({"id": np.repeat(range(8), 3), "year": [2001, 2002, 2003] * 8})
    frame["first"] = np.repeat([2001, 2002, 2003, 0, 0, 2002, 2003, 0], 3)
    frame["y"] = np.arange(24.0) ** 2
    panel = Panel.from_frame(frame, unit="id", period="year", outcomes=["y"], first_treated="first")
    told = [spoken().say(note) for note in did.callaway_santanna(panel).notes]
    assert any("before the first period (2001)" in one for one in told)
    assert any("first reached in 2002 is small: 2 units" in one for one in told)
