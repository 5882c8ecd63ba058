"""Rules for every test: the global random state is nobody's, and no test leaves the project."""

from __future__ import annotations

import ast
import os
import random
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from impact.results import Part

ROOT = Path(__file__).parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def the_global_random_state_is_left_alone() -> Iterator[None]:
    """Fail a test whose code touches the global random state."""
    legacy = np.random.get_state(legacy=False)  # noqa: NPY002
    standard = random.getstate()
    yield
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    assert (legacy["state"]["key"] == after["state"]["key"]).all(), "numpy's global state changed"
    assert legacy["state"]["pos"] == after["state"]["pos"], "numpy's global state changed"
    assert standard == random.getstate(), "the global random state changed"


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Start Chromium; skip only where there is none and nobody promised one."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=found, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def parts_of() -> Callable[[Path], tuple[Part, ...]]:
    """Return what the notebook shows of a committed pilot, run once in this process.

    Its cells are run in one namespace, without a kernel, so that it stays quick.
    """
    import nbformat
    from papermill.iorw import read_yaml_file

    cells = [cell.source for cell in nbformat.read(ROOT / "notebooks" / "pilot.ipynb", 4).cells]

    @cache
    def run(params: Path) -> tuple[Part, ...]:
        names: dict[str, Any] = {}
        exec(cells[0], names)
        names |= read_yaml_file(str(params))
        shown = []
        for source in cells[1:]:
            tree = ast.parse(source)
            if isinstance(tree.body[-1], ast.Expr):
                shown.append(eval(source, names))
            else:
                exec(source, names)
        return tuple(shown)

    def within(params: Path) -> tuple[Part, ...]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("IMPACT_ROOT", str(ROOT))
            return run(params)

    return within


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many pages were examined for whether everybody can read them."""
    passed = terminalreporter.stats.get("passed", [])
    pages = sum(
        value for one in passed for name, value in one.user_properties if name == "axe_pages"
    )
    if pages:
        terminalreporter.write_line(
            f"axe-core: {pages} pages, 0 violations, 0 items of best practice"
        )
