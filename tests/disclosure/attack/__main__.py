"""The whole attack: ``python tests/disclosure/attack 1000`` prints how many counts it recovers."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from attack.campaign import attack, told


def main() -> int:
    """Attack so many pilots; tell of each that leaks, then the counts."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("pilots", type=int, nargs="?", default=1000)
    asked.add_argument("--first", type=int, default=0)
    given = asked.parse_args()
    warnings.simplefilter("ignore")
    tally: Counter[str] = Counter()
    seed = given.first
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IMPACT_ROOT"] = folder
        while tally["pages"] < given.pilots:
            one = attack(seed, Path(folder), thorough=True)
            seed += 1
            if one.refused:
                tally["refused"] += 1
                continue
            tally["pages"] += 1
            tally["open"] += one.open
            tally["by hand"] += one.by_hand
            tally["recovered"] += bool(one.released)
            tally["of somebody"] += any(hit.true for hit in one.released)
            tally["editions"] += bool(one.editions)
            tally["untrue"] += bool(one.untrue)
            if one.released or one.editions or one.untrue:
                print(told(one), flush=True)
    print(
        f"{tally['pages']} pages ({tally['refused']} further pilots have none). Ungated: a small "
        f"count is told by {tally['open']}, follows by hand-made suppression from "
        f"{tally['by hand']}. Released: recovered from {tally['recovered']} (of somebody, not of "
        f"nobody: {tally['of somebody']}), from two editions {tally['editions']}. "
        f"Readings with an untrue sentence: {tally['untrue']}."
    )
    return int(bool(tally["recovered"] or tally["editions"] or tally["untrue"]))


if __name__ == "__main__":
    sys.exit(main())
