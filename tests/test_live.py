"""The table of what runs, as a terminal shows it: `pyte` is the terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyte
import pytest
from tests.typed import PARAMS, ROOT, TABLE

from impact.batch.tally import Tally
from impact.cli import live
from impact.cli.live import Live, Shown, table
from impact.cli.progress import teller

MB = 1_000_000
SIGNS = re.compile(r"\x1b\[[^A-Za-z]*[A-Za-z]|\x1b.")


class Terminal:
    """A stream that says it is a terminal, and what it shows."""

    encoding = "utf-8"

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self.text = ""
        self.screen = pyte.HistoryScreen(columns, lines, history=5000)
        self.stream = pyte.Stream(self.screen)

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.text += text
        self.stream.feed(text.replace("\n", "\r\n"))

    def flush(self) -> None:
        return

    @property
    def shown(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display if line.strip()]

    @property
    def gone_up(self) -> list[str]:
        """Return the lines that have left the screen at its top."""
        lines = self.screen.history.top
        return ["".join(line[at].data for at in range(self.screen.columns)) for line in lines]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Stop the clock, and the thread that writes the table again by itself."""
    now = {"time": 100.0}
    monkeypatch.setattr(live.time, "monotonic", lambda: now["time"])
    monkeypatch.setattr(live, "BETWEEN", 3600.0)
    monkeypatch.setattr(live, "SOONEST", 0.0)
    return now


def sized(monkeypatch: pytest.MonkeyPatch, columns: int, lines: int = 24) -> Terminal:
    size = os.terminal_size((columns, lines))
    monkeypatch.setattr(live.shutil, "get_terminal_size", lambda: size)
    return Terminal(columns, lines)


def at(pilot: str, state: str, **more: Any) -> dict[str, Any]:
    return {"event": "pilot", "pilot": pilot, "state": state, **more}


def use(pilot: str, memory: float, **more: Any) -> dict[str, Any]:
    said = {"event": "use", "pilot": pilot, "state": "running", "memory": int(memory)}
    return {**said, **more}


def test_a_table_moves_below_the_lines_that_stay(
    monkeypatch: pytest.MonkeyPatch, clock: dict[str, float]
) -> None:
    terminal = sized(monkeypatch, 80)
    with closing(Live(terminal)) as tell:
        tell({"event": "batch", "pilots": ["alpha", "b", "c", "d"], "jobs": 2})
        tell(at("d", "unchanged"))
        assert terminal.shown == ["d      unchanged"]
        tell(at("alpha", "checking", why="data changed"))
        tell(at("alpha", "waiting", seconds=0.3))
        tell(at("alpha", "running", why="data changed"))
        tell(at("alpha", "running", cell=2, cells=9, seconds=1.5))
        tell(use("alpha", 3.2e8, cell=2, cells=9, seconds=2.0))
        tell(use("alpha", 2.1e8, cell=2, cells=9, seconds=2.5))
        tell(at("b", "checking"))
        assert terminal.shown == [
            "d      unchanged",
            "pilot  state               time   memory     most",
            "alpha  cell 2 of 9        2.5 s   210 MB   320 MB",
            "b      checking           0.0 s",
            "2 running, 1 waiting, 1 unchanged, 0.0 s",
        ]
        clock["time"] += 130
        tell(at("b", "failed", seconds=130.0, message="x\ny"))
        assert terminal.shown == [
            "d      unchanged",
            "b      failed     130.0 s  2 faults",
            "    x",
            "    y",
            "pilot  state               time   memory     most",
            "alpha  cell 2 of 9         2:12   210 MB   320 MB",
            "1 running, 1 waiting, 1 failed, 1 unchanged, 2:10",
        ]
        tell({"event": "interrupted"})
        tell(at("alpha", "done", seconds=132.5, cell=9, cells=9))
        tell(at("c", "left"))
        tell.end(Tally(done=["alpha"], failed=["b"], left=["c"], unchanged=["d"], seconds=133.0))
    assert terminal.shown == [
        "d      unchanged",
        "b      failed     130.0 s  2 faults",
        "    x",
        "    y",
        "interrupted: what runs is finished; once more to stop now",
        "alpha  done       132.5 s  cell 9 of 9, data changed",
        "c      not run",
        "1 done, 1 unchanged, 1 failed, 1 not run, 133.0 s",
    ]


@pytest.mark.parametrize("columns", [200, 80, 60, 40, 25, 12])
def test_no_line_of_the_table_is_wider_than_the_terminal(columns: int) -> None:
    rows = {
        "inclucities-saint-jean-de-la-ruelle": Shown("cell 12 of 39", 0.0, 212 * MB, 1310 * MB),
        "b": Shown("publishing", -4000.0),
    }
    told = table(rows, now=12.3, columns=columns, lines=24)
    assert max(map(len, told)) < columns
    assert len({len(line) for line in told if "of" in line or "state" in line}) <= 2
    if columns >= 40:
        assert "cell 12 of 39" in told[1]
        assert "12.3 s" in told[1]
        assert told[2].split()[:3] == ["b", "publishing", "1:06:52"]
    assert ("1.3 GB" in told[1]) == (columns >= 80)
    assert ("212 MB" in told[1]) == (columns >= 60)
    assert ("saint-jean-de-la-ruelle" in told[1]) == (columns >= 80)


