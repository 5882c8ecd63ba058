"""Lists that are sorted and narrowed down by the style sheet alone, without a script.

Each order is a table of its own, of which one is shown; a choice hides the rows that lack
its mark. What a reader types or a params file says never becomes part of the style sheet:
marks are numbered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from impact.disclosure import IndexEntry, ReleasedIndex
from impact.locale import _
from impact.report.words import CERTAINTIES

__all__ = ["SMALL", "Choice", "Order", "choices", "orders"]

SMALL = 3
"""A list of fewer pilots is read faster than it is sorted."""


@dataclass(frozen=True)
class Choice:
    """One way to narrow the list down.

    Parameters
    ----------
    key : str
        ``programme``, ``theme``, ``country`` or ``certainty``.
    legend : str
        What is chosen.
    options : tuple of (str, int)
        What a reader may choose, and how many pilots that leaves.
    marks : mapping of str to tuple of int
        By pilot: which options hold for it.
    """

    key: str
    legend: str
    options: tuple[tuple[str, int], ...]
    marks: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Order:
    """The list in one order."""

    key: str
    label: str
    entries: tuple[IndexEntry, ...]


def choices(
    index: ReleasedIndex, *, certainties: Mapping[str, str], themes: Mapping[str, str]
) -> tuple[Choice, ...]:
    """Return the ways to narrow down the list; one that leaves nothing out is none.

    Parameters
    ----------
    index : ReleasedIndex
        The pilots.
    certainties, themes : mapping of str to str
        The reader's words.
    """
    entries = list(index)
    if len(entries) < SMALL:
        return ()
    sure = {name: certainties[name] for name in (*reversed(CERTAINTIES), "no_comparison")}
    sure[""] = _("No result")
    made = (
        _choice("theme", _("Theme"), {e.pilot: e.themes for e in entries}, themes),
        _choice("programme", _("Programme"), {e.pilot: _one(e.programme) for e in entries}),
        _choice("country", _("Country"), {e.pilot: _one(e.country) for e in entries}),
        _choice("certainty", _("Certainty"), {e.pilot: (e.certainty,) for e in entries}, sure),
    )
    return tuple(one for one in made if len(one.options) > 1)


def _one(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


def _choice(
    key: str,
    legend: str,
    held: Mapping[str, Sequence[str]],
    names: Mapping[str, str] | None = None,
) -> Choice:
    """Return a choice among what pilots hold, in the order of the names or of the alphabet."""
    present = {value for values in held.values() for value in values}
    order = list(names or {})
    known = [name for name in order if name in present]
    values = [*known, *sorted(present.difference(known), key=str.casefold)]
    options = tuple(
        ((names or {}).get(value, value), sum(value in has for has in held.values()))
        for value in values
    )
    marks = {pilot: tuple(values.index(value) for value in has) for pilot, has in held.items()}
    return Choice(key, legend, options, marks)


def orders(index: ReleasedIndex) -> tuple[Order, ...]:
    """Return the list in each order that a reader may choose, the given one first.

    Parameters
    ----------
    index : ReleasedIndex
        The pilots.
    """
    given = tuple(index)
    as_given = Order("given", _("As listed"), given)
    if len(given) < SMALL:
        return (as_given,)
    return (
        as_given,
        _order("title", _("Pilot"), given, lambda one: one.title.casefold()),
        _order("programme", _("Programme"), given, lambda one: _last(one.programme)),
        _order("country", _("Country"), given, lambda one: _last(one.country)),
        _order("certainty", _("Certainty, surest first"), given, lambda one: _unsure(one)),
    )


def _order(
    key: str,
    label: str,
    entries: Sequence[IndexEntry],
    by: Callable[[IndexEntry], str | int | tuple[bool, str]],
) -> Order:
    return Order(key, label, tuple(sorted(entries, key=by)))


def _last(name: str) -> tuple[bool, str]:
    """Return what sorts by name, what has none at the end."""
    return not name, name.casefold()


def _unsure(entry: IndexEntry) -> int:
    surest_first = [*reversed(CERTAINTIES), "no_comparison", ""]
    return surest_first.index(entry.certainty)
