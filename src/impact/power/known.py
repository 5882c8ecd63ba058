"""What is known of a planned pilot: said, read from its params file or its first wave."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any

from impact.errors import DesignError, Fault
from impact.power.baseline import baseline_facts, read_baseline
from impact.power.facts import Facts
from impact.spec.models import Outcome, PilotSpec

__all__ = ["facts_given", "facts_of"]

NAMES = tuple(part.name for part in dataclasses.fields(Facts))


def facts_of(spec: PilotSpec, outcome: Outcome, *, baseline: bool) -> dict[str, Any]:
    """Return the facts that a params file tells, and its rows before the start if asked.

    Parameters
    ----------
    spec : PilotSpec
    outcome : Outcome
    baseline : bool
    """
    stated = {
        "design": spec.design.kind,
        "sample": spec.design.sample,
        "kind": outcome.kind,
        "scale": outcome.scale if outcome.kind != "binary" else None,
    }
    known = {name: value for name, value in stated.items() if value is not None}
    if not baseline:
        return known
    return known | baseline_facts(read_baseline(spec), outcome.column, spec)


def facts_given(known: Mapping[str, Any], said: Mapping[str, Any]) -> Facts:
    """Put what is said over what is known.

    Raises
    ------
    DesignError
        A name is none of a fact's.
    """
    unknown = [name for name in said if name not in NAMES]
    if unknown:
        raise DesignError([_unknown(name) for name in unknown])
    stated = {name: value for name, value in said.items() if value is not None}
    return Facts(**{**known, **stated})


def _unknown(name: str) -> Fault:
    near = difflib.get_close_matches(name, NAMES, n=1)
    advice = f"did you mean '{near[0]}'?" if near else ""
    return Fault("unknown-fact", "facts", f"no fact '{name}'", f"known: {', '.join(NAMES)}", advice)
