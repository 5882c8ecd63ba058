"""Kill batches at random moments, take them up again, compare: ``python tests/batch/kills.py 100``.

Struck is the batch itself, its warm process, or a child of that. Afterwards every file in
``reports/`` must be whole, no page that was there may be lost, and the batch that is taken
up again must end with the pages and estimates of one that nobody disturbed, byte for byte.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

VICTIMS = ("parent", "server", "child")
TIMES = ("started", "ended", "seconds", "memory", "before", "batch")
MOMENTS = 38
"""Events that a batch of four small pilots tells, about."""


@dataclass
class Found:
    """What was found after all kills.

    Parameters
    ----------
    struck : Counter
        How often whom.
    faults : list of str
        What was not as it must be.
    """

    struck: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Kills:
    """Kills of one project's batches.

    Parameters
    ----------
    project : Any
        A project of small pilots, as `conftest.Small` makes it, that has not run yet.
    seed : int
        Of the moments.
    """

    def __init__(self, project: Any, seed: int) -> None:
        self._project = project
        self._chance = random.Random(seed)
        self._found = Found()
        self._expected: dict[str, bytes] = {}
        self._records: dict[str, Any] = {}

    def run(self, count: int) -> Found:
        """Run undisturbed once, then ``count`` times with a kill; return what was found."""
        assert self._project.impact("run").returncode == 0
        self._expected = self._project.whole()
        self._records = self._recorded()
        for number in range(count):
            self._once(number)
        return self._found

    def _once(self, number: int) -> None:
        afresh = self._chance.random() < 0.5
        if afresh:
            shutil.rmtree(self._project.root / "reports")
            shutil.rmtree(self._project.root / "runs")
        victim, moment = self._chance.choice(VICTIMS), self._chance.randrange(MOMENTS)
        name = f"kill {number} ({victim}, event {moment}, {'afresh' if afresh else 'again'})"
        process = self._project.start("run", "--force", "--json", "--jobs", "2")
        self._strike(process, victim, moment)
        process.communicate(timeout=120)
        self._look(name, afresh=afresh)
        resumed = self._project.impact("run")
        if resumed.returncode != 0:
            self._fault(name, f"taken up again it ended with {resumed.returncode}")
        if self._project.whole() != self._expected:
            self._fault(name, "taken up again it published something else")
        if self._recorded() != self._records:
            self._fault(name, "the records differ by more than times")
        again = self._project.impact("run")
        if "4 unchanged" not in again.stdout:
            self._fault(name, f"it does not agree with itself: {again.stdout}")

    def _strike(self, process: subprocess.Popen[str], victim: str, moment: int) -> None:
        assert process.stdout is not None
        for _ in range(moment):
            if not process.stdout.readline():
                return
        time.sleep(self._chance.random() * 0.1)
        until = time.monotonic() + 5
        while time.monotonic() < until and process.poll() is None:
            if self._struck(process, victim):
                self._found.struck[victim] += 1
                return
            time.sleep(0.005)

    def _struck(self, process: subprocess.Popen[str], victim: str) -> bool:
        try:
            parent = psutil.Process(process.pid)
            if victim == "parent":
                parent.kill()
                return True
            servers = [one for one in parent.children() if "impact.batch.server" in _call(one)]
            chosen = servers if victim == "server" else [c for s in servers for c in s.children()]
            if chosen:
                self._chance.choice(chosen).kill()
            return bool(chosen)
        except psutil.Error:
            return False

    def _look(self, name: str, *, afresh: bool) -> None:
        reports = self._project.root / "reports"
        there = self._project.whole() if reports.is_dir() else {}
        for file, content in there.items():
            if file not in self._expected:
                self._fault(name, f"reports/ holds {file}")
            elif file.endswith(".html") and file != "index.html":
                if content != self._expected[file]:
                    self._fault(name, f"{file} is half")
            elif not content.endswith(b"\n"):
                self._fault(name, f"{file} is half")
        lost = [] if afresh else sorted(set(self._expected) - set(there))
        if lost:
            self._fault(name, f"lost {', '.join(lost)}")

    def _recorded(self) -> dict[str, Any]:
        records = {}
        for path in sorted((self._project.root / "runs").glob("*/run.json")):
            record = json.loads(path.read_text())
            record["good"].pop("ended")
            # The executed notebook has the times of its cells.
            record["good"].pop("notebook")
            records[record["pilot"]] = {k: v for k, v in record.items() if k not in TIMES}
        return records

    def _fault(self, name: str, said: str) -> None:
        self._found.faults.append(f"{name}: {said}")


def _call(process: psutil.Process) -> str:
    return " ".join(process.cmdline())


def main() -> int:
    """Kill as often as the command line says; print the count and what was found."""
    sys.path.insert(0, str(Path(__file__).parent))
    from conftest import Small

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory() as folder:
        found = Kills(Small(Path(folder) / "project", *"abcd"), seed).run(count)
    told = ", ".join(f"{who} {often}" for who, often in sorted(found.struck.items()))
    print(f"seed {seed}: {count} kills ({told}), {len(found.faults)} faults")
    print(*found.faults, sep="\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
