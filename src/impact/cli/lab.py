"""``impact lab``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from impact.batch.lab import working_copy
from impact.batch.project import find_project

__all__ = ["main"]


def main(given: argparse.Namespace) -> int:
    """Open JupyterLab on a pilot's working copy; returns when the server has ended."""
    project = find_project(params=given.params, pilots=[given.pilot] if given.pilot else [])
    params = project.named([given.pilot])[0] if given.pilot else None
    copy = working_copy(project, params, fresh=given.fresh)
    said = f"opening {project.short(copy.path)}"
    if copy.kept:
        said = f"opening your edited copy {project.short(copy.path)} (a new one: --fresh)"
    print(said, flush=True)
    call = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={project.root}"]
    call.append(f"--LabApp.default_url=/lab/tree/{project.short(copy.path)}")
    if given.no_browser:
        call.append("--no-browser")
    if given.port is not None:
        call += [f"--port={given.port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        call.append("--allow-root")
    environment = os.environ | {"IMPACT_ROOT": str(project.root)}
    if os.name == "posix":
        # The server takes this process's place: signals reach it, and it asks before it ends.
        os.execve(sys.executable, call, environment)
    return subprocess.call(call, env=environment)
