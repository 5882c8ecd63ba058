"""Three ways to run one pilot, one result: impact run, plain Papermill, JupyterLab's copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from impact.results import MIME, Effects, from_payload

ROOT = Path(__file__).parents[1]
PILOTS = ("tilburg-integration", "includ-eu-regional-exchange", "kiel-mcclain-incinerator-adjusted")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module", autouse=True)
def published(project: Path) -> None:
    """Run the pilots by ``impact run``."""
    said = call(project, "impact", "run", *PILOTS)
    assert "3 done" in said


def call(project: Path, *command: str) -> str:
    environment = {**os.environ, "IMPACT_ROOT": str(project)}
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def estimates(notebook: Path) -> pd.DataFrame:
    """Return the estimates that an executed notebook carries."""
    cells = nbformat.read(notebook, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    bundles = [output["data"] for output in outputs if MIME in output.get("data", {})]
    parts = [from_payload(bundle[MIME]) for bundle in bundles]
    (effects,) = [part for part in parts if isinstance(part, Effects)]
    return effects.to_frame()


@pytest.mark.slow
@pytest.mark.parametrize("pilot", PILOTS)
def test_plain_papermill_gives_the_same_estimates_to_the_last_digit(
    project: Path, pilot: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.ipynb"
    params = f"params/{pilot}.yml"
    call(project, "papermill", "notebooks/pilot.ipynb", str(out), "-f", params)
    ours = estimates(project / "runs" / pilot / "notebook.ipynb")
    pd.testing.assert_frame_equal(estimates(out), ours, check_exact=True)


@pytest.mark.slow
def test_jupyterlabs_working_copy_gives_the_same_estimates_to_the_last_digit(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from impact.batch.lab import working_copy
    from impact.batch.project import find_project

    monkeypatch.setenv("IMPACT_ROOT", str(project))
    pilot = PILOTS[0]
    copy = working_copy(find_project(), project / "params" / f"{pilot}.yml")
    notebook = nbformat.read(copy.path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(project)}}).execute()
    nbformat.write(notebook, copy.path)
    ours = estimates(project / "runs" / pilot / "notebook.ipynb")
    pd.testing.assert_frame_equal(estimates(copy.path), ours, check_exact=True)


@pytest.mark.slow
def test_the_csv_of_a_run_holds_the_same_digits(project: Path) -> None:
    for pilot in PILOTS:
        folder = project / "runs" / pilot
        read = pd.read_csv(folder / "estimates.csv")
        ours = estimates(folder / "notebook.ipynb")
        pd.testing.assert_series_equal(read["estimate"], ours["estimate"], check_exact=True)
        pd.testing.assert_series_equal(read["std_error"], ours["std_error"], check_exact=True)


@pytest.mark.slow
def test_the_notebook_without_parameters_shows_the_example(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    call(project, "papermill", "notebooks/pilot.ipynb", str(out))
    ours = estimates(project / "runs" / "tilburg-integration" / "notebook.ipynb")
    pd.testing.assert_frame_equal(estimates(out), ours, check_exact=True)


@pytest.mark.slow
def test_nbconvert_writes_the_page_that_was_published(project: Path, tmp_path: Path) -> None:
    pilot = PILOTS[0]
    notebook = str(project / "runs" / pilot / "notebook.ipynb")
    call(project, "nbconvert", "--to", "impact", notebook, "--output-dir", str(tmp_path))
    page = (project / "reports" / f"{pilot}.html").read_bytes()
    assert (tmp_path / "notebook.html").read_bytes() == page
