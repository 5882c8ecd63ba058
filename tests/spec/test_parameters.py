"""A notebook's parameters give the pilot that the file gives."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from impact.errors import SpecError
from impact.spec import PilotSpec, load_parameters, load_spec

KEYS = list(PilotSpec.model_fields)
BARE: dict[str, Any] = {
    "pilot": "small",
    "data": {"path": "data/small.csv", "unit": "person", "period": "wave"},
    "design": {"kind": "before_after", "starts": 2},
    "outcomes": [{"column": "volunteering"}],
}
NOTHING = dict.fromkeys(KEYS)


def _faults(namespace: dict[str, Any]) -> list[str]:
    with pytest.raises(SpecError) as caught:
        load_parameters(namespace)
    return [str(fault) for fault in caught.value.faults]


def _as_papermill_injects(text: str) -> dict[str, Any]:
    """Run the cell that papermill would write for this params file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from papermill.iorw import NoDatesSafeLoader
        from papermill.translators import PythonTranslator
    namespace: dict[str, Any] = dict(NOTHING)
    exec(PythonTranslator.codify(yaml.load(text, Loader=NoDatesSafeLoader)), namespace)
    return namespace


def test_what_papermill_injects_gives_the_pilot_of_the_file(project: Path, good: str) -> None:
    file = project / "params" / "good-pilot.yml"
    file.write_text(good)
    injected = load_parameters(_as_papermill_injects(good))
    assert injected.model_dump() == load_spec(file).model_dump()
    assert injected.source is None


@pytest.mark.parametrize("key", [key for key in KEYS if key not in BARE])
def test_a_key_that_stays_none_takes_its_default(key: str, good: str) -> None:
    others = {name: value for name, value in yaml.safe_load(good).items() if name != key}
    bare = PilotSpec.model_validate(BARE)
    assert getattr(load_parameters({**NOTHING, **others}), key) == getattr(bare, key)


def test_all_none_gives_the_example(
    project: Path, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = good.replace("pilot: good-pilot", "pilot: tilburg-integration")
    (project / "params" / "tilburg-integration.yml").write_text(text)
    monkeypatch.chdir(project)
    assert load_parameters(NOTHING).pilot == "tilburg-integration"
    assert load_parameters({}).pilot == "tilburg-integration"


def test_a_notebook_with_keys_but_no_pilot_is_not_the_example() -> None:
    (fault,) = _faults({**NOTHING, **BARE, "pilot": None})
    assert fault == (
        "parameters pilot: the key 'pilot' is missing or empty, although data, design and "
        "outcomes are given; expected the pilot's id; "
        "give all keys of one pilot, or none for the example"
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("covariate", "covariates"),
        ("outcomes_", "outcomes"),
        ("Pilot", "pilot"),
        ("anlysis", "analysis"),
        ("sub_groups", "subgroups"),
    ],
)
def test_a_name_that_is_nearly_a_key_is_refused(name: str, meant: str) -> None:
    fault = f"parameters {name}: unknown key '{name}'; did you mean '{meant}'?"
    assert _faults({**NOTHING, **BARE, name: ["age"]}) == [fault]
    assert _faults({**NOTHING, name: ["age"]}) == [fault]


def test_what_a_notebook_holds_besides_is_left_alone() -> None:
    notebook = {
        "__name__": "__main__",
        "_covariates": ["age"],
        "covariate": None,
        "In": ["", "import impact"],
        "panel": object(),
        "reports": object(),
        "outcomes_of": len,
        "effects": [1, 2],
    }
    assert load_parameters({**NOTHING, **BARE, **notebook}).pilot == "small"


def test_all_faults_come_at_once_and_say_where() -> None:
    faults = _faults(
        {
            **NOTHING,
            **BARE,
            "about": {"country": False, "starts": "2021-03-01", "ends": "2020-03-01"},
            "design": {"kind": "did", "treted": "x", "starts": 2},
            "outcomes": ({"column": "a"}, {"column": "a"}),
        }
    )
    assert faults == [
        "parameters about.country: found false; expected a country code of two capital letters "
        "(ISO 3166); if it is text, put it in quotes: 'NO'",
        "parameters about.ends: the pilot ends on 2020-03-01, before it starts on 2021-03-01; "
        "check both dates",
        "parameters design.treated: a did design needs 'design.treated'; expected column of 0 "
        "and 1: belongs to the pilot group",
        "parameters design.treted: unknown key 'design.treted'; did you mean 'treated'?",
        "parameters outcomes[2].column: 'a' stands twice; keep one of them",
    ]


def test_what_no_file_can_hold_is_refused_without_showing_it() -> None:
    class Frame:
        def __repr__(self) -> str:
            return "a person's record"

    assert _faults({**BARE, "covariates": [Frame()]}) == [
        "parameters covariates[1]: found a Frame, which no params file can hold"
    ]


def test_a_path_object_is_a_path(tmp_path: Path) -> None:
    data = {**BARE["data"], "path": tmp_path / "x.csv"}
    assert load_parameters({**BARE, "data": data}).data.path == str(tmp_path / "x.csv")


def test_the_namespace_is_left_as_it_was() -> None:
    namespace = {**NOTHING, **BARE}
    before = repr(namespace)
    load_parameters(namespace)
    assert repr(namespace) == before
