"""A notebook's parameters to a `PilotSpec`: the way that papermill and JupyterLab take."""

from __future__ import annotations

import datetime as dt
import difflib
import os
from collections.abc import Iterator, Mapping
from typing import Any

from impact.errors import Fault, SpecError
from impact.spec.check import checked
from impact.spec.fields import text_key
from impact.spec.load import load_spec
from impact.spec.models import PilotSpec
from impact.spec.place import Key, Place
from impact.spec.project import project_root
from impact.spec.translate import Found
from impact.spec.words import is_text, listed, shown

__all__ = ["load_parameters"]

EXAMPLE = "tilburg-integration.yml"
CLOSE = 0.8
DEEPEST = 30
PLAIN = (str, int, float, bool, dt.date, type(None))


def load_parameters(namespace: Mapping[str, object]) -> PilotSpec:
    """Return the pilot that a notebook's parameters describe.

    Parameters
    ----------
    namespace : mapping of str to object
        The notebook's ``globals()``. The top-level keys of a params file are taken from
        it; a key that is None takes its default. Where all are None, the example
        ``params/tilburg-integration.yml`` of the project is read.

    Returns
    -------
    PilotSpec
        ``source`` is None, but for the example.

    Raises
    ------
    SpecError
        All faults, and names that are nearly a key (``covariate``): papermill would
        have set them, and nothing would have read them.

    Examples
    --------
    >>> spec = load_parameters(
    ...     {
    ...         "pilot": "tilburg",
    ...         "data": {"path": "data/tilburg.csv", "period": "wave"},
    ...         "design": {"kind": "before_after", "starts": 2, "sample": "cross_sections"},
    ...         "outcomes": [{"column": "volunteering", "indicator": "volunteering"}],
    ...     }
    ... )
    >>> spec.outcomes[0].label
    'Volunteered in the last three months'
    """
    place = Place("parameters")
    keys = list(PilotSpec.model_fields)
    given = {key: namespace[key] for key in keys if namespace.get(key) is not None}
    found = list(_nearly_keys(namespace, keys))
    if not given:
        if found:
            raise SpecError(fault for _, fault in found)
        return load_spec(project_root() / "params" / EXAMPLE)
    data = {key: _plain(value, (key,), found) for key, value in given.items()}
    if "pilot" not in given:
        found.insert(0, (("pilot",), _no_pilot(given)))
    return checked(data, place=place, found=tuple(found))


def _no_pilot(given: Mapping[str, object]) -> Fault:
    are = "is" if len(given) == 1 else "are"
    return Fault(
        "missing-key",
        "parameters pilot",
        f"the key 'pilot' is missing or empty, although {listed(given, 'and')} {are} given",
        "expected the pilot's id",
        "give all keys of one pilot, or none for the example",
    )


def _nearly_keys(namespace: Mapping[str, object], keys: list[str]) -> Iterator[Found]:
    """Yield a fault for each plain value under a name that is nearly a key."""
    for name, value in list(namespace.items()):
        if not isinstance(name, str) or name in keys or name.startswith("_") or value is None:
            continue
        if not isinstance(value, (*PLAIN, dict, list, tuple)) or len(name) > 40:
            continue
        near = difflib.get_close_matches(name.casefold(), keys, n=1, cutoff=CLOSE)
        if near:
            advice = f"did you mean '{near[0]}'?"
            fault = Fault("unknown-key", f"parameters {name}", f"unknown key '{name}'", "", advice)
            yield (name,), fault


def _plain(value: object, key: Key, found: list[Found]) -> Any:
    """Return the value as a params file would hold it; a fault for what none can hold."""
    if len(key) > DEEPEST:
        return _refused("too-deep", key[:1], "keys are nested too deep", found)
    if isinstance(value, Mapping):
        named = ((text_key(name), item) for name, item in value.items())
        return {
            name: _plain(item, (*key, name), found)
            for name, item in named
            if _is_key(name, key, found)
        }
    if isinstance(value, list | tuple):
        return [_plain(item, (*key, index), found) for index, item in enumerate(value)]
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, PLAIN):
        said = f"found {shown(value)}, which no params file can hold"
        return _refused("not-plain", key, said, found)
    return value


def _is_key(name: object, key: Key, found: list[Found]) -> bool:
    if not is_text(name):
        _refused("key-not-text", key, f"found {shown(name)} where a key is due", found)
    return is_text(name)


def _refused(code: str, key: Key, said: str, found: list[Found]) -> None:
    found.append((key, Fault(code, Place("parameters").where(key), said)))
