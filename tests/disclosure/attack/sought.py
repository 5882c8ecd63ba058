"""What an attacker wants to know: single counts, their sums, differences of groups."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from attack.reading import Reading
from attack.system import Expression, total
from attack.truth import STATES

__all__ = ["called", "levels_of", "sought_in"]

WHOLES = ("fn", "fk", "sk", "A", "k", "lk", "same", "m", "d", "rk")
"""Not sought by themselves: they are large, or of answers of more than two."""


def sought_in(found: Reading) -> Iterator[tuple[str, Expression]]:
    """Yield what an attacker wants to know: single counts, their sums, differences of groups."""
    known = found.system.places
    for name in list(known):
        if isinstance(name, tuple) and name[0] not in WHOLES:
            yield called(name), {name: 1.0}
        if isinstance(name, tuple) and name[0] in ("k", "fk", "sk", "lk") and _of_two(found, name):
            yield called(name), {name: 1.0}
    yield from _sums(found, known)
    yield from _differences(found, known)


def levels_of(found: Reading) -> Iterator[tuple[str, Expression]]:
    """Yield how many gave each answer, where there are more than two."""
    for name in list(found.system.places):
        if isinstance(name, tuple) and name[0] in ("k", "lk", "m", "d", "rk"):
            outcome = str(name[2] if name[0] == "lk" else name[1])
            if len(found.codes(outcome)) > 2:
                yield called(name), {name: 1.0}


def _of_two(found: Reading, name: tuple[Hashable, ...]) -> bool:
    return found.codes(str(name[2] if name[0] == "lk" else name[1])) == (0, 1)


def called(name: Hashable) -> str:
    """Return what a count is called where it is told of."""
    return " ".join(str(one) for one in name) if isinstance(name, tuple) else str(name)


def _sums(found: Reading, known: Mapping[Hashable, int]) -> Iterator[tuple[str, Expression]]:
    at = found.baseline
    groups = found.groups
    if len(groups) > 1 and at:
        for kind in ("lost", "both"):
            names = [(kind, one, at) for one in groups]
            if all(name in known for name in names):
                yield f"{kind} in all", total(names)
    for outcome in found.names.values():
        for state in STATES:
            for wave in found.waves:
                names = [(state, outcome, one, wave) for one in groups]
                if len(groups) > 1 and all(name in known for name in names):
                    yield f"{state} {outcome} at {wave} in all", total(names)
        names = [(s, outcome, one, wave) for s in STATES for one in groups for wave in found.waves]
        if found.all_waves and all(name in known for name in names):
            yield f"no answer {outcome} at all", total(names)
        for wave in found.waves:
            for group in groups:
                names = [(state, outcome, group, wave) for state in STATES]
                if all(name in known for name in names):
                    yield f"no answer {outcome} {group} {wave}", total(names)


def _differences(found: Reading, known: Mapping[Hashable, int]) -> Iterator[tuple[str, Expression]]:
    for group in found.groups:
        for wave in found.waves if found.followed and len(found.waves) > 1 else ():
            if ("N", group, wave) in known and ("U", group) in known:
                yield f"not there at {wave}, {group}", {("U", group): 1.0, ("N", group, wave): -1.0}
        for outcome in found.names.values():
            analysed = ("A", outcome, group)
            if analysed in known and ("U", group) in known:
                terms = {("U", group): 1.0, analysed: -1.0}
                yield f"not in the analysis of {outcome}, {group}", terms
            ever = ("E", outcome, group)
            for inner, outer, said in (
                (analysed, ever, f"answered {outcome} on one side of the start only, {group}"),
                (ever, ("U", group), f"never answered {outcome}, {group}"),
            ):
                if inner in known and outer in known:
                    yield said, {outer: 1.0, inner: -1.0}
            for wave in found.waves:
                whole, part = ("n", outcome, group, wave), ("fn", outcome, group, wave)
                if whole in known and part in known:
                    yield (
                        f"answered {outcome} at {wave} on one side only, {group}",
                        {
                            whole: 1.0,
                            part: -1.0,
                        },
                    )
    if len(found.groups) > 1:
        for outcome in found.names.values():
            names = [("A", outcome, one) for one in found.groups]
            for kind, said in (("U", "not in the analysis"), ("E", "left out of the analysis")):
                over = [(kind, *name[1:]) if kind == "E" else (kind, name[2]) for name in names]
                if all(name in known for name in (*names, *over)):
                    yield f"{said} of {outcome}", {**total(over), **total(names, -1.0)}
