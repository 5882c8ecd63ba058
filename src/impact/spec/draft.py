"""What can be read of a params file that still has faults.

The rules between keys are checked on a draft, so that an unknown key does not hide that
the pilot ends before it starts: all faults of a file come in one go.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from impact.spec.conduct import Analysis, Plan, Published
from impact.spec.models import About, Data, Design, Outcome
from impact.spec.place import Key, value_at
from impact.spec.record import Record
from impact.spec.translate import key_of

__all__ = ["Breach", "Draft", "draft_of"]

Part = TypeVar("Part", bound=Record)


class Breach(NamedTuple):
    """A rule between keys that does not hold; its texts are those of a `Fault`."""

    key: Key
    code: str
    found: str
    expected: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The valid parts of a params file; entries of lists keep their position.

    Parameters
    ----------
    raw : dict
        The plain data.
    faulty : frozenset of Key
        The keys that have a fault of their own; they count as given.
    about, analysis, plan : Record
        What is valid of them; defaults for the rest.
    data, design : Record or None
        None where a required key is missing or faulty.
    outcomes, covariates, subgroups, published : mapping of int to entry
        The valid entries by their position.
    """

    raw: dict[str, Any]
    faulty: frozenset[Key]
    about: About
    data: Data | None
    design: Design | None
    analysis: Analysis
    plan: Plan
    outcomes: Mapping[int, Outcome]
    covariates: Mapping[int, str]
    subgroups: Mapping[int, str]
    published: Mapping[int, Published]

    def gives(self, *key: str) -> bool:
        """Whether the file says anything under the key, right or wrong; ``{}`` says nothing."""
        above = {key[:length] for length in range(len(key) + 1)}
        return value_at(self.raw, key) not in (None, {}) or bool(above & self.faulty)

    def text(self, *key: str) -> str | None:
        """Return the text under the key, or None where there is none."""
        said = value_at(self.raw, key)
        return said if isinstance(said, str) else None


def draft_of(raw: dict[str, Any], faulty: frozenset[Key]) -> Draft:
    """Return what is valid in the plain data of a params file."""
    return Draft(
        raw,
        faulty,
        _valid(About, raw.get("about")) or About(),
        _valid(Data, raw.get("data")),
        _valid(Design, raw.get("design")),
        _valid(Analysis, raw.get("analysis")) or Analysis(),
        _valid(Plan, raw.get("plan")) or Plan(),
        _entries(Outcome, raw.get("outcomes")),
        _names(raw.get("covariates")),
        _names(raw.get("subgroups")),
        _entries(Published, raw.get("published")),
    )


def _entries(model: type[Part], items: Any) -> dict[int, Part]:
    if not isinstance(items, list):
        return {}
    valid = ((index, _valid(model, item)) for index, item in enumerate(items))
    return {index: part for index, part in valid if part is not None}


def _names(items: Any) -> dict[int, str]:
    if not isinstance(items, list):
        return {}
    return {index: item for index, item in enumerate(items) if isinstance(item, str)}


def _valid(model: type[Part], raw: Any) -> Part | None:
    """Return the record without its faulty keys; None where a required one is among them."""
    data = copy.deepcopy(raw)
    while isinstance(data, dict):
        try:
            return model.model_validate(data)
        except ValidationError as refused:
            keys = {_faulty_part(error, data) for error in refused.errors(include_url=False)}
            if () in keys:
                return None
            for key in keys:
                holder = value_at(data, key[:-1])
                if isinstance(holder, dict):
                    holder.pop(key[-1], None)
    return None


def _faulty_part(error: Any, data: Any) -> Key:
    """Return the key to leave out: the record that lacks a key, the whole of a list."""
    key = key_of(error, data)
    if error["type"] == "missing":
        key = key[:-1]
    whole = next((index for index, part in enumerate(key) if isinstance(part, int)), len(key))
    return key[:whole]
