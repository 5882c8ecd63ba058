"""What is sent to a store, when, and what a reader finds there at every moment."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from impact.batch.mirror import Mirror, Unsent
from impact.batch.store import Store, is_store
from impact.errors import Fault, RunError

INDEX = '<a href="alpha.html">alpha</a> <a href="beta.html">beta</a>'


class Told(Store):
    """A store that remembers what was done, and gives up after so many writings."""

    def __init__(self, url: str, done: list[str], left: float = float("inf")) -> None:
        super().__init__(url)
        self.done, self.left = done, left

    def put(self, name: str, content: bytes) -> None:
        self._do(f"put {name}")
        super().put(name, content)

    def drop(self, name: str) -> None:
        self._do(f"drop {name}")
        super().drop(name)

    def _do(self, what: str) -> None:
        if self.left < 1:
            raise RunError(Fault("store-no-answer", self.where, "the store does not answer"))
        self.left -= 1
        self.done.append(what)


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., tuple[Mirror, Told]]:
    """Return what opens the same two stores from another machine each time."""
    name = re.sub(r"\W", "-", request.node.name)

    def opened(machine: str, left: float = float("inf")) -> tuple[Mirror, Told]:
        reports, runs = tmp_path / machine / "reports", tmp_path / machine / "runs"
        for folder in (reports, runs):
            folder.mkdir(parents=True, exist_ok=True)
        done: list[str] = []
        public = Told(f"memory://{name}/reports", done, left)
        private = Told(f"memory://{name}/runs", done)
        made = Mirror(reports, runs, {reports: public, runs: private})
        made.fetch()
        return made, public

    return opened


def publish(mirror: Mirror, pilot: str, page: str) -> None:
    (mirror.runs / pilot).mkdir(exist_ok=True)
    (mirror.reports / f"{pilot}.html").write_text(page)
    for name in ("edition.json", "estimates.csv", "run.json", "log.txt"):
        (mirror.runs / pilot / name).write_text(f"{name} of {page}")


def test_what_a_pilot_left_is_sent_before_its_record_and_what_was_told_before_its_page(
    place: Callable[..., tuple[Mirror, Told]],
) -> None:
    mirror, store = place("one")
    publish(mirror, "alpha", "first")
    mirror.send("alpha")
    order = ["alpha/edition.json", "alpha.html", "alpha/estimates.csv", "alpha/log.txt"]
    assert store.done == [f"put {name}" for name in [*order, "alpha/run.json"]]


def test_what_is_there_already_is_not_sent_again_from_any_machine(
    place: Callable[..., tuple[Mirror, Told]],
) -> None:
    mirror, _ = place("one")
    publish(mirror, "alpha", "first")
    mirror.send_all()
    other, store = place("another")
    assert (other.reports / "alpha.html").read_text() == "first"
    publish(other, "alpha", "first")
    (other.runs / "alpha" / "log.txt").unlink()
    other.send_all()
    assert store.done == []
    publish(other, "alpha", "second")
    other.send("alpha")
    assert "put alpha.html" in store.done


def test_what_is_gone_here_is_taken_away_there_and_nothing_else(
    place: Callable[..., tuple[Mirror, Told]],
) -> None:
    mirror, store = place("one")
    store.put("notes.txt", b"somebody else's")
    store.put("../outside.html", b"somebody else's")
    publish(mirror, "alpha", "first")
    mirror.send_all()
    other, store = place("another")
    (other.reports / "alpha.html").unlink()
    other.send("alpha")
    assert store.done == ["drop alpha.html"]
    assert "notes.txt" in store.names()
    assert not (other.reports / "notes.txt").exists()
    assert not (other.reports.parent / "outside.html").exists()


def test_a_withdrawn_page_is_gone_before_the_record_says_so(
    place: Callable[..., tuple[Mirror, Told]],
) -> None:
    mirror, store = place("one")
    publish(mirror, "alpha", "first")
    mirror.send_all()
    store.done.clear()
    (mirror.reports / "alpha.html").unlink()
    (mirror.runs / "alpha" / "run.json").write_text("withdrawn")
    mirror.send("alpha")
    assert store.done == ["drop alpha.html", "put alpha/run.json"]


@pytest.mark.parametrize("left", range(5))
def test_wherever_it_is_cut_off_no_index_names_a_page_that_is_not_there(
    place: Callable[..., tuple[Mirror, Told]], left: int
) -> None:
    mirror, store = place("one", left)
    for pilot in ("alpha", "beta"):
        publish(mirror, pilot, "first")
    (mirror.reports / "index.html").write_text(INDEX)
    (mirror.reports / "estimates.csv").write_text("numbers")
    if left < 4:
        with pytest.raises(RunError, match="the store does not answer"):
            mirror.send_all()
    else:
        mirror.send_all()
    there = store.names()
    index = store.read("index.html") or b""
    assert {f"{pilot}.html" for pilot in re.findall(r'"(\w+)\.html', index.decode())} <= there
    again, store = place("another")
    records = {name for name in again.stores[again.runs].names() if name.endswith("run.json")}
    assert {f"{name.split('/')[0]}.html" for name in records} <= there
    # Whoever comes next brings all of it to its end.
    for pilot in ("alpha", "beta"):
        publish(again, pilot, "first")
    (again.reports / "index.html").write_text(INDEX)
    (again.reports / "estimates.csv").write_text("numbers")
    again.send_all()
    assert store.names() == {"alpha.html", "beta.html", "index.html", "estimates.csv"}


def test_a_pilot_that_cannot_be_sent_ends_the_beginning_of_others(
    place: Callable[..., tuple[Mirror, Told]],
) -> None:
    mirror, _ = place("one", 0)
    publish(mirror, "alpha", "first")
    with pytest.raises(Unsent):
        mirror.send("alpha")


@pytest.mark.parametrize(
    "url", ["file:///tmp/x", "sftp://host/x", "zip://a::s3://b/c", "local://x"]
)
def test_pages_are_put_only_where_they_are_replaced_in_one_step(url: str) -> None:
    assert not is_store(url)
