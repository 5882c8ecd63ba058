"""Cells run in a forked child show what they show in an ordinary kernel, to the letter."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from impact.batch.cells import NAME, register
from impact.batch.crew import Worker
from impact.batch.warm import starts_of
from impact.disclosure import IndexEntry
from impact.errors import RunError

ROOT = Path(__file__).parents[2]
SHOWN = sorted(path.stem for path in (ROOT / "tests" / "notebooks").glob("shows-[!n]*.ipynb"))
VARYING = [
    (re.compile(r"ipykernel_\d+/\d+"), "ipykernel_N/N"),
    (re.compile(r"0x[0-9a-f]{6,}"), "0xN"),
    (re.compile(r"/impact-\w{8}/"), "/impact-N/"),
    # What a message or a task is called at random.
    (re.compile(r"Task-\d+"), "Task-N"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project to where notebooks may leave what they like."""
    root = tmp_path_factory.mktemp("cells") / "project"
    for folder in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "nothing.yml").write_text("{}")
    return root


@pytest.fixture(scope="module")
def both(place: Path) -> Iterator[dict[str, Worker]]:
    starts = {way: starts_of(place, way) for way in ("warm", "standard")}
    workers = {way: Worker(place, starts[way]) for way in starts}
    yield workers
    for way, worker in workers.items():
        worker.end()
        starts[way].close()


def executed(worker: Worker, place: Path, notebook: Path, params: Path) -> tuple[Any, str]:
    """Return the executed notebook, and what was told of its failure."""
    output = place / "out.ipynb"
    output.unlink(missing_ok=True)
    given = {"notebook": str(notebook), "output": str(output), "params": str(params), "log": "log"}
    told = ""
    try:
        with pytest.MonkeyPatch.context() as patch:
            # Where this is set ipykernel does not look below Python.
            patch.delenv("PYTEST_CURRENT_TEST", raising=False)
            worker.ask("execute", given, log=place / "log.txt")
    except RunError as error:
        told = str(error)
    finally:
        worker.tidy()
    return (nbformat.read(output, as_version=4) if output.is_file() else None), told


def plainly(notebook: Any) -> list[dict[str, Any]]:
    """Return the cells without what differs from run to run by nature."""
    return [plain_cell(cell) for cell in notebook.cells]


def plain_cell(cell: Any) -> dict[str, Any]:
    kept = {name: cell[name] for name in ("cell_type", "source", "execution_count") if name in cell}
    timing = {"execution", "papermill"}
    kept["metadata"] = {name: cell.metadata[name] for name in cell.metadata if name not in timing}
    kept["timed"] = sorted(cell.metadata.get("execution", {}))
    status = cell.metadata.get("papermill", {})
    kept["status"] = status.get("status"), status.get("exception")
    kept["outputs"] = [varying(output) for output in joined(cell.get("outputs", []))]
    return kept


def joined(outputs: list[Any]) -> list[Any]:
    """Join pieces of one stream, and put the two streams that came together in order.

    Two streams and two descriptors lead to an ordinary kernel's client by ways of
    different length.
    """
    made: list[Any] = []
    texts: dict[str, str] = {}
    for output in [*outputs, None]:
        if output is not None and output["output_type"] == "stream":
            texts[output["name"]] = texts.get(output["name"], "") + output["text"]
            continue
        for name in sorted(texts):
            lines = sorted(texts[name].splitlines(keepends=True))
            made.append({"output_type": "stream", "name": name, "text": "".join(lines)})
        texts = {}
        if output is not None:
            made.append(dict(output))
    return made


