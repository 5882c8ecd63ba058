"""Whatever is thrown at the loaders, a pilot or a `SpecError` comes out."""

from __future__ import annotations

import string
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from impact.errors import SpecError
from impact.spec import PilotSpec, load_parameters, load_spec

RELAXED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
KEYS = list(PilotSpec.model_fields)
INNER = ["path", "kind", "column", "starts", "unit", "scale", "methods", "missing", "refused"]
INNER += [
    "waves",
    "wide",
    "spells",
    "codes",
    "score",
    "items",
    "entry",
    "first",
    "1",
    "select_multiple",
]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(max_size=20),
    st.sampled_from(["did", "staggered", "auto", "2021-03-01", "x", "10" * 200, "\ud800"]),
    st.just(10**400),
    st.binary(max_size=4),
    st.builds(object),
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.sets(st.integers(), max_size=2),
        st.dictionaries(
            st.one_of(st.sampled_from(INNER), st.text(max_size=5), st.integers(), st.none()),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)
yaml_signs = st.sampled_from([*" \n\t:-[]{},#&*!|>'\"%@`?=<~.\\", "\ufeff", "\x85", "\0"])
yaml_words = st.sampled_from(
    [*KEYS, *INNER, "<<", "*a", "&a ", "!!int ", "- ", ": ", "\n  ", "---\n", "NO", "1_0", "0x"]
)
yaml_text = st.lists(
    st.one_of(yaml_signs, yaml_words, st.text(string.printable, max_size=3)), max_size=40
).map("".join)


def _said_by(call: Callable[[], PilotSpec]) -> str:
    """Return what the call says; anything but a pilot or a `SpecError` breaks the test."""
    try:
        return call().pilot
    except SpecError as error:
        return str(error)


def _comes_out(file: Path, text: str) -> bool:
    """Whether a pilot or a `SpecError` comes of a file, in words that can be written anywhere."""
    file.write_text(text, encoding="utf-8", newline="")
    said = _said_by(lambda: load_spec(file))
    return bool(said.encode()) and str(file.parent) not in said


@RELAXED
@given(text=yaml_text)
@example(text="pilot: &a {<<: *a}")
@example(text='pilot: "\\ud800"')
@example(text='"\\ud800": 1')
@example(text="? !!int x\n: 1")
@example(text="a: " + "9" * 6000)
@example(text="9" * 6000 + ": a")
@example(text="data: {waves: {1: x, 2: y, 3: []}, wide: {a: {1: 2}}, spells: {first: 1, last: 99}}")
@example(text="data: {spells: {entry: a, exit: b, first: 0000, last: 9999, every: day}}")
@example(text="data: {path: x, missing: {refused: [" + "9" * 4000 + "]}}")
@example(text="design: {starts: 1" + "0" * 4200 + ", kind: did}")
def test_arbitrary_yaml_gives_a_pilot_or_a_spec_error(project: Path, text: str) -> None:
    assert _comes_out(project / "params" / "x.yml", text)


@RELAXED
@given(data=st.data())
def test_a_good_file_with_arbitrary_damage_gives_a_pilot_or_a_spec_error(
    project: Path, good: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 30)))
    damaged = good[:start] + data.draw(yaml_text) + good[end:]
    assert _comes_out(project / "params" / "good-pilot.yml", damaged)


@RELAXED
@given(content=st.binary(max_size=60))
def test_arbitrary_bytes_give_a_spec_error(project: Path, content: bytes) -> None:
    file = project / "params" / "x.yml"
    file.write_bytes(content)
    with pytest.raises(SpecError):
        load_spec(file)


@RELAXED
@given(namespace=st.dictionaries(st.sampled_from(KEYS), values, min_size=1))
def test_arbitrary_parameters_give_a_pilot_or_a_spec_error(
    project: Path, monkeypatch: pytest.MonkeyPatch, namespace: dict[str, Any]
) -> None:
    monkeypatch.setenv("IMPACT_ROOT", str(project))
    assert _said_by(lambda: load_parameters(namespace)).encode()


@RELAXED
@given(key=st.integers(0, 10_000), value=values)
def test_a_good_notebook_with_one_arbitrary_value_gives_a_pilot_or_a_spec_error(
    project: Path, defects: ModuleType, key: int, value: Any
) -> None:
    data = yaml.safe_load(defects.GOOD)
    holders: list[tuple[Any, Any]] = []
    stack: list[Any] = [data]
    while stack:
        held = stack.pop()
        places = list(held) if isinstance(held, dict) else range(len(held))
        for place in places:
            holders.append((held, place))
            if isinstance(held[place], dict | list):
                stack.append(held[place])
    held, place = holders[key % len(holders)]
    held[place] = value
    assert _said_by(lambda: load_parameters(data)).encode()


def test_a_mapping_that_holds_itself_gives_a_spec_error() -> None:
    loop: dict[str, Any] = {}
    loop["about"] = loop
    with pytest.raises(SpecError, match="nested too deep"):
        load_parameters({"pilot": "x", "about": loop})
