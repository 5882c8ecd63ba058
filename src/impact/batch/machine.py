"""The machine that a pilot ran on, in words: no name of it, and of nobody."""

from __future__ import annotations

import platform
from dataclasses import dataclass

__all__ = ["Machine", "this_machine"]

SYSTEMS = {"Darwin": "macOS"}


@dataclass(frozen=True)
class Machine:
    """What of a machine can change a number, or how long it takes.

    Parameters
    ----------
    system, processor : str
        Such as ``Linux`` and ``x86_64``. No release of the system: people name kernels.
    cores : int
    memory : int
        In bytes.
    """

    system: str
    processor: str
    cores: int
    memory: int

    def __str__(self) -> str:
        size = f"{self.memory / 1e9:.0f} GB of memory"
        return f"{self.system}, {self.processor}, {self.cores} cores, {size}"


def this_machine() -> Machine:
    """Return the machine that this process runs on."""
    import psutil

    system = platform.system()
    return Machine(
        SYSTEMS.get(system, system),
        platform.machine(),
        psutil.cpu_count() or 1,
        int(psutil.virtual_memory().total),
    )
