"""The crate of all runs: whole, private, and without a person or a machine's path."""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from impact.batch.crate import CRATE, write_crate


@pytest.fixture(scope="module")
def text(ran: Any) -> str:
    return (ran.root / "runs" / CRATE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graph(text: str) -> dict[str, Any]:
    return {entity["@id"]: entity for entity in json.loads(text)["@graph"]}


def references(value: Any) -> Iterator[str]:
    """Yield all identifiers that an entity refers to."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_descriptor_and_the_root_are_as_the_specification_asks(graph: dict[str, Any]) -> None:
    descriptor, root = graph[CRATE], graph["./"]
    assert descriptor["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    assert descriptor["about"] == {"@id": "./"}
    for name in ("name", "description", "datePublished", "license"):
        assert root[name]
    assert root["@type"] == "Dataset"


def test_every_reference_leads_somewhere(graph: dict[str, Any]) -> None:
    outside = {"https://w3id.org/ro/crate/1.1", "http://schema.org/CompletedActionStatus"}
    found = {name for entity in graph.values() for name in references(entity)}
    assert found - outside <= set(graph)


def test_every_file_is_there_with_its_hash(ran: Any, graph: dict[str, Any]) -> None:
    parts = {part["@id"] for part in graph["./"]["hasPart"]}
    files = {name for name, entity in graph.items() if entity["@type"] == "File"}
    assert files == parts
    assert len(files) == 6
    for name in files:
        content = (ran.root / "runs" / name).read_bytes()
        assert graph[name]["sha256"] == hashlib.sha256(content).hexdigest()


def test_each_pilot_has_an_action_with_what_went_in_and_out(
    ran: Any, graph: dict[str, Any]
) -> None:
    for pilot in ("alpha", "beta"):
        action = graph[f"#run-{pilot}"]
        assert action["startTime"] <= action["endTime"]
        params = (ran.root / "params" / f"{pilot}.yml").read_bytes()
        page = ran.project.page(pilot).read_bytes()
        given = {graph[name]["sha256"] for name in references(action["object"])}
        made = {graph[name]["sha256"] for name in references(action["result"])}
        assert hashlib.sha256(params).hexdigest() in given
        assert hashlib.sha256(page).hexdigest() in made
        assert graph[action["instrument"]["@id"]]["name"] == "impact"


def test_no_path_and_no_user_is_named(ran: Any, text: str) -> None:
    assert str(ran.root) not in text
    assert str(Path.home()) not in text
    if getpass.getuser() not in ("root", "impact"):
        assert getpass.getuser() not in text


def test_what_is_written_already_is_not_written_again(ran: Any) -> None:
    path = ran.root / "runs" / CRATE
    before = path.stat().st_mtime_ns
    write_crate(ran.project)
    assert path.stat().st_mtime_ns == before
