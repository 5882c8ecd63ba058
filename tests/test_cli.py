"""The command line as people type it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.typed import PARAMS, ROOT, TABLE, typed

from impact import cli


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("params", "data", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "params" / "alpha.yml").write_text(PARAMS.format(pilot="alpha"))
    (tmp_path / "data" / "alpha.csv").write_text(TABLE)
    good = ROOT / "tests" / "notebooks" / "good.ipynb"
    (tmp_path / "notebooks" / "pilot.ipynb").write_bytes(good.read_bytes())
    return tmp_path


@pytest.mark.parametrize("command", ["", "run", "check", "new", "lab", "power", "list"])
def test_help_tells_of_each_command_and_loads_nothing_heavy(command: str) -> None:
    code = (
        "import sys; from impact.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as left: assert left.code == 0\n"
        "heavy = {'numpy', 'pandas', 'pydantic', 'papermill', 'yaml', 'zmq', 'matplotlib'}\n"
        "sys.exit(f'loaded {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)"
    )
    call = [*([command] if command else []), "--help"]
    ran = subprocess.run([sys.executable, "-c", code, *call], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert f"usage: impact {command}".strip() in ran.stdout
    assert "exit codes:" in ran.stdout


def test_the_version_is_the_packages() -> None:
    from importlib.metadata import version

    assert typed("--version").stdout == f"impact {version('impact')}\n"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["rn"], "invalid choice: 'rn'"),
        (["run", "--jobs", "0"], "'0' is not a number from 1 to 1000"),
        (["run", "--jobs", "two"], "'two' is not a number from 1 to 1000"),
        (["run", "--timeout", "-1"], "'-1' is not a number of seconds above 0"),
        (["run", "--timeout", "nan"], "'nan' is not a number of seconds above 0"),
        (
            ["run", "--language", "xx"],
            "there are no pages in 'xx'; there are: en, fr, it, es, ca, nl, el, ro, sl, lv",
        ),
        (["run", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["run", "alfa"], "no pilot 'alfa' in the params folder; did you mean 'alpha'?"),
        (["run", "params/beta.yml"], "there is no params file 'beta.yml' at that path"),
        (["check", "beta"], "known pilots: alpha"),
        (["new", "Not An Id"], "'Not An Id' is no id of a pilot"),
        (["new", "alpha"], "params/alpha.yml: there is such a file"),
        (["new", "beta", "--data", "nowhere.csv"], "there is no file 'nowhere.csv'"),
        (["lab", "beta"], "no pilot 'beta'"),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_sentence(project: Path, call: list[str], said: str) -> None:
    ran = typed(*call, cwd=project)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert ran.stdout == ""
    assert str(project) not in ran.stderr


def test_a_project_without_a_pilot_ends_with_2(project: Path) -> None:
    (project / "params" / "alpha.yml").unlink()
    for command in ("run", "check", "list"):
        ran = typed(command, cwd=project)
        assert ran.returncode == 2
        assert "write one with 'impact new PILOT'" in ran.stderr


def test_run_tells_every_event_as_json_or_only_failures_or_lines(project: Path) -> None:
    events = [json.loads(line) for line in typed("run", "--json", cwd=project).stdout.splitlines()]
    assert events[0] == {"event": "batch", "pilots": ["alpha"], "jobs": cli.default_jobs()}
    pilots = [event for event in events if event["event"] == "pilot"]
    states = [event["state"] for event in pilots]
    assert list(dict.fromkeys(states)) == ["checking", "waiting", "running", "publishing", "done"]
    cells = [event["cell"] for event in pilots if event["state"] == "running" and "cell" in event]
    assert cells == [1, 2, 3, 4, 5, 6]
    assert all(event["seconds"] >= 0 for event in pilots if event["state"] in ("waiting", "done"))
    assert 10**7 < pilots[-1]["memory"] < 10**10
    assert {key: events[-1][key] for key in ("event", "done", "failed", "exit")} == {
        "event": "end", "done": 1, "failed": 0, "exit": 0
    }  # fmt: skip
    quiet = typed("check", "--quiet", cwd=project)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    lines = typed("run", "--force", "--language", "en", cwd=project).stdout.splitlines()
    assert [re.sub(r"[\d.]+ s", "… s", line) for line in lines] == [
        "alpha  running             asked for",
        "alpha  done           … s  cell 6 of 6".replace("    …", "  …"),
        "1 done, 0 unchanged, 0 failed, … s",
    ]


def test_quiet_tells_failures_on_standard_error(project: Path) -> None:
    (project / "params" / "alpha.yml").write_text("pilot: alpha\nnonsense: 1\n")
    ran = typed("check", "--quiet", cwd=project)
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "unknown key 'nonsense'" in ran.stderr
    faults = [line for line in ran.stderr.splitlines() if line.startswith("    ")]
    assert f"{len(faults)} faults" in ran.stderr.splitlines()[0]


def test_check_tells_faults_as_json(project: Path) -> None:
    (project / "data" / "alpha.csv").write_text(TABLE.replace("score", "points"))
    ran = typed("check", "--json", cwd=project)
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    failed = next(event for event in events if event.get("state") == "failed")
    assert any("score" in fault["found"] for fault in failed["faults"])
    assert all("rows" not in fault for fault in failed["faults"])
    assert events[-1]["exit"] == ran.returncode == 1


def test_new_writes_a_params_file_that_check_can_read(project: Path) -> None:
    (project / "data" / "beta.csv").write_text(TABLE)
    written = typed("new", "beta", "--data", "data/beta.csv", cwd=project)
    assert written.returncode == 0
    assert "wrote params/beta.yml" in written.stdout
    text = (project / "params" / "beta.yml").read_text()
    assert "path: data/beta.csv" in text or 'path: "data/beta.csv"' in text
    assert typed("new", "gamma", cwd=project).returncode == 0
    checked = typed("check", "gamma", cwd=project)
    assert "data/gamma.csv" in checked.stdout


@pytest.mark.parametrize("call", [["run"], ["check"], ["new", "beta"], ["lab"], ["list"]])
def test_what_no_rule_foresees_is_one_line_and_its_details_are_private(
    call: list[str],
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def breaks(given: object) -> int:
        raise type("Jane_Doe", (ValueError,), {})("Jane Doe, 1971")

    monkeypatch.chdir(project)
    monkeypatch.delenv("IMPACT_ROOT", raising=False)
    monkeypatch.setattr(import_module(f"impact.cli.{call[0]}"), "main", breaks)
    assert cli.main(call) == 2
    told = capsys.readouterr()
    assert told.out == ""
    kind = "an error of another kind"
    line = f"impact: this met {kind}, which no rule foresees; the details are in runs/error.log\n"
    assert told.err == line
    assert "Jane Doe, 1971" in (project / "runs" / "error.log").read_text()


def test_what_no_rule_foresees_is_one_line_outside_a_project_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(given: object) -> int:
        raise ZeroDivisionError("Jane Doe, 1971")

    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path / "nowhere"))
    monkeypatch.setattr(import_module("impact.cli.list"), "main", breaks)
    assert cli.main(["list"]) == 2
    line = "impact: this met ZeroDivisionError, which no rule foresees\n"
    assert capsys.readouterr().err == line


def test_list_tells_what_never_ran(project: Path) -> None:
    assert typed("list", cwd=project).stdout == "alpha  never run\n"
    told = json.loads(typed("list", "--json", cwd=project).stdout)
    never = {"state": "never run", "why": "never run", "ended": "", "seconds": None}
    assert told == {"pilot": "alpha", **never}


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("call", [["run"], ["run", "--json"], ["list"], ["check"], ["--help"]])
def test_a_reader_who_leaves_early_meets_no_complaint(
    project: Path, call: list[str], unbuffered: str
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "impact", *call],
        cwd=project,
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert said == ""
    # Of a page that is made nobody need read the lines; a list is cut off where it is written.
    assert process.returncode == int(unbuffered == "1" and call == ["list"])
    assert (project / "reports" / "alpha.html").is_file() == (call[0] == "run")


def fetched(url: str, *, seconds: float = 30) -> dict[str, Any]:
    """Fetch JSON; the server tells its address a moment before it listens there."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                told: dict[str, Any] = json.load(answer)
                return told
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_lab_serves_the_working_copy_of_the_pilot(project: Path) -> None:
    call = [sys.executable, "-m", "impact", "lab", "alpha", "--no-browser"]
    kept = {key: value for key, value in os.environ.items() if key != "IMPACT_ROOT"}
    process = subprocess.Popen(
        call, cwd=project, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "opening runs/alpha/lab.ipynb\n"
        url = next(
            found[0]
            for line in process.stdout
            if (found := re.search(r"http://(?:localhost|127\.0\.0\.1):\d+/\S*token=\S+", line))
        )
        assert "/lab/tree/runs/alpha/lab.ipynb?" in url
        api = url.replace("/lab/tree/", "/api/contents/")
        content = fetched(api)["content"]
        assert content["cells"][1]["metadata"]["tags"] == ["injected-parameters"]
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        process.wait(30)
        process.stdout.close()
