"""Params files to `PilotSpec`s: one, or a folder of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from impact.errors import Fault, SpecError
from impact.spec.check import checked
from impact.spec.models import PilotSpec
from impact.spec.project import project_root, relative_to_root
from impact.spec.source import read_source
from impact.spec.words import closest

__all__ = ["SpecFile", "load_spec", "load_specs"]

LARGEST = 500_000
SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class SpecFile:
    """A params file and what came of it: a pilot, or the faults.

    Parameters
    ----------
    path : Path
        The file, absolute.
    pilot : str
        The id that the file's name gives: a pilot is listed under it even when it fails.
    spec : PilotSpec or None
        The pilot, where the file is without fault.
    error : SpecError or None
        All faults, else.
    """

    path: Path
    pilot: str
    spec: PilotSpec | None = None
    error: SpecError | None = None


def load_spec(path: str | os.PathLike[str]) -> PilotSpec:
    """Read a params file.

    Parameters
    ----------
    path : path
        A file such as ``params/tilburg-integration.yml``.

    Returns
    -------
    PilotSpec
        Frozen; ``source`` is the file's absolute path.

    Raises
    ------
    SpecError
        All faults of the file, each with its line, what was found and what to do. Paths
        in the text are relative to the project's root.

    Examples
    --------
    >>> spec = load_spec("params/tilburg-integration.yml")  # doctest: +SKIP
    >>> spec.design.kind  # doctest: +SKIP
    'did'
    """
    file = Path(os.path.abspath(path))
    name = relative_to_root(file, _root_for_messages(file))
    source = read_source(_text(file, name), name=name)
    spec = checked(source.data, place=source.place, found=source.faults, file_id=file.stem)
    spec._source = file
    return spec


def load_specs(folder: str | os.PathLike[str]) -> tuple[SpecFile, ...]:
    """Read every params file of a folder, in the order of their names.

    Parameters
    ----------
    folder : path
        Its ``.yml`` and ``.yaml`` files are read; hidden files and other folders are not.

    Returns
    -------
    tuple of SpecFile
        One a file, with its pilot or its faults: a faulty file does not stop the others.

    Raises
    ------
    SpecError
        There is no such folder, or it cannot be read.
    """
    where = Path(os.path.abspath(folder))
    try:
        files = sorted(
            file
            for file in where.iterdir()
            if file.suffix in SUFFIXES and not file.name.startswith(".")
        )
    except (OSError, ValueError):
        fault = Fault("no-such-folder", where.name, "there is no such folder of params files")
        raise SpecError(fault) from None
    ids = [_claimed_id(file) for file in files]
    return tuple(_spec_file(file, dict(zip(files, ids, strict=True))) for file in files)


def _spec_file(file: Path, ids: dict[Path, str | None]) -> SpecFile:
    """Return what came of one file; an id that another file has by its name is a fault."""
    spec: PilotSpec | None = None
    faults: tuple[Fault, ...] = ()
    try:
        spec = load_spec(file)
    except SpecError as error:
        faults = error.faults
    others = [other.name for other in ids if other != file and other.stem == ids[file]]
    if others:
        name = relative_to_root(file, _root_for_messages(file))
        found = f"the pilot '{ids[file]}' has another file, {', '.join(others)}"
        advice = "keep one of them"
        faults += (Fault("two-files-one-id", name, found, "expected one file a pilot", advice),)
    if faults or spec is None:
        return SpecFile(file, file.stem, error=SpecError(faults))
    return SpecFile(file, file.stem, spec=spec)


def _claimed_id(file: Path) -> str | None:
    """Return the id that a file claims, also where other keys are faulty."""
    try:
        claimed = read_source(_text(file, file.name), name=file.name).data.get("pilot")
    except SpecError:
        return file.stem
    return claimed if isinstance(claimed, str) else file.stem


def _root_for_messages(file: Path) -> Path:
    try:
        return project_root(file.parent)
    except SpecError:
        return file.parent


def _text(file: Path, name: str) -> str:
    """Return the text as papermill reads it: UTF-8, any line ends."""
    try:
        if file.exists() and not file.is_file():
            raise SpecError(Fault("unreadable-file", name, "this is no file"))
        if file.stat().st_size > LARGEST:
            raise SpecError(_too_large(name))
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found, advice = "the text is not in UTF-8", "save the file as UTF-8"
        raise SpecError(Fault("not-utf-8", f"{name}:{line}", found, "", advice)) from None
    except FileNotFoundError:
        raise SpecError(_no_such_file(file, name)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is no file name"
        raise SpecError(Fault("unreadable-file", name, f"cannot be read: {reason}")) from None


def _too_large(name: str) -> Fault:
    found = f"the file is larger than {LARGEST // 1000} kB"
    return Fault("too-large", name, found, "", "a params file holds keys, no data")


def _no_such_file(file: Path, name: str) -> Fault:
    beside = []
    if file.parent.is_dir():
        beside = [other.name for other in file.parent.iterdir() if other.suffix in SUFFIXES]
    near = closest(file.name, beside)
    advice = f"did you mean '{near}'?" if near else "impact new writes a params file"
    return Fault("no-such-file", name, "there is no such file", "", advice)
