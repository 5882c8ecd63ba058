"""``impact run``."""

from __future__ import annotations

import argparse
from contextlib import closing

from impact.batch.conduct import run_batch
from impact.batch.outputs import opened
from impact.batch.tally import Wishes
from impact.cli import default_jobs
from impact.cli.progress import teller

__all__ = ["main"]


def main(given: argparse.Namespace) -> int:
    """Run the pilots of the call."""
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
    where = {name: getattr(given, name) for name in ("params", "reports", "runs", "pilots")}
    with closing(teller(quiet=given.quiet, json=given.json)) as tell:
        with opened(**where, to_write=True) as project:
            tally = run_batch(project, project.named(given.pilots), wishes, tell)
        tell.end(tally)
    return tally.exit_code
