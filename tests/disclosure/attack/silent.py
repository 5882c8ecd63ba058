"""What a page tells by what it does not say: where a note on somebody is missing, it is nobody.

Who knows the code knows of each estimate which notes it would have: that rows without the outcome
are left out, or units that were seen on one side of the start only. Where such a note is missing
nobody was left out, in whatever group: a count of nobody, of all groups and periods at once.
Nor is an estimate blank without reason: beside one that is shown it rests on a few people more, or
fewer; and where both are shown they rest on the same people, or on others by the minimum at least.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from attack.reading import Reading
from attack.sentences import (
    AT_THE_END,
    BOTH_SIDES,
    NO_START,
    ROWS,
    headlines,
    said_about,
)
from attack.system import total
from attack.truth import STATES
from impact.did.left_out import left_out
from impact.did.observed import NO_OUTCOME
from impact.disclosure import Rule
from impact.disclosure.sentences import gate_notes

__all__ = ["say_silence"]

CHANGES = ("did", "before_after")
KNOWN = (*CHANGES, *AT_THE_END)


def say_silence(found: Reading, estimates: pd.DataFrame) -> None:
    """Say who was nobody, by the notes on each outcome's first estimate, and by blank rows.

    Parameters
    ----------
    found : Reading
    estimates : pandas.DataFrame
        The file of estimates: it names the method of every outcome, shown or not.
    """
    methods = {
        name: method
        for name, method in headlines(estimates).items()
        if name in found.names.values()
    }
    said = said_about(found, estimates)
    for name in methods:
        _blank_rows(found, name, estimates[estimates["outcome"] == name])
    if found.weighted or not _notes_tell(found):
        return
    for pattern, none in ((ROWS, _no_rows), (BOTH_SIDES, _one_side), (NO_START, _no_start)):
        first = next((name for name, _, words in said if pattern.search(words)), "")
        for name, method in methods.items():
            # A kind of note is said once, of the first outcome that has it: of those after it
            # nobody knows.
            if name == first:
                break
            none(found, name, method)


def _notes_tell(found: Reading) -> bool:
    """Whether a note on those who are left out stands where there are any, and else not at all."""
    if found.says("if there is anybody"):
        return False
    note = left_out(NO_OUTCOME, 30)
    return not found.guarded or bool(gate_notes((note,), Rule(found.minimum, guarded=True)))


def _no_rows(found: Reading, name: str, method: str) -> None:
    """Say that nobody's answer is missing."""
    groups, waves = found.groups, found.waves
    found.system.source = f"no note on {name} that rows are left out"
    if method in KNOWN and (method in AT_THE_END or found.all_waves):
        over = waves[-1:] if method in AT_THE_END else waves
        found.system.equal(total((s, name, g, w) for s in STATES for g in groups for w in over))


def _one_side(found: Reading, name: str, method: str) -> None:
    """Say that nobody answered before the start only, or after it only."""
    found.system.source = f"no note on {name} that units are left out"
    if method in CHANGES and found.followed:
        for group in found.groups:
            found.system.equal({("E", name, group): 1.0, ("A", name, group): -1.0})


def _no_start(found: Reading, name: str, method: str) -> None:
    """Say that nobody answered at the end and not at the start."""
    found.system.source = f"no note on {name} that their outcome before is not known"
    if method == "ancova" and found.baseline and found.followed:
        for group in found.groups:
            twice: Hashable = ("n2", name, group, found.baseline)
            found.system.equal({("n", name, group, found.waves[-1]): 1.0, twice: -1.0})


def _blank_rows(found: Reading, name: str, rows: pd.DataFrame) -> None:
    """Read of a lottery whether both of its estimates are shown.

    The second one is of all who answered at the end; the first, of those among them whose answer
    at the start is known. The second is blank where the two differ by fewer than the minimum.
    """
    if not (found.guarded and found.followed and found.baseline and len(found.groups) > 1):
        return
    main: dict[str, Mapping[str, Any]] = {}
    for row in rows.to_dict("records"):
        main.setdefault(str(row["method"]), {str(key): value for key, value in row.items()})
    if "ancova" not in main or "difference_in_means" not in main:
        return
    shown = {one: math.isfinite(float(main[one]["estimate"])) for one in AT_THE_END}
    if not shown["ancova"]:
        return
    terms = total(("n", name, group, found.waves[-1]) for group in found.groups)
    terms |= total((("n2", name, group, found.baseline) for group in found.groups), -1.0)
    found.system.source = f"difference_in_means of {name} is " + (
        "shown" if shown["difference_in_means"] else "not shown"
    )
    if not shown["difference_in_means"]:
        found.system.say(terms, 1.0, found.minimum - 1.0)
        return
    most = found.system.at_most(terms)
    if most is not None and most < found.minimum - 1e-5:
        found.system.equal(terms)
