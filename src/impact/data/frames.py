"""What a caller says about a data frame, as the roles that a params file would state."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
from pydantic import ValidationError

from impact.data.roles import Roles
from impact.data.spelling import spelled
from impact.data.table import Table, doubled, kept, refuse
from impact.errors import DesignError, Fault
from impact.spec.models import Design, Missing, Outcome

__all__ = ["roles_said", "table_of_frame"]

WHERE = "the frame"
OF_DESIGN = {
    **{name: name for name in ("kind", "sample", "treated", "starts", "first_treated", "place")},
    **{name: name for name in ("randomised", "anticipation")},
    "cluster": "assignment",
}
OTHER = {name.name: name.name for name in dataclasses.fields(Roles)} | {"other_cluster": "cluster"}


def roles_said(design: Design | None, said: Mapping[str, Any]) -> Roles:
    """Return the roles that keywords state.

    Parameters
    ----------
    design : Design or None
        The whole design, where it is given as such.
    said : mapping
        Keywords of `Panel.from_frame`.

    Raises
    ------
    DesignError
        A keyword is unknown, a value is refused, or the design is said twice.
    """
    parts = {OF_DESIGN[name]: value for name, value in said.items() if name in OF_DESIGN}
    parts = {name: value for name, value in parts.items() if value is not None}
    known = (OTHER.keys() - {"design", "cluster", "spec"}) | OF_DESIGN.keys()
    unknown = [name for name in said if name not in known]
    if unknown:
        expected = f"it knows {', '.join(sorted(known))}"
        raise DesignError(
            [Fault("unknown-key", WHERE, f"no '{name}'", expected) for name in unknown]
        )
    if design is not None and parts:
        raise DesignError("give design, or its parts as keywords, not both")
    rest = {OTHER[name]: value for name, value in said.items() if name not in OF_DESIGN}
    try:
        rest["outcomes"] = _outcomes(rest["outcomes"])
        rest["missing"] = Missing.model_validate(rest.get("missing") or {})
        stated = design if design is not None else _design(parts)
    except ValidationError as error:
        raise DesignError(_refused(error)) from None
    for name in ("covariates", "subgroups", "drop"):
        given = rest.get(name, ())
        rest[name] = (given,) if isinstance(given, str) else tuple(given)
    return Roles(design=stated, **rest)


def _design(parts: dict[str, Any]) -> Design:
    if "kind" not in parts:
        parts["kind"] = (
            "staggered"
            if "first_treated" in parts
            else "did"
            if "treated" in parts
            else "before_after"
        )
    starts = parts.get("starts")
    if starts is not None and hasattr(starts, "item"):
        parts["starts"] = starts.item()
    elif isinstance(starts, dt.date | pd.Period):
        parts["starts"] = spelled(starts)
    return Design.model_validate(parts)


def _outcomes(given: Any) -> tuple[Outcome, ...]:
    several = [given] if isinstance(given, str | Outcome) else list(given)
    return tuple(
        outcome
        if isinstance(outcome, Outcome)
        else Outcome.model_validate({"column": outcome, "label": outcome})
        for outcome in several
    )


def _refused(error: ValidationError) -> list[Fault]:
    return [
        Fault("refused", WHERE, f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}")
        for fault in error.errors(include_input=False, include_url=False)
    ]


def table_of_frame(frame: pd.DataFrame, roles: Roles) -> Table:
    """Take the named columns of a frame, without touching it.

    Parameters
    ----------
    frame : pandas.DataFrame
        The caller's.
    roles : Roles
        Names the columns.

    Raises
    ------
    DataError
        It is no frame, or has no rows.
    """
    if not isinstance(frame, pd.DataFrame):
        refuse("not-a-frame", WHERE, f"this is a {type(frame).__name__}", "a DataFrame is expected")
    if frame.empty:
        refuse("no-rows", WHERE, "the frame has no rows", "rows are expected")
    header = tuple(str(name).strip() for name in frame.columns)
    at = kept(header, roles.columns())
    columns = frame.iloc[:, at].set_axis([header[position] for position in at], axis=1)
    rows = pd.RangeIndex(len(frame))
    return Table(columns.set_axis(rows, axis=0), header, doubled(header), WHERE)
