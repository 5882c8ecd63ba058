"""A table of what runs now, below the lines of what has ended, on a terminal.

It is written over in place by three signs that every terminal knows: to the line's beginning, up,
and clear to the end. Nothing else of the terminal is changed, neither its cursor nor its colours,
so that whatever ends the program leaves nothing to be put right.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from impact.batch.tally import Tally
from impact.cli.progress import Lines

__all__ = ["Live", "Shown", "table"]

BETWEEN = 0.5
"""Seconds after which the table is written again when nothing has happened."""
SOONEST = 0.05
RUNNING = ("checking", "running", "publishing")
COUNTED = ("done", "sound", "failed", "unchanged", "left")
HEADING = ("pilot", "state", "time", "memory", "most")
CALLED = {"left": "not run"}
SPARE = 3
"""Lines that are kept free: the heading, the counts, and the one where the cursor stands."""


@dataclass
class Shown:
    """A pilot that is being worked on.

    Parameters
    ----------
    state : str
        What is done, or the cell that runs.
    begun : float
        Moment on ``time.monotonic``, seconds that it waited left out.
    memory, most : int
        Bytes that it uses now, and the most that were seen; 0 where it was not looked at.
    """

    state: str
    begun: float
    memory: int = 0
    most: int = 0


class Live(Lines):
    """Lines for what has ended; below them the table of what runs.

    Parameters
    ----------
    out : text stream
        A terminal.
    lines : bool
        Whether what has ended is told; without it the table alone is shown, and goes.
    """

    def __init__(self, out: TextIO, *, lines: bool = True) -> None:
        super().__init__(out)
        self._lines = lines
        self._rows: dict[str, Shown] = {}
        self._why: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._pilots = 0
        self._begun = self._written = time.monotonic()
        self._height = 0
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __call__(self, event: dict[str, Any]) -> None:
        """Tell one event."""
        with self._lock:
            if event["event"] == "batch":
                self._pilots = len(event["pilots"])
            elif event["event"] == "use":
                self._see(event)
            super().__call__(event)

    def end(self, tally: Tally, *, word: str = "done") -> None:
        """Take the table away and tell how the batch ended."""
        self.close()
        super().end(tally, word=word)

    def close(self) -> None:
        """Take the table away."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            if self._height:
                self._write(self._away())

    def _pilot(self, event: dict[str, Any]) -> None:
        state, pilot = event["state"], event["pilot"]
        if state in RUNNING:
            self._why[pilot] = event.get("why", self._why.get(pilot, ""))
            self._see(event)
            self._begin()
            self._draw()
            return
        self._rows.pop(pilot, None)
        if state in COUNTED:
            self._counts[state] += 1
            because = {"why": self._why.pop(pilot, "")} if state == "done" else {}
            self._line(self._result(event | because))

    def _see(self, event: dict[str, Any]) -> None:
        """Take over what an event says of a pilot that runs."""
        row = self._rows.setdefault(event["pilot"], Shown("", time.monotonic()))
        at_cell = event["state"] == "running" and "cell" in event
        row.state = f"cell {event['cell']} of {event['cells']}" if at_cell else event["state"]
        if "seconds" in event:
            row.begun = time.monotonic() - event["seconds"]
        row.memory = event.get("memory", row.memory)
        row.most = max(row.most, row.memory)

    def _line(self, text: str) -> None:
        told = f"{self._away()}{text}\n" if self._lines else self._away()
        shown = self._thread is not None and not self._over.is_set()
        self._write(told + (self._frame() if shown else ""))

    def _begin(self) -> None:
        if self._thread is None and not self._over.is_set():
            self._thread = threading.Thread(target=self._go_on, daemon=True)
            self._thread.start()

    def _go_on(self) -> None:
        while not self._over.wait(BETWEEN):
            with self._lock:
                self._draw()

    def _draw(self) -> None:
        if time.monotonic() - self._written >= SOONEST:
            self._write(self._away() + self._frame())

    def _frame(self) -> str:
        """Return the table and what is counted, as they are now."""
        now, size = time.monotonic(), shutil.get_terminal_size()
        rows = table(self._rows, now=now, columns=size.columns, lines=size.lines)
        rows.append(self._summary(now)[: max(1, size.columns - 1)])
        self._height, self._written = len(rows), now
        return "".join(f"{row}\n" for row in rows)

    def _away(self) -> str:
        """Return what takes the table off the terminal, and forget it."""
        height, self._height = self._height, 0
        return f"\r\x1b[{height}A\x1b[J" if height else ""

    def _summary(self, now: float) -> str:
        running = len(self._rows)
        waiting = self._pilots - running - self._counts.total()
        counts = {"running": running, "waiting": max(0, waiting)}
        counts |= {CALLED.get(name, name): self._counts[name] for name in COUNTED}
        told = [f"{count} {name}" for name, count in counts.items() if count]
        return ", ".join([*told, _time(now - self._begun)])


def table(rows: dict[str, Shown], *, now: float, columns: int, lines: int) -> list[str]:
    """Return the lines of a table, none wider than the terminal and not more than it has.

    Where it is narrow, memory is left out first, and long names of pilots are cut.

    Parameters
    ----------
    rows : mapping of str to Shown
        By pilot.
    now : float
        Moment on ``time.monotonic``.
    columns, lines : int
        Of the terminal.
    """
    if not rows:
        return []
    room = max(1, lines - SPARE)
    fits = len(rows) <= room
    shown = list(rows.items()) if fits else list(rows.items())[: max(1, room - 1)]
    cells = [HEADING, *(_cells(pilot, row, now) for pilot, row in shown)]
    names = max(len(pilot) for pilot, *_ in cells)
    several = _columns(cells, columns - 1 - min(names, 20))
    left = columns - 1 - sum(several) - 2 * len(several)
    names = min(names, max(6, left))
    told = [_row(pilot, others, names, several)[: columns - 1] for pilot, *others in cells]
    return told if fits else [*told, f"and {len(rows) - len(shown)} more"[: columns - 1]]


def _cells(pilot: str, row: Shown, now: float) -> tuple[str, ...]:
    return pilot, row.state, _time(now - row.begun), _size(row.memory), _size(row.most)


def _columns(cells: Sequence[tuple[str, ...]], room: int) -> list[int]:
    """Return the widths of as many columns behind the name as there is room for."""
    widths = [max(len(row[at]) for row in cells) for at in range(1, len(cells[0]))]
    # A table shall not jump with every digit.
    least = (15, 7, 7, 7)
    wide = [max(width, low) for width, low in zip(widths, least, strict=True)]
    for count in range(len(wide), 2, -1):
        if sum(wide[:count]) + 2 * count <= room:
            return wide[:count]
    return widths[:2]


def _row(pilot: str, others: Sequence[str], names: int, widths: Sequence[int]) -> str:
    name = pilot if len(pilot) <= names else f"{pilot[: names - 1]}…"
    return "".join([f"{name:<{names}}", *_padded(others, widths)]).rstrip()


def _padded(others: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for at, width in enumerate(widths):
        yield f"  {others[at]:<{width}}" if at == 0 else f"  {others[at]:>{width}}"


def _time(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _size(count: int) -> str:
    if not count:
        return ""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
