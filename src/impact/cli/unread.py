"""What is written to a pipe that nobody reads any more goes nowhere."""

from __future__ import annotations

import os
from typing import TextIO

__all__ = ["flushed", "let_go"]


def let_go(stream: TextIO) -> None:
    """Send nowhere what is left to write, so that the interpreter does not complain at its exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


def flushed(stream: TextIO, code: int) -> int:
    """Return an exit code when all is written, or whoever read it has gone."""
    try:
        stream.flush()
    except BrokenPipeError:
        let_go(stream)
    return code
