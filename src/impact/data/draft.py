"""A params file to start from: commented, valid, and filled in where a file shows how."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from impact.data.first_look import Look, first_look
from impact.data.guess import Guess, guess
from impact.data.readers import read_file
from impact.data.table import Table
from impact.spec.project import project_root

__all__ = ["draft"]

SKELETON = Guess(
    kind="did",
    sample="panel",
    unit_is="person",
    unit="person",
    period="wave",
    treated="in_pilot",
    first_treated=None,
    weight=None,
    place=None,
    starts=2,
    outcomes=(("outcome", "continuous"),),
    covariates=(),
    drop=(),
)
PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_/-]*$")
YAML_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"])
WIDTH = 38


def draft(pilot: str, data: Path | None = None) -> str:
    """Write a params file for a new pilot.

    Parameters
    ----------
    pilot : str
        The pilot's id.
    data : Path, optional
        Its data file. The roles of its columns are guessed by name and content, and the
        comments say that they are guesses; columns that look personal are dropped.

    Returns
    -------
    str
        YAML with comments. Without data it shows the keys, with names to replace.

    Raises
    ------
    DataError
        The data file is no table.
    """
    if data is None:
        look = None
        path, found, head = f"data/{pilot}.csv", SKELETON, "replace the names of columns by yours"
    else:
        look = first_look(_whole_table(data))
        path, found = _path(data), guess(look.table, export=look.is_export)
        if look.identifier is not None:
            found = replace(found, drop=tuple(n for n in found.drop if n != look.identifier))
        head = "columns were GUESSED by name and content: check every line"
    return "\n".join(_lines(pilot, path, found, head, look)) + "\n"


def _path(data: Path) -> str:
    absolute, root = data.absolute(), project_root()
    inside = absolute.is_relative_to(root)
    return (absolute.relative_to(root) if inside else absolute).as_posix()


def _whole_table(data: Path) -> Table:
    return read_file(data, read_file(data, (), data.name).header, data.name)


def _lines(pilot: str, path: str, found: Guess, head: str, look: Look | None) -> Iterator[str]:
    yield "# yaml-language-server: $schema=./schema.json"
    yield f"# The plan of one pilot; {head}."
    yield "# params/README.md explains every key; `impact check` tells all that is wrong."
    yield f"pilot: {_scalar(pilot)}"
    yield "about:"
    yield from _keys(
        ("title", pilot.replace("-", " ").capitalize(), "the pilot's name as a reader knows it"),
        ("place", None, "city or region"),
        ("country", None, "two letters; quote 'NO'"),
        ("starts", None, "first day, 2021-03-01"),
        ("ends", None, "last day"),
    )
    yield from _data(path, found)
    if look is not None:
        yield from _shapes(look, found)
    yield from _design(found)
    yield from _outcomes(found)
    yield f"covariates: {_list(found.covariates)}"
    yield "subgroups: []"
    yield "report: {language: en, minimum_cell: 10}"


def _data(path: str, found: Guess) -> Iterator[str]:
    yield "data:"
    yield from _keys(
        ("path", path, "relative to the project's root"),
        ("unit", found.unit, "column: who or what is observed"),
        ("unit_is", found.unit_is, "person, household or place"),
        ("period", found.period, "column: when"),
        ("weight", found.weight, "column: sampling weights"),
    )
    yield f"  drop: {_list(found.drop)}".ljust(WIDTH) + "  # never read: what could name a person"
    said = "  # codes of answers not given: [98]"
    yield "  missing: {refused: [], not_known: []}".ljust(WIDTH) + said


def _shapes(look: Look, found: Guess) -> Iterator[str]:
    """Say what a survey tool's export holds, and what may be waves side by side."""
    if look.several:
        said = "  # several answers: a 0/1 column a choice"
        yield f"  select_multiple: {_list(look.several)}".ljust(WIDTH) + said
    if look.is_export:
        yield "  # An export of a survey tool: columns are named by the end of their header, or by"
        yield "  # the whole of it. One export a wave? Instead of path, say"
        yield "  # waves: {1: data/baseline.csv, 2: data/endline.csv}"
    if look.identifier is not None:
        yield f"  # {look.identifier} shows submissions that stand twice, and goes no further."
    if look.wide and found.period is None:
        yield "  # These columns look like waves side by side. If they are, say"
        yield "  # wide:"
        for name, columns in look.wide.items():
            said = ", ".join(f"{period}: {_scalar(name)}" for period, name in columns.items())
            yield f"  #   {_scalar(name)}: {{{said}}}"


def _design(found: Guess) -> Iterator[str]:
    yield "design:"
    yield from _keys(
        ("kind", found.kind, "did, staggered, before_after or randomised"),
        ("sample", found.sample, "panel: the same units again; or cross_sections"),
        ("treated", found.treated, "column: 1 in the pilot group, 0 in the comparison"),
        ("starts", found.starts, "first treated period: say when the pilot began"),
        ("first_treated", found.first_treated, "staggered: column, empty or 0 is never"),
        ("assignment", None, "column: what was chosen for the pilot; default: the unit"),
        ("place", found.place, "column: city or neighbourhood of the unit"),
        ("comparison", None, "who the comparison is, and why them"),
    )


def _outcomes(found: Guess) -> Iterator[str]:
    yield "outcomes:  # what should change; the first is primary, fix this before the endline"
    for at, (column, kind) in enumerate(found.outcomes):
        yield f"  - column: {_scalar(column)}"
        yield f"    label: {_scalar(_label(column))}"
        yield f"    kind: {kind}".ljust(WIDTH) + "  # binary ordinal continuous count duration"
        yield "    direction: neutral".ljust(WIDTH) + "  # higher, lower or neutral is better"
        yield f"    role: {'secondary' if at else 'primary'}"
        yield "    smallest_effect: null".ljust(WIDTH) + "  # the smallest effect that matters"
    if not found.outcomes:
        yield "  # - column: …   no column of numbers was left: name what should change"


def _keys(*said: tuple[str, object, str]) -> Iterator[str]:
    for key, value, comment in said:
        yield f"  {key}: {_scalar(value)}".ljust(WIDTH) + f"  # {comment}"


def _label(column: str) -> str:
    words = re.sub(r"[_\s]+", " ", column.rpartition("/")[2]).strip()
    return words[:1].upper() + words[1:] if words else column


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(_scalar(name) for name in names)}]"


def _scalar(value: object) -> str:
    """Write a value so that YAML reads back the same."""
    if value is None:
        return "null"
    if not isinstance(value, str):
        return str(value)
    plain = PLAIN.match(value) and value.lower() not in YAML_WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)
