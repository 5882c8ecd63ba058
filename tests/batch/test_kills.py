"""Ten batches killed at random moments; a hundred: ``python tests/batch/kills.py 100``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="there is no warm process")
def test_ten_killed_batches_leave_nothing_half_and_end_as_if_undisturbed(
    small_of: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = importlib.util.spec_from_file_location("kills", Path(__file__).with_name("kills.py"))
    assert spec is not None
    assert spec.loader is not None
    kills = importlib.util.module_from_spec(spec)
    sys.modules["kills"] = kills
    spec.loader.exec_module(kills)
    found = kills.Kills(small_of(tmp_path / "project", *"abcd"), 20261122).run(10)
    with capsys.disabled():
        print(f"\n10 kills: {dict(found.struck)}, {len(found.faults)} faults")
    assert found.faults == []
    assert sum(found.struck.values()) >= 5
