"""Outputs at URLs, worked on in a folder of this machine.

What lies at the URLs is fetched before a batch, so that any machine goes on where another one
ended: it knows what is unchanged, and what earlier editions told. All files are then made here
as ever, and what has changed is sent, each object whole, in an order in which no reader finds
an index that names a page which is not there yet, and no page is there whose numbers are not
remembered. Whoever is cut off in the middle leaves a record that does not fit its page; the
next batch makes that page again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from impact.batch.claim import Claim
from impact.batch.crew import Stopped
from impact.batch.store import Store
from impact.errors import RunError
from impact.locale.language import LANGUAGES

__all__ = ["Mirror", "Unsent"]

PILOT = r"[a-z0-9][a-z0-9-]*"
PAGE = re.compile(rf"{PILOT}(\.[a-z]{{2}})?\.html")
OWN = (
    *("edition.json", "estimates.csv", "released.csv", "notebook.ipynb", "failed.ipynb"),
    *("log.txt", "run.json"),
)
PRIVATE = re.compile(
    rf"{PILOT}/({'|'.join(map(re.escape, OWN))})"
    r"|batch\.json|ro-crate-metadata\.json|index\.log|portfolio\.(yml|ipynb)"
)
# Nobody reads them here; a long log would be fetched for nothing.
ONE_WAY = re.compile(r".*\.(log|txt)|portfolio\..*")
AT_ONCE = 64


class Unsent(Stopped):
    """What a pilot's run made is not at its URL: nothing more is begun."""


@dataclass
class Mirror:
    """What lies at URLs, as it shall be there.

    Parameters
    ----------
    reports, runs : Path
        Where it is worked on here.
    stores : mapping of Path to Store
        For one of them or both, where it belongs.
    """

    reports: Path
    runs: Path
    stores: Mapping[Path, Store]
    _there: dict[Path, str] = field(default_factory=dict)
    _looked: dict[Path, tuple[int, int, int]] = field(default_factory=dict)
    _claim: Claim | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the one writer for as long as the block runs, where a private store can tell.

        Into a folder of published pages nothing but pages is put: where ``runs`` is on this
        machine, the lock there is all there is.

        Raises
        ------
        RunError
            Another one writes there, or the store cannot be asked.
        """
        private = self.stores.get(self.runs)
        self._claim = None if private is None else Claim(private)
        with nullcontext() if self._claim is None else self._claim.held():
            yield

    def fetch(self) -> None:
        """Bring the folders in line with what lies at the URLs.

        Raises
        ------
        RunError
            A store cannot be read.
        """
        for folder, store in self.stores.items():
            names = {name for name in store.names() if self._is_ours(folder, name)}
            wanted = sorted(name for name in names if not ONE_WAY.fullmatch(name))
            for path in self._here(folder):
                if path.relative_to(folder).as_posix() not in names:
                    path.unlink()
            self._there |= {folder / name: "" for name in names}
            for first in range(0, len(wanted), AT_ONCE):
                for name, content in store.get(wanted[first : first + AT_ONCE]).items():
                    self._keep(folder / name, content)

    def send(self, pilot: str) -> None:
        """Send what has changed of a pilot; several pilots may be sent at the same time.

        Raises
        ------
        Unsent
            A store does not take it, or another writer has taken over. What had not been
            sent stays as it was there.
        """
        pages = (f"{pilot}{end}.html" for end in ("", *(f".{code}" for code in LANGUAGES)))
        paths = [self.runs / pilot / name for name in OWN] + [self.reports / p for p in pages]
        try:
            self._send(path for path in paths if path in self._there or path.is_file())
        except RunError as error:
            raise Unsent(error.faults) from None

    def send_all(self) -> None:
        """Send all that has changed, the index and the records of the batch too.

        Raises
        ------
        RunError
            A store does not take it, or another writer has taken over.
        """
        self._send({*self._there, *self._here(self.reports), *self._here(self.runs)})

    def _send(self, paths: Iterable[Path]) -> None:
        changed = sorted((path for path in paths if self._changed(path)), key=self._place)
        if changed and self._claim is not None:
            self._claim.check()
        for path in changed:
            self._sent(path)

    def _changed(self, path: Path) -> bool:
        """Whether what is here is not what is there; read only where it was written anew."""
        if not self._is_sent(path):
            return False
        if not path.is_file():
            return path in self._there and not ONE_WAY.fullmatch(self._name(path))
        marks = _marks(path)
        if self._looked.get(path) == marks:
            return False
        if self._there.get(path) == _sha256(path.read_bytes()):
            self._looked[path] = marks
            return False
        return True

    def _sent(self, path: Path) -> None:
        store, name = self.stores[self._folder(path)], self._name(path)
        if path.is_file():
            marks, content = _marks(path), path.read_bytes()
            store.put(name, content)
            self._there[path], self._looked[path] = _sha256(content), marks
        else:
            store.drop(name)
            del self._there[path]

    def _place(self, path: Path) -> tuple[int, str]:
        """Return when a change is sent: what others rest on first, what says it is done last."""
        name, gone = self._name(path), not path.exists()
        if self._folder(path) == self.reports:
            listed = name.startswith("index.") or name == "estimates.csv"
            return (4 if gone and not listed else 3 if listed else 1), name
        if name.endswith("/edition.json"):
            return 0, name
        if name.endswith("/run.json"):
            return 5, name
        return (6 if "/" not in name else 2), name

    def _keep(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._there[path], self._looked[path] = _sha256(content), _marks(path)

    def _here(self, folder: Path) -> Iterator[Path]:
        if folder in self.stores:
            found = (*folder.glob("*"), *(folder.glob("*/*") if folder == self.runs else ()))
            yield from (path for path in found if path.is_file() and self._is_sent(path))

    def _is_sent(self, path: Path) -> bool:
        folder = self._folder(path)
        return folder in self.stores and self._is_ours(folder, self._name(path))

    def _is_ours(self, folder: Path, name: str) -> bool:
        """Whether an object of that name is one of those that a batch writes."""
        if folder == self.reports:
            return name == "estimates.csv" or PAGE.fullmatch(name) is not None
        return PRIVATE.fullmatch(name) is not None

    def _folder(self, path: Path) -> Path:
        return self.reports if path.is_relative_to(self.reports) else self.runs

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder(path)).as_posix()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _marks(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns, state.st_ino
