"""Small projects on disk, with a stand-in for the notebook."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from impact.batch.crew import Worker
from impact.batch.project import Project
from impact.batch.warm import starts_of

ZOO = Path(__file__).parents[1] / "notebooks"
PARAMS = """\
pilot: {pilot}
about: {{title: Pilot {pilot}}}
data: {{path: data/{pilot}.csv, unit: id, period: wave, unit_is: place}}
design: {{kind: did, treated: in_pilot, starts: 2}}
outcomes: [{{column: score}}]
"""


def table() -> str:
    rows = [
        f"u{unit},{wave},{unit % 2},{(unit * 7 + wave * 3) % 11 + (unit % 2) * (wave - 1)}"
        for unit in range(40)
        for wave in (1, 2)
    ]
    return "\n".join(["id,wave,in_pilot,score", *rows]) + "\n"


class Small:
    """A project of pilots that run in about two seconds each."""

    def __init__(self, root: Path, *pilots: str, notebook: str = "good") -> None:
        self.root = root
        self.project = Project(root, root / "params", root / "reports", root / "runs")
        for folder in ("params", "data", "notebooks"):
            (root / folder).mkdir(parents=True)
        self.use(notebook)
        for pilot in pilots:
            self.add(pilot)

    def use(self, notebook: str) -> None:
        shutil.copyfile(ZOO / f"{notebook}.ipynb", self.root / "notebooks" / "pilot.ipynb")

    def add(self, pilot: str) -> None:
        (self.root / "data" / f"{pilot}.csv").write_text(table(), encoding="utf-8")
        self.params(pilot).write_text(PARAMS.format(pilot=pilot), encoding="utf-8")

    def params(self, pilot: str) -> Path:
        return self.root / "params" / f"{pilot}.yml"

    def start(self, *call: str) -> subprocess.Popen[str]:
        kept = {key: value for key, value in os.environ.items() if key != "IMPACT_ROOT"}
        return subprocess.Popen(
            [sys.executable, "-m", "impact", *call],
            cwd=self.root,
            env=kept,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def impact(self, *call: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*call)
        out, err = process.communicate(timeout=180)
        told = out + err
        assert "Traceback" not in told, told
        assert str(self.root) not in told, told
        return subprocess.CompletedProcess(call, process.returncode, out, err)

    def published(self) -> set[str]:
        return {path.name for path in self.project.reports.iterdir()}

    def whole(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.project.reports.iterdir()}


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Small]:
    return lambda *pilots, notebook="good": Small(tmp_path / "project", *pilots, notebook=notebook)


@pytest.fixture(scope="session")
def small_of() -> type[Small]:
    """Return what makes a project in a folder."""
    return Small


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Make a project whose one pilot is struck by the defects of the zoo."""
    return Small(tmp_path_factory.mktemp("zoo") / "project", "bad")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Make a project whose two pilots have run; a test leaves it up to date."""
    made = Small(tmp_path_factory.mktemp("ran") / "project", "alpha", "beta")
    assert made.impact("run").returncode == 0
    return made


@pytest.fixture(scope="module", params=["warm", "standard"])
def worker(request: pytest.FixtureRequest, bad: Small) -> Iterator[Worker]:
    starts = starts_of(bad.root, request.param)
    worker = Worker(bad.root, starts)
    yield worker
    worker.end()
    starts.close()


@pytest.fixture
def zoo() -> Path:
    return ZOO
