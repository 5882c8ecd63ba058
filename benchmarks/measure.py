"""One tool on one panel in a process of its own: seconds, memory, estimates, as JSON."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
from memory import give_back, most, reset_peak
from panels import drawn
from plan import METHODS, Method, Tool

WARM = 200
ENOUGH, LONG = 1.0, 10.0
FEWEST, MOST = 3, 7


def main(method: str, name: str, path: str) -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    chosen = METHODS[method]
    tool = chosen.tool(name)
    # What a package imports or compiles at its first call is no part of a fit.
    tool.fit(tool.ready(drawn(chosen.panel, WARM)))
    print(json.dumps(_measured(chosen, tool, Path(path))))


def _measured(method: Method, tool: Tool, path: Path) -> dict[str, Any]:
    began = time.perf_counter()
    frame = pd.read_parquet(path)
    read = time.perf_counter() - began
    began = time.perf_counter()
    ready = tool.ready(frame)
    made = time.perf_counter() - began
    if ready is not frame:
        del frame
    seconds: list[float] = []
    busy: list[float] = []
    extra, found = 0.0, {}
    while not _enough(seconds):
        given = tool.fresh(ready)
        gc.collect()
        give_back()
        before = reset_peak()
        began, cpu = time.perf_counter(), time.process_time()
        found = tool.fit(given)
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - cpu)
        extra = max(extra, most() - before)
    return {
        "seconds": seconds,
        "processor": busy,
        "ready": made,
        "read": read,
        "extra_mb": extra,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "found": found,
    }


def _enough(seconds: list[float]) -> bool:
    """Whether short fits were repeated often, or long ones once."""
    spent = sum(seconds)
    return len(seconds) == MOST or spent > LONG or (len(seconds) >= FEWEST and spent > ENOUGH)


if __name__ == "__main__":
    main(*sys.argv[1:])
