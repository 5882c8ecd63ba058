"""Three ways of `batch.py` that run inside one Python: papermill's API, a pool, computing alone."""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Go the way that the command line names."""
    way, root, *more = sys.argv[1:]
    {"api": api, "pool": pool, "pure": pure}[way](Path(root), *map(int, more))


def api(root: Path) -> None:
    """Execute with papermill and render with one exporter, pilot after pilot."""
    for params in _params(root):
        _one((str(root), str(params)))


def pool(root: Path, jobs: int) -> None:
    """Do so in a pool of processes."""
    with multiprocessing.get_context("spawn").Pool(jobs) as workers:
        workers.map(_one, [(str(root), str(params)) for params in _params(root)], chunksize=1)


def _one(given: tuple[str, str]) -> None:
    import papermill
    from papermill.iorw import read_yaml_file

    from impact.report.exporter import ImpactExporter

    root, params = given
    made = papermill.execute_notebook(
        f"{root}/notebooks/pilot.ipynb", None, read_yaml_file(params), progress_bar=False
    )
    exporter: Any = ImpactExporter()
    page, _ = exporter.from_notebook_node(made)
    out = Path(root) / "out"
    out.mkdir(exist_ok=True)
    (out / f"{Path(params).stem}.html").write_text(page, encoding="utf-8")


def pure(root: Path) -> None:
    """Time running all cells and rendering all pages here, everything imported and met once."""
    from impact.batch.forks import becomes_fork
    from impact.batch.preload import warm

    becomes_fork()
    warm()
    _computed(root, _params(root)[0])
    begun = time.process_time()
    for params in _params(root):
        _computed(root, params)
    print(json.dumps({"seconds": time.process_time() - begun}))


def _computed(root: Path, params: Path) -> None:
    import nbformat
    from ipykernel.zmqshell import ZMQInteractiveShell

    from impact.batch.execution import execute
    from impact.report.exporter import ImpactExporter

    output = root / "pure.ipynb"
    execute(
        lambda event: None,
        notebook=str(root / "notebooks" / "pilot.ipynb"),
        output=str(output),
        params=str(params),
        log="",
    )
    # The next pilot has a shell of its own, as it has in a process of its own.
    ZMQInteractiveShell.clear_instance()
    exporter: Any = ImpactExporter()
    exporter.from_notebook_node(nbformat.read(output, as_version=4), vouch=True)


def _params(root: Path) -> list[Path]:
    return sorted((root / "params").glob("*.yml"))


if __name__ == "__main__":
    main()
