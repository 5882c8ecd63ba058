"""The good params file and its defects, for every test of this room."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _defects() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "params_defects", Path(__file__).with_name("defects.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DEFECTS = _defects()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a defect once with each."""
    if "defect" in metafunc.fixturenames:
        cases = [pytest.param(case, id=case[0]) for case in DEFECTS.PARAMS_DEFECTS]
        metafunc.parametrize("defect", cases)


@pytest.fixture
def defects() -> ModuleType:
    return DEFECTS


@pytest.fixture
def good() -> str:
    return str(DEFECTS.GOOD)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with nothing but an empty params folder."""
    monkeypatch.delenv("IMPACT_ROOT", raising=False)
    (tmp_path / "params").mkdir()
    return tmp_path
