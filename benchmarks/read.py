"""Five million rows of Parquet, read, checked and described in one pass; writes ``READ.md``.

Each pass runs in a process of its own, the tools in turn. What counts is the most memory
that the pass took beyond what the process held before it, against the size that the whole
file has as an Arrow table in memory.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

from read_panel import PERIODS, written

HERE = Path(__file__).parent
UNITS = 250_000
WARM = 200
MOST = 3.0
TOOLS = ("impact", "pandas")


def main() -> None:
    """Measure and write."""
    asked = _asked()
    warm = written(asked.folder, WARM, shuffled=False)
    lines, ratios = [], []
    for shuffled in (False, True):
        path = written(asked.folder, asked.units, shuffled=shuffled)
        size = _in_memory(path)
        runs: dict[str, list[dict[str, Any]]] = {tool: [] for tool in TOOLS}
        for _ in range(asked.rounds):
            for tool in TOOLS:
                runs[tool].append(_measured(tool, path, warm))
        for tool in TOOLS:
            ratio = max(run["extra_mb"] for run in runs[tool]) / size
            lines.append(_line(tool, runs[tool], size, ratio, shuffled=shuffled))
            print(lines[-1], flush=True)
            ratios += [ratio] if tool == "impact" else []
    _write(asked, lines, max(ratios))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=HERE.parent / ".venv-bench" / "registers")
    return parser.parse_args()


def _in_memory(path: Path) -> float:
    """Return the size of the whole file as an Arrow table, in MB."""
    from pyarrow import parquet

    return float(parquet.read_table(path).nbytes) / 2**20


def _measured(tool: str, path: Path, warm: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(HERE / "read_one.py"), tool, str(path), str(warm)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{tool} broke on {path.name}:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _line(
    tool: str, runs: list[dict[str, Any]], size: float, ratio: float, *, shuffled: bool
) -> str:
    read = median(run["steps"]["read"][0] for run in runs)
    seconds = median(run["seconds"] for run in runs)
    extra = max(run["extra_mb"] for run in runs)
    order = "in no order" if shuffled else "by person"
    cells = [order, tool, f"{read:.1f}", f"{seconds - read:.1f}", f"{extra:,.0f}"]
    return "| " + " | ".join([*cells, f"{size:,.0f}", f"{ratio:.2f}"]) + " |"


def _write(asked: argparse.Namespace, lines: list[str], ratio: float) -> None:
    rows = asked.units * PERIODS
    names = ("numpy", "pandas", "pyarrow")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    holds = "yes" if ratio < MOST else "**no**"
    text = f"""# Reading and describing a large file

`make bench` makes this page. A simulated register (`read_panel.py`): {asked.units:,} persons
over {PERIODS} periods, {rows:,} rows of Parquet; texts for person, municipality and schooling,
two outcomes, three covariates, some answers missing.

- *impact*: `read_panel` with all its checks, then participants, balance, trends and data
  quality; *pandas*: `read_parquet`, then `groupby(group, period).describe()`, no check.
- *extra*: the most memory the process held during the pass beyond what it held before, over
  all rounds; imports and a first pass over {WARM} persons come before. Seconds are medians.
- *file*: the size of the whole file as an Arrow table in memory.

Machine: {platform.system()}, {os.cpu_count()} cores, {memory:.0f} GB of memory. Versions: Python
{platform.python_version()}, {versions}.

| target | measured | holds |
|---|---|---|
| {rows:,} rows read, checked and described in under {MOST:g} × the file | {ratio:.2f} × | {holds} |

| rows | tool | read, s | describe, s | extra, MB | file, MB | extra / file |
|---|---|---:|---:|---:|---:|---:|
"""
    (HERE / "READ.md").write_text(text + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
