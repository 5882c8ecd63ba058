"""``impact list``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from typing import Any

from impact.batch.inputs import Inputs
from impact.batch.plan import Task, plan
from impact.batch.project import find_project

__all__ = ["main"]


def main(given: argparse.Namespace) -> int:
    """Show every pilot, its state, when it ran last and how long that took."""
    project = find_project(params=given.params, reports=given.reports, runs=given.runs)
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
