"""Files that are whole at every moment, and what identifies their content."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import sys
from pathlib import Path

from impact.errors import Fault

__all__ = ["sha256_of", "sweep_parts", "sync_folder", "unwritten", "write_new", "write_whole"]


def write_whole(path: Path, content: bytes | str, *, staging: Path | None = None) -> str:
    """Write a file so that a reader sees the old content or the new, never a part.

    The content goes to a temporary file on the same file system, is flushed to the disk,
    and takes the target's name in one step.

    Parameters
    ----------
    path : Path
        The file; its folder is made where there is none.
    content : bytes or str
        Text is written as UTF-8, its line ends as they are.
    staging : Path, optional
        Folder for the temporary file, so that a killed process leaves nothing beside the
        target. Where it is on another file system the target's own folder is used.

    Returns
    -------
    str
        The sha256 of what was written, in hexadecimal.

    Raises
    ------
    OSError
        The folder cannot be written or the disk is full; the old file is untouched.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write_whole(Path(folder) / "a.txt", "whole")
    ...     (Path(folder) / "a.txt").read_text()
    'whole'
    """
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write_and_rename(path, data, staging or path.parent)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _write_and_rename(path, data, path.parent)
    sync_folder(path.parent)
    return hashlib.sha256(data).hexdigest()


def write_new(path: Path, text: str) -> None:
    """Write a file that must not be there yet, whole or not at all.

    Raises
    ------
    FileExistsError
        There is such a file; it stays as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f".{path.name}.{secrets.token_hex(4)}.part"
    try:
        part.write_text(text, encoding="utf-8")
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def sweep_parts(folder: Path) -> None:
    """Remove the temporary files that a killed process left in a folder."""
    for part in folder.glob(".*.part"):
        part.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal, read as a stream; empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ""


def _write_and_rename(path: Path, data: bytes, staging: Path) -> None:
    staging.mkdir(parents=True, exist_ok=True)
    part = staging / f".{path.name}.{secrets.token_hex(4)}.part"
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno != errno.EXDEV:
            error.filename = str(path)  # a full disk names no file
        raise


def sync_folder(folder: Path) -> None:
    """Have the names in a folder outlive a loss of power."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unwritten(error: OSError) -> Fault:
    """Tell of a file that could not be written: its name alone, and why."""
    name = Path(str(error.filename)).name if error.filename else "a file"
    return Fault("not-written", "", f"cannot write {name}", (error.strerror or "").lower())
