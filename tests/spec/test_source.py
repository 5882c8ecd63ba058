"""YAML text becomes the plain data that papermill makes of it, with the line of each key."""

from __future__ import annotations

import warnings
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.errors import SpecError
from impact.spec.place import Key
from impact.spec.source import read_source

NAME = "params/x.yml"


@pytest.fixture(scope="module")
def papermill_loader() -> type[yaml.SafeLoader]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from papermill.iorw import NoDatesSafeLoader
    return NoDatesSafeLoader


TEXTS = {
    "dates stay text": "a: 2021-03-01\nb: [2021-03-01 10:00:00]",
    "yes and no are truth values": "a: yes\nb: No\nc: on\nd: OFF\ne: 'no'",
    "numbers": "a: 1_000\nb: .5\nc: 1e3\nd: 1.0e+3\ne: -7\nf: 098\ng: '5'",
    "nulls": "a: ~\nb: null\nc:\nd: ''",
    "aliases": "a: &one [1, 2]\nb: *one",
    "merges": "a: &one {x: 1, y: 2}\nb: {<<: *one, y: 3}\nc: {y: 4, <<: *one}",
    "a list of merges": "a: &one {x: 1}\nb: &two {x: 2, y: 2}\nc: {<<: [*one, *two], z: 3}",
    "a merge of a merge": "a: &one {x: 1}\nb: &two {<<: *one, y: 2}\nc: {<<: *two}",
    "folded text": "a: >\n  one\n  two\nb: |\n  one\n  two\n",
    "a byte order mark": "\ufeffa: 1",
    "text of other scripts": "a: Ηράκλειο\nb: Jūrmala",
    "a tag of text": "a: !!str 5",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in TEXTS.items()])
def test_the_data_are_what_papermill_reads(
    text: str, papermill_loader: type[yaml.SafeLoader]
) -> None:
    source = read_source(text, name=NAME)
    assert source.data == yaml.load(text, Loader=papermill_loader)
    assert not source.faults


def test_the_good_file_is_what_papermill_reads(
    good: str, papermill_loader: type[yaml.SafeLoader]
) -> None:
    assert read_source(good, name=NAME).data == yaml.load(good, Loader=papermill_loader)


plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**9), 10**9),
        st.floats(allow_nan=False),
        st.text(max_size=12),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(data=st.dictionaries(st.text(max_size=6), plain, min_size=1, max_size=4))
def test_any_written_data_are_what_papermill_reads(
    data: dict[str, Any], papermill_loader: type[yaml.SafeLoader]
) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    assert read_source(text, name=NAME).data == yaml.load(text, Loader=papermill_loader)


def test_every_key_of_the_good_file_has_the_line_where_it_stands(
    good: str, defects: ModuleType
) -> None:
    from impact.spec.place import dotted

    place = read_source(good, name=NAME).place
    lines = {dotted(key): line for key, line in reversed(list(place.lines.items()))}
    for key, position in defects.keys_of(good.splitlines()).items():
        assert lines[key] == position + 1, key


def test_an_entry_of_a_list_has_its_own_line() -> None:
    place = read_source("a:\n  - 1\n  - 2\n", name=NAME).place
    key: Key = ("a", 1)
    assert place.where(key) == "params/x.yml:3 a[2]"


def test_windows_line_ends_keep_the_lines() -> None:
    source = read_source("a: 1\r\nb: 2\r\n", name=NAME)
    assert source.place.line(("b",)) == 2


def test_both_lines_of_a_doubled_key_are_told() -> None:
    ((_, fault),) = read_source("a: 1\nb: 2\na: 3\n", name=NAME).faults
    assert str(fault) == (
        "params/x.yml:3 a: the key 'a' stands twice, in line 1 and in line 3; keep one of them"
    )


def test_a_key_that_a_merge_brings_may_be_written_anew() -> None:
    assert not read_source("a: &one {x: 1}\nb: {<<: *one, x: 2}", name=NAME).faults


@pytest.mark.parametrize("kind", ["list", "merge"])
def test_a_bomb_of_aliases_is_refused_at_once(kind: str) -> None:
    first, each = ("[1]", "[{}]") if kind == "list" else ("{x: 1}", "{{<<: [{}]}}")
    text = f"a0: &a0 {first}\n" + "".join(
        f"a{i + 1}: &a{i + 1} {each.format(', '.join([f'*a{i}'] * 10))}\n" for i in range(12)
    )
    with pytest.raises(SpecError, match="unfold to over 50000 values"):
        read_source(text, name=NAME)


def test_the_parser_is_not_quoted_in_its_own_jargon() -> None:
    with pytest.raises(SpecError) as caught:
        read_source("about:\n\ttitle: x\n", name=NAME)
    assert str(caught.value) == (
        "params/x.yml:2: a tab stands where blanks are due; indent with blanks, never with tabs"
    )
