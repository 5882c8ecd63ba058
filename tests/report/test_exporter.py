"""From executed notebooks to pages: what is refused, and what never comes along."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

import nbformat
import pytest
from nbconvert.exporters import get_exporter

from impact.errors import RunError
from impact.report import collect, render_page
from impact.report.exporter import ImpactExporter
from impact.results import MIME

SECRET = "jan.jansen@example.org"


def output(kind, **said):
    return nbformat.v4.new_output(kind, **said)


def cell(source="x", outputs=(), count=99, **metadata):
    made = nbformat.v4.new_code_cell(source, execution_count=count, outputs=list(outputs))
    made.metadata.update(metadata)
    return made


@pytest.fixture
def executed(samples):
    return samples.notebook(samples.did_pilot())


def test_the_page_of_a_notebook_is_the_page_of_its_parts(executed, samples, pages):
    page, resources = ImpactExporter().from_notebook_node(executed)
    assert page == pages["did"]
    assert resources["output_extension"] == ".html"


def test_nbconvert_knows_the_exporter():
    assert get_exporter("impact") is ImpactExporter


@pytest.mark.slow
def test_the_usual_command_writes_the_page(executed, pages, tmp_path):
    nbformat.write(executed, tmp_path / "executed.ipynb")
    (tmp_path / "impact").mkdir()  # a folder of the template's name must not be taken for it
    (tmp_path / "impact" / "index.html.j2").write_text("{{ nb }}")
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "impact", "executed.ipynb"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "executed.html").read_text(encoding="utf-8") == pages["did"]


def test_secrets_of_a_notebook_never_reach_the_page(executed, pages):
    picture = base64.b64encode(SECRET.encode()).decode()
    executed.metadata["title"] = SECRET
    executed.metadata["papermill"] = {"input_path": f"/home/{SECRET}/x.ipynb"}
    executed.cells.insert(0, nbformat.v4.new_markdown_cell(SECRET))
    executed.cells[0]["attachments"] = {"a.png": {"image/png": picture}}
    executed.cells.append(nbformat.v4.new_raw_cell(SECRET))
    planted = [
        output("stream", name="stdout", text=SECRET),
        output("stream", name="stderr", text=SECRET),
        output("display_data", data={"text/html": f"<b>{SECRET}</b>", "image/png": picture}),
        output("display_data", data={"image/svg+xml": f"<svg>{SECRET}</svg>"}),
        output("display_data", data={"application/json": {"x": SECRET}}, metadata={"m": SECRET}),
        output("execute_result", data={"text/plain": SECRET}, execution_count=99),
    ]
    executed.cells.append(cell(f"print('{SECRET}')", planted, name=SECRET, tags=[SECRET]))
    carrying = next(c for c in executed.cells if c.get("outputs"))
    carrying.outputs[0].data["text/html"] = SECRET
    page = render_page(executed)
    assert SECRET not in page
    assert picture not in page
    assert page == pages["did"]


def test_a_failed_cell_is_refused_without_its_message(executed):
    failed = output("error", ename="ValueError", evalue=SECRET, traceback=[SECRET])
    executed.cells.append(cell(outputs=[failed]))
    with pytest.raises(RunError, match="ended in an error") as caught:
        render_page(executed)
    assert SECRET not in str(caught.value)


def test_a_failed_cell_that_is_tagged_to_be_removed_is_refused(executed):
    failed = output("error", ename="ValueError", evalue="", traceback=[])
    executed.cells.append(cell(outputs=[failed], tags=["remove-cell", "raises-exception"]))
    with pytest.raises(RunError, match="ended in an error"):
        ImpactExporter().from_notebook_node(executed)


def test_a_run_that_papermill_marks_as_failed_is_refused(executed):
    executed.metadata["papermill"] = {"exception": True}
    with pytest.raises(RunError, match="its run ended in an error"):
        render_page(executed)


def test_a_notebook_that_stopped_half_way_is_refused(executed):
    executed.cells.append(cell("panel", count=None))
    with pytest.raises(RunError, match="1 of"):
        render_page(executed)


def test_an_empty_notebook_is_refused():
    with pytest.raises(RunError, match="not executed"):
        render_page(nbformat.v4.new_notebook())


def test_an_empty_cell_is_no_fault(executed, pages):
    executed.cells.append(cell("  \n", count=None))
    assert render_page(executed) == pages["did"]


@pytest.mark.parametrize("times", [0, 2])
def test_a_notebook_shows_its_status_once(executed, times):
    executed.cells[:1] = [executed.cells[0]] * times
    with pytest.raises(RunError, match=f"its status {times} times"):
        render_page(executed)


@pytest.mark.parametrize(
    "payload", [{"part": "plot"}, {"part": "summary"}, {}, {"part": "status", "name": SECRET}, "x"]
)
def test_a_part_that_cannot_be_read_is_refused_without_its_content(executed, payload):
    executed.cells.append(cell(outputs=[output("display_data", data={MIME: payload})]))
    with pytest.raises(RunError, match="cannot read") as caught:
        render_page(executed)
    assert SECRET not in str(caught.value)


def test_all_faults_come_at_once(executed):
    failed = output("error", ename="E", evalue="", traceback=[])
    executed.cells += [cell(outputs=[failed]), cell("panel", count=None)]
    with pytest.raises(RunError) as caught:
        collect(executed)
    assert len(caught.value.faults) == 2


def test_the_notebook_stays_as_it_was(executed):
    before = json.dumps(executed, sort_keys=True)
    ImpactExporter().from_notebook_node(executed)
    assert json.dumps(executed, sort_keys=True) == before
