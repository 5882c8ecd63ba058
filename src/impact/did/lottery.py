"""Groups made by lottery, compared by regression."""

from __future__ import annotations

import numpy as np

from impact.did.observed import Observed, cluster_codes, smallest_cell
from impact.did.permuted import permuted
from impact.did.result import Size, by_term, dropped_columns, effect, net_of
from impact.did.uncertainty import Inference
from impact.inference.linear import fit
from impact.results import EffectResult

__all__ = ["compared"]


def compared(seen: Observed, chosen: Inference, level: float, *, method: str) -> EffectResult:
    """Regress the outcome on the group and the columns at hand.

    Parameters
    ----------
    seen : Observed
        One row a unit.
    chosen : Inference
    level : float
        Of the interval.
    method : str
        What the result is called.
    """
    columns = np.column_stack([np.ones(len(seen)), seen.treated, seen.X])
    fitted = fit(seen.y, columns, weights=seen.weight, names=("constant", "ITT", *seen.names))
    clusters = cluster_codes(seen.panel, chosen.over)[seen.rows]
    if chosen.kind == "permutation":
        found = permuted(
            seen.panel,
            net_of(seen.y, fitted, seen.names),
            seen.treated,
            clusters,
            term="ITT",
            weight=seen.weight,
            level=level,
        )
    else:
        found = by_term(fitted, "ITT", chosen, clusters, level)
    size = Size(len(seen), seen.n_units, seen.n_treated, smallest_cell(seen.unit, seen.treated))
    notes = (*(chosen.reasons if chosen.declines else ()), *dropped_columns(fitted))
    details = {"covariates": list(seen.names), "clusters": chosen.over}
    return effect(
        seen, found, size, method=method, estimand="ITT", level=level, notes=notes, details=details
    )
