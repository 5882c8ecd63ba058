"""One tool reads and describes one file in a process of its own: seconds and memory, as JSON."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from memory import give_back, most, reset_peak
from read_panel import spec_of

STEPS = ("read", "participants", "balance", "trends", "quality")


def main(tool: str, path: str, warm: str) -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    # What a package imports or compiles at its first call is no part of the work.
    TOOLS[tool](Path(warm))
    gc.collect()
    give_back()
    before = reset_peak()
    began = time.perf_counter()
    steps = TOOLS[tool](Path(path))
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "extra_mb": most() - before, "steps": steps}))


def ours(path: Path) -> dict[str, list[float]]:
    """Read with all checks, and describe: who took part, balance, course, quality."""
    import impact

    os.environ["IMPACT_ROOT"] = str(path.parent)
    steps: dict[str, list[float]] = {}
    panel = _timed(steps, "read", impact.read_panel, spec_of(path))
    for name in STEPS[1:]:
        describe = getattr(impact, name, None)
        if describe is not None:
            _timed(steps, name, describe, panel)
    return steps


def pandas(path: Path) -> dict[str, list[float]]:
    """Read, and describe every number by group and period; no check."""
    import pandas as pd

    steps: dict[str, list[float]] = {}
    frame = _timed(steps, "read", pd.read_parquet, path)
    _timed(steps, "describe", lambda: frame.groupby(["treated", "period"]).describe())
    return steps


def _timed(steps: dict[str, list[float]], name: str, do: Any, *given: Any) -> Any:
    began = time.perf_counter()
    made = do(*given)
    steps[name] = [time.perf_counter() - began, most()]
    return made


TOOLS = {"impact": ours, "pandas": pandas}

if __name__ == "__main__":
    main(*sys.argv[1:])
