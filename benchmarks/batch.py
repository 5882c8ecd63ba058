"""One batch by every way there is, and its computing alone; writes ``BATCH.md``.

Each way starts from the same params, data and notebooks in a folder of its own and makes
the same pages with the same exporter. Ways take turns, round after round, so that a busy
moment of the machine falls on all alike. Besides the time on the clock stands the computing
time of all processes: that one does not grow when others use the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
ROOT = HERE.parent
MOST = 1.4
OURS = "impact run --force"
RULE = "|---|---:|---:|---:|---:|"
PYTHON = [sys.executable, "-W", "ignore"]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds: on the clock, and computed by all processes together."""

    clock: float
    computed: float


Way = Callable[[Path, int], None]


def shell_loop(root: Path, jobs: int) -> None:
    """Run ``papermill``, then ``jupyter nbconvert``, pilot after pilot."""
    for params in _params(root):
        _one_by_shell(root, params)


def shell_loops(root: Path, jobs: int) -> None:
    """Run as many such loops at once as there are jobs."""
    code = (
        "import sys; from pathlib import Path; from batch import _one_by_shell, _params\n"
        "root, first, step = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])\n"
        "for params in _params(root)[first::step]: _one_by_shell(root, params)\n"
    )
    call = [*PYTHON, "-c", code, str(root)]
    begun = [
        subprocess.Popen([*call, str(at), str(jobs)], cwd=HERE, env=_environment(root))
        for at in range(jobs)
    ]
    assert [process.wait() for process in begun] == [0] * jobs


def api(root: Path, jobs: int) -> None:
    """Use papermill's own functions and one exporter in one process."""
    _call(root, [*PYTHON, str(HERE / "batch_ways.py"), "api", str(root)])


def pool(root: Path, jobs: int) -> None:
    """Do the same in a pool of processes."""
    _call(root, [*PYTHON, str(HERE / "batch_ways.py"), "pool", str(root), str(jobs)])


def standard(root: Path, jobs: int) -> None:
    """Run ``impact run --engine standard``: workers, a new kernel for each pilot."""
    _impact(root, "run", "--force", "--engine", "standard", "--jobs", str(jobs))


def first(root: Path, jobs: int) -> None:
    """Run ``impact run`` where no pilot has been run before."""
    _impact(root, "run", "--jobs", str(jobs))


def again(root: Path, jobs: int) -> None:
    """Run all once more: by now it is known how long each takes."""
    _impact(root, "run", "--force", "--jobs", str(jobs))


def unchanged(root: Path, jobs: int) -> None:
    """Run ``impact run`` where nothing has changed."""
    _impact(root, "run", "--jobs", str(jobs))


WAYS: dict[str, Way] = {
    "shell loop: papermill, nbconvert": shell_loop,
    "two such loops at once": shell_loops,
    "papermill's API, one exporter": api,
    "pool of processes, the same": pool,
    "impact run --engine standard": standard,
    "impact run, the first time": first,
    OURS: again,
    "impact run, unchanged": unchanged,
}
WARM = (first, again, unchanged)


def main() -> None:
    """Measure and write."""
    asked = _asked()
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        for name, make in (("own", _own), ("light", _light)):
            if name not in asked.sets:
                continue
            root = make(Path(folder) / name, asked.pilots)
            tables.append(_measured(name, root, asked))
    (HERE / "BATCH.md").write_text("\n".join([_head(asked), *tables]) + "\n", encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", type=int, default=3, help="rounds of ways with cold starts")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pilots", type=int, default=24, help="at most so many of each set")
    parser.add_argument("--sets", nargs="+", choices=("own", "light"), default=("own", "light"))
    parser.add_argument("--ways", nargs="+", default=list(WAYS), help="names, or their beginning")
    return parser.parse_args()


def _own(root: Path, most: int) -> Path:
    """Copy the pilots of this project."""
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    (root / "params").mkdir()
    for path in sorted((ROOT / "params").glob("*.yml"))[:most]:
        shutil.copy(path, root / "params")
    return root


