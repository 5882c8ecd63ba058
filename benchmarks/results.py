"""What was measured, as tables a person reads."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from plan import METHODS, OURS
from targets import TARGETS

__all__ = ["Run", "Summary", "write"]

ENGINES = ("numpy", "scipy", "pandas")
PEERS = ("pyfixest", "linearmodels", "diff-diff", "csdid", "differences")
MILLION = 1_000_000
HEADER = (
    "| units | tool | fit, s | times ours | processor, s | times ours | from a frame, s "
    "| extra, MB | peak, MB |"
)


@dataclass(frozen=True)
class Run:
    """One process: the seconds of its fits, and what they held and found."""

    method: str
    tool: str
    units: int
    seconds: list[float]
    processor: list[float]
    ready: float
    read: float
    extra_mb: float
    peak_mb: float
    found: dict[str, float]

    def line(self) -> str:
        """Return a line of progress."""
        return f"{self.method:30} {self.tool:24} {self.units:>9,} {min(self.seconds):9.4f} s"


@dataclass(frozen=True)
class Summary:
    """All processes of one tool on one panel: medians."""

    seconds: float
    processor: float
    from_frame: float
    extra_mb: float
    peak_mb: float

    @classmethod
    def of(cls, runs: list[Run]) -> Summary:
        """Take the medians over all fits, and over all processes where there is one each."""
        seconds = median(second for run in runs for second in run.seconds)
        return cls(
            seconds,
            median(second for run in runs for second in run.processor),
            seconds + median(run.ready for run in runs),
            median(run.extra_mb for run in runs),
            median(run.peak_mb for run in runs),
        )


Summaries = dict[tuple[str, str, int], Summary]


def write(path: Path, runs: list[Run], *, threads: int) -> None:
    """Write the tables."""
    cells: dict[tuple[str, str, int], list[Run]] = {}
    for run in runs:
        cells.setdefault((run.method, run.tool, run.units), []).append(run)
    found = {key: Summary.of(group) for key, group in cells.items()}
    lines = [*_head(runs, threads), *_targets(found), *_tables(found), *_growth(found)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _head(runs: list[Run], threads: int) -> Iterator[str]:
    read = {units: median(r.read for r in runs if r.units == units) for units in _sizes(runs)}
    packages = [f"{name} {version(name)}" for name in (*ENGINES, *PEERS)]
    reading = ", ".join(f"{seconds:.2g} s for {units:,} units" for units, seconds in read.items())
    yield from (
        "# Speed and memory",
        "",
        "`make bench` makes this page. Simulated panels of 20 periods, two in five units never",
        "treated (`panels.py`); every tool in a process of its own, all in turn, several rounds;",
        "imports and the first call, on 200 units, are not counted. All tools found the same",
        "estimates (`agree.py`) before a time counted.",
        "",
        "- *fit*: seconds by the clock from the tool's ready panel, median over all fits;",
        "  *processor*: the same without the time it waited for others on a shared machine.",
        "- *from a frame*: the same and what it takes to make the ready panel of a sorted frame,",
        "  with all of this package's checks of the data. Reading the file is not counted; from",
        f"  Parquet it takes {reading}.",
        "- *extra*: the most memory the process held during a fit beyond what it held before.",
        "- *peak*: the most it ever held, packages and the reading of the file included.",
        "",
        f"Machine: {_machine()}; {threads} thread{'s' if threads > 1 else ''} for every tool.",
        "",
        f"Versions: Python {platform.python_version()}, {', '.join(packages)}.",
        "",
    )


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = os.cpu_count()
    return f"{platform.system()}, {_processor()}, {cores} cores, {memory:.0f} GB of memory"


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _sizes(runs: list[Run]) -> list[int]:
    return sorted({run.units for run in runs})


def _targets(found: Summaries) -> Iterator[str]:
    yield from (
        "## What must hold",
        "",
        "By the clock; in brackets by processor time.",
        "",
        "| target | measured | holds |",
        "|---|---|---|",
    )
    for target in TARGETS:
        measured = target.measured(found)
        if measured is not None:
            said, holds = measured
            yield f"| {target.says} | {said} | {'yes' if holds else '**no**'} |"
    yield ""


def _tables(found: Summaries) -> Iterator[str]:
    for name, method in METHODS.items():
        sizes = sorted({units for (m, _, units) in found if m == name and units < MILLION})
        if not sizes:
            continue
        yield from (f"## {name}", "", f"{method.says[0].upper()}{method.says[1:]}.", "")
        yield HEADER
        yield "|---:|---|---:|---:|---:|---:|---:|---:|---:|"
        for units in sizes:
            for tool in method.tools:
                if (name, tool.name, units) in found:
                    yield _row(found, name, tool.name, units)
                elif units > tool.largest:
                    yield f"| {units:,} | {tool.name} | {tool.why} | | | | | | |"
        yield ""


def _row(found: Summaries, method: str, tool: str, units: int) -> str:
    got = found[method, tool, units]
    own = found.get((method, OURS, units))
    times = busy = ""
    if own is not None and tool != OURS:
        times = f"{got.seconds / own.seconds:.1f}"
        busy = f"{got.processor / own.processor:.1f}"
    return (
        f"| {units:,} | {tool} | {got.seconds:.4f} | {times} | {got.processor:.4f} | {busy} "
        f"| {got.from_frame:.4f} | {got.extra_mb:,.0f} | {got.peak_mb:,.0f} |"
    )


def _growth(found: Summaries) -> Iterator[str]:
    yield from (
        "## Growth",
        "",
        "Median seconds of the fit; the ratio is to the rows' own growth of 100 and of 10.",
        "",
        "| method | tool | 1,000 | 100,000 | ratio | 1,000,000 | ratio | extra, MB |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    )
    for name, method in METHODS.items():
        for tool in method.tools:
            small, large = (found.get((name, tool.name, n)) for n in (1_000, 100_000))
            million = found.get((name, tool.name, MILLION))
            if small is None or large is None:
                continue
            row = f"| {name} | {tool.name} | {small.seconds:.4f} | {large.seconds:.3f} "
            row += f"| {large.seconds / small.seconds:.0f} "
            if million is None:
                yield row + "| | | |"
            else:
                times = million.seconds / large.seconds
                yield row + f"| {million.seconds:.2f} | {times:.1f} | {million.extra_mb:,.0f} |"
