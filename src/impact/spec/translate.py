"""What the models refuse, in plain words: one fault a key, with line and advice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic_core import ErrorDetails

from impact.errors import Fault
from impact.spec.catalogue import catalogue
from impact.spec.nodes import homes_of, keys_at, node_at, said_of
from impact.spec.place import Key, Place, dotted, holds, value_at
from impact.spec.words import closest, expected, printable, shown

__all__ = ["Found", "faults_of", "key_of"]

Found = tuple[Key, Fault]
"""A fault and the key that it is about."""


def faults_of(errors: list[ErrorDetails], data: dict[str, Any], place: Place) -> list[Found]:
    """Return one fault for each key that the models refuse.

    Parameters
    ----------
    errors : list of pydantic_core.ErrorDetails
        What validation found.
    data : dict
        What was validated.
    place : Place
        Where the data stand.
    """
    by_key: dict[Key, ErrorDetails] = {}
    for error in errors:
        by_key.setdefault(key_of(error, data), error)
    inner = {key[:length] for key in by_key for length in range(len(key))}
    return [
        (key, _fault(key, error, data, place)) for key, error in by_key.items() if key not in inner
    ]


def key_of(error: ErrorDetails, data: Any) -> Key:
    """Return the way to the value in the data; names of a union's branches are no keys."""
    key: list[str | int] = []
    location = error["loc"]
    for part in location:
        if holds(data, part):
            key.append(part)
            data = data[part]
    if error["type"] == "missing" and isinstance(location[-1], str) and data is not None:
        key.append(location[-1])
    return tuple(key)


def _fault(key: Key, error: ErrorDetails, data: Any, place: Place) -> Fault:
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(key, data, place)
    if kind == "missing" and value_at(data, key) is None:
        return _missing_key(key, place)
    if error["loc"][-1] == "[key]":
        found = "a key is empty, or longer than a name can be"
        return Fault("wrong-value", place.where(key), found, "expected a name", "")
    if kind == "asked_only_afterwards":
        return _asked_only_afterwards(key, data, place)
    value = value_at(data, key)
    wanted = node_at(key)
    return Fault(
        _code(kind, value, wanted),
        place.where(key),
        _found(key, value, place),
        f"expected {_limit(kind, wanted) or expected(wanted)}",
        _advice(key, value, wanted, place),
    )


def _unknown_key(key: Key, data: Any, place: Place) -> Fault:
    name = str(key[-1])
    line = place.line(key)
    at = "" if line is None else f" (line {line})"
    found = f"unknown key '{dotted(key)}'{at}"
    siblings = keys_at(key[:-1])
    homes = homes_of(name)
    near = closest(name, siblings)
    if homes:
        advice = f"'{name}' belongs {'under ' + repr(homes[0]) if homes[0] else 'at the top'}"
    elif near:
        advice = f"did you mean '{near}'?"
    else:
        advice = f"the keys here are {', '.join(siblings)}"
    return Fault("unknown-key", place.where(key), found, "", advice)


def _missing_key(key: Key, place: Place) -> Fault:
    found = f"the key '{dotted(key)}' is missing or empty"
    wanted = f"expected {expected(node_at(key))}: {said_of(key)}"
    return Fault("missing-key", place.where(key), found, wanted)


def _asked_only_afterwards(key: Key, data: Any, place: Place) -> Fault:
    return Fault(
        "asked-only-afterwards",
        place.where(key),
        f"the indicator {shown(value_at(data, key))} is asked only afterwards, so it is "
        "satisfaction and cannot show an effect",
        "expected an indicator with a value from before or from a comparison",
        "report it in words, and take it out of the outcomes",
    )


def _code(kind: str, value: Any, wanted: dict[str, Any]) -> str:
    if kind == "unknown_indicator":
        return "unknown-indicator"
    if isinstance(value, bool):
        return "yes-or-no"
    choices = list(_choices(wanted))
    return "not-a-choice" if choices and isinstance(value, str) else "wrong-value"


def _found(key: Key, value: Any, place: Place) -> str:
    raw = place.raws.get(key)
    if isinstance(value, bool) and raw is not None and raw.lower() not in ("true", "false"):
        return f"found {printable(raw)}, which YAML reads as {shown(value)}"
    if isinstance(value, str) and len(value) > 200:
        return f"found text of {len(value)} characters"
    return f"found {shown(value)}"


def _limit(kind: str, wanted: dict[str, Any]) -> str:
    if kind == "string_too_long" and "maxLength" in wanted:
        return f"at most {wanted['maxLength']} characters"
    return "a finite number" if kind == "finite_number" else ""


def _choices(wanted: dict[str, Any]) -> Iterator[str]:
    for option in wanted.get("anyOf", [wanted]):
        yield from option.get("enum", ())
        if "const" in option:
            yield option["const"]
        if option.get("type") == "array":
            yield from _choices(option.get("items", {}))


def _advice(key: Key, value: Any, wanted: dict[str, Any], place: Place) -> str:
    options = wanted.get("anyOf", [wanted])
    kinds = {option.get("type") for option in options}
    choices = [*_choices(wanted)]
    if key[-1:] == ("indicator",):
        choices = [name for name, one in catalogue().items() if not one.asked_only_afterwards]
    near = closest(value, choices)
    if near:
        return f"did you mean '{near}'?" if "array" not in kinds else f"did you mean ['{near}']?"
    if key[-1:] == ("indicator",):
        return "params/README.md lists the catalogue; leave the key out for another indicator"
    dated = any(option.get("format") == "date" for option in options)
    if "string" in kinds and not dated and isinstance(value, bool | int | float):
        raw = place.raws.get(key, "NO" if value is False else shown(value))
        return f"if it is text, put it in quotes: '{printable(raw)}'"
    if kinds == {"array"} and isinstance(value, str | int | float):
        return f"put it in brackets: [{printable(str(value))}]" if value != "" else ""
    if kinds == {"object"} and not isinstance(value, dict):
        return "write its keys below it, indented"
    return ""
