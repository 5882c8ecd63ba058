"""How a batch is told: lines, a table that moves, or JSON."""

from __future__ import annotations

import errno
import json as json_text
import os
import sys
import time
from typing import Any, Protocol, TextIO

from impact.batch.tally import Tally
from impact.cli.unread import let_go

__all__ = ["Lines", "Teller", "can_move", "teller"]

BETWEEN = 10.0


class Teller(Protocol):
    """Whoever tells a batch: called with each event, and at the end."""

    def __call__(self, event: dict[str, Any]) -> None:
        """Tell one event."""

    def end(self, tally: Tally, *, word: str = "done") -> None:
        """Tell how the batch ended."""

    def close(self) -> None:
        """Leave the terminal as it was found, also where the batch did not come to its end."""


def teller(*, quiet: bool, json: bool) -> Teller:
    """Pick the way to tell: JSON and quiet where asked for, a table on a terminal, or lines."""
    if json:
        return _Json(sys.stdout)
    if quiet:
        return _Quiet(sys.stderr)
    if not can_move(sys.stdout):
        return Lines(sys.stdout)
    from impact.cli.live import Live

    return Live(sys.stdout)


def can_move(out: TextIO) -> bool:
    """Whether what was written there can be written over."""
    if not out.isatty():
        return False
    if sys.platform == "win32":
        # The old console of Windows shows the signs for it as they are.
        return "WT_SESSION" in os.environ
    return os.environ.get("TERM", "") not in ("", "dumb", "unknown")


class _Told:
    """Write to a stream for as long as somebody reads it."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._read = True

    def _write(self, text: str) -> None:
        if not self._read:
            return
        try:
            self._out.write(text)
            self._out.flush()
        except OSError as error:
            # A pipe that nobody reads any more, or a terminal that is gone.
            if error.errno not in (errno.EPIPE, errno.EIO):
                raise
            self._read = False
            let_go(self._out)

    def close(self) -> None:
        """Do nothing: lines stay."""


class _Json(_Told):
    def __call__(self, event: dict[str, Any]) -> None:
        self._write(json_text.dumps(event) + "\n")

    def end(self, tally: Tally, *, word: str = "done") -> None:
        names = ("done", "unchanged", "failed", "left")
        counts = {name: len(getattr(tally, name)) for name in names}
        counts["failed"] += len(tally.refused)
        seconds = round(tally.seconds, 2)
        self({"event": "end", **counts, "seconds": seconds, "exit": tally.exit_code})


class Lines(_Told):
    """A line for each state, and one now and then for a pilot that takes long.

    Parameters
    ----------
    out : text stream
    """

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._width = 0
        self._last: dict[str, float] = {}

    def __call__(self, event: dict[str, Any]) -> None:
        """Tell one event."""
        if event["event"] == "batch":
            self._width = max((len(pilot) for pilot in event["pilots"]), default=0)
        elif event["event"] == "interrupted":
            self._line("interrupted: what runs is finished; once more to stop now")
        elif event["event"] in ("note", "store"):
            self._line(event["message"])
        elif event["event"] == "index":
            self._line(f"index  {event['state']}: {event['message']}")
        elif event["event"] == "pilot":
            self._pilot(event)

    def end(self, tally: Tally, *, word: str = "done") -> None:
        """Tell how the batch ended."""
        self._line(_closing(tally, word))

    def _pilot(self, event: dict[str, Any]) -> None:
        state, pilot = event["state"], event["pilot"]
        if state in ("checking", "waiting", "publishing"):
            return
        if state == "running" and not self._is_due(pilot):
            return
        self._line(self._result(event))

    def _result(self, event: dict[str, Any]) -> str:
        """Return the lines of a pilot that has ended, or of its state."""
        told = event.get("quality", {}).get("text", "")
        row = _row(event, self._width)
        return "\n".join([row, *(f"    {line}".rstrip() for line in told.splitlines())])

    def _is_due(self, pilot: str) -> bool:
        now = time.monotonic()
        due = now - self._last.get(pilot, -BETWEEN) >= BETWEEN
        if due:
            self._last[pilot] = now
        return due

    def _line(self, text: str) -> None:
        self._write(f"{text}\n")


class _Quiet(Lines):
    def _pilot(self, event: dict[str, Any]) -> None:
        if event["state"] == "failed":
            self._line(_row(event, self._width))

    def end(self, tally: Tally, *, word: str = "done") -> None:
        return


def _row(event: dict[str, Any], width: int) -> str:
    seconds = f"{event['seconds']:.1f} s" if "seconds" in event else ""
    said = event.get("message") or ", ".join(filter(None, (_where(event), event.get("why"))))
    head = f"{event['pilot']:<{width}}  {_state(event['state']):<9}  {seconds:>7}"
    if "\n" not in said:
        return f"{head}  {said}".rstrip()
    faults = said.split("\n")
    return "\n".join([f"{head}  {len(faults)} faults", *(f"    {fault}" for fault in faults)])


def _state(state: str) -> str:
    return "not run" if state == "left" else state


def _where(event: dict[str, Any]) -> str:
    return f"cell {event['cell']} of {event['cells']}" if "cell" in event else ""


def _closing(tally: Tally, word: str) -> str:
    failed = len(tally.failed) + len(tally.refused)
    counts = [f"{len(tally.done)} {word}", f"{len(tally.unchanged)} unchanged", f"{failed} failed"]
    if tally.left:
        counts.append(f"{len(tally.left)} not run")
    said = f"{', '.join(counts)}, {tally.seconds:.1f} s"
    if tally.interrupted:
        return f"interrupted: {said}"
    if tally.unchanged and not (tally.done or failed or tally.left):
        return f"nothing has changed: {said}"
    return said
