"""A project of its own for every test, and a way to read a frame through a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.data.read import read_panel
from impact.spec.models import PilotSpec


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of an empty project."""
    (tmp_path / "params").mkdir()
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path))
    return tmp_path


@pytest.fixture
def read(project: Path) -> Callable[..., Panel]:
    """Return a function that writes text or a frame to a file and reads it as a panel."""

    def reading(content: str | bytes | pd.DataFrame, suffix: str = ".csv", **keys: Any) -> Panel:
        path = project / "data" / f"toy{suffix}"
        if isinstance(content, pd.DataFrame):
            write = content.to_csv if suffix == ".csv" else content.to_parquet
            write(path, index=False)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_panel(toy_spec(f"data/{path.name}", **keys))

    return reading


@pytest.fixture
def read_from(project: Path) -> Callable[..., Panel]:
    """Return a function that reads a panel of id, wave, pilot and y from where it is told."""

    def reading(path: str, **data: Any) -> Panel:
        return read_panel(toy_spec(path, data=data))

    return reading


def toy_spec(path: str, **keys: Any) -> PilotSpec:
    """Return the params of a file with id, wave, pilot and y."""
    stated: dict[str, Any] = {
        "pilot": "toy",
        "data": {"path": path, "unit": "id", "period": "wave"},
        "design": {"kind": "did", "treated": "pilot", "starts": 2},
        "outcomes": [{"column": "y", "label": "Y"}],
    }
    for key, value in keys.items():
        stated[key] = stated.get(key, {}) | value if isinstance(value, dict) else value
    return PilotSpec.model_validate(stated)
