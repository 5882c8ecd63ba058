"""The whole attack: ``python tests/disclosure/attack 1000`` prints how many counts it recovers."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from attack.campaign import Attacked, in_full, told

OFTEN = 25
EVERY = 4
"""Of one page in so many also what it would tell without the gate, and of single levels."""


def main() -> int:
    """Attack so many pilots; tell of each that leaks, then the counts."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("pilots", type=int, nargs="?", default=1000)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--jobs", type=int, default=1)
    given = asked.parse_args()
    began, tally = time.monotonic(), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IMPACT_ROOT"] = folder
        for one in _attacked(given.first, given.jobs, Path(folder)):
            _count(tally, one)
            if one.released or one.editions or one.untrue:
                print(told(one), flush=True)
            if tally["pages"] % OFTEN == 0 and not one.refused:
                print(f"… {_summary(tally, time.monotonic() - began)}", flush=True)
            if tally["pages"] >= given.pilots:
                break
    print(_summary(tally, time.monotonic() - began))
    return int(bool(tally["recovered"] or tally["editions"] or tally["untrue"]))


def _attacked(first: int, jobs: int, folder: Path) -> Iterator[Attacked]:
    """Yield one attack after the other, in order, some ahead of time."""
    if jobs < 2:
        warnings.simplefilter("ignore")
        yield from map(partial(in_full, folder=folder, every=EVERY), count(first))
        return
    quiet = partial(warnings.simplefilter, "ignore")
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=quiet) as pool:
        seeds, waiting = count(first), list[Future[Attacked]]()
        try:
            while True:
                ahead = islice(seeds, 4 * jobs - len(waiting))
                waiting += [pool.submit(in_full, seed, folder, every=EVERY) for seed in ahead]
                yield waiting.pop(0).result()
        finally:
            for one in waiting:
                one.cancel()


def _count(tally: Counter[str], one: Attacked) -> None:
    if one.refused:
        tally["refused"] += 1
        return
    tally["pages"] += 1
    tally["unguarded"] += one.unguarded
    tally["open"] += one.open
    tally["by hand"] += one.by_hand
    somebody = any(hit.true and not hit.many for hit in one.released)
    many = bool(one.released) and all(hit.many for hit in one.released)
    tally["recovered"] += bool(one.released)
    tally["of somebody"] += somebody
    tally["of many"] += many
    tally["of nobody"] += bool(one.released) and not somebody and not many
    tally["levels"] += bool(one.levels)
    tally["editions"] += bool(one.editions)
    tally["untrue"] += bool(one.untrue)


def _summary(tally: Counter[str], seconds: float) -> str:
    return (
        f"{tally['pages']} pages ({tally['refused']} further pilots have none). Ungated, of "
        f"{tally['unguarded']}: a small count is told by {tally['open']}, follows by hand-made "
        f"suppression from {tally['by hand']}. Released: recovered from {tally['recovered']} (of "
        f"somebody: {tally['of somebody']}; of nobody: {tally['of nobody']}; alone of many that "
        f"are not shown: {tally['of many']}), from two editions {tally['editions']}. An answer of "
        f"more than two levels is narrowed by its average on {tally['levels']} of those. Readings "
        f"with an untrue sentence: {tally['untrue']}. {seconds:.0f} seconds."
    )


if __name__ == "__main__":
    sys.exit(main())
