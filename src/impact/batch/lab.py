"""The notebook with a pilot's parameters filled in, to be worked on by hand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impact.batch.files import write_whole
from impact.batch.project import Project
from impact.errors import Fault, RunError

__all__ = ["WorkingCopy", "working_copy"]


@dataclass(frozen=True)
class WorkingCopy:
    """A notebook to work on.

    Parameters
    ----------
    path : Path
        The notebook, in ``runs/``: private, and no part of the repository.
    kept : bool
        It was there, somebody had edited it, and it was left as it is.
    """

    path: Path
    kept: bool


def working_copy(project: Project, params: Path | None, *, fresh: bool = False) -> WorkingCopy:
    """Write the notebook with a pilot's parameters filled in, as papermill would run it.

    Parameters
    ----------
    params : Path or None
        The pilot's params file; None leaves the parameters as the notebook has them.
    fresh : bool
        Replace a copy that was edited. One whose cells are as they were written
        is always replaced.

    Raises
    ------
    RunError
        The notebook or the params file cannot be read.
    """
    folder = project.runs if params is None else project.folder(params.stem)
    path = folder / "lab.ipynb"
    if not fresh and _edited(path):
        return WorkingCopy(path, kept=True)
    if not project.notebook.is_file():
        where = project.short(project.notebook)
        raise RunError(Fault("no-notebook", where, "there is no such notebook"))
    nb = _filled_in(project, params)
    nb.metadata["impact"] = {"sources": _sources(nb)}
    import nbformat

    write_whole(path, str(nbformat.writes(nb)) + "\n")  # type: ignore[no-untyped-call]
    return WorkingCopy(path, kept=False)


def _filled_in(project: Project, params: Path | None) -> Any:
    from papermill import execute_notebook

    from impact.batch.kernel import KERNEL

    notebook = str(project.notebook).replace("{", "{{").replace("}", "}}")
    given = None if params is None else _parameters(project, params)
    nb = execute_notebook(
        notebook, None, given, prepare_only=True, kernel_name=KERNEL, language="python"
    )
    nb.metadata.pop("papermill", None)  # it names the machine's folders
    return nb


def _parameters(project: Project, params: Path) -> Any:
    import yaml
    from papermill.iorw import read_yaml_file

    try:
        given = read_yaml_file(str(params))
    except (yaml.YAMLError, ValueError):
        given = None
    if not isinstance(given, dict):
        where = project.short(params)
        advice = f"see 'impact check {params.stem}'"
        raise RunError(Fault("not-yaml", where, "the file cannot be read", advice=advice))
    return given


def _edited(path: Path) -> bool:
    """Whether there is a copy whose cells are not those that were written."""
    if not path.is_file():
        return False
    try:
        nb = json.loads(path.read_text(encoding="utf-8"))
        return bool(nb["metadata"]["impact"]["sources"] != _sources(nb))
    except (ValueError, KeyError, TypeError):
        return True


def _sources(nb: Any) -> str:
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in nb["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()
