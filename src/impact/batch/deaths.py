"""What is told of a worker process that died while it was at work."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from impact.batch.streams import ENDLESS, FLOODED
from impact.errors import Fault

__all__ = ["death", "too_late"]


def death(duty: str, how: Fault | int | None, last: Mapping[str, Any], log: str) -> Fault:
    """Tell of a death in one sentence.

    Parameters
    ----------
    duty : str
        What the process did.
    how : Fault, int or None
        Why it was ended, where it was; otherwise its exit status, negative for a signal;
        None where it is not known.
    last : mapping
        The last event that it told.
    log : str
        What messages call the log; empty where there is none.
    """
    if isinstance(how, Fault):
        at = f"cell {last['cell']} of {last['cells']}" if "cell" in last else ""
        return replace(how, where=at)
    if duty not in ("execute", "cell"):
        return Fault("worker-died", "", f"the process that did '{duty}' died{_how(how)}")
    where = f"cell {last['cell']} of {last['cells']}" if "cell" in last else ""
    advice = f"see {log}" if log else ""
    if how == FLOODED:
        found = f"ended after printing {ENDLESS:,} characters"
        return Fault("printed-without-end", where, found, advice=advice)
    return Fault("kernel-died", where, f"the kernel died{_how(how)}", advice=advice)


def too_late(seconds: float | None, *, near: bool) -> Fault:
    """Tell of a duty that was not done in time.

    Parameters
    ----------
    seconds : float or None
        How long it might take.
    near : bool
        Whether it was to be done on this machine. A far process is waited for twice as long.
    """
    if near or seconds is None:
        return Fault("time-limit", "", "stopped at the time limit")
    found = f"not done after {2 * seconds:.0f} seconds, twice the time limit"
    return Fault("not-done-there", "", found, advice="see whether the cluster has free workers")


def _how(status: int | None) -> str:
    """Say which signal ended it; an exit status of its own says nothing to a reader."""
    if status is None or status >= 0:
        return ""
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    if name == "SIGKILL":
        return f" ({name}: by hand, or for want of memory)"
    return f" ({name})"
