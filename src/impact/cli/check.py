"""``impact check``."""

from __future__ import annotations

import argparse
from contextlib import closing

from impact.batch.conduct import check_all
from impact.batch.project import find_project
from impact.batch.tally import Wishes
from impact.cli import default_jobs
from impact.cli.progress import teller

__all__ = ["main"]


def main(given: argparse.Namespace) -> int:
    """Check the pilots of the call."""
    project = find_project(params=given.params, pilots=given.pilots)
    files = project.named(given.pilots)
    with closing(teller(quiet=given.quiet, json=given.json)) as tell:
        tally = check_all(project, files, Wishes(given.jobs or default_jobs()), tell)
        tell.end(tally, word="sound")
    return tally.exit_code
