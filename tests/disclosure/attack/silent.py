"""What a page tells by what it does not say: where a note on somebody is missing, it is nobody.

Who knows the code knows of each estimate which notes it would have: that rows without the outcome
are left out, or units that were seen on one side of the start only. Where such a note is missing
nobody was left out, in whatever group: a count of nobody, of all groups and periods at once.
Nor is an estimate told coarsely without reason: beside one that is told in full it rests on the
same people, or a few more or fewer; and where both are in full, on others by the minimum at least.
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
    """Say who was nobody, by the notes on each outcome's first estimate, and by coarse rows.

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
    """Read of a lottery how its two estimates are told.

    The second one is of all who answered at the end; the first, of those among them whose answer
    at the start is known. Where the two differ by fewer than the minimum, nobody included, the
    second is told by coarse steps, without a test.
    """
    if not (found.guarded and found.followed and found.baseline and len(found.groups) > 1):
        return
    main: dict[str, Mapping[str, Any]] = {}
    for row in rows.to_dict("records"):
        main.setdefault(str(row["method"]), {str(key): value for key, value in row.items()})
    if not {"ancova", "difference_in_means"} <= set(main):
        return
    first, second = main["ancova"], main["difference_in_means"]
    if math.isnan(float(first["estimate"])) or math.isnan(float(second["std_error"])):
        return
    terms = total(("n", name, group, found.waves[-1]) for group in found.groups)
    terms |= total((("n2", name, group, found.baseline) for group in found.groups), -1.0)
    coarse = math.isnan(float(second["p_value"]))
    found.system.source = f"difference_in_means of {name} is told " + (
        "coarsely" if coarse else "in full"
    )
    if coarse:
        found.system.say(terms, 0.0, found.minimum - 1.0)
    else:
        found.system.say(terms, float(found.minimum))
