"""How a batch grows with a cluster's workers, and where it ends to; writes ``GROWTH.md``.

Light pilots, a params file each on one tiny data file, run over a Dask scheduler on loopback
with 1, 2, 4 worker processes. Apart from that: what the scheduler takes for a task that does
nothing, and what the one writer takes for a pilot. From these follows on paper how many workers
a scheduler and a writer can keep busy.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
PYTHON = [sys.executable, "-W", "ignore"]
ADDRESS = re.compile(r"Scheduler at:\s+(tcp://\S+)")


@dataclass(frozen=True, slots=True)
class Ran:
    """A batch: seconds on the clock, and computed by scheduler and writer."""

    pilots: int
    workers: int
    clock: float
    index: float
    scheduler: float
    writer: float


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of the scheduler for an empty task, of many or alone; of publishing a pilot."""

    task: float
    alone: float
    alone_clock: float
    publish: float
    publish_clock: float


def main() -> None:
    """Measure and write."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as folder:
        root = _made(Path(folder) / "project", asked)
        runs = []
        for workers in asked.workers:
            for count in _counts(asked.pilots, workers):
                runs.append(_ran(root, count, workers))
                print(runs[-1], flush=True)
        costs = Costs(*_of_tasks(Path(folder), asked.tasks), *_of_publishing(Path(folder), asked))
        print(costs, flush=True)
    runs.sort(key=lambda ran: (ran.workers, ran.pilots))
    (HERE / "GROWTH.md").write_text(_page(asked, runs, costs), encoding="utf-8")


def _counts(pilots: int, workers: int) -> tuple[int, ...]:
    """Return how many pilots are run: with one worker twice, for what each one more costs."""
    return (max(2, pilots // 4), pilots) if workers == 1 else (pilots,)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pilots", type=int, default=1000)
    parser.add_argument("--workers", type=int, nargs="+", default=(1, 2, 4))
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--real", action="store_true", help="notebooks/pilot.ipynb, no stand-in")
    return parser.parse_args()


def _made(root: Path, asked: argparse.Namespace) -> Path:
    """Make pilots that all read one tiny file."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "batch")]
    from conftest import PARAMS, Small, table

    Small(root)
    (root / "data" / "one.csv").write_text(table(), encoding="utf-8")
    if asked.real:
        shutil.copy(ROOT / "notebooks" / "pilot.ipynb", root / "notebooks" / "pilot.ipynb")
    for at in range(asked.pilots):
        text = PARAMS.format(pilot=f"pilot-{at:04d}").replace(f"pilot-{at:04d}.csv", "one.csv")
        (root / "params" / f"pilot-{at:04d}.yml").write_text(text, encoding="utf-8")
    return root


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, int]]:
    """Yield a scheduler's address and process, with so many workers of one thread."""
    import psutil

    log = folder / "distributed.log"
    log.unlink(missing_ok=True)
    quiet = ["--no-dashboard", "--host", "127.0.0.1"]
    started = [_dask(log, "scheduler", "--port", "0", "--no-show", *quiet)]
    try:
        while not (found := ADDRESS.search(log.read_text(errors="replace"))):
            time.sleep(0.1)
        alone = ["--nthreads", "1", "--no-nanny", "--memory-limit", "0", *quiet]
        started += [_dask(log, "worker", found[1], *alone) for _ in range(workers)]
        while log.read_text(errors="replace").count("Registered to") < workers:
            time.sleep(0.1)
        yield found[1], psutil.Process(started[0].pid).pid
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _dask(log: Path, *call: str) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            [*PYTHON, "-m", "dask", *call], stdout=out, stderr=out, env=_environment()
        )


def _computed(pid: int) -> float:
    import psutil

    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _ran(root: Path, count: int, workers: int) -> Ran:
    """Run so many pilots over so many workers."""
    for left in ("runs", "reports"):
        shutil.rmtree(root / left, ignore_errors=True)
    pilots = sorted(path.stem for path in (root / "params").glob("*.yml"))[:count]
    with _cluster(root, workers) as (address, scheduler):
        before = _computed(scheduler)
        call = [*PYTHON, "-m", "impact", "run", *pilots, "--json", "--scheduler", address]
        process = subprocess.Popen(
            call, cwd=root, env=_environment(), stdout=subprocess.PIPE, text=True
        )
        first, done = 0.0, 0.0
        assert process.stdout is not None
        for line in process.stdout:
            state = json.loads(line).get("state")
            first = first or (time.monotonic() if state == "checking" else 0.0)
            done = time.monotonic() if state == "done" else done
        _, status, used = os.wait4(process.pid, 0)
        end = time.monotonic()
        assert status == 0, "a pilot failed"
        spent = _computed(scheduler) - before
    return Ran(count, workers, done - first, end - done, spent, used.ru_utime + used.ru_stime)


def _of_tasks(folder: Path, count: int) -> tuple[float, float, float]:
    """Return the scheduler's seconds for a task that does nothing.

    Computed, where all are sent at once; where each is sent alone and waited for, as a batch
    does: computed, and on the clock.
    """
    from distributed import Client, wait

    with _cluster(folder, 2) as (address, scheduler), Client(address) as client:
        wait(client.map(_nothing, range(100), pure=False))
        before = _computed(scheduler)
        wait(client.map(_nothing, range(count), pure=False))
        between, begun, alone = _computed(scheduler), time.monotonic(), count // 5
        for at in range(alone):
            client.submit(_nothing, at, pure=False).result()
        clock, after = time.monotonic() - begun, _computed(scheduler)
        return (between - before) / count, (after - between) / alone, clock / alone


def _nothing(at: int) -> None:
    """Do nothing."""


def _of_publishing(folder: Path, asked: argparse.Namespace) -> tuple[float, float]:
    """Return the seconds of putting one pilot's files in place: computed, on the clock."""
    from impact.batch.project import Project
    from impact.batch.publish import publish_pilot
    from impact.batch.record import Run

    root, last = folder / "writer", folder / "project" / "runs" / "pilot-0000"
    project = Project(root, root / "params", root / "reports", root / "runs")
    page = (folder / "project" / "reports" / "pilot-0000.html").read_text(encoding="utf-8")
    drawn: dict[str, Any] = {"page": page, "edition": "{}", "entry": {}}
    drawn |= {n: (last / f"{n}.csv").read_text() for n in ("estimates", "released")}
    count, before, begun = min(200, asked.pilots), time.process_time(), time.monotonic()
    for at in range(count):
        executed = project.folder(f"p{at}") / "running.ipynb"
        executed.parent.mkdir(parents=True)
        shutil.copyfile(last / "notebook.ipynb", executed)
        record = {"record": lambda good: Run("p", "done", "", good=good)}
        publish_pilot(project, f"p{at}", executed=executed, drawn=drawn, **record)
    return (time.process_time() - before) / count, (time.monotonic() - begun) / count


def _environment() -> dict[str, str]:
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    kept = {name: value for name, value in os.environ.items() if name != "IMPACT_ROOT"}
    return {**kept, **threads, "PYTHONPATH": path}


def _page(asked: argparse.Namespace, runs: list[Ran], costs: Costs) -> str:
    from growth_page import page

    return page(asked, runs, costs, _machine())


def _machine() -> str:
    names = ("impact", "distributed", "papermill")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    load = os.getloadavg()[0]
    return (
        f"Machine: {platform.system()}, {os.cpu_count()} cores; at the end {load:.1f} processes "
        f"wanted one. Versions: Python {platform.python_version()}, {versions}."
    )


if __name__ == "__main__":
    main()