def _light(root: Path, most: int) -> Path:
    """Make pilots that compute for a few hundredths of a second."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "batch")]
    from conftest import Small

    Small(root, *(f"pilot-{at:02d}" for at in range(most)))
    return root


def _measured(name: str, root: Path, asked: argparse.Namespace) -> str:
    ways = {k: way for k, way in WAYS.items() if k.startswith(tuple(asked.ways))}
    taken: dict[str, list[Took]] = {way: [] for way in ways}
    pure: list[float] = []
    for round_ in range(asked.rounds):
        for told, way in ways.items():
            if round_ >= asked.slow and way not in WARM:
                continue
            if way not in (again, unchanged):
                for left in ("runs", "reports", "out"):
                    shutil.rmtree(root / left, ignore_errors=True)
            taken[told].append(_took(way, root, asked.jobs))
            print(name, told, taken[told][-1], flush=True)
        pure.append(_pure(root))
        print(name, "computing alone", pure[-1], flush=True)
    return _table(name, len(_params(root)), asked, taken, median(pure))


def _took(way: Way, root: Path, jobs: int) -> Took:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    way(root, jobs)
    clock, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _pure(root: Path) -> float:
    """Return the seconds of running all cells and rendering all pages in one warm process."""
    call = [*PYTHON, str(HERE / "batch_ways.py"), "pure", str(root)]
    done = subprocess.run(
        call, cwd=root, env=_environment(root), check=True, stdout=subprocess.PIPE, text=True
    )
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def _table(
    name: str, count: int, asked: argparse.Namespace, taken: dict[str, list[Took]], pure: float
) -> str:
    told = {"own": "Our own pilots", "light": "Light pilots"}[name]
    lines = [f"## {told}: {count}, {asked.jobs} at once", ""]
    lines += ["| way | rounds | clock, s | computed, s | computed / alone |", RULE]
    for way, rounds in taken.items():
        clock, computed = (median(getattr(t, kind) for t in rounds) for kind in Took.__slots__)
        numbers = f"{clock:.1f} | {computed:.1f} | {computed / pure:.2f}"
        lines.append(f"| {way} | {len(rounds)} | {numbers} |")
    alone = f"{asked.rounds} | | {pure:.1f} | 1.00"
    lines.append(f"| computing alone, in one warm process | {alone} |")
    return "\n".join([*lines, "", *_targets(name, taken, pure, asked.jobs), ""])


def _targets(name: str, taken: dict[str, list[Took]], pure: float, jobs: int) -> list[str]:
    lines = []
    ours = taken.get(OURS)
    # Of pilots that compute next to nothing, the one warm start is nearly all.
    if ours and name == "own":
        ratio = median(t.clock for t in ours) / (pure / jobs)
        lines.append(
            f"On the clock `{OURS}` took {ratio:.2f} × (computing alone ÷ {jobs}); "
            f"at most {MOST} is wanted, on a machine that nobody else uses."
        )
    loop = taken.get("shell loop: papermill, nbconvert")
    if ours and loop:
        ratio = median(t.clock for t in loop) / median(t.clock for t in ours)
        lines.append(f"The shell loop took {ratio:.1f} times as long.")
    return lines


def _head(asked: argparse.Namespace) -> str:
    names = ("impact", "papermill", "nbconvert", "ipykernel")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    load = os.getloadavg()[0]
    return f"""# A batch by every way there is

`make bench` makes this page. Medians of the rounds. *clock*: seconds on the clock;
*computed*: seconds of computing of all processes, which other users of the machine lengthen
less; *alone*: running the cells and rendering the pages in one process that has imported
everything. At the end {load:.1f} processes wanted a core.

Machine: {platform.system()}, {os.cpu_count()} cores. Versions: Python
{platform.python_version()}, {versions}.
"""


def _params(root: Path) -> list[Path]:
    return sorted((root / "params").glob("*.yml"))


def _one_by_shell(root: Path, params: Path) -> None:
    out = root / "out"
    out.mkdir(exist_ok=True)
    made = out / f"{params.stem}.ipynb"
    notebook = str(root / "notebooks" / "pilot.ipynb")
    quiet = ["--no-progress-bar", "--log-level", "ERROR"]
    _call(root, [*PYTHON, "-m", "papermill", notebook, str(made), "-f", str(params), *quiet])
    _call(root, [*PYTHON, "-m", "nbconvert", "--to", "impact", "--log-level=ERROR", str(made)])


def _impact(root: Path, *call: str) -> None:
    _call(root, [*PYTHON, "-m", "impact", *call, "--quiet"])


def _call(root: Path, call: list[str]) -> None:
    # Kernels say much on standard error; it is shown where something failed.
    done = subprocess.run(call, cwd=root, env=_environment(root), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(call[3:5])} failed:\n{done.stderr}")


def _environment(root: Path) -> dict[str, str]:
    # One thread each, for all ways: several pilots at once would wait for one another's.
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    backend = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    return {**os.environ, "IMPACT_ROOT": str(root), "PYTHONPATH": _path(), **threads, **backend}


def _path() -> str:
    return os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)


if __name__ == "__main__":
    main()
