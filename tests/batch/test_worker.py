"""A worker runs notebooks of the zoo: one sentence for each defect, and no orphan."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
import yaml

from impact.batch.crew import Worker
from impact.batch.processes import marked
from impact.batch.warm import Warm, starts_of
from impact.errors import RunError

FORMS = ("estimates", "released")
RULE = {
    "simulated": False,
    "invented": False,
    "unit_is": "place",
    "guarded": False,
    "minimum_cell": 10,
}


def execute(worker: Worker, bad: Any, notebook: Path, *, seconds: float = 60) -> list[dict]:
    """Execute a notebook for the pilot ``bad``; return the events."""
    events: list[dict] = []
    given = {
        "notebook": str(notebook),
        "output": str(bad.root / "out.ipynb"),
        "params": str(bad.params("bad")),
        "log": "runs/bad/log.txt",
    }
    until = time.monotonic() + seconds
    log = bad.root / "log.txt"
    try:
        worker.ask("execute", given, tell=events.append, log=log, until=until)
    finally:
        worker.tidy()
    return events


@pytest.mark.parametrize(
    ("defect", "said"),
    [
        ("kernel-dies", "cell 4 of 7: the kernel died; see runs/bad/log.txt"),
        (
            "exits-as-if-well",
            "cell 4 of 7: the notebook was left early (sys.exit); see runs/bad/log.txt",
        ),
        (
            "exits-with-a-number",
            "cell 4 of 7: the notebook was left early (sys.exit); see runs/bad/log.txt",
        ),
        ("raises-with-a-value", "cell 4 of 7: raised ValueError; see runs/bad/log.txt"),
        (
            "raises-an-error-named-after-a-person",
            "cell 4 of 7: raised an error of another kind; see runs/bad/log.txt",
        ),
        ("raises-our-error-itself", "cell 4 of 7: raised DesignError; see runs/bad/log.txt"),
        ("asks-the-user", "cell 4 of 7: raised StdinNotImplementedError; see runs/bad/log.txt"),
    ],
)
def test_a_defect_is_told_in_one_sentence_without_a_value(
    worker: Worker, bad: Any, zoo: Path, defect: str, said: str
) -> None:
    with pytest.raises(RunError) as refused:
        execute(worker, bad, zoo / f"{defect}.ipynb")
    assert str(refused.value) == said


def test_what_this_package_refuses_is_told_in_its_own_words(
    worker: Worker, bad: Any, zoo: Path
) -> None:
    with pytest.raises(RunError, match=r"cell 4 of 7: .*no such file") as refused:
        execute(worker, bad, zoo / "refused-by-the-package.ipynb")
    assert "\n" not in str(refused.value)


def test_what_an_error_said_is_kept_in_the_log(worker: Worker, bad: Any, zoo: Path) -> None:
    with pytest.raises(RunError):
        execute(worker, bad, zoo / "raises-with-a-value.ipynb")
    assert "could not convert: Jane Doe" in (bad.root / "log.txt").read_text()


@pytest.mark.parametrize("defect", ["never-ends", "ignores-signals"])
def test_at_the_time_limit_worker_and_kernel_end_and_the_next_pilot_gets_new_ones(
    worker: Worker, bad: Any, zoo: Path, defect: str
) -> None:
    worker.ready()
    process = worker.process
    assert process is not None
    begun = time.monotonic()
    with pytest.raises(RunError, match="stopped at the time limit"):
        execute(worker, bad, zoo / f"{defect}.ipynb", seconds=4)
    assert time.monotonic() - begun < 30
    assert marked(process.token, session=process.pid) == []
    assert execute(worker, bad, zoo / "good.ipynb")


def test_a_process_that_a_notebook_leaves_behind_is_ended(
    worker: Worker, bad: Any, zoo: Path
) -> None:
    worker.ready()
    process = worker.process
    assert process is not None
    execute(worker, bad, zoo / "leaves-a-process.ipynb")
    left = [one.pid for one in marked(process.token, session=process.pid)]
    # A forked child ends with its notebook; a Python of its own waits for the next.
    assert left == ([] if worker.process is None else [process.pid])


def test_each_cell_is_told_with_how_many_there_are(worker: Worker, bad: Any, zoo: Path) -> None:
    events = execute(worker, bad, zoo / "good.ipynb")
    assert events == [{"event": "cell", "cell": n, "cells": 6} for n in range(1, 7)]


def test_the_parameters_are_those_of_plain_papermill(worker: Worker, bad: Any, zoo: Path) -> None:
    execute(worker, bad, zoo / "good.ipynb")
    executed = nbformat.read(bad.root / "out.ipynb", as_version=4)
    assert executed.metadata.papermill.parameters == yaml.safe_load(bad.params("bad").read_text())


def draw(worker: Worker, bad: Any, **due: Any) -> dict[str, Any]:
    given = {"notebook": str(bad.root / "out.ipynb"), "pilot": "bad", "rule": RULE | due}
    return worker.ask("draw", given)


def test_a_notebook_that_ran_another_pilot_is_not_drawn(
    worker: Worker, bad: Any, zoo: Path
) -> None:
    execute(worker, bad, zoo / "runs-another-pilot.ipynb")
    with pytest.raises(RunError, match="the notebook ran another pilot instead"):
        draw(worker, bad)


def test_a_notebook_that_states_another_rule_than_params_and_data_is_not_drawn(
    worker: Worker, bad: Any, zoo: Path
) -> None:
    execute(worker, bad, zoo / "good.ipynb")
    # The stand-in states RULE, whatever is due.
    for due in (
        {"simulated": True},
        {"invented": True},
        {"unit_is": "household"},
        {"guarded": True},
        {"minimum_cell": 20},
        {"minimum_cell": 5},
    ):
        (name,) = due
        with pytest.raises(RunError, match=f"the notebook states another '{name}'"):
            draw(worker, bad, **due)
    with pytest.raises(RunError) as refused:
        draw(worker, bad, unit_is="person", guarded=True, simulated=True)
    assert len(refused.value.faults) == 3
    assert draw(worker, bad)["page"]


def test_a_notebook_that_does_not_say_whose_it_is_is_not_drawn(
    worker: Worker, bad: Any, zoo: Path
) -> None:
    execute(worker, bad, zoo / "shows-no-status.ipynb")
    with pytest.raises(RunError, match="status 0 times"):
        draw(worker, bad)


def test_private_estimates_keep_every_digit_and_released_ones_do_not(
    worker: Worker, bad: Any, zoo: Path
) -> None:
    execute(worker, bad, zoo / "good.ipynb")
    drawn = draw(worker, bad)
    rows = [line.split(",") for line in (bad.root / "data" / "bad.csv").read_text().split()[1:]]
    ours = sum(int(row[3]) for row in rows) / len(rows) / 3
    at = drawn["estimates"].split("\n")[0].split(",").index("estimate")
    private, released = (drawn[name].split("\n")[1].split(",")[at] for name in FORMS)
    assert float(private) == pytest.approx(ours, rel=1e-15)
    assert float(released) == pytest.approx(ours, rel=1e-6)
    assert len(released) < len(private)
    assert "<html" in drawn["page"]


@pytest.mark.parametrize("engine", ["warm", "standard"])
def test_a_kernel_is_this_python_whatever_the_user_has_installed(
    engine: str, bad: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "ipython" / "profile_default" / "startup"
    profile.mkdir(parents=True)
    (profile / "00-mine.py").write_text("raise SystemExit('the start-up file ran')")
    (tmp_path / "startup.py").write_text("MINE = 'PYTHONSTARTUP ran'")
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["false"], "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "startup.py"))
    monkeypatch.setenv("MPLBACKEND", "TkAgg")
    notebook = nbformat.read(Path(__file__).parents[1] / "notebooks" / "good.ipynb", as_version=4)
    asked = "import os, sys\n[sys.executable, os.environ['MPLBACKEND'], 'MINE' in globals()]"
    notebook.cells = [notebook.cells[0], nbformat.v4.new_code_cell(asked)]
    nbformat.write(notebook, tmp_path / "asks.ipynb")
    starts = starts_of(bad.root, engine)
    own = Worker(bad.root, starts)
    try:
        execute(own, bad, tmp_path / "asks.ipynb")
    finally:
        own.end()
        starts.close()
    shown = nbformat.read(bad.root / "out.ipynb", as_version=4).cells[-1].outputs[0]
    expected = [sys.executable, "module://matplotlib_inline.backend_inline", False]
    assert ast.literal_eval(shown.data["text/plain"]) == expected


@pytest.mark.parametrize("engine", ["warm", "standard"])
def test_a_worker_whose_asking_side_is_killed_goes_away_with_its_kernel(
    engine: str, bad: Any, zoo: Path, tmp_path: Path
) -> None:
    code = (
        "import sys, time; from pathlib import Path; from impact.batch.crew import Worker\n"
        "from impact.batch.warm import starts_of\n"
        "starts = starts_of(Path(sys.argv[1]), sys.argv[5])\n"
        "worker = Worker(Path(sys.argv[1]), starts)\n"
        "given = dict(notebook=sys.argv[2], output=sys.argv[3], params=sys.argv[4], log='log')\n"
        "def tell(event):\n"
        "    if event['cell'] == 4: print(worker.process.pid, worker.process.token, flush=True)\n"
        "worker.ask('execute', given, tell=tell)\n"
    )
    call = [sys.executable, "-c", code, str(bad.root), str(zoo / "ignores-signals.ipynb")]
    call += [str(tmp_path / "out.ipynb"), str(bad.params("bad")), engine]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True, env=environment) as asking:
        assert asking.stdout is not None
        pid, token = asking.stdout.readline().split()
        running = marked(token, session=int(pid))
        assert len(running) >= (1 if engine == "warm" else 2)
        scratch = set(tmp_path.glob("impact-*"))
        assert len(scratch) == (2 if engine == "warm" else 1)
        asking.kill()
    _, alive = psutil.wait_procs(running, timeout=15)
    assert alive == []
    until = time.monotonic() + 15
    while any(path.exists() for path in scratch) and time.monotonic() < until:
        time.sleep(0.05)
    assert [path for path in scratch if path.exists()] == []


CHANCE = """\
import random

