"""One tool on one panel in a process of its own: seconds, memory, estimates, as JSON."""

from __future__ import annotations

import ctypes
import gc
import json
import platform
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
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
        _give_back()
        before = _reset_peak()
        began, cpu = time.perf_counter(), time.process_time()
        found = tool.fit(given)
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - cpu)
        extra = max(extra, _peak() - before)
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


def _give_back() -> None:
    """Return freed memory to the system, so that a fit cannot take it unseen."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _reset_peak() -> float:
    """Set the process's peak memory back to what it holds now; return that, in MB."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")
        return _status("VmRSS")
    return _peak()


def _peak() -> float:
    if Path("/proc/self/status").exists():
        return _status("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _status(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {field} in /proc/self/status")


if __name__ == "__main__":
    main(*sys.argv[1:])
