"""What a run depends on, by content."""

from __future__ import annotations

import datetime as dt
import hashlib
import platform
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path

from impact.batch.files import sha256_of
from impact.batch.memo import Memo
from impact.batch.project import Project
from impact.batch.sources import Sources

__all__ = ["PACKAGES", "Inputs", "code_hash", "versions_here"]

PACKAGES = (
    "impact",
    "ipykernel",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
    "pydantic",
    "scipy",
    "seaborn",
    "statsmodels",
)


def _new_name() -> str:
    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


@dataclass(frozen=True, eq=False)
class Inputs:
    """The inputs that all pilots of a batch share, hashed once, and each pilot's own.

    Parameters
    ----------
    project : Project
        Whose notebook counts.
    batch : str
        The name of the batch, the parent of the runs in it: when it began, and some letters of
        chance.
    """

    project: Project
    batch: str = field(default_factory=_new_name)

    @cached_property
    def memo(self) -> Memo:
        """Hashes of files that were read before."""
        return Memo(self.project.runs / ".memo.json")

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Versions of Python and of the packages that numbers or pages depend on."""
        return versions_here()

    @cached_property
    def shared(self) -> Mapping[str, str]:
        """sha256 of the notebook, the package's own files, and the versions."""
        listed = "\n".join(f"{name} {version}" for name, version in self.versions.items())
        return {
            "notebook": sha256_of(self.project.notebook),
            "code": code_hash(),
            "packages": hashlib.sha256(listed.encode()).hexdigest(),
        }

    @cached_property
    def commit(self) -> str:
        """The project's git commit; empty where there is none."""
        return _git(self.project.root, "rev-parse", "HEAD") or ""

    @cached_property
    def clean(self) -> bool | None:
        """Whether nothing was changed since that commit; None where there is none.

        What is made here does not count: else a second run would tell of the first one's pages.
        """
        root, made = self.project.root, (self.project.reports, self.project.runs)
        within = [path.relative_to(root) for path in made if path.is_relative_to(root)]
        spared = [f":(exclude,literal){path.as_posix()}" for path in within]
        changed = _git(root, "status", "--porcelain", "--", ".", *spared)
        return None if changed is None or not self.commit else not changed

    def of(self, params: Path, data: Sources) -> dict[str, str]:
        """Return the hashes for one pilot.

        What a query asks is part of the params file. Data have no hash where nothing tells
        whether they changed: in a database on a server, and at most URLs.
        """
        own = {
            "params": sha256_of(params),
            "data": data.digest(self.project.root, self.memo.sha256_of),
        }
        return {**own, **self.shared}


def _git(root: Path, *call: str) -> str | None:
    """Return what git says of the project; None where it does not know it."""
    asked = ["git", "-C", str(root), *call]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip()


def versions_here() -> dict[str, str]:
    """Return the versions of Python and of the packages that numbers or pages depend on."""
    found = {name: _version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **found}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def code_hash() -> str:
    """Return one sha256 over all files of this package."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(package).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
