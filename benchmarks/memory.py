"""How much memory a process holds, and the most it held since it was last asked to forget."""

from __future__ import annotations

import ctypes
import platform
import resource
from pathlib import Path

__all__ = ["give_back", "held", "most", "reset_peak"]


def give_back() -> None:
    """Return freed memory to the system, so that what follows cannot take it unseen."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def reset_peak() -> float:
    """Set the process's peak memory back to what it holds now; return that, in MB."""
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")
        return held("VmRSS")
    return most()


def most() -> float:
    """Return the most memory that was held since `reset_peak`, in MB."""
    if Path("/proc/self/status").exists():
        return held("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def held(field: str) -> float:
    """Return a field of the process's status, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {field} in /proc/self/status")
