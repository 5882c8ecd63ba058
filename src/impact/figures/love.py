"""How alike two groups were at the start, a row a characteristic: the Love plot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.canvas import GREY, SIZE, blank, colours, dress
from impact.figures.lettering import (
    folded,
    font,
    inches_of,
    legend_look,
    lengthen,
    name_rows,
    number_ticks,
    room_beside,
)
from impact.figures.words import LONG, called, not_shown, written
from impact.locale import N_, _, ngettext, spoken

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["ALIKE", "alt_love", "love"]

ALIKE = 0.25
"""Up to so many standard deviations the groups count as alike."""
WRAP = 24
LINES = 2
LOOKS: dict[str, dict[str, Any]] = {
    "smd": {"marker": "o", "markersize": 7.5},
    "smd_unweighted": {"marker": "s", "markersize": 6.0},
}
WORDS = {"smd": N_("with weights"), "smd_unweighted": N_("without weights")}


def love(cells: pd.DataFrame, *, labels: Mapping[str, str], ax: Axes | None = None) -> Axes:
    """Draw the standardised differences of a balance table, the largest first.

    Points lie between dashed lines where the groups count as alike; where weights differ,
    squares are the differences without them. A difference that is missing or was withheld
    has its name and no point.

    Parameters
    ----------
    cells : pandas.DataFrame
        The section ``balance`` (`impact.describe.balance`).
    labels : mapping of str to str
        The table's labels.
    ax : matplotlib Axes, optional
        Where to draw; on a figure of its own unless given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        There is no standardised difference among the cells.

    Examples
    --------
    >>> table = impact.describe.balance(panel)  # doctest: +SKIP
    >>> impact.figures.love(table.cells, labels=table.labels)  # doctest: +SKIP
    """
    rows = _differences(cells, labels)
    several = "smd_unweighted" in rows
    row = 0.36 if len(rows) <= LONG else 0.27
    axes = blank(1.4 + row * len(rows) + 0.3 * several) if ax is None else ax
    dress(axes, grid="x")
    y = np.arange(len(rows))[::-1]
    axes.axvline(0.0, color=GREY, linewidth=1.0, zorder=1)
    for edge in (-ALIKE, ALIKE):
        axes.axvline(edge, color=GREY, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    colour = colours()["treated"]
    for name in [name for name in LOOKS if name in rows]:
        axes.plot(
            *(rows[name].to_numpy(dtype=float), y),
            linestyle="none",
            color=colour,
            markerfacecolor=colour if name == "smd" else "white",
            markeredgecolor=colour,
            markeredgewidth=1.4,
            zorder=3.0 if name == "smd" else 2.5,
            label=_(WORDS[name]),
            **LOOKS[name],
        )
    _missing(axes, rows["smd"].to_numpy(dtype=float), y)
    _frame(axes, rows, y)
    columns = _legend(axes) if several else 2
    if ax is None:
        lengthen(axes, axes.get_xlabel().count("\n") - 2 + (2 - columns))
    return axes


def _differences(cells: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return a row a characteristic: its name and its differences, the largest first."""
    import pandas as pd

    told = cells[cells["statistic"].isin(list(LOOKS))]
    if not (told["statistic"] == "smd").any():
        raise ValueError("a Love plot is drawn of standardised differences; there are none")
    key = ["variable", "category"]
    found = told.pivot_table(
        index=key, columns="statistic", values="value", aggfunc="first", sort=False, dropna=False
    )
    order = told[key].drop_duplicates()
    wide = pd.DataFrame(index=pd.MultiIndex.from_frame(order)).join(found)
    names = [
        ", ".join(filter(None, [called(v, labels), called(c, labels)]))
        for v, c in wide.index.to_list()
    ]
    wide = wide.reset_index(drop=True).astype(float)
    wide = wide.where(np.isfinite(wide)).assign(name=names)
    return wide.iloc[wide["smd"].abs().fillna(-1).to_numpy().argsort(kind="stable")[::-1]]


def _missing(axes: Axes, values: np.ndarray, y: np.ndarray) -> None:
    for at in y[~np.isfinite(values)]:
        axes.annotate(
            not_shown(),
            xy=(0.0, float(at)),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            **font(SIZE - 1.5, GREY),
        )


def _frame(axes: Axes, rows: pd.DataFrame, y: np.ndarray) -> None:
    """Set names, limits that hold every point and both dashed lines, and numbers."""
    from matplotlib.ticker import MaxNLocator

    wrap = WRAP if len(rows) <= LONG else 2 * WRAP
    how: dict[str, Any] = {"max_lines": LINES, "placeholder": " …"}
    name_rows(axes, y, [folded(name, wrap, **how) for name in rows["name"]])
    drawn = rows[[name for name in LOOKS if name in rows]].to_numpy(dtype=float)
    known = np.abs(drawn[np.isfinite(drawn)])
    reach = 1.12 * max(float(known.max(initial=0.0)), 1.6 * ALIKE)
    axes.set_xlim(-reach, reach)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    number_ticks(axes.xaxis)
    counted = folded(_("Pilot less comparison, in standard deviations"), 24)
    dashed = folded(_("(dashed lines: counts as alike)"), 32)
    axes.set_xlabel(f"{counted}\n{dashed}", **font(SIZE))


def _legend(axes: Axes) -> int:
    """Name the marks, side by side where there is room; return in how many columns."""
    names = [label.get_text() for label in axes.get_yticklabels()]
    # A mark is three letters wide.
    wide = sum(inches_of(_(word), SIZE - 1) + 3 * SIZE / 72 for word in WORDS.values())
    columns = 2 if wide < room_beside(names) else 1
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=columns,
        borderaxespad=0.2,
        handletextpad=0.3,
        **legend_look(SIZE - 1),
    )
    return columns


def alt_love(cells: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Say in words what `love` draws of the same cells.

    Parameters
    ----------
    cells : pandas.DataFrame
        The section ``balance``.
    labels : mapping of str to str
        The table's labels.

    Returns
    -------
    str
        How many characteristics lie between the dashed lines, and the largest differences.
    """
    rows = _differences(cells, labels)
    known = rows[rows["smd"].notna()]
    parts = [
        _("Points: standardised differences between the groups at the start, the largest first.")
    ]
    if known.empty:
        return " ".join([*parts, _("None is shown.")])
    parts.append(_within(known))
    few = known.head(3)
    told = [
        f"{name} {written(float(d), 2)}" for name, d in zip(few["name"], few["smd"], strict=True)
    ]
    parts.append(_("Largest: %(list)s.") % {"list": _("; ").join(told)})
    if "smd_unweighted" in rows:
        parts.append(_plain(int((rows["smd_unweighted"].abs() <= ALIKE).sum())))
    if len(known) < len(rows):
        parts.append(_("Differences about too few people are not shown."))
    return " ".join(parts)


def _within(known: pd.DataFrame) -> str:
    """Tell how many of the differences lie between the dashed lines."""
    alike = int((known["smd"].abs() <= ALIKE).sum())
    text = ngettext(
        "%(n)s of %(all)s lies between %(low)s and %(high)s, which counts as alike.",
        "%(n)s of %(all)s lie between %(low)s and %(high)s, which counts as alike.",
        alike,
    )
    counts = {"n": spoken().count(alike), "all": spoken().count(len(known))}
    return text % {**counts, "low": written(-ALIKE, 2), "high": written(ALIKE, 2)}


def _plain(alike: int) -> str:
    text = ngettext(
        "Squares are without weights; %(n)s of them lies between the lines.",
        "Squares are without weights; %(n)s of them lie between the lines.",
        alike,
    )
    return text % {"n": spoken().count(alike)}
