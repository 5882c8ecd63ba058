"""Simulate size, coverage and power of the inference that `auto` picks; write the table."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from calibration.designs import DESIGNS
from calibration.event_times import STARTS
from calibration.study import study
from calibration.table import page
from calibration.times_table import section, study_times

HERE = Path(__file__).parent
# Event times take longer: one draw for so many of the others.
TIMES = 5


def main() -> int:
    """Run every design in its turn; 1 where something that must hold does not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000, help="simulated pilots a design")
    parser.add_argument("--only", default="", help="designs whose name holds this; writes nothing")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    cases = [case for case in DESIGNS if asked.only in case.name]
    began = time.perf_counter()
    with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
        findings = []
        for found in pool.map(partial(study, draws=asked.draws), cases):
            findings.append(found)
            print(f"{found.seconds:6.1f} s  {found.case.name}", file=sys.stderr, flush=True)
        names = [name for name in STARTS if asked.only in name]
        times = partial(study_times, draws=max(asked.draws // TIMES, 1))
        by_time = [found for several in pool.map(times, names) for found in several]
    text = "\n".join(
        [*([page(findings)] if findings else []), *([section(by_time)] if by_time else [])]
    )
    if asked.only:
        print(text)
    else:
        (HERE / "CALIBRATION.md").write_text(text, encoding="utf-8")
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    return int(any(found.misses for found in (*findings, *by_time)))


if __name__ == "__main__":
    sys.exit(main())
