"""What a pilot's records lie in: how a run's record names it, and whether it changed."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING

from impact.batch.files import sha256_of

if TYPE_CHECKING:
    from impact.spec import PilotSpec

__all__ = ["Sources", "asked_after", "sources_of"]


@dataclass(frozen=True)
class Sources:
    """Files, addresses and databases, in the order of the params file.

    Parameters
    ----------
    names : tuple of str
        Files and patterns from the project's root, where they are in it; of an address its
        scheme and host alone, so that a record lets nobody in.
    marks : tuple of str
        For each what tells that it changed, as far as that had to be asked elsewhere;
        empty for files, whose content is looked at, and where nothing tells.
    """

    names: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def far(self) -> bool:
        """Whether one of them is no file of this machine."""
        return any("://" in name for name in self.names)

    @property
    def unknown(self) -> str:
        """Why it cannot be known whether they changed; empty where it can."""
        for name, mark in self._pairs():
            if "://" in name and not mark:
                return _unmarked(name)
        return ""

    def digest(self, root: Path, sha256: Callable[[Path], str] = sha256_of) -> str:
        """Return one sha256 for all; empty where it cannot be known, or there is no file.

        Parameters
        ----------
        root : Path
            The project's root.
        sha256 : callable
            Returns the hash of a file, or remembers it.
        """
        if self.unknown:
            return ""
        parts = [mark or _content(root, name, sha256) for name, mark in self._pairs()]
        if len(parts) == 1:
            return parts[0]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest() if all(parts) else ""

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return zip(self.names, chain(self.marks, repeat("")), strict=False)


def _unmarked(name: str) -> str:
    from impact.data.address import is_database

    return "data in a database" if is_database(name) else "data at a URL"


def _content(root: Path, name: str, sha256: Callable[[Path], str]) -> str:
    """Return the sha256 of a file, or of all files of a pattern; empty where there is none."""
    files = list(_files(root, name))
    digests = [sha256(file) for file in files]
    if len(files) == 1 and (root / name) == files[0]:
        return digests[0]
    listed = "\n".join(f"{f.name} {d}" for f, d in zip(files, digests, strict=True))
    return hashlib.sha256(listed.encode()).hexdigest() if files else ""


def _files(root: Path, name: str) -> Iterator[Path]:
    path = root / name
    if not path.is_file():
        yield from sorted(root / found for found in glob.glob(name, root_dir=root, recursive=True))
        return
    yield path
    # What SQLite has not yet moved into the database itself.
    journal = path.with_name(f"{path.name}-wal")
    if journal.is_file() and journal.stat().st_size:
        yield journal


def sources_of(spec: PilotSpec, root: Path) -> Sources:
    """Return what a pilot's records lie in, asking after what is far away.

    Parameters
    ----------
    spec : PilotSpec
        The params file.
    root : Path
        The project's root.
    """
    found = [_source(file.path, root) for file in spec.data.files]
    return Sources(tuple(name for name, _ in found), tuple(mark for _, mark in found))


def asked_after(params: Path, root: Path, last: Sources) -> Sources:
    """Return the sources of the last run as they are now.

    Parameters
    ----------
    params : Path
        The params file, unchanged since: it has the addresses that the record leaves out.
    root : Path
        The project's root.
    last : Sources
        As the last run's record names them.
    """
    if not last.far:
        return last
    from impact.errors import ImpactError
    from impact.spec import load_spec

    try:
        return sources_of(load_spec(params), root)
    except ImpactError:
        # What is wrong with it is told where it is checked, which a change makes sure of.
        return last


def _source(path: str, root: Path) -> tuple[str, str]:
    from impact.data.address import address, is_database
    from impact.data.remote import mark_of
    from impact.data.sql_database import sqlite_file
    from impact.spec.project import is_url

    if not is_url(path):
        return _named(root / path, root), ""
    where = address(path)
    if not is_database(path):
        return where, mark_of(path, where)
    file = None if "${" in path else sqlite_file(path, root)
    return (where if file is None else _named(file, root)), ""


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
