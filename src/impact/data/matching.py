"""How the units of several waves match: in every wave, in one alone, twice in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from impact.locale import N_
from impact.results.text import Sentence

__all__ = ["match_notes", "match_of"]

MATCHED = N_("Units in all: %(units)s; in every wave: %(matched)s.")
ONLY = N_("Units in wave %(wave)s alone: %(only)s.")
TWICE = N_("Units that stand more than once in wave %(wave)s: %(twice)s.")


def match_of(unit: np.ndarray, edges: np.ndarray, periods: Sequence[str]) -> dict[str, int]:
    """Count the units of each wave, those in all, in one alone, and twice in one.

    Parameters
    ----------
    unit : numpy.ndarray of int, shape (N,)
        Codes of the units, wave after wave; -1 where none is named.
    edges : numpy.ndarray of int, shape (waves + 1,)
        Where each wave begins and the last ends.
    periods : sequence of str
        The waves.

    Examples
    --------
    >>> found = match_of(np.array([0, 1, 1, 2]), np.array([0, 2, 4]), ["1", "2"])
    >>> found["units"], found["in every wave"], found["only in 2"]
    (3, 1, 1)
    """
    n = int(unit.max(initial=-1)) + 1
    parts = np.split(unit, edges[1:-1])
    counts = np.array([np.bincount(part[part >= 0], minlength=n) for part in parts])
    there = counts > 0
    waves = there.sum(axis=0)
    in_all = int((waves == len(parts)).sum())
    found = {"units": int((waves > 0).sum()), "in every wave": in_all}
    for at, period in enumerate(periods):
        found[f"in {period}"] = int(there[at].sum())
        found[f"only in {period}"] = int((there[at] & (waves == 1)).sum())
        found[f"twice in {period}"] = int((counts[at] > 1).sum())
    return found


def match_notes(matched: Mapping[str, int], periods: Sequence[str]) -> Iterator[Sentence]:
    """Say how the units match; the numbers are of people, so the gate decides on them."""
    if not matched:
        return
    counts = {"units": matched["units"], "matched": matched["in every wave"]}
    yield Sentence(MATCHED, {}, counts)
    for period in periods:
        if only := matched[f"only in {period}"]:
            yield Sentence(ONLY, {"wave": period}, {"only": only})
        if twice := matched[f"twice in {period}"]:
            yield Sentence(TWICE, {"wave": period}, {"twice": twice})
