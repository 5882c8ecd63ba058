"""What is remembered of a run: ``runs/<pilot>/run.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from impact.batch.files import write_whole

__all__ = ["Good", "Run", "read_run", "run_text", "write_run"]


@dataclass(frozen=True)
class Good:
    """The last run that ended well: what is published rests on it.

    Parameters
    ----------
    ended : str
        When, in ISO form with the zone.
    page : str
        sha256 of the published page.
    estimates, released, notebook : str
        sha256 of ``estimates.csv``, of its released form ``released.csv``, and of the
        executed ``notebook.ipynb`` in ``runs/<pilot>/``.
    language : str
        The page's language.
    pages : mapping of str to str
        sha256 of the same page in further languages.
    made : mapping
        Facts of that run, also where a later one failed: ``inputs``, ``versions``, ``commit``,
        ``clean``, ``seed`` and ``machine`` in its parts. The page tells its readers' part of
        them (`impact.report.made`).
    """

    ended: str
    page: str
    estimates: str
    released: str
    notebook: str
    language: str = "en"
    pages: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> Mapping[str, str]:
        """What must still lie in ``runs/<pilot>/``, with its sha256."""
        return {
            "estimates.csv": self.estimates,
            "released.csv": self.released,
            "notebook.ipynb": self.notebook,
        }


@dataclass(frozen=True)
class Run:
    """The last run of a pilot, good or not.

    Parameters
    ----------
    pilot : str
        The pilot's id.
    state : str
        ``done`` or ``failed``.
    params : str
        The file, relative to the project's root where it is in it.
    data, marks : tuple of str
        What the records lay in, as `impact.batch.sources.Sources`: no password, key or
        token. Empty where the params file could not be read.
    started, ended : str
        ISO form with the zone.
    seconds : float
        From the start of the check to the published page.
    memory : int
        The most bytes that its processes used; 0 where it is not known.
    inputs : mapping of str to str
        sha256 of ``params``, ``data``, ``notebook``, ``code`` and ``packages``.
    versions : mapping of str to str
        Of Python and the packages that numbers or pages depend on.
    commit : str
        The project's git commit; empty where there is none.
    clean : bool or None
        Whether nothing had been changed since that commit, ``reports/`` and ``runs/`` left
        out; None where there is none.
    machine : str
        On which the notebook ran, in words: system, processor, cores and memory. No name of
        it, and of nobody.
    batch : str
        The parent run: the batch that it was a part of, by the moment it began and some
        letters of chance. All pilots of a batch share it.
    before : str
        When the run that this one takes the place of was started; empty for the first.
    seed : int or None
        As in the params file or by default.
    error : str
        In one line; empty where all is well.
    good : Good or None
        The last run that ended well, this one or an earlier one.
    entry : mapping
        The pilot's line of the index, as `impact.disclosure.IndexEntry` travels; empty
        where not even the pilot's name is known.
    """

    pilot: str
    state: str
    params: str
    data: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    started: str = ""
    ended: str = ""
    seconds: float = 0.0
    memory: int = 0
    inputs: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    clean: bool | None = None
    machine: str = ""
    batch: str = ""
    before: str = ""
    seed: int | None = None
    error: str = ""
    good: Good | None = None
    entry: Mapping[str, Any] = field(default_factory=dict)


def write_run(folder: Path, run: Run) -> None:
    """Write the record of a run into the pilot's private folder, whole or not at all."""
    write_whole(folder / "run.json", run_text(run))


def run_text(run: Run) -> str:
    """Return the record of a run as it is written."""
    return json.dumps(asdict(run), indent=2, ensure_ascii=False) + "\n"


def read_run(folder: Path) -> Run | None:
    """Read the record of a run; None where there is none, or none that can be understood.

    A record that cannot be understood (another version wrote it, a hand edited it) is as
    good as none: the pilot is run again.
    """
    try:
        given = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        good = given.pop("good", None)
        data, marks = (_several(given.pop(name, ())) for name in ("data", "marks"))
        made = None if good is None else Good(**_known(Good, good))
        return Run(**_known(Run, given), data=data, marks=marks, good=made)
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _several(said: Any) -> tuple[str, ...]:
    """Return names of a record; earlier versions wrote one name, or an empty one."""
    if isinstance(said, str):
        return (said,) if said else ()
    return tuple(str(name) for name in said)


def _known(kind: type, given: Mapping[str, Any]) -> dict[str, Any]:
    names = {item.name for item in fields(kind)}
    return {key: value for key, value in given.items() if key in names}
