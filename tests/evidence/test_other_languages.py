"""Every sentence that evidence writes is one that a translator gets to see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.locale.gathered import bare, gathered

import impact
from impact.evidence import error_words, words
from impact.evidence.amounts import amount, difference
from impact.results import Sentence, Statement
from impact.spec.models import Outcome

PARAMS = Path(__file__).parents[2] / "params"
PILOTS = (
    "crete-mediation",
    "catalonia-mentoring",
    "kiel-mcclain-incinerator-adjusted",
    "mpdta-minimum-wage",
    "nsw-training",
    "tilburg-integration",
)
TONGUE = gathered()


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)


def sentences(statement: Statement) -> Iterator[Sentence]:
    yield from statement.sentences
    for pair in statement.facts:
        yield from pair


@pytest.mark.parametrize("module", [words, error_words])
def test_every_text_of_the_matrix_and_of_errors_is_gathered(module) -> None:
    said = [text for name in module.__all__ for text in texts(getattr(module, name))]
    assert len(said) > 20
    assert [text for text in said if not TONGUE.gettext(text).startswith("⟦")] == []


@pytest.mark.parametrize("pilot", PILOTS)
def test_every_sentence_of_a_page_is_gathered(pilot: str) -> None:
    panel = impact.read_panel(impact.load_spec(PARAMS / f"{pilot}.yml"))
    effects = impact.estimate(panel)
    said = [one for part in (impact.rivals, impact.cost, impact.plan, impact.reproduce)
            for one in sentences(part(panel))]  # fmt: skip
    said += [one for part in (impact.limits, impact.methods, impact.sensitivity)
             for one in sentences(part(panel, effects))]  # fmt: skip
    for finding in impact.assess(effects, panel):
        spans = [finding.span] if finding.span is not None else []
        said += [finding.sentence, finding.effect, *spans, *finding.reasons]
    assert len(said) > 20
    assert [text for one in said for text in bare(one, TONGUE)] == []


@pytest.mark.parametrize("unit", ["points", "CEFR levels", "euros", "consultations"])
@pytest.mark.parametrize("value", [1.0, -1.0, 2.0])
def test_a_unit_of_the_catalogue_has_a_sentence_of_its_own(unit: str, value: float) -> None:
    outcome = Outcome(column="y", label="Y", measured_in=unit)
    for said in (difference(outcome, "person", value, 0), amount(outcome, value, 0)):
        assert TONGUE.say(said).startswith("⟦")
        assert str(said).endswith(unit if abs(value) != 1 else unit[:-1])


def test_a_unit_of_the_params_file_stays_the_readers_own() -> None:
    outcome = Outcome(column="y", label="Y", measured_in="sheep")
    assert TONGUE.say(difference(outcome, "person", 3.0, 0)) == "⟦3 more sheep⟧"


@pytest.mark.parametrize(("value", "said"), [(0.01, "1 more person in 100"),
                                             (-0.01, "1 fewer person in 100")])  # fmt: skip
def test_one_person_is_a_person(value: float, said: str) -> None:
    job = Outcome(column="job", label="Job", kind="binary")
    assert str(difference(job, "person", value, 0)) == said
