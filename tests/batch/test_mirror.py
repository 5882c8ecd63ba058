"""What is sent to a store, when, and what a reader finds there at every moment."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from impact.batch.account import failed_run
from impact.batch.case import Case
from impact.batch.inputs import Inputs
from impact.batch.mirror import Mirror, Unsent
from impact.batch.plan import Task
from impact.batch.project import Project
from impact.batch.record import Good, Run
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


def test_pilots_are_sent_side_by_side(
    place: Callable[..., tuple[Mirror, Told]], monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror, store = place("one")
    pilots = [f"pilot-{at}" for at in range(4)]
    for pilot in pilots:
        publish(mirror, pilot, f"page of {pilot}")
    together = threading.Barrier(len(pilots), timeout=10)
    put = Told.put

    def waiting(self: Told, name: str, content: bytes) -> None:
        if name.endswith(".html"):
            together.wait()
        put(self, name, content)

    monkeypatch.setattr(Told, "put", waiting)
    with ThreadPoolExecutor(len(pilots)) as threads:
        list(threads.map(mirror.send, pilots))
    assert store.names() == {f"{pilot}.html" for pilot in pilots}
    mirror.send_all()
    assert len(store.done) == 5 * len(pilots)


@pytest.mark.parametrize("left", [0, 1])
def test_a_page_that_todays_rule_forbids_goes_at_once_or_at_the_end(
    place: Callable[..., tuple[Mirror, Told]], tmp_path: Path, left: int
) -> None:
    before, _ = place("one")
    publish(before, "alpha", "first")
    before.send_all()
    mirror, store = place("another", left)
    lax = {"guarded": True, "minimum_cell": 5, "simulated": False, "invented": False}
    good = Good("", "page", "estimates", "released", "notebook")
    run = Run("alpha", "done", "params/alpha.yml", good=good, entry=lax)
    project = Project(tmp_path, tmp_path / "params", mirror.reports, mirror.runs, mirror)
    task = Task(tmp_path / "params" / "alpha.yml", run, "params changed")
    case = Case(task, project, Inputs(project), None, lambda event: None)
    case.known = {"card": lax | {"minimum_cell": 20}}
    assert failed_run(case, [Fault("x", "", "wrong")]).good is None
    assert ("alpha.html" in store.names()) is (left == 0)
    store.left = 1
    mirror.send_all()
    assert "alpha.html" not in store.names()
