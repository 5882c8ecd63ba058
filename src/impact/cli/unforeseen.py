"""What no rule foresaw: one line for whoever reads, the details for whoever mends."""

from __future__ import annotations

import argparse
import traceback
from contextlib import suppress

__all__ = ["told"]

LOG = "error.log"


def told(error: Exception, given: argparse.Namespace) -> str:
    """Return the line to show; what the error said goes into ``runs/`` of the project.

    Parameters
    ----------
    error : Exception
        Its text may hold a value of a person and is not repeated.
    given : argparse.Namespace
        The call: it says which project is meant.
    """
    from impact.batch.kinds import kind_named

    kind = kind_named(type(error).__name__)
    kept = _kept(error, given)
    where = f"; the details are in {kept}" if kept else ""
    return f"this met {kind}, which no rule foresees{where}"


def _kept(error: Exception, given: argparse.Namespace) -> str:
    """Write the traceback; return where, or nothing where that is not possible."""
    from pathlib import Path

    from impact.batch.files import write_whole
    from impact.batch.project import find_project
    from impact.errors import ImpactError

    # Whatever is wrong with the project, the line is told.
    with suppress(ImpactError, OSError):
        runs = getattr(given, "runs", None)
        near = runs if isinstance(runs, Path) else None
        project = find_project(params=getattr(given, "params", None), runs=near)
        text = "".join(traceback.format_exception(error))
        write_whole(project.runs / LOG, text)
        return project.short(project.runs / LOG)
    return ""
