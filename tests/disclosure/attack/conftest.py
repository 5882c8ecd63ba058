"""The attack's modules on the path, and the browser of the tests of pages."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

described = importlib.util.spec_from_file_location(
    "e2e_conftest", HERE.parents[1] / "e2e" / "conftest.py"
)
assert described is not None
assert described.loader is not None
_e2e = importlib.util.module_from_spec(described)
described.loader.exec_module(_e2e)
browser = _e2e.browser


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that the pilots' records lie in."""
    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> list:
    """Return what the attack on the first pilots came to."""
    from attack.campaign import attack

    folder = tmp_path_factory.mktemp("attacked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPACT_ROOT", str(folder))
        return [attack(seed, folder) for seed in range(PILOTS)]


PILOTS = 60
