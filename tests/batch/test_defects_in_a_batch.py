"""Hundreds of faulty pilots beside two good ones: each fails by its name, the good go on."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GOOD = ("catalonia-mentoring", "inclucities-capaci")


def zoo(room: str) -> ModuleType:
    """Load the defects that another room's tests define."""
    name = f"defects_of_{room}"
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / room / "defects.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


PARAMS, DATA = zoo("spec"), zoo("data")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("defects")
    for folder in ("params", "data"):
        (root / folder).mkdir()
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    for pilot in GOOD:
        shutil.copy(ROOT / "params" / f"{pilot}.yml", root / "params")
        shutil.copy(ROOT / "data" / f"{pilot}.csv", root / "data")
    return root


@pytest.fixture(scope="module")
def due(project: Path) -> dict[str, str]:
    """Write every faulty pilot; return what is due to be said of it."""
    says: dict[str, str] = {}
    for at, (_, make, said) in enumerate(PARAMS.PARAMS_DEFECTS):
        pilot = f"params-{at:03d}"
        text = make(PARAMS.GOOD.replace("good-pilot", pilot))
        (project / "params" / f"{pilot}.yml").write_text(text)
        says[pilot] = said.replace("good-pilot", pilot)
    for at, defect in enumerate(DATA.DEFECTS):
        pilot = f"data-{at:03d}"
        given = DATA.write(defect, project, pilot)
        (project / "params" / f"{pilot}.yml").write_text(yaml.safe_dump(given))
        says[pilot] = defect.says
    return says


@pytest.fixture(scope="module")
def ran(project: Path, due: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "impact", "run", "--json"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def told(ran: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """Return everything that was said of each pilot."""
    said: dict[str, str] = {}
    for line in ran.stdout.splitlines():
        event = json.loads(line)
        pilot = event.get("pilot")
        if pilot:
            said[pilot] = said.get(pilot, "") + json.dumps(event, ensure_ascii=False)
    return said


@pytest.mark.slow
def test_there_are_two_hundred_of_either_kind(due: dict[str, str]) -> None:
    assert sum(name.startswith("params-") for name in due) >= 200
    assert sum(name.startswith("data-") for name in due) >= 200


@pytest.mark.slow
def test_every_faulty_pilot_fails_with_the_message_that_is_due(
    due: dict[str, str], told: dict[str, str]
) -> None:
    silent = {name: said for name, said in due.items() if said not in plain_text(told[name])}
    assert not silent, {name: told[name] for name in list(silent)[:3]}


def plain_text(events: str) -> str:
    """Undo JSON's quotation marks, so that a message can be looked for as it was written."""
    return events.replace('\\"', '"').replace("\\\\", "\\")


@pytest.mark.slow
def test_the_good_ones_beside_them_are_published_and_nothing_else(
    project: Path, ran: subprocess.CompletedProcess[str]
) -> None:
    assert ran.returncode == 1
    pages = {path.name for path in (project / "reports").iterdir()}
    assert pages == {"index.html", "estimates.csv", *(f"{pilot}.html" for pilot in GOOD)}


@pytest.mark.slow
def test_no_traceback_no_path_and_no_value_of_a_person_is_told(
    project: Path, ran: subprocess.CompletedProcess[str]
) -> None:
    index = (project / "reports" / "index.html").read_text()
    for secret in ("Traceback", str(project), "person-", "town-", "secret-word"):
        assert secret not in ran.stdout
        assert secret not in ran.stderr
        assert secret not in index
