"""Which estimates rest on almost the same people: the two would tell about those few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from impact.disclosure.blunt import WIDTH, stepped
from impact.disclosure.degrees import CENTRES
from impact.disclosure.editions import Edition, rows_apart
from impact.disclosure.rule import Rule, significant
from impact.disclosure.widths import nice
from impact.disclosure.withheld import Withheld
from impact.results import EffectResult

__all__ = ["COARSE", "GONE", "SUBGROUPS", "almost_the_same", "coarsened", "is_blank"]

SUBGROUPS = "by_subgroup"
COARSE, GONE = "coarse", "gone"
ALL_ROWS, OF_ROWS = "ATT all rows", frozenset({"twfe", "event_study"})
UNTOLD = ("statistic", "p_value", "n_obs", "n_units", "n_treated", "n_clusters")
Sizes = tuple[int, int]


def is_blank(effect: EffectResult, rule: Rule, withheld: Withheld) -> bool:
    """Whether an effect is not shown, whatever stands beside it."""
    return rule.guarded and (rule.small(effect.base) or effect.outcome in withheld.outcomes)


def almost_the_same(
    every: Sequence[EffectResult], rule: Rule, withheld: Withheld, earlier: Edition
) -> Iterator[pd.Series[str]]:
    """Yield how each row is told: in full (empty), by coarse steps, or not at all.

    Coarsely, where it rests on fewer units or rows than one that is told in full, or on more,
    by less than the minimum; and on as many, where it need not have been as many: else that
    would tell that nobody was left out. Not at all what an earlier edition, or the averages of
    subgroups, would part.
    """
    told: dict[str, dict[Sizes, set[str]]] = {}
    for effect in every:
        before = told.setdefault(effect.outcome, {})
        old = rows_apart(earlier, effect, rule)
        ways: list[str] = []
        for at, (own, kind) in enumerate(_rows(effect)):
            gone = old[at] or _apart(effect, at, withheld) or GONE in ways[:1]
            way = GONE if gone else _way(effect, own, kind, before, rule) or "".join(ways[:1])
            ways.append(way)
            # Subgroups lie beside each other: they are compared with the whole alone.
            beside = effect.role == SUBGROUPS or is_blank(effect, rule, withheld)
            if not (way or beside):
                before.setdefault(own, set()).add(kind)
        yield pd.Series(ways, index=effect.rows.index, dtype="str")


def _rows(effect: EffectResult) -> Iterator[tuple[Sizes, str]]:
    """Yield the numbers of units and rows, and whose they are: of the same kind, the same people's.

    Effects of one method rest on the same people, and so do all that take every row there is.
    """
    rows = effect.rows
    for units, obs, term in zip(rows["n_units"], rows["n_obs"], rows["term"], strict=True):
        every = effect.method in OF_ROWS or term == ALL_ROWS
        yield (units, obs), ALL_ROWS if every else str(effect.method)


def _way(
    effect: EffectResult, own: Sizes, kind: str, before: Mapping[Sizes, set[str]], rule: Rule
) -> str:
    """Return how a row is told beside those before it."""
    subgroup = effect.role == SUBGROUPS
    for sizes, kinds in before.items() if rule.guarded else ():
        few = min(abs(a - b) for a, b in zip(own, sizes, strict=True))
        some = [abs(a - b) for a, b in zip(own, sizes, strict=True) if a != b]
        if any(people < rule.minimum_cell for people in some):
            return GONE if subgroup else COARSE
        if not subgroup and kind not in kinds and few < rule.minimum_cell:
            return COARSE
    return ""


def _apart(effect: EffectResult, at: int, withheld: Withheld) -> bool:
    """Whether a row is of a subgroup of which the tables hide an average."""
    name, split, _ = str(effect.rows["term"].iloc[at]).partition(": ")
    hidden = (effect.outcome, name) in withheld.subgroups
    return bool(effect.role == SUBGROUPS and split and hidden)


def coarsened(released: pd.DataFrame, frame: pd.DataFrame, coarse: pd.Series[bool]) -> pd.DataFrame:
    """Return the rows, some of them told by steps as large as their standard error.

    Parameters
    ----------
    released : pandas.DataFrame
        Rows as they are told by themselves.
    frame : pandas.DataFrame
        The same rows in full.
    coarse : pandas.Series of bool
        Which rows rest on almost the same people as others that are told: of these the error
        keeps one digit, and no test and no number of people is told.
    """
    if not coarse.any():
        return released
    error = pd.to_numeric(frame["std_error"]).astype(float)
    width = (pd.to_numeric(frame["conf_high"]) - pd.to_numeric(frame["conf_low"])) / WIDTH
    steps = error.where(error > 0, width).map(nice)
    told = released.copy()
    for name in CENTRES:
        by_step = pd.Series(map(stepped, told[name], steps), index=told.index)
        told[name] = by_step.where(coarse & steps.notna(), told[name].mask(coarse))
    told["std_error"] = (
        told["std_error"].map(lambda one: significant(one, 1)).where(coarse, told["std_error"])
    )
    for name in [name for name in UNTOLD if name in told]:
        told[name] = told[name].mask(coarse)
    return told
