"""Standard output and error of a process that runs a notebook, Python's and all others'."""

from __future__ import annotations

import faulthandler
import io
import os
import secrets
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

__all__ = ["ENDLESS", "FLOODED", "KEPT", "Streams"]

KEPT = 10_000_000
"""Characters of printed text that are kept of a notebook."""
ENDLESS = 20 * KEPT
"""Characters after which a notebook that prints without end is ended."""
FLOODED = 74
"""Exit status of a process that was ended for that."""
WAIT = 5.0

Send = Callable[[str, str], None]


class Streams:
    """Take over both standard streams, and the file descriptors below them.

    What Python prints and what libraries and other processes write to the descriptors
    become messages; of more than `KEPT` characters it is only said that there were more.

    Parameters
    ----------
    send : callable
        Called with the stream's name and the text.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._lock = threading.RLock()
        self._written = 0
        self._replaced = sys.stdout, sys.stderr
        # The log of the process: what must be said when all else is gone.
        self._log = os.dup(2)
        faulthandler.enable(self._log)
        self._pipes = [_Pipe(self, name, number) for name, number in _DESCRIPTORS]
        sys.stdout, sys.stderr = (_Stream(self, name, number) for name, number in _DESCRIPTORS)

    def take(self, name: str, text: str) -> None:
        """Pass on a text as far as there is room for it."""
        with self._lock:
            room = KEPT - self._written
            self._written += len(text)
            if room > 0:
                self._send(name, text[:room])
                if self._written > KEPT:
                    self._send(name, f"\n[cut off here: more than {KEPT:,} characters]\n")
            if self._written > ENDLESS:
                os.write(self._log, b"ended: the notebook prints without end\n")
                os._exit(FLOODED)

    def drain(self) -> None:
        """Pass on all that has been written until now."""
        sys.stdout.flush()
        sys.stderr.flush()
        for pipe in self._pipes:
            pipe.drain()

    def close(self) -> None:
        """Put the streams and descriptors back as they were."""
        self.drain()
        faulthandler.disable()
        sys.stdout, sys.stderr = self._replaced
        for pipe in self._pipes:
            pipe.close()
        os.close(self._log)


_DESCRIPTORS = (("stdout", 1), ("stderr", 2))


class _Stream(io.TextIOBase):
    """What ``print`` writes to; in a process that a cell has forked, the descriptor below."""

    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, streams: Streams, name: str, number: int) -> None:
        self._streams = streams
        self._number = number
        self._pid = os.getpid()
        self._parts: list[str] = []
        self._size = 0
        self._guard = threading.RLock()
        self.name = f"<{name}>"
        self._called = name

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._pid:
            os.write(self._number, text.encode(errors="replace"))
            return len(text)
        with self._guard:
            self._parts.append(text)
            self._size += len(text)
            if self._size > 1 << 16:
                self.flush()
        return len(text)

    def flush(self) -> None:
        if os.getpid() != self._pid:
            return
        with self._guard:
            text = "".join(self._parts)
            self._parts.clear()
            self._size = 0
        if text:
            self._streams.take(self._called, text)


class _Pipe:
    """A descriptor whose bytes are read back in a thread."""

    def __init__(self, streams: Streams, name: str, number: int) -> None:
        self._streams = streams
        self._name = name
        self._number = number
        self._kept = os.dup(number)
        self._end, entry = os.pipe()
        os.dup2(entry, number)
        os.close(entry)
        self._mark = secrets.token_bytes(16)
        self._seen = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def drain(self) -> None:
        self._seen.clear()
        # A cell may have closed the descriptor; then there is nothing to wait for.
        with suppress(OSError):
            os.write(self._number, self._mark)
            self._seen.wait(WAIT)

    def close(self) -> None:
        os.dup2(self._kept, self._number)
        os.close(self._kept)

    def _read(self) -> None:
        held = b""
        with suppress(OSError):
            while found := os.read(self._end, 1 << 16):
                held = self._told(held + found)

    def _told(self, found: bytes) -> bytes:
        """Pass on what is complete; return what may be the beginning of more."""
        *parts, rest = found.split(self._mark)
        for part in parts:
            self._pass_on(part)
            self._seen.set()
        keep = _begun(rest, self._mark)
        self._pass_on(rest[: len(rest) - keep])
        return rest[len(rest) - keep :]

    def _pass_on(self, part: bytes) -> None:
        if part:
            self._streams.take(self._name, part.decode(errors="replace"))


def _begun(text: bytes, mark: bytes) -> int:
    """Return how many of the last bytes are the beginning of a mark."""
    longest = min(len(text), len(mark) - 1)
    return next((n for n in range(longest, 0, -1) if mark.startswith(text[-n:])), 0)
