"""The project's root: the folder that holds ``params/``, whatever the working directory."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from impact.errors import Fault, SpecError

if TYPE_CHECKING:
    from impact.spec.models import PilotSpec

__all__ = ["is_url", "project_root", "relative_to_root", "resolve", "root_of"]


def project_root(start: str | os.PathLike[str] | None = None) -> Path:
    """Return the project's root.

    ``IMPACT_ROOT`` wins. Else it is the nearest folder upwards from `start` that holds
    ``params/``, else the nearest upwards from the working directory, else the checkout
    that the package is installed from.

    Parameters
    ----------
    start : path, optional
        A params file or its folder; the working directory unless said.

    Raises
    ------
    SpecError
        No folder holds ``params/``, or ``IMPACT_ROOT`` names none.
    """
    said = os.environ.get("IMPACT_ROOT")
    if said:
        return _root_that_was_said(said)
    starts = [Path.cwd()] if start is None else [Path(start), Path.cwd()]
    for folder in (*starts, Path(__file__).parent):
        absolute = Path(os.path.abspath(folder))
        for root in (absolute, *absolute.parents):
            if (root / "params").is_dir():
                return root
    raise SpecError(
        Fault(
            "no-project",
            "the project's root",
            "no folder upwards from here holds params/",
            "",
            "change to the project's folder, or set IMPACT_ROOT to it",
        )
    )


def _root_that_was_said(said: str) -> Path:
    root = Path(os.path.abspath(Path(said).expanduser()))
    if root.is_dir():
        return root
    raise SpecError(
        Fault("no-project", "IMPACT_ROOT", "names no folder", "", "set it to the project's folder")
    )


def root_of(spec: PilotSpec) -> Path:
    """Return the root that the relative paths of a params file start from.

    Parameters
    ----------
    spec : PilotSpec
        From a file: the file's project. From a notebook or mapping: the working directory's.

    Raises
    ------
    SpecError
        No folder holds ``params/``.
    """
    return project_root(None if spec.source is None else spec.source.parent)


def resolve(path: str, root: Path) -> str | Path:
    """Return where the data lie: a URL as it stands, else an absolute path.

    Parameters
    ----------
    path : str
        ``data.path`` of a params file.
    root : Path
        The project's root.

    Examples
    --------
    >>> resolve("s3://bucket/tilburg.parquet", Path("/project"))
    's3://bucket/tilburg.parquet'
    """
    return path if is_url(path) else root / path


def is_url(path: str) -> bool:
    """Whether ``data.path`` is a URL, as fsspec takes them, and no file of this machine."""
    return re.match(r"[A-Za-z][A-Za-z0-9+._:-]*://", path) is not None


def relative_to_root(path: str | os.PathLike[str], root: Path) -> str:
    """Return a path as messages show it: from the root, or its name alone when outside.

    Examples
    --------
    >>> relative_to_root("/project/params/tilburg.yml", Path("/project"))
    'params/tilburg.yml'
    """
    absolute = Path(os.path.abspath(path))
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else absolute.name
