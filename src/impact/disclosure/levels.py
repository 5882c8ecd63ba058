"""What every reader knows of subgroups and levels: they are the whole, and its mean."""

from __future__ import annotations

import re

import pandas as pd

from impact.disclosure.knowledge import Knowledge

__all__ = ["add_levels", "add_subgroups", "add_totals"]

LEVEL = re.compile(r"level (-?[\d.e+]+)(?: to (-?[\d.e+]+))?$")
ULP = 0.05
COST = 3.0


def add_totals(made: Knowledge) -> None:
    """Note how many answered in a period of which no table but that of the subgroups tells."""
    for (kind, _, outcome, group, period), several in _parts(made).items():
        if kind == "n" and made.find("n", outcome, "", group, period) is None:
            whole = sum(made.values[at] for at in several)
            made.unknown(("n", outcome, "", group, period), whole)


def add_subgroups(made: Knowledge) -> None:
    """Subgroups, with those of whom it is not known, are the whole group."""
    for (kind, _, outcome, group, period), several in _parts(made).items():
        total = made.find(kind, outcome, "", group, period)
        if total is not None:
            made.know([(total, -1.0), *((at, 1.0) for at in several)], 0.0, 0.0)


def _parts(made: Knowledge) -> dict[tuple[str, ...], list[int]]:
    """Return the subgroups of each group and period: how many answered, and how many said yes."""
    parts: dict[tuple[str, ...], list[int]] = {}
    for key, at in made.places.items():
        name, variable = str(key[0]), str(key[1]) if len(key) == 5 else ""
        outcome, by, _ = variable.rpartition(" by ")
        if not by:
            continue
        kind = "yes" if name == "yes" else "n" if name.startswith("subgroups") else ""
        if kind:
            parts.setdefault((kind, variable, outcome, str(key[3]), str(key[4])), []).append(at)
    return parts


def add_levels(made: Knowledge, cells: pd.DataFrame) -> None:
    """Note that a mean of levels, times those who answered, is a sum of levels."""
    means = cells[(cells["statistic"] == "mean") & (cells["section"] == "participants")]
    lines = means[["variable", "group", "period", "value"]]
    for cell, variable, group, period, value in lines.itertuples():
        base = made.find("n", variable, "", group, period)
        spans = [
            (LEVEL.search(str(key[2])), at)
            for key, at in made.places.items()
            if len(key) == 5 and key[:2] == ("yes", variable) and key[3:] == (group, period)
        ]
        if base is None or not spans or any(found is None for found, _ in spans):
            continue
        slack = ULP * max(abs(value), 1.0)
        ends = [(float(f[1]), float(f[2] or f[1]), at) for f, at in spans if f is not None]
        low = [(at, bottom) for bottom, _, at in ends]
        high = [(at, top) for _, top, at in ends]
        made.know([*low, (base, -(value + slack))], high=0.0, cells=(int(cell),), cost=COST)
        made.know([*high, (base, -(value - slack))], low=0.0, cells=(int(cell),), cost=COST)
