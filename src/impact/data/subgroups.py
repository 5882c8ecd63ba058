"""The subgroups that a plan names: which row of a panel belongs to which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.locale import N_

__all__ = ["Subgroup", "subgroups_of"]

FEW_VALUES = 6
REST = N_("all others")


@dataclass(frozen=True)
class Subgroup:
    """The subgroups by one characteristic.

    Parameters
    ----------
    name : str
        Of the column.
    levels : tuple of str
        What each subgroup is called.
    code : numpy.ndarray of int, shape (N,)
        The subgroup of each row; -1 where it is not known.
    halved : bool
        Whether they are two halves of many values.
    """

    name: str
    levels: tuple[str, ...]
    code: np.ndarray
    halved: bool = False


def subgroups_of(panel: Panel) -> tuple[Subgroup, ...]:
    """Return the planned subgroups of a panel.

    A column of 0 and 1, of words, or of up to six values has a subgroup for each; one of more
    values has those up to the middle of the units' first values, and those above. In a panel
    each unit stays in the subgroup of its first record that holds one.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    tuple of Subgroup
        Without those of which there is one level only.
    """
    columns: dict[str, list[str]] = {}
    for column in panel.subgroups:
        columns.setdefault(column.partition("=")[0], []).append(column)
    found = []
    for name, same in columns.items():
        words = any("=" in column for column in same)
        found.append(_of_words(panel, name, same) if words else _of_numbers(panel, name))
    return tuple(subgroup for subgroup in found if len(subgroup.levels) > 1)


def _of_words(panel: Panel, name: str, columns: list[str]) -> Subgroup:
    held = np.column_stack([_first(panel, panel.values[c].to_numpy(dtype=float)) for c in columns])
    given = np.isfinite(held).all(axis=1)
    # The panel leaves the first category out: it is one less the others.
    every = np.column_stack([1 - held.sum(axis=1), held])
    code = np.where(given, np.nan_to_num(every).argmax(axis=1), -1)
    categories = [column.partition("=")[2] for column in columns]
    return Subgroup(name, (panel.references.get(name, REST), *categories), code)


def _of_numbers(panel: Panel, name: str) -> Subgroup:
    values = _first(panel, panel.values[name].to_numpy(dtype=float))
    given = np.isfinite(values)
    found = np.unique(values[given])
    if len(found) <= FEW_VALUES:
        code = np.where(given, np.searchsorted(found, np.nan_to_num(values)), -1)
        return Subgroup(name, _named(panel, name, found), code)
    firsts = np.unique(panel.unit, return_index=True)[1] if panel.is_panel else slice(None)
    middle = float(np.nanmedian(values[firsts]))
    code = np.where(given, (values > middle).astype(int), -1)
    return Subgroup(name, (N_("up to the middle"), N_("above the middle")), code, halved=True)


def _named(panel: Panel, name: str, found: np.ndarray) -> tuple[str, ...]:
    """Return what the values are called: as the file has it, else yes and no, else themselves."""
    said = panel.described.get(name)
    words = {} if said is None else said.values
    plain = {"0": N_("no"), "1": N_("yes")} if np.isin(found, (0, 1)).all() else {}
    texts = (f"{value:g}" for value in found)
    return tuple(words.get(text, plain.get(text, text)) for text in texts)


def _first(panel: Panel, values: np.ndarray) -> np.ndarray:
    """Return each row's value; in a panel the first one known of its unit."""
    if not panel.is_panel:
        return values
    rows = np.flatnonzero(np.isfinite(values))
    order = rows[np.lexsort((panel.period[rows], panel.unit[rows]))]
    units, at = np.unique(panel.unit[order], return_index=True)
    first = np.full(len(panel.units), np.nan)
    first[units] = values[order[at]]
    of_rows: np.ndarray = first[panel.unit]
    return of_rows
