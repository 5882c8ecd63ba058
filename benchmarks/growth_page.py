"""The table and the reckoning of `growth.py`, as a page."""

from __future__ import annotations

import argparse
import os
from heapq import heapify, heapreplace
from typing import Any

DUTIES = 3
SIMULATED, WORKERS = 1000, (1, 2, 4, 8, 16, 32, 64, 128, 256)
CALL = 0.03
"""Seconds of a call of an object store: an assumption."""


def page(asked: argparse.Namespace, runs: list[Any], costs: Any, machine: str) -> str:
    """Return the page.

    Parameters
    ----------
    asked : argparse.Namespace
        How it was measured.
    runs : list of growth.Ran
        By workers and pilots; the first two are of one worker.
    costs : growth.Costs
    machine : str
        In words.
    """
    few, many = runs[0], next(ran for ran in runs if ran.workers == 1 and ran is not runs[0])
    more = many.pilots - few.pilots
    writer = (many.writer - few.writer) / more
    alone = (many.clock - few.clock) / more
    scheduler = DUTIES * costs.alone
    lines = [*_head(asked, machine), *_table(runs), ""]
    lines += _measured(asked, few, writer, scheduler, alone, costs)
    lines += _simulated(writer, scheduler, alone)
    lines += _reckoning(writer, scheduler, alone, costs)
    return "\n".join(lines) + "\n"


def _head(asked: argparse.Namespace, machine: str) -> list[str]:
    notebook = (
        "the pilots' own notebook, `notebooks/pilot.ipynb`"
        if asked.real
        else "a stand-in of five cells, `tests/notebooks/good.ipynb`: it reads the data, shows a "
        "table, the status and one estimate. Everything else is as for any pilot: params and "
        "data are checked, the notebook is executed in a forked child, the page goes through the "
        "gate and is published"
    )
    return [
        "# How a batch grows with a cluster's workers",
        "",
        f"`python benchmarks/growth.py --pilots {asked.pilots}"
        f"{' --real' if asked.real else ''}` makes this page. "
        f"{asked.pilots} light pilots, a params file each, on one data file of 80 rows. "
        f"The notebook is {notebook}.",
        "",
        "Scheduler, workers and the calling process are processes of one machine that talk over "
        f"loopback; a worker does one pilot at a time. There are {os.cpu_count()} cores: with more "
        "workers than that, or with any beside a busy caller, they share cores, and the clock "
        "says nothing of what they would do on machines of their own. What scheduler and writer "
        "*compute* does not depend on that; the reckoning below rests on it.",
        "",
        machine,
        "",
    ]


