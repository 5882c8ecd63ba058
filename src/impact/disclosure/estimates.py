"""Estimates through the gate: on the page, beside published numbers, and as CSV.

The steps, for all estimates of a page at once:

1. An estimate of a small group is not shown, and none of an outcome of which the tables
   hide a mean or share: with what is shown it would give that one back.
2. A row that rests on fewer units or rows of data than one of the same outcome that is shown
   before it, or on more, by less than the minimum (`impact.disclosure.almost`), is told by
   steps as large as its standard error: their difference is about those few. The first one,
   the headline, is told in full.
3. Of an effect that is not shown only the first row stays, blank: further terms name
   cohorts and times that few have.
4. Numbers of units and rows are rounded to the nearest multiple of the minimum, and left
   out where less a number that is shown they would narrow down a hidden one, even rounded.
5. What stays has the rule's digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from impact.disclosure.almost import COARSE, GONE, SUBGROUPS, almost_the_same, coarsened, is_blank
from impact.disclosure.behind import each_effect
from impact.disclosure.blunt import blunted, step_of
from impact.disclosure.editions import NOTHING_BEFORE, Edition
from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_notes, gate_sentences
from impact.disclosure.withheld import HEADLINE, NOTHING, Withheld
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence

__all__ = ["gate_effects", "release_estimates"]

NUMBERS = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
COUNTS = ["n_obs", "n_units", "n_treated"]
APART = 2
PARTS = N_(
    "Within subgroups nothing is shown that would tell about fewer than %(minimum)s people, here "
    "or beside their averages."
)
BEFORE = N_(
    "What rests on almost the same people as when it was last published is not shown: the two "
    "would tell about fewer than %(minimum)s people."
)


def release_estimates(
    frame: pd.DataFrame,
    bases: Sequence[int],
    rule: Rule,
    *,
    counted: bool = True,
    withheld: Withheld = NOTHING,
) -> pd.DataFrame:
    """Return the estimates as they may be published, one row for each that was given.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 17)
        The columns of `impact.results.GLOSSARY`.
    bases : sequence of int, length n
        The smallest number of units behind each row's estimate.
    rule : Rule
        A row whose base is small has its numbers blanked, a small count is blanked in
        any row, and what stays has the rule's digits, or is rounded to a multiple of the
        minimum. Clusters are counted in full where they hold two units or more on
        average: the number of places is no number of people.
    counted : bool
        Whether units and rows are told at all, where the tables do not decide it.
    withheld : Withheld
        What the tables hide, and which counts beside estimates they allow.

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
    >>> frame = pd.DataFrame({"estimate": [0.123456, 2.0], "n_units": [343, 6]})
    >>> released = release_estimates(frame, [80, 3], Rule(10, guarded=True))
    >>> released["estimate"].tolist()
    [0.1235, nan]
    >>> int(released["n_units"][0])
    340
    """
    if len(bases) != len(frame):
        raise ValueError(f"{len(frame)} estimates came with {len(bases)} bases")
    small = pd.Series([rule.small(base) for base in bases], index=frame.index, dtype=bool)
    released = frame.copy()
    for name in [name for name in NUMBERS if name in frame]:
        numbers = pd.to_numeric(frame[name]).astype(float)
        released[name] = numbers.mask(small).map(rule.round)
    released = blunted(released, frame, rule, withheld)
    for name in [name for name in COUNTS if name in frame]:
        told = _counts(frame[name], rule, counted=True)
        released[name] = told.where(_may(frame, name, withheld, counted)).mask(small)
    if "n_clusters" in frame:
        clusters = pd.to_numeric(frame["n_clusters"]).astype("Int64")
        people = _few_in_each(frame)
        near = _counts(clusters, rule, counted=True)
        by = "n_units" if "n_units" in frame else "n_clusters"
        as_units = _may(frame, by, withheld, counted)
        told = clusters.mask(people, near.where(as_units))
        released["n_clusters"] = (told if rule.guarded else clusters).mask(small)
    return released


def _may(frame: pd.DataFrame, name: str, withheld: Withheld, otherwise: bool) -> pd.Series[bool]:
    """Return where a number of people may be told, as the tables or else all say."""
    outcomes = frame["outcome"] if "outcome" in frame else pd.Series("", frame.index)
    keys = [
        (name, str(outcome), -1 if pd.isna(people) else int(people))
        for outcome, people in zip(outcomes, frame[name], strict=True)
    ]
    told = [withheld.counted.get(key, otherwise) for key in keys]
    return pd.Series(told, index=frame.index, dtype=bool)


def _counts(column: pd.Series, rule: Rule, *, counted: bool) -> pd.Series:
    """Return numbers of people, rounded where people are guarded."""
    people = pd.to_numeric(column).astype("Int64")
    if not rule.guarded:
        return people
    low = people.map(lambda n: pd.isna(n) or rule.small(n)).astype(bool)
    near = people.map(lambda n: pd.NA if pd.isna(n) else rule.near(n)).astype("Int64")
    return near.mask(low | (not counted))


def _few_in_each(frame: pd.DataFrame) -> pd.Series:
    """Return where a cluster is not much more than one unit, so that clusters count people."""
    units = pd.to_numeric(frame["n_units"]) if "n_units" in frame else pd.Series(0, frame.index)
    few: pd.Series = (units < APART * pd.to_numeric(frame["n_clusters"])).fillna(value=True)
    return few.astype(bool)


def gate_effects(
    parts: Sequence[Effects | EffectResult],
    rule: Rule,
    withheld: Withheld,
    before: Edition = NOTHING_BEFORE,
) -> tuple[list[Effects | EffectResult], Withheld]:
    """Return all effects of a page through the gate, and what else they withhold.

    Parameters
    ----------
    parts : sequence of Effects or EffectResult
        In the order of the page.
    rule : Rule
    withheld : Withheld
        What the tables of the page hide.
    before : mapping
        What earlier editions showed.

    Returns
    -------
    gated : list of Effects or EffectResult
        Without covariances and details: a page shows what rows and notes say.
    withheld : Withheld
        With the estimates that are not shown, and the cohorts that their terms name.
    """
    every = each_effect(parts)
    split = list(zip(every, almost_the_same(every, rule, withheld, before), strict=True))
    blank = [is_blank(one, rule, withheld) for one in every]
    gone = [
        one.rows if empty else one.rows[ways == GONE]
        for (one, ways), empty in zip(split, blank, strict=True)
    ]
    first = {
        _key(one) for (one, ways), empty in zip(split, blank, strict=True) if empty or ways.iloc[0]
    }
    withheld = replace(
        withheld,
        labels=withheld.labels | {name for rows in gone for name in _cohorts(rows)},
        estimates=withheld.estimates | first,
        headlines={str(one.outcome): float(one.estimate) for one in every if one.role == HEADLINE},
        steps={_key(one): _steps(one, rule, withheld) for one in every},
    )
    gated = iter([_gated(one, ways, rule, withheld) for one, ways in split])
    found: list[Effects | EffectResult] = []
    for part in parts:
        if isinstance(part, Effects):
            reasons = gate_sentences(part.reasons, rule, withheld)
            found.append(Effects(tuple(next(gated) for _ in part), reasons))
        else:
            found.append(next(gated))
    return found, withheld


def _cohorts(rows: pd.DataFrame) -> Iterator[str]:
    """Yield the cohorts that terms name, as ``group:2004`` does."""
    for term in rows["term"]:
        kind, _, name = str(term).partition(":")
        if kind == "group" and name:
            yield name


def _key(effect: EffectResult) -> tuple[str, str, str, str]:
    return (str(effect.outcome), effect.role, str(effect.method), str(effect.inference))


def _steps(effect: EffectResult, rule: Rule, withheld: Withheld) -> tuple[float, float]:
    """Return by which steps the estimate of the first row is told, and its error."""
    row = effect.rows.iloc[0].to_dict()
    yes_no = effect.outcome in withheld.yes_no
    return step_of(row, rule, yes_no=yes_no), step_of(row, rule)


def _gated(
    effect: EffectResult, ways: pd.Series[str], rule: Rule, withheld: Withheld
) -> EffectResult:
    """Return an effect with the rows that are shown; where none is, with a blank one."""
    gone, coarse = ways == GONE, ways == COARSE
    blank = gone.all() or is_blank(effect, rule, withheld)
    base = 0 if blank else effect.base
    kept = effect.rows.iloc[:1] if blank else effect.rows[~gone]
    fewer = any(
        withheld.hides(people, rule) for note in effect.notes for people in note.counts.values()
    )
    counted = not (fewer or withheld.subtracts(effect.outcome))
    rows = release_estimates(kept, [base] * len(kept), rule, counted=counted, withheld=withheld)
    rows = coarsened(rows, kept, coarse.reindex(kept.index))
    notes = gate_notes(effect.notes, rule, withheld)
    if gone.any():
        said = PARTS if effect.role == SUBGROUPS else BEFORE
        notes = (Sentence(said, {"minimum": rule.minimum_cell}), *notes)
    return replace(effect, rows=rows, base=base, notes=notes, vcov=None, details={})
