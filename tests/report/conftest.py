"""The hand-built pages of `samples`, for every test of this room."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """Return the module that builds the parts of three pilots."""
    path = Path(__file__).with_name("samples.py")
    described = importlib.util.spec_from_file_location("report_samples", path)
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def pages(samples: ModuleType) -> dict[str, str]:
    """Return the rendered page of each pilot."""
    from impact.report import render_page

    return {name: render_page(build()) for name, build in samples.PILOTS.items()}
