"""``impact list``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from contextlib import suppress
from typing import Any

from impact.batch.inputs import Inputs
from impact.batch.journal import settle, unsettled
from impact.batch.lock import held
from impact.batch.outputs import opened
from impact.batch.plan import Task, plan
from impact.batch.project import Project
from impact.errors import RunError

__all__ = ["main"]


def main(given: argparse.Namespace) -> int:
    """Show every pilot, its state, when it ran last and how long that took."""
    with opened(params=given.params, reports=given.reports, runs=given.runs) as project:
        _put_right(project)
        rows = [_row(task) for task in plan(project, project.named(()), Inputs(project))]
    if given.json:
        for row in rows:
            print(json.dumps(row))
        return 0
    width = max(len(row["pilot"]) for row in rows)
    for row in rows:
        took = "" if row["seconds"] is None else f"{row['seconds']:.1f} s"
        why = f"  ({row['why']})" if row["state"] == "stale" else ""
        line = f"{row['pilot']:<{width}}  {row['state']:<10}  {_when(row['ended']):<16}  {took:>8}"
        print(f"{line}{why}".rstrip())
    return 0


def _put_right(project: Project) -> None:
    """Finish what a killed batch was publishing, unless a living one is at work."""
    if not any(unsettled(project.runs)):
        return
    with suppress(RunError, OSError), held(project.runs / ".lock"):
        for folder in unsettled(project.runs):
            settle(folder)


def _row(task: Task) -> dict[str, Any]:
    run = task.run
    return {
        "pilot": task.pilot,
        "state": task.state,
        "why": task.why,
        "ended": run.ended if run else "",
        "seconds": run.seconds if run else None,
    }


def _when(iso: str) -> str:
    return f"{dt.datetime.fromisoformat(iso).astimezone():%Y-%m-%d %H:%M}" if iso else ""
