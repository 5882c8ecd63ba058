"""Which columns a params file names, and as what: also while it still has faults."""

from __future__ import annotations

from impact.spec.draft import Draft
from impact.spec.place import Key, dotted

__all__ = ["ONE_ROLE", "OTHER_ROLES", "used_columns"]

ONE_ROLE: tuple[Key, ...] = (
    ("data", "unit"),
    ("data", "period"),
    ("data", "weight"),
    ("data", "lost_because"),
    ("design", "treated"),
    ("design", "first_treated"),
)
OTHER_ROLES: tuple[Key, ...] = (
    ("design", "assignment"),
    ("design", "place"),
    ("analysis", "cluster"),
)


def used_columns(draft: Draft, *, made: bool = True) -> dict[str, str]:
    """Return each column that has a role, with the key that names it first.

    Parameters
    ----------
    draft : Draft
        The params file.
    made : bool
        Whether columns count that are made and not read: periods, stays, scores.
    """
    used: dict[str, str] = {}
    spells = draft.data.spells if draft.data else None
    for key in (*ONE_ROLE, *OTHER_ROLES):
        column = draft.text(*map(str, key))
        if key == ("data", "period") and draft.data is not None and draft.data.makes_periods:
            column = draft.data.period if made else None
        if column is not None:
            used.setdefault(column, dotted(key))
    for name, columns in (("covariates", draft.covariates), ("subgroups", draft.subgroups)):
        for column in columns.values():
            used.setdefault(column, name)
    for outcome in draft.outcomes.values():
        if outcome.score is not None:
            for item in outcome.score.items:
                used.setdefault(item, "outcomes.score.items")
        is_made = outcome.score is not None or (spells and spells.column == outcome.column)
        if made or not is_made:
            used.setdefault(outcome.column, "outcomes")
    return used