def test_of_a_thousand_pilots_those_that_run_are_shown_and_the_others_counted(
    monkeypatch: pytest.MonkeyPatch, clock: dict[str, float]
) -> None:
    terminal = sized(monkeypatch, 60, 12)
    pilots = [f"pilot-{number:04d}" for number in range(1000)]
    with closing(Live(terminal)) as tell:
        tell({"event": "batch", "pilots": pilots, "jobs": 64})
        for pilot in pilots[:300]:
            tell(at(pilot, "unchanged"))
        for pilot in pilots[300:]:
            tell(at(pilot, "checking"))
            tell(at(pilot, "waiting", seconds=0.1))
        for pilot in pilots[300:364]:
            tell(at(pilot, "running", cell=1, cells=9, seconds=1.0))
        assert len(terminal.shown) <= 12
        names = [line.split()[0] for line in terminal.shown[-11:-2]]
        assert names == ["pilot", *pilots[300:308]]
        assert terminal.shown[-2:] == [
            "and 56 more",
            "64 running, 636 waiting, 300 unchanged, 0.0 s",
        ]
        for pilot in pilots[300:]:
            tell(at(pilot, "done", seconds=2.0))
        tell.end(Tally(done=pilots[300:], unchanged=pilots[:300], seconds=60.0))
    told = [line.rstrip() for line in [*terminal.gone_up, *terminal.shown]]
    assert [line.split()[0] for line in told[:-1]] == pilots
    assert told[-1] == "700 done, 300 unchanged, 0 failed, 60.0 s"


def test_what_raises_leaves_no_table(
    monkeypatch: pytest.MonkeyPatch, clock: dict[str, float]
) -> None:
    terminal = sized(monkeypatch, 80)

    def raises(tell: Callable[[dict[str, Any]], None]) -> None:
        tell({"event": "batch", "pilots": ["alpha"], "jobs": 1})
        tell(at("alpha", "running", cell=1, cells=9))
        assert len(terminal.shown) == 3
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), closing(Live(terminal)) as tell:
        raises(tell)
    assert terminal.shown == []


