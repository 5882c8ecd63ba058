"""What is written to a pipe that nobody reads any more goes nowhere."""

from __future__ import annotations

import os
import sys
from typing import TextIO

__all__ = ["finish", "let_go"]


def let_go(stream: TextIO) -> None:
    """Send nowhere what is left to write, so that the interpreter does not complain at its exit.

    Only its own two streams are flushed there.
    """
    if stream not in (sys.__stdout__, sys.__stderr__):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


def finish(stream: TextIO) -> None:
    """Write all that is left, unless whoever read it has gone."""
    try:
        stream.flush()
    except BrokenPipeError:
        let_go(stream)
