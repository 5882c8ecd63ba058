"""Every estimator against its peers on the same panels; writes ``RESULTS.md``.

Each fit runs in a process of its own, all tools in turn, round after round, so that a busy
moment of the machine falls on all alike. Estimates must agree before a time counts. Every
tool gets the same number of threads, one unless said. What was measured is kept as lines
of JSON, so that a run can be stopped and carried on: ``--keep``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agree import disagreements
from panels import written
from plan import METHODS, Tool
from results import Run, write

HERE = Path(__file__).parent
SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
LONG = 15.0
THREADS = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "NUMBA", "RAYON")


def main() -> None:
    """Measure, compare, write."""
    asked = _asked()
    log = asked.folder / "measured.jsonl"
    asked.folder.mkdir(parents=True, exist_ok=True)
    if not asked.keep:
        log.unlink(missing_ok=True)
    for _ in range(asked.rounds):
        for method, tool, units in _turns(asked):
            if _once_is_enough(_read(log), method, tool.name, units):
                continue
            run = _measured(method, tool, units, asked)
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(run.__dict__) + "\n")
            print(run.line(), flush=True)
    runs = _read(log)
    wrong = disagreements(runs)
    if wrong:
        sys.exit("estimates differ, so no time counts:\n" + "\n".join(wrong))
    write(HERE / "RESULTS.md", runs, threads=asked.threads)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("--units", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="for every tool")
    parser.add_argument("--million", action="store_true", help="a million units, ours only")
    parser.add_argument("--keep", action="store_true", help="add to what was measured before")
    parser.add_argument("--folder", type=Path, default=HERE.parent / ".venv-bench" / "measured")
    return parser.parse_args()


def _turns(asked: argparse.Namespace) -> Iterator[tuple[str, Tool, int]]:
    for units in [*asked.units, *([MILLION] if asked.million else [])]:
        for name in asked.methods:
            method = METHODS[name]
            if units not in (method.sizes or (*asked.units, MILLION)):
                continue
            for tool in method.tools:
                if units <= tool.largest:
                    yield name, tool, units


def _once_is_enough(runs: list[Run], method: str, tool: str, units: int) -> bool:
    """Whether a fit was measured that takes long, or a million units were."""
    before = [run for run in runs if (run.method, run.tool, run.units) == (method, tool, units)]
    return any(min(run.seconds) > LONG or units == MILLION for run in before)


def _measured(method: str, tool: Tool, units: int, asked: argparse.Namespace) -> Run:
    path = written(asked.folder / "panels", METHODS[method].panel, units)
    threads = {f"{name}_NUM_THREADS": str(asked.threads) for name in THREADS}
    threads["POLARS_MAX_THREADS"] = str(asked.threads)
    done = subprocess.run(
        [sys.executable, str(HERE / "measure.py"), method, tool.name, str(path)],
        env={**os.environ, **threads},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{tool.name} broke on {method} with {units} units:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Run(method=method, tool=tool.name, units=units, **found)


def _read(log: Path) -> list[Run]:
    if not log.exists():
        return []
    return [Run(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
