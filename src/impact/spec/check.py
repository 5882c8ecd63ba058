"""From plain data to a `PilotSpec`, or all faults at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from impact.errors import Fault, SpecError
from impact.spec import data_rules, design_rules, file_rules, rules, score_rules
from impact.spec.draft import Breach, Draft, draft_of
from impact.spec.models import PilotSpec
from impact.spec.place import Key, Place, value_at
from impact.spec.translate import Found, faults_of

__all__ = ["checked"]


def checked(
    data: dict[str, Any], *, place: Place, found: tuple[Found, ...] = (), file_id: str | None = None
) -> PilotSpec:
    """Return the pilot that plain data describe.

    Parameters
    ----------
    data : dict
        Plain data: dict, list, str, int, float, bool, dates and None.
    place : Place
        Where the data stand, for the messages.
    found : tuple of (Key, Fault)
        Faults that were met while the data were read.
    file_id : str, optional
        The id that the file's name gives; the pilot's id must equal it.

    Raises
    ------
    SpecError
        All faults, in the order of the lines.
    """
    spec: PilotSpec | None = None
    refused: list[Found] = []
    try:
        spec = PilotSpec.model_validate(data)
    except ValidationError as error:
        refused = faults_of(error.errors(include_url=False), data, place)
    have = {key for key, _ in found}
    faults = [*found, *((key, fault) for key, fault in refused if key not in have)]
    draft = draft_of(data, frozenset(key for key, _ in faults))
    for breach in _breaches(draft, file_id, place):
        if not _known(breach.key, draft.faulty):
            key, code, said, wanted, advice = breach
            faults.append((key, Fault(code, place.where(key), said, wanted, advice)))
    if spec is None or faults:
        faults.sort(key=lambda one: (place.line(one[0]) or 0, one[1].where))
        raise SpecError(fault for _, fault in faults)
    return spec


def _known(key: Key, faulty: frozenset[Key]) -> bool:
    """Whether the key, or a key that holds it, has a fault already."""
    return any(key[:length] in faulty for length in range(1, len(key) + 1))


def _breaches(draft: Draft, file_id: str | None, place: Place) -> Iterator[Breach]:
    yield from rules.breaches(draft)
    yield from file_rules.breaches(draft)
    yield from data_rules.breaches(draft)
    yield from score_rules.breaches(draft)
    yield from design_rules.breaches(draft)
    yield from _underscores(draft, place)
    pilot = draft.text("pilot")
    if file_id is not None and pilot is not None and pilot != file_id:
        found = f"the pilot's id is '{pilot}', the file's name '{file_id}'"
        advice = "rename the one or the other"
        yield Breach(("pilot",), "id-is-not-file-name", found, "expected them to be equal", advice)


def _underscores(draft: Draft, place: Place) -> Iterator[Breach]:
    """1_000 is a number to YAML; where text may stand too, nobody can tell which is meant."""
    for key, raw in place.raws.items():
        doubtful = key[:2] in (("design", "starts"), ("data", "missing"), ("data", "spells"))
        value = value_at(draft.raw, key)
        if doubtful and "_" in raw and isinstance(value, int | float):
            found = f"{raw} is read as the number {value}"
            advice = f"write '{raw}' in quotes if it is text, {value} if the number is meant"
            yield Breach(key, "odd-number", found, "", advice)