def test_a_terminal_that_is_gone_ends_nothing() -> None:
    class Gone(Terminal):
        def write(self, text: str) -> None:
            raise OSError(5, "Input/output error")

    with closing(Live(Gone())) as tell:
        tell({"event": "batch", "pilots": ["alpha"], "jobs": 1})
        tell(at("alpha", "running", cell=1, cells=9))
        tell(at("alpha", "done"))
        tell.end(Tally(done=["alpha"]))


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_that_cannot_go_back_gets_plain_lines(
    term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", term)
    with closing(teller(quiet=False, json=False)) as tell:
        tell({"event": "batch", "pilots": ["alpha"], "jobs": 1})
        tell(at("alpha", "running", why="never run"))
        tell(use("alpha", 1e8))
        tell(at("alpha", "waiting"))
        tell(at("alpha", "done", seconds=2.0))
        tell.end(Tally(done=["alpha"], seconds=3.0))
    assert terminal.text.split("\n") == [
        "alpha  running             never run",
        "alpha  done         2.0 s",
        "1 done, 0 unchanged, 0 failed, 3.0 s",
        "",
    ]


class Session:
    """A command on a terminal of its own."""

    def __init__(self, folder: Path, *call: str, columns: int = 80, lines: int = 24) -> None:
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        self.text = b""
        self.seen: list[list[str]] = []
        self.master, own = pty.openpty()
        self.resize(columns, lines)
        kept = {k: v for k, v in os.environ.items() if k not in ("IMPACT_ROOT", "COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "impact", *call],
            cwd=folder,
            env={**kept, "TERM": "xterm-256color", "NO_COLOR": "1"},
            stdin=own,
            stdout=own,
            stderr=own,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(own)

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)

    @property
    def shown(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display if line.strip()]

    def until(self, found: str = "", seconds: float = 90.0) -> bool:
        """Read until a line matches, or to the end; remember each new screen."""
        over = time.monotonic() + seconds
        while time.monotonic() < over:
            if found and any(re.search(found, line) for line in self.shown):
                return True
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    read = os.read(self.master, 65536)
                except OSError:  # the other side has closed its last end
                    read = b""
                if not read:
                    return not found
                self.text += read
                self.stream.feed(read)
                if self.seen[-1:] != [self.shown]:
                    self.seen.append(self.shown)
        return False

    def end(self) -> int:
        assert self.until()
        return self.process.wait(30)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("params", "data", "notebooks"):
        (tmp_path / folder).mkdir()
    for pilot in ("alpha", "beta"):
        (tmp_path / "params" / f"{pilot}.yml").write_text(PARAMS.format(pilot=pilot))
        (tmp_path / "data" / f"{pilot}.csv").write_text(TABLE)
    use_notebook(tmp_path, "good")
    return tmp_path


def use_notebook(project: Path, name: str, slowly: float = 0.0) -> None:
    made = json.loads((ROOT / "tests" / "notebooks" / f"{name}.ipynb").read_text())
    if slowly:
        source = made["cells"][1]["source"]
        made["cells"][1]["source"] = ["import time\n", f"time.sleep({slowly})\n", *source]
    (project / "notebooks" / "pilot.ipynb").write_text(json.dumps(made))


@pytest.fixture
def session() -> Iterator[Callable[..., Session]]:
    opened: list[Session] = []

    def begin(*call: Any, **how: int) -> Session:
        opened.append(Session(*call, **how))
        return opened[-1]

    yield begin
    for one in opened:
        one.process.kill()
        one.process.wait()
        os.close(one.master)


def test_on_a_real_terminal_the_table_is_shown_and_ends_clean(
    project: Path, session: Callable[..., Session]
) -> None:
    use_notebook(project, "good", slowly=3.0)
    (project / "data" / "beta.csv").write_text(TABLE.replace("score", "points"))
    told = session(project, "run")
    assert told.end() == 1
    assert all(re.fullmatch(r"\x1b\[\d+A|\x1b\[J", s) for s in SIGNS.findall(told.text.decode()))
    tables = [shown for shown in told.seen if any("state" in line for line in shown)]
    rows = {line for shown in tables for line in shown if line.startswith("alpha")}
    cells = {found[0] for line in rows if (found := re.search(r"cell \d of 6", line))}
    assert "cell 3 of 6" in cells
    # Between two cells the seconds and the memory go on.
    slow = [line for line in rows if "cell 3 of 6" in line]
    assert len({re.search(r"[\d.]+ s", line)[0] for line in slow}) >= 3
    assert any(re.search(r"\d+ MB +\d+ MB$", line) for line in slow)
    assert any("1 running, 1 failed" in line for shown in tables for line in shown)
    assert [re.sub(r" +[\d.]+ s", " … s", line) for line in told.shown][-2:] == [
        "alpha  done … s  cell 6 of 6, never run",
        "1 done, 0 unchanged, 1 failed, … s",
    ]
    assert not any("state" in line for line in told.shown)
    assert told.screen.cursor.hidden is False
    assert told.screen.cursor.x == 0


def test_interrupted_on_a_real_terminal_the_table_goes_and_the_word_stays(
    project: Path, session: Callable[..., Session]
) -> None:
    use_notebook(project, "good", slowly=3.0)
    told = session(project, "run", "--jobs", "1", columns=40)
    assert told.until(r"^alpha +cell 3 of 6")
    os.write(told.master, b"\x03")
    assert told.end() == 130
    lines = [re.sub(r" +[\d.]+ s", " … s", line) for line in told.shown]
    assert "".join(lines[-2:]) == "interrupted: 1 done, 0 unchanged, 0 failed, 1 not run, … s"
    assert any(line.startswith("alpha  done") for line in lines)
    assert "beta   not run" in lines
    assert not any("state" in line or "running" in line for line in lines)
    assert told.screen.cursor.hidden is False


def test_a_terminal_that_becomes_narrow_shows_one_narrow_table(
    project: Path, session: Callable[..., Session]
) -> None:
    use_notebook(project, "good", slowly=4.0)
    told = session(project, "run", "alpha", columns=100)
    assert told.until(r"^alpha +cell 3 of 6 .* MB$")
    told.resize(40, 12)
    assert told.until(r"^alpha +cell 3 of 6 +[\d.]+ s$")
    assert sum("state" in line for line in told.shown) == 1
    assert told.end() == 0
    assert not any("state" in line for line in told.shown)


def test_programs_are_told_of_seconds_and_memory_while_a_cell_runs(project: Path) -> None:
    use_notebook(project, "good", slowly=3.0)
    kept = {key: value for key, value in os.environ.items() if key != "IMPACT_ROOT"}
    call = [sys.executable, "-m", "impact", "run", "alpha", "--json"]
    ran = subprocess.run(call, cwd=project, env=kept, capture_output=True, text=True, timeout=120)
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    used = [event for event in events if event["event"] == "use" and event.get("cell") == 3]
    assert len(used) >= 1
    for event in used:
        assert event.keys() == {
            *("event", "pilot", "state", "cell", "cells", "seconds", "memory")
        }  # fmt: skip
        assert (event["pilot"], event["state"], event["cells"]) == ("alpha", "running", 6)
        assert 10 * MB < event["memory"] < 10_000 * MB
    seconds = [event["seconds"] for event in events if "seconds" in event and "pilot" in event]
    assert seconds == sorted(seconds)
    done = next(event for event in events if event.get("state") == "done")
    assert done["memory"] >= max(event["memory"] for event in used)


def test_verify_shows_a_table_while_it_lasts_and_then_its_verdicts_alone(
    project: Path, session: Callable[..., Session]
) -> None:
    assert session(project, "run", "alpha").end() == 0
    use_notebook(project, "good", slowly=2.0)
    told = session(project, "verify", "alpha")
    assert told.end() == 0
    assert any(re.search(r"^alpha +cell 3 of 6", line) for shown in told.seen for line in shown)
    assert [line.split() for line in told.shown] == [["alpha", "same", "(notebook", "changed)"]]
