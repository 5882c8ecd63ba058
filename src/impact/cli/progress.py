"""How a batch is told: lines, a line that moves, or JSON."""

from __future__ import annotations

import json as json_text
import shutil
import sys
import time
from typing import Any, Protocol, TextIO

from impact.batch.tally import Tally

__all__ = ["Teller", "teller"]

BETWEEN = 10.0


class Teller(Protocol):
    """Whoever tells a batch: called with each event, and at the end."""

    def __call__(self, event: dict[str, Any]) -> None:
        """Tell one event."""

    def end(self, tally: Tally, *, word: str = "done") -> None:
        """Tell how the batch ended."""


def teller(*, quiet: bool, json: bool) -> Teller:
    """Pick the way to tell: JSON and quiet where asked for, a moving line on a terminal."""
    if json:
        return _Json(sys.stdout)
    if quiet:
        return _Quiet(sys.stderr)
    return _Live(sys.stdout) if sys.stdout.isatty() else _Lines(sys.stdout)


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
        except BrokenPipeError:
            self._read = False


class _Json(_Told):
    def __call__(self, event: dict[str, Any]) -> None:
        self._write(json_text.dumps(event) + "\n")

    def end(self, tally: Tally, *, word: str = "done") -> None:
        names = ("done", "unchanged", "failed", "left")
        counts = {name: len(getattr(tally, name)) for name in names}
        counts["failed"] += len(tally.refused)
        seconds = round(tally.seconds, 2)
        self({"event": "end", **counts, "seconds": seconds, "exit": tally.exit_code})


class _Lines(_Told):
    """A line for each state, and one now and then for a pilot that takes long."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._width = 0
        self._last: dict[str, float] = {}

    def __call__(self, event: dict[str, Any]) -> None:
        if event["event"] == "batch":
            self._width = max((len(pilot) for pilot in event["pilots"]), default=0)
        elif event["event"] == "interrupted":
            self._line("interrupted: what runs is finished; once more to stop now")
        elif event["event"] in ("note", "store"):
            self._line(event["message"])
        elif event["event"] == "index":
            self._line(f"index  {event['state']}: {event['message']}")
        else:
            self._pilot(event)

    def end(self, tally: Tally, *, word: str = "done") -> None:
        self._line(_closing(tally, word))

    def _pilot(self, event: dict[str, Any]) -> None:
        state, pilot = event["state"], event["pilot"]
        if state == "checking" or state == "publishing":
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


class _Quiet(_Lines):
    def _pilot(self, event: dict[str, Any]) -> None:
        if event["state"] == "failed":
            self._line(_row(event, self._width))

    def end(self, tally: Tally, *, word: str = "done") -> None:
        return


class _Live(_Lines):
    """Lines for what has ended; below them one line that moves, of what runs."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._running: dict[str, str] = {}

    def _pilot(self, event: dict[str, Any]) -> None:
        state, pilot = event["state"], event["pilot"]
        if state in ("checking", "running", "publishing"):
            self._running[pilot] = _where(event) or state
        else:
            self._running.pop(pilot, None)
            self._write(f"\r\x1b[K{self._result(event)}\n")
        self._move()

    def end(self, tally: Tally, *, word: str = "done") -> None:
        self._write("\r\x1b[K")
        super().end(tally, word=word)

    def _line(self, text: str) -> None:
        self._write(f"\r\x1b[K{text}\n")

    def _move(self) -> None:
        told = " · ".join(f"{pilot} {where}" for pilot, where in self._running.items())
        room = shutil.get_terminal_size().columns - 1
        self._write(f"\r\x1b[K{told[:room]}")


def _row(event: dict[str, Any], width: int) -> str:
    seconds = f"{event['seconds']:.1f} s" if "seconds" in event else ""
    said = event.get("message") or _where(event) or event.get("why", "")
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
