"""Where a project keeps what, and which params files a call means."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from impact.errors import Fault, RunError

if TYPE_CHECKING:
    from impact.batch.mirror import Mirror

__all__ = ["Project", "find_project"]

ENDINGS = (".yml", ".yaml")


@dataclass(frozen=True)
class Project:
    """The folders of one project.

    Parameters
    ----------
    root : Path
        Relative paths in params files start here.
    params, reports, runs : Path
        Input, what may be published, and what is private.
    mirror : Mirror, optional
        Where one of the last two belongs to a URL: the folder is where it is worked on.
    """

    root: Path
    params: Path
    reports: Path
    runs: Path
    mirror: Mirror | None = None

    @property
    def notebook(self) -> Path:
        """The notebook that is run for every pilot."""
        return self.root / "notebooks" / "pilot.ipynb"

    @property
    def portfolio(self) -> Path:
        """The notebook that is run once, for all pilots together."""
        return self.root / "notebooks" / "portfolio.ipynb"

    @property
    def index(self) -> Path:
        """The page that lists all pilots."""
        return self.reports / "index.html"

    @property
    def estimates(self) -> Path:
        """Every estimate of every pilot, as released."""
        return self.reports / "estimates.csv"

    def index_in(self, language: str) -> Path:
        """Return where the page is that lists all pilots in a further language."""
        return self.reports / f"index.{language}.html" if language else self.index

    def page(self, pilot: str, language: str = "") -> Path:
        """Return where the published page of a pilot is, in a further language or its own."""
        return self.reports / f"{pilot}{'.' if language else ''}{language}.html"

    def folder(self, pilot: str) -> Path:
        """Return the private folder of a pilot."""
        return self.runs / pilot

    def log(self, pilot: str) -> Path:
        """Return where everything is kept that was said while the pilot ran."""
        return self.folder(pilot) / "log.txt"

    def send(self, pilot: str) -> None:
        """Send what changed of a pilot where outputs belong to a URL."""
        if self.mirror is not None:
            self.mirror.send(pilot)

    def short(self, path: Path) -> str:
        """Return a path as a reader of this project names it, without the machine's folders."""
        whole = path.resolve()
        if self.mirror is not None:
            for name, folder in (("reports", self.reports), ("runs", self.runs)):
                if whole.is_relative_to(folder):
                    return f"{name}/{whole.relative_to(folder).as_posix()}"
        return (
            whole.relative_to(self.root).as_posix()
            if whole.is_relative_to(self.root)
            else path.name
        )

    def plainly(self, text: str) -> str:
        """Take the machine's folders out of a text."""
        for folder in (self.reports, self.runs) if self.mirror is not None else ():
            text = text.replace(f"{folder}{os.sep}", "")
        for folder in (self.root, Path.cwd(), Path.home()):
            if folder != Path(folder.anchor):
                text = text.replace(f"{folder}{os.sep}", "")
        return text

    def files(self) -> tuple[Path, ...]:
        """Return all params files, in the order of their ids."""
        if not self.params.is_dir():
            return ()
        found = (path for path in self.params.iterdir() if path.suffix in ENDINGS)
        shown = (path for path in found if not path.name.startswith("."))
        return tuple(sorted(shown, key=lambda path: (path.stem, path.suffix)))

    def named(self, pilots: Sequence[str]) -> tuple[Path, ...]:
        """Return the params files that ids or paths stand for; all of them where none is named.

        Raises
        ------
        RunError
            A pilot is not known, a file is not there, or there is no pilot at all.
        """
        if not pilots:
            return self.files() or _nothing(self)
        known = {path.stem: path for path in self.files()}
        faults, chosen = [], dict[Path, None]()
        for pilot in pilots:
            path = Path(pilot) if _is_path(pilot) else known.get(pilot)
            if path is None or not path.is_file():
                faults.append(_unknown(pilot, tuple(known)))
            else:
                chosen[path.resolve()] = None
        if faults:
            raise RunError(faults)
        return tuple(chosen)


def find_project(
    *,
    params: Path | None = None,
    reports: Path | None = None,
    runs: Path | None = None,
    pilots: Sequence[str] = (),
) -> Project:
    """Find the project that a call means.

    It is the one that the working directory belongs to (`impact.spec.project_root`). In a
    folder of no project, the params folder or the first params file of the call says it.

    Raises
    ------
    SpecError
        There is no project.
    """
    near = [path for path in (params, *map(Path, filter(_is_path, pilots))) if path is not None]
    root = _root(near[0] if near else None)
    inside = {name: root / name for name in ("params", "reports", "runs")}
    given = {"params": params, "reports": reports, "runs": runs}
    said = inside | {key: path.resolve() for key, path in given.items() if path}
    return Project(root, said["params"], said["reports"], said["runs"])


def _root(near: Path | None) -> Path:
    from impact.spec.project import project_root

    here = Path.cwd()
    inside = any((folder / "params").is_dir() for folder in (here, *here.parents))
    return project_root(None if inside else near).resolve()


def _is_path(pilot: str) -> bool:
    return pilot.endswith(ENDINGS) or any(mark in pilot for mark in (os.sep, os.altsep) if mark)


def _nothing(project: Project) -> tuple[Path, ...]:
    where = project.short(project.params)
    raise RunError(
        Fault(
            "no-pilot",
            where,
            "no params file (*.yml)",
            advice="write one with 'impact new PILOT'",
        )
    )


def _unknown(pilot: str, known: tuple[str, ...]) -> Fault:
    if _is_path(pilot):
        return Fault("no-file", "", f"there is no params file '{Path(pilot).name}' at that path")
    near = difflib.get_close_matches(pilot, known, n=1)
    known_as = f"known pilots: {', '.join(known)}" if known else "there is no pilot yet"
    advice = f"did you mean '{near[0]}'?" if near else known_as
    return Fault("unknown-pilot", "", f"no pilot '{pilot}' in the params folder", advice=advice)
