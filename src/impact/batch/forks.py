"""Children of a warm process: whether there can be any, and whether this is one."""

from __future__ import annotations

import os
import socket

__all__ = ["becomes_fork", "can_fork", "is_fork"]

_forked = False


def can_fork() -> bool:
    """Whether this platform has what warm processes need."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


def is_fork() -> bool:
    """Whether this process was forked from a warm one to serve one pilot."""
    return _forked


def becomes_fork() -> None:
    """Say so; called once, in the child."""
    global _forked
    _forked = True
