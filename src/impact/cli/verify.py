"""``impact verify``."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from dataclasses import asdict
from typing import Any

from impact.batch.outputs import opened
from impact.batch.tally import Wishes
from impact.batch.verify import Verdict, verify
from impact.cli import default_jobs
from impact.cli.live import Live
from impact.cli.progress import can_move

__all__ = ["main"]


def main(given: argparse.Namespace) -> int:
    """Run the pilots of the call elsewhere; say of each whether the same came out."""
    wishes = Wishes(given.jobs or default_jobs(), force=True, timeout=given.timeout)
    where = {name: getattr(given, name) for name in ("params", "reports", "runs", "pilots")}
    with closing(_teller(given)) as tell, opened(**where) as project:
        verdicts, tally = verify(project, project.named(given.pilots), wishes, tell)
    _tell(verdicts, given)
    if tally.interrupted:
        return 130
    if all(verdict.state == "not published" for verdict in verdicts):
        return 2
    return 0 if all(verdict.state == "same" for verdict in verdicts) else 1


def _teller(given: argparse.Namespace) -> Live | _Silent:
    """Return what tells of the run while it lasts: a table, on a terminal."""
    shown = can_move(sys.stderr) and not given.quiet and not given.json
    return Live(sys.stderr, lines=False) if shown else _Silent()


class _Silent:
    def __call__(self, event: dict[str, Any]) -> None:
        return

    def close(self) -> None:
        return


def _tell(verdicts: list[Verdict], given: argparse.Namespace) -> None:
    width = max(len(verdict.pilot) for verdict in verdicts)
    for verdict in verdicts:
        if given.json:
            print(json.dumps(asdict(verdict)))
        elif not given.quiet or verdict.state != "same":
            line = f"{verdict.pilot:<{width}}  {verdict.state:<13}  {verdict.said}"
            print(line.rstrip())
