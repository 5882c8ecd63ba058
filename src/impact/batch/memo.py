"""Content hashes of files that were read before, remembered by what tells that they changed."""

from __future__ import annotations

import json
import time
from pathlib import Path

from impact.batch.files import sha256_of, write_whole

__all__ = ["Memo"]

SETTLED = 2.0
"""Seconds after which a file that is written again has another time on any file system."""


class Memo:
    """The sha256 of files, read again only where size, times or place on the disk changed.

    Parameters
    ----------
    path : Path
        Where it is kept between runs.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, list[object]] = _read(path)
        self._new = False

    def sha256_of(self, path: Path) -> str:
        """Return the sha256 of a file in hexadecimal; empty where there is none."""
        try:
            state = path.stat()
        except OSError:
            return ""
        marks = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
        known = self._known.get(str(path))
        if known is not None and known[:-1] == marks:
            return str(known[-1])
        digest = sha256_of(path)
        # One written just now could be written again within the same tick of the clock.
        if time.time() - max(state.st_mtime, state.st_ctime) > SETTLED:
            self._known[str(path)] = [*marks, digest]
            self._new = True
        return digest

    def keep(self) -> None:
        """Remember for the next run what is still there."""
        if self._new:
            there = {name: marks for name, marks in self._known.items() if Path(name).exists()}
            write_whole(self._path, json.dumps(there))


def _read(path: Path) -> dict[str, list[object]]:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): list(marks) for name, marks in given.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
