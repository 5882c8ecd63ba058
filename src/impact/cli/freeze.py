"""``impact freeze``."""

from __future__ import annotations

import argparse
import datetime as dt

from impact.batch.freeze import freeze
from impact.batch.project import find_project

__all__ = ["main"]


def main(given: argparse.Namespace) -> int:
    """Write date and hash of a pilot's plan into its params file."""
    project = find_project(params=given.params, pilots=[given.pilot])
    params = project.named([given.pilot])[0]
    where, today = project.short(params), dt.datetime.now().astimezone().date()
    made = freeze(params, where=where, today=today, again=given.again)
    print(f"{where}: the plan is frozen as of {today}, hash {made}")
    return 0