def _table(runs: list[Any]) -> list[str]:
    base = next(ran for ran in reversed(runs) if ran.workers == 1)
    lines = [
        "| workers | pilots | clock, s | pilots a minute | as fast as one | index, s | scheduler "
        "computed, s | writer computed, s |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for ran in runs:
        rate = ran.pilots / ran.clock
        times = f"{rate / (base.pilots / base.clock):.2f}"
        lines.append(
            f"| {ran.workers} | {ran.pilots} | {ran.clock:.1f} | {60 * rate:.0f} | {times} | "
            f"{ran.index:.1f} | {ran.scheduler:.2f} | {ran.writer:.1f} |"
        )
    return lines


def _measured(
    asked: argparse.Namespace, few: Any, writer: float, scheduler: float, alone: float, costs: Any
) -> list[str]:
    fixed = few.writer - writer * few.pilots
    return [
        "*clock*: from the first check to the last page; *index*: from there to the end; "
        "*computed*: seconds of processor time. The writer is the process that was called: it "
        "plans, asks, puts pages and records in their places, and makes the index. What the "
        "scheduler computed in a batch is more than its tasks: it looks after itself and its "
        "workers every second, tasks or none.",
        "",
        "## What one pilot costs whom",
        "",
        "| who | seconds | how it was measured |",
        "|---|---:|---|",
        f"| a worker | {alone:.3f} | clock of one worker, difference of both batches |",
        f"| the scheduler | {scheduler:.4f} | computed; {DUTIES} empty tasks, each sent alone and "
        f"waited for ({DUTIES * costs.alone_clock:.4f} on the clock) |",
        f"| the same, all sent at once | {DUTIES * costs.task:.4f} | computed; {asked.tasks:,} "
        "empty tasks |",
        f"| the writer | {writer:.4f} | computed, difference of both batches; the same for all: "
        f"{fixed:.1f} |",
        f"| of it: putting files in place | {costs.publish:.4f} | computed; on the clock, with "
        f"the disk's flushes, {costs.publish_clock:.4f} |",
        "",
        "The gate is not on this list: it runs on the workers, with the drawing of the page. The "
        "writer's part of it is the index, once a batch.",
        "",
    ]


def makespan(workers: int, *, scheduler: float, pilot: float, writer: float) -> float:
    """Return the seconds of `SIMULATED` pilots, each on a core of its own.

    A pilot waits for the scheduler and for a free worker; its page waits for the writer. Scheduler
    and writer do one at a time, in turn.
    """
    free = [0.0] * workers
    heapify(free)
    asked = written = 0.0
    for _ in range(SIMULATED):
        asked = max(asked, free[0]) + scheduler
        done = asked + pilot
        heapreplace(free, done)
        written = max(written, done) + writer
    return written


def _simulated(writer: float, scheduler: float, alone: float) -> list[str]:
    costs = {"scheduler": scheduler, "writer": writer}
    lines = [
        f"## {SIMULATED:,} pilots, simulated",
        "",
        "Event by event from the seconds above, as if every worker had a core of its own: a pilot "
        "waits for the scheduler and for a free worker, its page for the writer.",
        "",
        f"| workers | pilots of {alone:.2f} s: clock, s | as fast as one | pilots of 5 s: clock, s "
        "| as fast as one |",
        "|---:|---:|---:|---:|---:|",
    ]
    base = [makespan(1, pilot=pilot, **costs) for pilot in (alone, 5.0)]
    for workers in WORKERS:
        took = [makespan(workers, pilot=pilot, **costs) for pilot in (alone, 5.0)]
        numbers = [f"{s:,.0f} | {b / s:.1f}" for s, b in zip(took, base, strict=True)]
        lines.append(f"| {workers} | {' | '.join(numbers)} |")
    return [*lines, ""]


def _reckoning(writer: float, scheduler: float, alone: float, costs: Any) -> list[str]:
    lines = [
        "## Where it ends, on paper",
        "",
        "A part that takes *c* seconds for each pilot serves 1/*c* pilots a second, and keeps "
        "*T*/*c* workers busy where a pilot takes a worker *T* seconds. The scheduler works on "
        "one core, and so does the writer: its threads wait for answers, but compute one at a "
        "time. *Disk*: as if it flushed the files of one pilot after the other; the writer's "
        "threads let it do several at once. *URL*: where outputs go to an object store, pilots are "
        "sent side by side, and only the look at the lock is one at a time; "
        f"{CALL} s for it is an assumption, not measured here. The table says how many workers "
        "each of them can keep busy.",
        "",
        f"| a pilot takes a worker | scheduler, {scheduler:.4f} s | writer, {writer:.4f} s | "
        f"disk, {costs.publish_clock:.4f} s | URL, {CALL:.2f} s |",
        "|---|---:|---:|---:|---:|",
    ]
    for seconds, told in ((alone, f"{alone:.2f} s (these)"), (5, "5 s"), (60, "60 s")):
        most = [seconds / cost for cost in (scheduler, writer, costs.publish_clock, CALL)]
        lines.append(f"| {told} | " + " | ".join(f"{n:,.0f}" for n in most) + " |")
    named = {"the scheduler": scheduler, "the writer": writer}
    first, cost = max(named.items(), key=lambda item: item[1])
    return [
        *lines,
        "",
        f"Of the two that compute, {first} is the first to have no time left: at {1 / cost:,.0f} "
        f"pilots a second, 1,000 pilots in {1000 * cost:,.0f} s however many workers there are. "
        "At the limit queues grow and workers wait; nothing breaks. This is a reckoning from "
        "costs on one machine: a network adds to each task, the scheduler has more to do for each "
        "worker that it watches, and no cluster of that size was tried.",
    ]
