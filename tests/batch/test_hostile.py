"""Notebooks that crash, hang, flood, eat and kill: each one line, all others published."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import suppress
from typing import Any

import psutil
import pytest

TIME, MEMORY = "25", "700M"
# What is said of each, in one line.
SAID = {
    "bad-crashes": r"cell 4 of 7: the kernel died \(SIGSEGV\); see runs/bad-crashes/log\.txt",
    "bad-leaves": r"cell 4 of 7: the kernel died; see runs/bad-leaves/log\.txt",
    "bad-exits": r"cell 4 of 7: the notebook was left early \(sys\.exit\); see .*",
    "bad-kills-itself": r"cell 4 of 7: the kernel died \(SIGKILL: by hand, or for want of .*",
    "bad-hangs": r"cell 4 of 7: stopped after 25 seconds, the time limit",
    "bad-ignores": r"cell 4 of 7: stopped after 25 seconds, the time limit",
    "bad-prints-on": r"cell 4 of 7: ended after printing 200,000,000 characters; see .*",
    "bad-prints-below": r"cell 4 of 7: ended after printing 200,000,000 characters; see .*",
    "bad-eats": r"cell 4 of 7: ended because it used more than 700 MB of memory",
    "bad-threads": r"cell 4 of 7: (ended because it started more than 1,000 threads|raised Run).*",
    "bad-loses-data": r"cell 5 of 7: raised FileNotFoundError; see .*",
    "bad-fills": r"cell 4 of 7: raised OSError; see .*",
}
WELL = {"alpha", "beta", "bad-floods", "bad-closes", "bad-kills-the-warm", "bad-spoils"}


@pytest.fixture(scope="module")
def ran(small_of: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """Run them all in one batch."""
    root = tmp_path_factory.mktemp("hostile") / "project"
    made = small_of(root, *SAID, *WELL, notebook="hostile")
    call = ["run", "--json", "--jobs", "2", "--timeout", TIME, "--memory", MEMORY]
    return made, made.impact(*call)


@pytest.fixture(scope="module")
def ends(ran: tuple[Any, Any]) -> dict[str, dict[str, Any]]:
    """Return the last event of each pilot."""
    events = [json.loads(line) for line in ran[1].stdout.splitlines()]
    return {event["pilot"]: event for event in events if event["event"] == "pilot"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="what the system says differs elsewhere")
@pytest.mark.parametrize("pilot", sorted(SAID))
def test_a_hostile_pilot_is_told_in_one_line(ends: dict[str, Any], pilot: str) -> None:
    assert ends[pilot]["state"] == "failed"
    assert re.fullmatch(SAID[pilot], ends[pilot]["message"])


@pytest.mark.slow
def test_all_others_are_published_and_nothing_else(
    ran: tuple[Any, Any], ends: dict[str, Any]
) -> None:
    made, process = ran
    assert {pilot for pilot, event in ends.items() if event["state"] == "done"} == WELL
    pages = {f"{pilot}.html" for pilot in WELL}
    assert made.published() == {*pages, "index.html", "estimates.csv"}
    assert process.returncode == 1
    assert process.stderr == ""


@pytest.mark.slow
def test_a_flood_is_cut_off_and_said(ran: tuple[Any, Any]) -> None:
    kept = (ran[0].root / "runs" / "bad-floods" / "notebook.ipynb").read_text()
    assert "cut off here: more than 10,000,000 characters" in kept
    assert len(kept) < 11_500_000


@pytest.mark.slow
def test_the_log_of_a_crash_says_where(ran: tuple[Any, Any]) -> None:
    log = (ran[0].root / "runs" / "bad-crashes" / "log.txt").read_text()
    assert "Fatal Python error: Segmentation fault" in log
    assert "string_at" in log


@pytest.mark.slow
def test_a_page_is_as_if_its_neighbours_had_behaved(ran: tuple[Any, Any], small_of: Any) -> None:
    made = ran[0]
    alone = small_of(made.root.parent / "alone", "alpha", "bad-spoils", notebook="hostile")
    assert alone.impact("run").returncode == 0
    for pilot in ("alpha", "bad-spoils"):
        assert alone.project.page(pilot).read_bytes() == made.project.page(pilot).read_bytes()


@pytest.mark.slow
def test_nothing_of_them_is_left_running(ran: tuple[Any, Any]) -> None:
    root = str(ran[0].root)
    left = [one for one in psutil.process_iter() if _works_in(one, root)]
    assert left == []


def _works_in(process: psutil.Process, root: str) -> bool:
    try:
        return process.environ().get("IMPACT_ROOT") == root or process.cwd() == root
    except psutil.Error:
        return False


@pytest.fixture
def narrow(tmp_path: Any) -> Any:
    """Yield a folder on a disk of its own that has little room."""
    place = tmp_path / "disk"
    place.mkdir()
    call = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(place)]
    try:
        subprocess.run(call, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.slow
def test_a_full_disk_fails_pilots_in_one_line_and_leaves_nothing_half(
    narrow: Any, small_of: Any
) -> None:
    made = small_of(narrow / "project", "alpha", "beta")
    assert made.impact("run").returncode == 0
    before = made.whole()
    filler = narrow / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 12)):
            pass
    ran = made.impact("run", "--force")
    assert ran.returncode == 2  # none was left to run
    told = r"^(alpha|beta) +failed .*cannot write log.txt; no space left on device$"
    lines = re.findall(told, ran.stdout, re.M)
    assert sorted(lines) == ["alpha", "beta"]
    assert made.whole() == before
    filler.unlink()
    assert made.impact("run").returncode == 0
    assert made.whole() == before
