"""How many pilots fit into memory at once, by what their last runs used."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from impact.batch.plan import Task

__all__ = ["fitting"]

SHARE = 0.9


def fitting(tasks: Sequence[Task], jobs: int, room: int) -> int:
    """Return how many of the pilots can run at once, whichever they are.

    Parameters
    ----------
    tasks : sequence of Task
        Those that will run; of one that never ran nothing is known, and it counts as the
        largest of the others.
    jobs : int
        No more than so many.
    room : int
        Bytes that there are.
    """
    known = [task.run.memory if task.run else 0 for task in tasks]
    largest = max(known, default=0)
    needs = sorted((need or largest for need in known), reverse=True)[:jobs]
    fit = sum(total <= room * SHARE for total in accumulate(needs))
    return max(1, fit)