def varying(output: Any) -> Any:
    text = json.dumps(output, sort_keys=True, ensure_ascii=False)
    for pattern, instead in VARYING:
        text = pattern.sub(instead, text)
    return json.loads(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_a_small_notebook_shows_the_same_by_both_ways(
    both: dict[str, Worker], place: Path, zoo: Path, name: str
) -> None:
    runs = {}
    for way, worker in both.items():
        (place / "beside_it.py").unlink(missing_ok=True)
        runs[way] = executed(worker, place, zoo / f"{name}.ipynb", place / "nothing.yml")
    assert runs["warm"][1] == runs["standard"][1]
    warm, standard = (plainly(runs[way][0]) for way in ("warm", "standard"))
    for ours, theirs in zip(warm, standard, strict=True):
        assert ours == theirs
    info = [runs[way][0].metadata.language_info for way in runs]
    assert info[0] == info[1]


@pytest.mark.slow
@pytest.mark.parametrize("pilot", ["tilburg-integration", "kiel-mcclain-incinerator"])
def test_the_pilots_notebook_shows_the_same_by_both_ways(
    both: dict[str, Worker], place: Path, pilot: str
) -> None:
    params = place / "params" / f"{pilot}.yml"
    runs = [
        executed(worker, place, place / "notebooks" / "pilot.ipynb", params)
        for worker in both.values()
    ]
    assert [told for _, told in runs] == ["", ""]
    assert plainly(runs[0][0]) == plainly(runs[1][0])


@pytest.mark.slow
def test_the_portfolios_notebook_shows_the_same_by_both_ways(
    both: dict[str, Worker], place: Path
) -> None:
    entries = [IndexEntry(name, f"Pilot {name}").to_payload() for name in ("a", "b")]
    params = place / "entries.yml"
    params.write_text(yaml.safe_dump({"entries": entries}))
    notebook = place / "notebooks" / "portfolio.ipynb"
    runs = [executed(worker, place, notebook, params) for worker in both.values()]
    assert [told for _, told in runs] == ["", ""]
    assert plainly(runs[0][0]) == plainly(runs[1][0])


@pytest.mark.slow
def test_the_planning_notebook_shows_the_same_by_both_ways(
    both: dict[str, Worker], place: Path
) -> None:
    notebook, params = place / "notebooks" / "planning.ipynb", place / "nothing.yml"
    planned = nbformat.read(notebook, as_version=4)
    for cell in planned.cells:
        if cell.source.startswith("impact.power."):
            cell.source = f"{cell.source.removesuffix(')')}, draws=60)"
    nbformat.write(planned, notebook)
    runs = [executed(worker, place, notebook, params) for worker in both.values()]
    assert [told for _, told in runs] == ["", ""]
    assert plainly(runs[0][0]) == plainly(runs[1][0])


@pytest.mark.slow
def test_a_notebook_that_leaves_by_exit_has_failed(
    both: dict[str, Worker], place: Path, zoo: Path
) -> None:
    # An ordinary kernel dies a tenth of a second later: then, or with the notebook's end.
    notebook = zoo / "leaves-by-exit.ipynb"
    _, told = executed(both["warm"], place, notebook, place / "nothing.yml")
    assert told == "cell 3 of 4: the kernel died; see log"


def test_every_notebook_of_ours_is_compared() -> None:
    there = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert there == {"pilot.ipynb", "planning.ipynb", "portfolio.ipynb"}


def plain_papermill(place: Path, *sources: str, **more: Any) -> Any:
    """Run cells as ``papermill --engine impact`` would."""
    import papermill

    register()
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    made = place / "made.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), made)
    given = {"kernel_name": "python3", "language": "python", "progress_bar": False} | more
    return papermill.execute_notebook(
        str(made), str(place / "ran.ipynb"), engine_name=NAME, cwd=str(place), **given
    )


@pytest.mark.filterwarnings("default")  # papermill's own, at import
class TestPlainPapermill:
    def test_runs_cells_in_another_process_that_ends_with_it(self, place: Path) -> None:
        asked = (
            "import os, sys\n[os.getpid(), os.getppid(), os.getcwd(), 'impact.did' in sys.modules]"
        )
        notebook = plain_papermill(place, asked, "print('second')\n2")
        told = notebook.cells[0].outputs[0].data["text/plain"]
        pid, parent, folder, warm = json.loads(
            told.replace("'", '"').replace("True", "true").replace("False", "false")
        )
        assert (folder, warm) == (str(place), True)
        for ended in (pid, parent):
            assert not Path(f"/proc/{ended}").exists()
        assert [cell.execution_count for cell in notebook.cells] == [1, 2]
        assert [o.output_type for o in notebook.cells[1].outputs] == ["stream", "execute_result"]

    def test_tells_a_cell_that_raises_and_keeps_what_was_shown(self, place: Path) -> None:
        from papermill.exceptions import PapermillExecutionError

        with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
            plain_papermill(place, "print('kept')", "1 / 0")
        ran = nbformat.read(place / "ran.ipynb", as_version=4)
        assert "kept" in json.dumps(ran.cells)

    def test_tells_a_process_that_died(self, place: Path) -> None:
        from nbclient.exceptions import DeadKernelError

        with pytest.raises(DeadKernelError):
            plain_papermill(place, "import os\nos._exit(3)")

    def test_ends_a_cell_at_its_time_limit(self, place: Path) -> None:
        from nbclient.exceptions import CellTimeoutError

        with pytest.raises(CellTimeoutError):
            plain_papermill(place, "while True:\n    pass", execution_timeout=1)


def test_the_engine_has_an_entry_point() -> None:
    import tomllib

    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    assert points["papermill.engine"] == {NAME: "impact.batch.entry:WarmCells"}


@pytest.mark.parametrize("first", ["papermill", "impact.batch.cells", "impact.batch.execution"])
def test_the_entry_point_loads_whichever_is_imported_first(first: str) -> None:
    code = (
        "import entrypoints, importlib, sys\n"
        "one = entrypoints.EntryPoint('impact', 'impact.batch.entry', 'WarmCells', None)\n"
        "entrypoints.get_group_all = lambda group: [one] * (group == 'papermill.engine')\n"
        "importlib.import_module(sys.argv[1])\n"
        "from papermill.engines import papermill_engines\n"
        "print(papermill_engines.get_engine('impact').__name__)\n"
    )
    call = [sys.executable, "-W", "ignore", "-c", code, first]
    told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    assert told == "WarmCells\n"
