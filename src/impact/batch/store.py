"""A folder at a URL of an object store: each object is put there whole, or not at all."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from impact.data.address import address, filled
from impact.data.causes import cause_of, package_of
from impact.errors import Fault, ImpactError, RunError

__all__ = ["Store", "is_store"]

# What is written there comes into being piece by piece: a reader could see half a page.
PIECEMEAL = frozenset(
    (
        *("file", "local", "ftp", "sftp", "ssh", "smb", "http", "https", "webhdfs", "hdfs"),
        *("webdav", "dav", "davs", "git", "github", "gist", "zip", "tar", "libarchive", "data"),
    )
)
EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs"} | dict.fromkeys(
    ("az", "abfs", "abfss", "adl"), "az"
)
SAID = {
    "missing-package": ("addresses of this kind take a package that is not installed", ""),
    "unknown-protocol": ("addresses of this kind cannot be written", "use s3://, gs:// or az://"),
    "no-host": ("there is no such host", "check the address and the network"),
    "no-permission": (
        "nothing may be read or written there",
        "check the key or token, and who may write",
    ),
    "no-answer": ("the store does not answer", "try again later"),
    "file-missing": ("there is no such bucket or container", "make it first"),
    "not-fetched": ("the store cannot be used", "check the address and its settings"),
}


def is_store(url: str) -> bool:
    """Whether outputs may be put at a URL: objects there are replaced in one step.

    Examples
    --------
    >>> is_store("s3://bucket/reports"), is_store("sftp://host/reports")
    (True, False)
    """
    return "::" not in url and url.partition("://")[0].lower() not in PIECEMEAL


class Store:
    """The objects below a URL, by their names from there on.

    Parameters
    ----------
    url : str
        As fsspec takes it; ``${NAME}`` is filled in from the environment.

    Attributes
    ----------
    where : str
        The URL as messages show it, without what lets one in.

    Examples
    --------
    >>> store = Store("memory://example/reports")
    >>> store.put("index.html", b"whole")
    >>> sorted(store.names()), store.get(["index.html"])
    (['index.html'], {'index.html': b'whole'})
    >>> store.create("index.html", b"again")
    False
    """

    def __init__(self, url: str) -> None:
        self.where = address(url)
        self._url = url.rstrip("/")
        self._system: Any = None
        self._root = ""

    def names(self) -> set[str]:
        """Return what lies there, asked afresh."""
        with self._told():
            system = self._opened()
            system.invalidate_cache()
            try:
                found = system.find(self._root)
            except FileNotFoundError:
                return set()
            inside = self._root + "/"
            return {path[len(inside) :] for path in found if path.startswith(inside)}

    def get(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return objects that are there."""
        paths = {self._path(name): name for name in names}
        if not paths:
            return {}
        with self._told():
            found: Mapping[str, bytes] = self._opened().cat(list(paths))
            return {paths[path]: content for path, content in found.items()}

    def read(self, name: str) -> bytes | None:
        """Return an object; None where there is none."""
        with self._told():
            system = self._opened()
            system.invalidate_cache()
            try:
                return bytes(system.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def put(self, name: str, content: bytes) -> None:
        """Put an object there; readers see the old one or this one."""
        with self._told():
            self._opened().pipe_file(self._path(name), content, **self._kind(name))

    def create(self, name: str, content: bytes) -> bool:
        """Put an object there unless there is one; say whether that was done.

        In one step where the store knows conditional puts, as S3, Google's and Azure's do.
        """
        with self._told():
            system, path = self._opened(), self._path(name)
            system.invalidate_cache()
            try:
                system.pipe_file(path, content, mode="create")
            except FileExistsError:
                return False
            except (NotImplementedError, TypeError):
                if system.exists(path):
                    return False
                system.pipe_file(path, content)
            return True

    def drop(self, name: str) -> None:
        """Take an object away, where it is there."""
        with self._told():
            try:
                self._opened().rm_file(self._path(name))
            except FileNotFoundError:
                return

    def _opened(self) -> Any:
        if self._system is None:
            from fsspec.core import url_to_fs

            self._system, self._root = url_to_fs(filled(self._url, self.where))
            self._root = self._root.rstrip("/")
        return self._system

    def _path(self, name: str) -> str:
        self._opened()
        return f"{self._root}/{name}"

    def _kind(self, name: str) -> dict[str, Any]:
        """Return how the store is told of an object's kind, so that browsers show pages."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        extra = EXTRAS.get(self._url.partition("://")[0].lower())
        told: dict[str, dict[str, Any]] = {
            "s3": {"ContentType": kind},
            "gs": {"content_type": kind},
            "az": {"content_settings": {"content_type": kind}},
        }
        return told.get(extra or "", {})

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what a store says in words of our own: its texts hold addresses and keys."""
        try:
            yield
        except ImpactError as error:
            raise RunError(error.faults) from None
        # Every file system has exceptions of its own.
        except Exception as error:
            raise RunError(self._fault(error)) from None

    def _fault(self, error: Exception) -> Fault:
        code = cause_of(error)
        found, advice = SAID.get(code, SAID["not-fetched"])
        if code == "missing-package":
            extra = EXTRAS.get(self._url.partition("://")[0].lower())
            advice = f"install it: pip install 'impact[{extra}]'" if extra else "install it"
            package = package_of(error, self._url)
            found += f": '{package}'" if package else ""
        return Fault(f"store-{code}", self.where, found, advice=advice)
