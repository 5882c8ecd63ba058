"""JupyterLab, opened by ``impact lab`` and driven as an analyst would: Run All, no error."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
PILOT = "tilburg-integration"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    """Start ``impact lab`` and yield the address it prints, token included."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = project / "lab.txt"
    environment = {**os.environ, "IMPACT_ROOT": str(project), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "impact", "lab", PILOT, "--no-browser", "--port", str(port)]
    with log.open("w") as out:
        server = subprocess.Popen(
            command,
            cwd=project,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _printed(log, server)
    finally:
        os.killpg(server.pid, signal.SIGINT)
        time.sleep(0.5)
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def _printed(log: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(120):
        said = log.read_text()
        found = re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", said)
        if found:
            return found.group()
        assert server.poll() is None, said
        time.sleep(0.5)
    raise AssertionError(f"JupyterLab printed no address:\n{log.read_text()}")


@pytest.mark.browser
@pytest.mark.slow
def test_run_all_ends_without_error(browser: object, address: str, project: Path) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})  # type: ignore[attr-defined]
    page.set_default_timeout(90_000)
    _open(page, address)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu-item", has_text="Run All Cells").first.click()
    cells = _executed(page, project / "runs" / PILOT / "lab.ipynb")
    kinds = [output.output_type for cell in cells for output in cell.outputs]
    streams = [o.name for cell in cells for o in cell.outputs if o.output_type == "stream"]
    assert "error" not in kinds
    assert "stderr" not in streams
    assert "impact run tilburg-integration" in str(cells[-1].outputs)


def _executed(page: object, path: Path) -> list[nbformat.NotebookNode]:
    """Save until the notebook on disk has run to its last cell; return its cells."""
    cells: list[nbformat.NotebookNode] = []
    for _ in range(90):
        page.keyboard.press("Control+s")  # type: ignore[attr-defined]
        time.sleep(1)
        cells = nbformat.read(path, as_version=4).cells
        if cells[-1].execution_count is not None and cells[-1].outputs:
            return cells
    raise AssertionError([cell.execution_count for cell in cells])


def _open(page: object, address: str) -> None:
    """Open the address; Jupyter prints it a moment before it listens."""
    from playwright.sync_api import Error

    for _ in range(60):
        try:
            page.goto(address)  # type: ignore[attr-defined]
        except Error as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            time.sleep(0.5)
        else:
            return
    raise AssertionError("JupyterLab does not answer")
