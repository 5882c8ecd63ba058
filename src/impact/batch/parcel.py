"""Requests to workers that do not see the project's folder: the files travel with them.

What a duty reads is packed beside the request; there it is laid into a folder that stands for
the project, and what the duty made comes back the same way. Params, notebook, edition and what
was executed are a few hundred kilobytes; data never travel: they are read where their URL
leads. Nothing of a pilot stays on a worker.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impact.batch.files import write_whole
from impact.batch.starts import new_scratch

__all__ = ["Parcel", "Returned", "done_apart", "packed", "unpacked"]

READ: Mapping[str, tuple[str, ...]] = {
    "inspect": ("notebook",),
    "check": ("params",),
    "execute": ("notebook", "params"),
    "draw": ("notebook", "params", "before"),
}
MADE: Mapping[str, tuple[str, ...]] = {"execute": ("output",)}
SHARED = Path("notebooks")


@dataclass(frozen=True)
class Parcel:
    """A request, and the files that it needs.

    Parameters
    ----------
    request : mapping
        As a worker process takes it, its paths from the folder that stands for the project.
    files : mapping of str to bytes
        What is to lie there.
    project : str
        Tells the projects of one cluster apart.
    """

    request: Mapping[str, Any]
    files: Mapping[str, bytes]
    project: str


@dataclass(frozen=True)
class Returned:
    """What a worker told, and the files that it made, by the argument that names each."""

    lines: list[str | None]
    files: Mapping[str, bytes] = field(default_factory=dict)
    log: bytes = b""


def packed(request: Mapping[str, Any], root: Path, project: str) -> Parcel:
    """Pack a request with the files that it needs.

    Parameters
    ----------
    request : mapping
        With paths of this machine.
    root : Path
        The project's root.
    project : str
        Tells the projects of one cluster apart.
    """
    duty, given = request["duty"], dict(request["given"])
    files: dict[str, bytes] = {}
    for name in (*READ.get(duty, ()), *MADE.get(duty, ())):
        if given.get(name) is None:
            continue
        path = Path(given[name])
        given[name] = _stand_in(path, root, name)
        if name in READ[duty] and path.is_file():
            files[given[name]] = path.read_bytes()
    if duty == "check":
        given["apart"] = True
    log = request["log"] and _stand_in(Path(request["log"]), root, "log")
    return Parcel({**request, "given": given, "log": log}, files, project)


def unpacked(returned: Returned, request: Mapping[str, Any]) -> list[str | None]:
    """Put what came back where the request wanted it; return what was told."""
    for name, content in returned.files.items():
        write_whole(Path(request["given"][name]), content)
    if returned.log and request["log"]:
        log = Path(request["log"])
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file:
            file.write(returned.log)
    return returned.lines


def done_apart(parcel: Parcel, **how: Any) -> Returned:
    """Do a duty on a worker of the cluster, in a folder that stands for the project.

    Parameters
    ----------
    parcel : Parcel
        The request.
    **how
        As `impact.batch.cluster.done_there` takes it, but for the root.
    """
    from impact.batch.cluster import done_there

    root = _root(parcel.project)
    given = dict(parcel.request["given"])
    duty, log = parcel.request["duty"], parcel.request["log"]
    made = {name: root / given[name] for name in MADE.get(duty, ())}
    private = [root / name for name in parcel.files if not Path(name).is_relative_to(SHARED)]
    private += [*made.values(), *([root / log] if log else [])]
    try:
        for name, content in parcel.files.items():
            _lay(root / name, content)
        for name in (*READ.get(duty, ()), *made):
            if given.get(name) is not None:
                given[name] = str(root / given[name])
        given |= {"root": str(root)} if "root" in given else {}
        request = {**parcel.request, "given": given, "log": log and str(root / log)}
        lines = done_there(request, **how, root=str(root))
        back = {name: path.read_bytes() for name, path in made.items() if path.is_file()}
        return Returned(lines, back, _content(root / log) if log else b"")
    finally:
        for path in private:
            path.unlink(missing_ok=True)


def _stand_in(path: Path, root: Path, name: str) -> str:
    """Return where a file lies in the folder that stands for the project."""
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return f"{'params' if name == 'params' else f'runs/{path.parent.name}'}/{path.name}"


def _lay(path: Path, content: bytes) -> None:
    # Several pilots at once share the notebook; it is not written under their eyes.
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


_lock = threading.Lock()
_roots: dict[str, tempfile.TemporaryDirectory[str]] = {}


def _root(project: str) -> Path:
    """Return the folder that stands for a project on this worker, and goes with it."""
    with _lock:
        if project not in _roots:
            _roots[project] = new_scratch()
        root = Path(_roots[project].name).resolve()
    (root / "params").mkdir(exist_ok=True)
    return root
