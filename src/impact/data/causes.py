"""What an exception of a file system means: each has its own, and their texts hold URLs."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["cause_of", "package_of"]


def cause_of(error: Exception) -> str:
    """Return what an exception of a file system means, as the code of a fault.

    Parameters
    ----------
    error : Exception
        Of any file system; its own text may hold URLs with tokens and is not looked at.

    Returns
    -------
    str
        ``missing-package``, ``unknown-protocol``, ``no-host``, ``no-permission``,
        ``no-answer``, ``file-missing``; ``not-fetched`` where it means none of these.
    """
    causes = list(_causes(error))
    status = {getattr(cause, "status", None) for cause in causes}
    if any(isinstance(cause, ImportError) for cause in causes):
        return "missing-package"
    if any(isinstance(cause, ValueError) and "rotocol not known" in str(cause) for cause in causes):
        return "unknown-protocol"
    if any(isinstance(c, socket.gaierror) or "DNS" in type(c).__name__ for c in causes):
        return "no-host"
    if status & {401, 403, 407} or any(map(_is_refusal, causes)):
        return "no-permission"
    if any(isinstance(cause, TimeoutError | ConnectionError) for cause in causes):
        return "no-answer"
    if status & {404, 410} or isinstance(error, FileNotFoundError | KeyError | IsADirectoryError):
        return "file-missing"
    return "not-fetched"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and those it came of; the web's file system hides them in others."""
    seen = 0
    while error is not None and seen < 20:
        yield error
        error, seen = error.__cause__ or error.__context__, seen + 1


def _is_refusal(error: BaseException) -> bool:
    name = type(error).__name__
    denied = isinstance(error, PermissionError) or getattr(error, "errno", None) == errno.EACCES
    return denied or name in ("NoCredentialsError", "AuthenticationException", "Forbidden")


def package_of(error: Exception, url: str) -> str:
    """Return the package that a URL takes and that is not installed; empty if not known."""
    from fsspec.registry import known_implementations
    from fsspec.utils import get_protocol

    missing = next((cause for cause in _causes(error) if isinstance(cause, ImportError)), None)
    names = [missing.name] if missing is not None and missing.name else []
    for link in url.split("::"):
        known: Mapping[str, Any] = known_implementations.get(get_protocol(link), {})
        names.append(str(known.get("class", "")).partition(".")[0])
    return next((name for name in names if name and name != "fsspec"), "")
