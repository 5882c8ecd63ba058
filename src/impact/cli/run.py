"""``impact run``."""

from __future__ import annotations

import argparse
from contextlib import closing

from impact.batch.conduct import run_batch
from impact.batch.project import find_project
from impact.batch.tally import Wishes
from impact.cli import default_jobs
from impact.cli.progress import teller

__all__ = ["main"]


def main(given: argparse.Namespace) -> int:
    """Run the pilots of the call."""
    project = find_project(
        params=given.params, reports=given.reports, runs=given.runs, pilots=given.pilots
    )
    files = project.named(given.pilots)
    wishes = Wishes(
        jobs=given.jobs or (None if given.scheduler else default_jobs()),
        force=given.force,
        fail_fast=given.fail_fast,
        timeout=given.timeout,
        engine=given.engine,
        memory=given.memory,
        scheduler=given.scheduler,
        languages=tuple(dict.fromkeys(given.language or ())),
    )
    with closing(teller(quiet=given.quiet, json=given.json)) as tell:
        tally = run_batch(project, files, wishes, tell)
        tell.end(tally)
    return tally.exit_code
