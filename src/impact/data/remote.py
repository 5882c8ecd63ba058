"""A file at a URL: fetched into a private temporary file, and what tells that it changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn

from impact.data.address import filled, suffix_of
from impact.data.causes import cause_of, package_of
from impact.data.table import refuse
from impact.errors import DataError

__all__ = ["MOST_BYTES", "fetched", "mark_of"]

MOST_BYTES = 2 << 30
PIECE = 1 << 22
PATIENCE = 60
WEB = ("http", "https")
HERE = ("file", "local")
CACHES = ("simplecache", "filecache", "blockcache", "cached")
MARKS = (
    *("etag", "contentmd5", "md5hash", "md5", "digest", "generation", "versionid"),
    *("mtime", "modified", "lastmodified", "updated", "created", "modify"),
)
SAID = {
    "missing-package": (
        "addresses of this kind take a package that is not installed",
        "install it, or download the file to data/",
    ),
    "unknown-protocol": ("addresses of this kind cannot be read", "download the file to data/"),
    "no-host": ("there is no such host", "check data.path and the network"),
    "no-permission": (
        "the file may not be read",
        "check the password, key or token, and who may read the file",
    ),
    "no-answer": ("the host does not answer", "try again later"),
    "file-missing": ("there is no such file", "check data.path"),
    "not-fetched": ("the file cannot be fetched", "check data.path, or download the file to data/"),
}


@contextmanager
def fetched(url: str, where: str) -> Iterator[Path]:
    """Hold a copy of the file that a URL leads to, as long as it is read.

    Parameters
    ----------
    url : str
        As fsspec takes them, chains (``zip://…::https://…``) too; ``${NAME}`` is filled in
        from the environment.
    where : str
        The URL as faults name it (`address`): without what lets one in.

    Yields
    ------
    Path
        A temporary file that only this user can read, with the URL's ending. It is gone
        when the block ends, however it ends.

    Raises
    ------
    DataError
        The file is not there, cannot be had, or is larger than `MOST_BYTES`.

    Examples
    --------
    >>> with fetched("s3://bucket/answers.csv", "s3://bucket/…") as path:  # doctest: +SKIP
    ...     table = read_file(path, {"y"}, "s3://bucket/…")
    """
    *before, last = filled(url, where).split("::")
    _elsewhere(last, where)
    # The copy is the cache: what keeps another one is left out of the chain.
    inner = [link for link in before if link.partition(":")[0] not in CACHES]
    with _copied(last, suffix_of(url), where) as path:
        if not inner:
            yield path
            return
        with _copied("::".join([*inner, f"file://{path}"]), suffix_of(url), where) as member:
            yield member


def _elsewhere(link: str, where: str) -> None:
    """Refuse files of this machine: they have a path, and their content is looked at."""
    if "://" not in link or link.partition("://")[0].lower() in HERE:
        found = "this is the address of a file of this machine"
        refuse("local-url", where, found, advice="name it by its path, without 'file://'")


@contextmanager
def _copied(url: str, suffix: str, where: str) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix="impact-", suffix=suffix)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as copy:
            _fetch(url, copy, where)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _fetch(url: str, copy: IO[bytes], where: str) -> None:
    try:
        system, place = _system(url)
        # One answer from beginning to end: pieces asked for one by one may be of two files.
        whole = {"block_size": 0} if url.partition("://")[0] in WEB else {}
        with system.open(place, "rb", **whole) as source:
            _copy(source, copy, where)
    except DataError:
        raise
    # Every file system has exceptions of its own, and their texts hold URLs with tokens.
    except Exception as error:
        _explain(error, url, where)


def _copy(source: Any, copy: IO[bytes], where: str) -> None:
    done = 0
    while piece := source.read(PIECE):
        done += len(piece)
        if done > MOST_BYTES:
            found = f"the file is larger than {MOST_BYTES >> 30} GB"
            refuse("too-large", where, found, advice="save the named columns alone, as Parquet")
        try:
            copy.write(piece)
        except OSError:
            found = "there is no room on this machine for a copy of the file"
            refuse("no-room", where, found)


def _system(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, asked afresh, and the place in it."""
    from fsspec.core import url_to_fs

    web = url.partition("://")[0] in WEB
    system, place = url_to_fs(url, **({"client_kwargs": {"timeout": _patience()}} if web else {}))
    system.invalidate_cache()
    return system, place


def _patience() -> Any:
    import aiohttp

    return aiohttp.ClientTimeout(total=None, connect=PATIENCE, sock_read=PATIENCE)


def _explain(error: Exception, url: str, where: str) -> NoReturn:
    """Refuse with what an exception means, in words of our own."""
    code = cause_of(error)
    found, advice = SAID.get(code, SAID["not-fetched"])
    if code == "missing-package":
        package = package_of(error, url)
        found += f": '{package}'" if package else ""
    refuse(code, where, found, advice=advice)


def mark_of(url: str, where: str) -> str:
    """Return what changes when the file at a URL changes, without fetching it.

    Parameters
    ----------
    url : str
        As `fetched` takes it; of a chain the last link is asked after.
    where : str
        The URL as faults name it.

    Returns
    -------
    str
        A sha256 of the size and of the tags and times that the file system tells of the
        file; empty where it tells none that can be relied on, or cannot be asked.
    """
    try:
        last = filled(url, where).split("::")[-1]
        _elsewhere(last, where)
        system, place = _system(last)
        told = system.info(place)
    # Not to know is an answer here: whoever reads the file is told what is wrong with it.
    except Exception:
        return ""
    known = {str(key).lower().replace("-", "").replace("_", ""): told[key] for key in told}
    marks = [f"{name}={known[name]}" for name in MARKS if _relied_on(known.get(name))]
    said = "\n".join([f"size={known.get('size')}", *marks])
    return hashlib.sha256(said.encode()).hexdigest() if marks else ""


def _relied_on(mark: object) -> bool:
    """Whether a mark is there and strong: a weak one may outlive a change."""
    return mark not in (None, "", b"") and not str(mark).startswith("W/")