import numpy as np

[random.random(), np.random.random(), np.random.default_rng().random()]"""


def test_no_two_children_draw_the_same_numbers_at_random(bad: Any, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CHANCE)])
    nbformat.write(notebook, tmp_path / "chance.ipynb")
    starts = starts_of(bad.root, "warm")
    own = Worker(bad.root, starts)
    drawn = []
    try:
        for _ in range(2):
            execute(own, bad, tmp_path / "chance.ipynb")
            shown = nbformat.read(bad.root / "out.ipynb", as_version=4).cells[-1].outputs[0]
            drawn += ast.literal_eval(shown.data["text/plain"])
    finally:
        own.end()
        starts.close()
    assert len(set(drawn)) == 6


def test_a_child_has_one_thread_for_linear_algebra(bad: Any, tmp_path: Path) -> None:
    asked = "import os, numpy\nnumpy.ones((400, 400)) @ numpy.ones((400, 400))\n"
    asked += "[int(os.environ['OPENBLAS_NUM_THREADS']), len(os.listdir('/proc/self/task'))]"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(asked)])
    nbformat.write(notebook, tmp_path / "threads.ipynb")
    starts = starts_of(bad.root, "warm")
    own = Worker(bad.root, starts)
    try:
        execute(own, bad, tmp_path / "threads.ipynb")
    finally:
        own.end()
        starts.close()
    shown = nbformat.read(bad.root / "out.ipynb", as_version=4).cells[-1].outputs[0]
    blas, threads = ast.literal_eval(shown.data["text/plain"])
    assert blas == 1
    # The cells', the one that listens for the asking side, and two that read descriptors.
    assert threads == 4


def test_a_warm_process_that_was_killed_is_replaced_by_the_next(bad: Any, zoo: Path) -> None:
    starts = Warm(bad.root)
    own = Worker(bad.root, starts)
    try:
        own.ready()
        assert own.process is not None
        server = psutil.Process(own.process.pid).parent()
        assert server is not None
        server.kill()
        server.wait(10)
        assert execute(own, bad, zoo / "good.ipynb")
        assert execute(own, bad, zoo / "good.ipynb")
    finally:
        own.end()
        starts.close()
