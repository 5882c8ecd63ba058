"""Estimates through the gate: on the page, beside published numbers, and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_sentences
from impact.results import EffectResult, Effects, Replication

__all__ = ["gate_effect", "gate_effects", "gate_replication", "release_estimates"]

NUMBERS = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
COUNTS = ["n_obs", "n_units", "n_treated"]
OURS = ["ours", "ours_std_error"]


def release_estimates(frame: pd.DataFrame, bases: Sequence[int], rule: Rule) -> pd.DataFrame:
    """Return the estimates as they may be published, one row for each that was given.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 17)
        The columns of `impact.results.GLOSSARY`.
    bases : sequence of int, length n
        The smallest number of units behind each row's estimate.
    rule : Rule
        A row whose base is small has its numbers blanked, a small count is blanked in
        any row, and what stays has the rule's digits. Clusters are counted only
        where the row is: the number of places is no number of people.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns; counts are nullable integers.

    Raises
    ------
    ValueError
        Not one base a row.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"estimate": [0.123456, 2.0], "n_units": [340, 6]})
    >>> released = release_estimates(frame, [80, 3], Rule(10, guarded=True))
    >>> released["estimate"].tolist()
    [0.1235, nan]
    """
    if len(bases) != len(frame):
        raise ValueError(f"{len(frame)} estimates came with {len(bases)} bases")
    small = pd.Series([rule.small(base) for base in bases], index=frame.index, dtype=bool)
    released = frame.copy()
    for name in [name for name in NUMBERS if name in frame]:
        numbers = pd.to_numeric(frame[name]).astype(float)
        released[name] = numbers.mask(small).map(rule.round)
    for name in [name for name in COUNTS if name in frame]:
        people = pd.to_numeric(frame[name]).astype("Int64")
        low = people.map(lambda n: pd.notna(n) and rule.small(n)).astype(bool)
        released[name] = people.mask(low | small)
    if "n_clusters" in frame:
        released["n_clusters"] = pd.to_numeric(frame["n_clusters"]).astype("Int64").mask(small)
    return released


def gate_effect(effect: EffectResult, rule: Rule) -> EffectResult:
    """Return the effect with blanked and rounded numbers, without its covariances.

    Its details are left behind too: a page shows what `rows` and `notes` say.
    """
    rows = release_estimates(effect.rows, [effect.base] * len(effect.rows), rule)
    notes = gate_sentences(effect.notes, rule)
    return replace(effect, rows=rows, notes=notes, vcov=None, details={})


def gate_effects(effects: Effects, rule: Rule) -> Effects:
    """Return every effect and every reason through the gate."""
    results = tuple(gate_effect(effect, rule) for effect in effects)
    return Effects(results, gate_sentences(effects.reasons, rule))


def gate_replication(replication: Replication, rule: Rule) -> Replication:
    """Return the comparison with our numbers blanked or rounded; published ones stay."""
    rows = replication.rows.copy()
    for name in OURS:
        numbers = pd.to_numeric(rows[name]).astype(float)
        blank = rule.small(replication.base)
        rows[name] = numbers * float("nan") if blank else numbers.map(rule.round)
    return replace(replication, rows=rows)
