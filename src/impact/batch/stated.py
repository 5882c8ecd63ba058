"""The rule by which a pilot is published: what params and data say, and who else may say it.

A notebook is code and could state a laxer rule than its params file. So the rule is read
before the notebook runs, and what the notebook states is held against it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from impact.errors import Fault

if TYPE_CHECKING:
    from impact.results import Status

__all__ = ["STATED", "other_rule", "rule_of", "stricter"]

STATED = ("simulated", "invented", "unit_is", "guarded", "minimum_cell")
MARKS = ("simulated", "invented", "guarded")


def rule_of(status: Status) -> dict[str, Any]:
    """Return what a status says of marks and guards."""
    return {name: getattr(status, name) for name in STATED}


def other_rule(status: Status, due: Mapping[str, Any]) -> Iterator[Fault]:
    """Tell where a notebook's status differs from the rule that is due.

    What the notebook states is not repeated: it may be made of a person's data.

    Parameters
    ----------
    status : Status
        As the executed notebook carries it, before the gate.
    due : mapping
        The `rule_of` params and data.
    """
    stated = rule_of(status)
    for name in STATED:
        if stated[name] != due[name]:
            found = f"the notebook states another '{name}' than params and data say"
            expected = f"{due[name]} is expected"
            advice = "show impact.status(spec, panel) as it is"
            yield Fault("other-rule", "", found, expected, advice)


def stricter(due: Mapping[str, Any], published: Mapping[str, Any]) -> bool:
    """Say whether a page published under one rule may not stand under another.

    Parameters
    ----------
    due, published : mapping
        ``simulated``, ``invented``, ``guarded`` and ``minimum_cell`` of today and of the
        page. What is not known of the page is taken as good as today's.

    Examples
    --------
    >>> rule = {"simulated": False, "invented": False, "guarded": True, "minimum_cell": 10}
    >>> stricter(rule | {"minimum_cell": 20}, rule), stricter(rule | {"minimum_cell": 5}, rule)
    (True, False)
    """
    if any(due.get(name) and not published.get(name, True) for name in MARKS):
        return True
    cell = due.get("minimum_cell", 0)
    return bool(due.get("guarded") and cell > published.get("minimum_cell", cell))
