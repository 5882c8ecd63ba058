"""Files that take their places together: all of them, or none, whoever is killed meanwhile.

The new files are first written beside the old ones, then a journal says where each belongs;
from that moment on they will all be there. Whoever comes next finishes what the journal
says, and throws away what was written without one.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from impact.batch.files import sync_folder, write_whole

__all__ = ["place_together", "settle", "unsettled"]

STAGE = ".next"
JOURNAL = ".journal.json"


def place_together(folder: Path, files: Mapping[Path, bytes | str]) -> None:
    """Write several files so that all of them are replaced, or none is.

    Parameters
    ----------
    folder : Path
        Where they wait, and where the journal is kept.
    files : mapping of Path to content
        In the order in which they take their places.

    Raises
    ------
    OSError
        One could not be written. What had not taken its place by then does not.
    """
    settle(folder)
    stage = folder / STAGE
    try:
        for number, content in enumerate(files.values()):
            write_whole(stage / str(number), content)
        write_whole(folder / JOURNAL, json.dumps([str(target) for target in files]))
        settle(folder)
    except OSError:
        # Nobody was killed: the one who asked is told, and nothing shall happen later.
        with suppress(OSError):
            _forget(folder)
        raise


def settle(folder: Path) -> bool:
    """Finish what a journal says; throw away what waits without one.

    Returns
    -------
    bool
        Whether there was a journal.
    """
    journal, stage = folder / JOURNAL, folder / STAGE
    try:
        targets = [Path(text) for text in json.loads(journal.read_text(encoding="utf-8"))]
    except (FileNotFoundError, NotADirectoryError, ValueError):
        targets = []
    for number, target in enumerate(targets):
        if (stage / str(number)).is_file():
            _move(stage / str(number), target)
    for parent in {target.parent for target in targets}:
        sync_folder(parent)
    _forget(folder)
    return bool(targets)


def unsettled(runs: Path) -> Iterator[Path]:
    """Yield the folders in which somebody was cut off."""
    for folder in (runs, *sorted(runs.glob("*/"))):
        if (folder / JOURNAL).exists() or (folder / STAGE).exists():
            yield folder


def _move(staged: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(staged, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            error.filename = str(target)
            raise
        write_whole(target, staged.read_bytes())


def _forget(folder: Path) -> None:
    (folder / JOURNAL).unlink(missing_ok=True)
    if (folder / STAGE).exists():
        shutil.rmtree(folder / STAGE)
