"""``impact new``."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from impact.batch.files import write_new
from impact.batch.project import Project, find_project
from impact.errors import Fault, RunError

__all__ = ["main"]

PILOT = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def main(given: argparse.Namespace) -> int:
    """Write the params file of a new pilot; one that is there is never overwritten."""
    if not PILOT.fullmatch(given.pilot):
        found = f"'{given.pilot}' is no id of a pilot"
        raise RunError(Fault("id", "", found, "an id is made of a-z, 0-9 and -"))
    project = _project(given.params)
    path = project.params / f"{given.pilot}.yml"
    _still_free(project, path)
    if given.data is not None and not given.data.is_file():
        raise RunError(Fault("no-data", "", f"there is no file '{given.data.name}' at that path"))
    from impact.data.draft import draft

    try:
        write_new(path, draft(given.pilot, given.data))
    except FileExistsError:
        _still_free(project, path)
    print(f"wrote {project.short(path)}; fill it in, then: impact check {given.pilot}")
    return 0


def _project(params: Path | None) -> Project:
    if params is not None:
        params.mkdir(parents=True, exist_ok=True)
    return find_project(params=params)


def _still_free(project: Project, path: Path) -> None:
    for there in (path, path.with_suffix(".yaml")):
        if there.exists():
            found = "there is such a file, and it is not overwritten"
            raise RunError(Fault("exists", project.short(there), found))
