"""The attack's modules on the path, and what it came to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))


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


@pytest.fixture
def few(root: Path) -> list:
    """Return what the attack on a few small pilots, one of each design, came to."""
    from attack.campaign import attack

    return [attack(seed, root) for seed in FEW]


PILOTS = 60
FEW = (2, 7, 9, 47)
