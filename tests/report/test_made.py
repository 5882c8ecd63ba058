"""What a page tells of the run that made it: facts of the record, and nothing that leaks."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from tests.locale.pseudo import Pseudo, outside

from impact.disclosure import Release
from impact.locale import LANGUAGES, Language
from impact.report import render_release
from impact.report.exporter import ImpactExporter
from impact.report.made import Made
from impact.report.page import released_page
from impact.results import Part, Sentence, Statement, Status

DIGESTS = {
    name: hashlib.sha256(name.encode()).hexdigest()
    for name in ("params", "data", "notebook", "code", "packages")
}
RECORD: dict[str, Any] = {
    "versions": {"python": "3.12.4", "impact": "0.1.0", "numpy": "2.4.6", "scipy": "1.17.1"},
    "inputs": DIGESTS,
    "commit": "3772bb2992fde2c05c048bafddc0666b328309ea",
    "clean": True,
    "machine": {"system": "Linux", "processor": "x86_64", "cores": 2, "memory": 8_000_000_000},
    "seed": 1,
}


def words_of(samples: Any) -> list[Part]:
    """Return a pilot's parts without tables and figures, which take their time."""
    return [part for part in samples.did_pilot() if isinstance(part, Status | Statement)]


@pytest.fixture(scope="module")
def released(samples: Any) -> Release:
    return released_page(words_of(samples))


@pytest.fixture(scope="module")
def unguarded(samples: Any) -> Release:
    status, *others = words_of(samples)
    return released_page([replace(status, guarded=False, unit_is="place"), *others])


def told(page: str) -> dict[str, str]:
    """Return the facts of the run as a reader finds them."""
    (block,) = BeautifulSoup(page, "html.parser").select("#reproduce #made")
    terms, said = ([one.get_text() for one in block.find_all(name)] for name in ("dt", "dd"))
    return dict(zip(terms, said, strict=True))


def page_of(released: Release, lang: Language | str = "en", **changed: Any) -> str:
    return render_release(released, lang=lang, made=Made.of_record(RECORD | changed))


def test_the_page_tells_packages_machine_commit_and_shortened_hashes(unguarded: Release) -> None:
    assert told(page_of(unguarded)) == {
        "Python": "3.12.4",
        "Further packages": "impact 0.1.0, numpy 2.4.6, scipy 1.17.1",
        "Machine": "Linux, x86_64, 2 cores",
        "Commit of the project": "3772bb2992fd; nothing was changed since",
        "Params file": f"SHA-256 {DIGESTS['params'][:12]}…",
        "Data file": f"SHA-256 {DIGESTS['data'][:12]}…",
        "Notebook": f"SHA-256 {DIGESTS['notebook'][:12]}…",
        "Code of impact": f"SHA-256 {DIGESTS['code'][:12]}…",
    }


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_page_of_people_helps_to_guess_their_data_file(released: Release, code: str) -> None:
    page = page_of(released, code)
    assert DIGESTS["params"][:12] in page
    assert DIGESTS["data"][:4] not in BeautifulSoup(page, "html.parser").select_one("#made").text
    assert DIGESTS["data"][:8] not in page


def test_a_tree_that_was_changed_is_told_and_what_is_not_known_is_not(released: Release) -> None:
    changed = told(page_of(released, clean=False))["Commit of the project"]
    assert changed == "3772bb2992fd; files were changed since, without a commit"
    assert told(page_of(released, clean=None))["Commit of the project"] == "3772bb2992fd"
    assert "Commit of the project" not in told(page_of(released, commit="", clean=None))
    one = told(page_of(released, machine=RECORD["machine"] | {"cores": 1}))
    assert one["Machine"] == "Linux, x86_64, 1 core"


@pytest.mark.parametrize(
    "changed",
    [
        {"commit": "main; rm -rf"},
        {"versions": {"python": "/srv/jane/python", "impact": "<b>1</b>", "a b": "1"}},
        {"inputs": {"params": "Jane Doe"}, "commit": ""},
        {"machine": {"system": "/srv/jane", "processor": "jane's laptop", "cores": "2"}},
        {"machine": "Linux", "versions": None, "inputs": [], "clean": "Jane"},
    ],
)
def test_what_is_no_version_hash_or_machine_stays_off_the_page(
    released: Release, changed: dict[str, Any]
) -> None:
    said = " ".join(told(page_of(released, **changed)).values())
    for secret in ("jane", "Jane", "rm -rf", "<b>"):
        assert secret not in said


def test_versions_that_the_notebook_tells_are_not_told_twice(samples: Any) -> None:
    parts = [part for part in words_of(samples) if getattr(part, "section", "") != "reproduce"]
    row = (Sentence("%(name)s", {"name": "numpy"}), Sentence("%(version)s", {"version": "2.4.6"}))
    page = page_of(released_page([*parts, Statement("reproduce", (), (row,))]))
    assert told(page)["Further packages"] == "impact 0.1.0, scipy 1.17.1"
    alone = page_of(released_page(parts))
    assert told(alone)["Further packages"] == "impact 0.1.0, numpy 2.4.6, scipy 1.17.1"


def test_without_facts_of_a_run_the_page_tells_nothing_of_one(released: Release) -> None:
    assert 'id="made"' not in render_release(released)


def test_no_word_of_the_run_escapes_translation(unguarded: Release) -> None:
    page = page_of(unguarded, Language("en", Pseudo(), reviewed=False), clean=False)
    block = BeautifulSoup(page, "html.parser").select_one("#made")
    assert block is not None
    texts = [outside(text).strip() for text in block.find_all(string=True)]
    left = " ".join(text for text in texts if any(letter.isalpha() for letter in text))
    own = {"SHA-256", "Python", "impact", "numpy", "scipy", "Linux", "x86_64", "3772bb2992fd"}
    known = own | {f"{digest[:12]}…" for digest in DIGESTS.values()}
    assert {word.strip(",") for word in left.split() if word[0].isalpha()} <= known


@pytest.fixture
def folder(samples: Any, tmp_path: Path) -> Path:
    """Make a run's private folder: the executed notebook, and the record beside it."""
    notebook = tmp_path / "notebook.ipynb"
    nbformat.write(samples.notebook(words_of(samples)), notebook)
    good = {"notebook": hashlib.sha256(notebook.read_bytes()).hexdigest(), "made": RECORD}
    (tmp_path / "run.json").write_text(json.dumps({"state": "failed", "good": good}))
    return tmp_path


def exported(folder: Path, released: Release) -> tuple[str, str, str]:
    """Return the page that nbconvert writes, and those with and without facts."""
    page, _ = ImpactExporter().from_filename(str(folder / "notebook.ipynb"))
    return page, page_of(released), render_release(released)


def test_the_exporter_by_itself_tells_the_same_from_the_record_beside_the_notebook(
    folder: Path, released: Release
) -> None:
    page, with_facts, _ = exported(folder, released)
    assert page == with_facts


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"good": null}', '{"good": {"notebook": "x"}}'])
def test_a_record_that_is_not_of_this_notebook_tells_nothing(
    folder: Path, released: Release, text: str
) -> None:
    (folder / "run.json").write_text(text)
    page, _, without = exported(folder, released)
    assert page == without


def test_the_record_of_another_notebook_is_not_told(folder: Path, released: Release) -> None:
    with (folder / "notebook.ipynb").open("a") as file:
        file.write("\n")
    page, _, without = exported(folder, released)
    assert page == without
