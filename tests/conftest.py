"""Rules for every test: the global random state is nobody's, and no test leaves the project."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator

import numpy as np
import pytest

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
