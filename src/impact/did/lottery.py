"""Groups made by lottery, compared by regression."""

from __future__ import annotations

import numpy as np

from impact.did.observed import Observed, cluster_codes, smallest_cell
from impact.did.permuted import cells_of
from impact.did.reading import one_term
from impact.did.regression import Regression
from impact.did.result import Size, dropped_columns, effect
from impact.did.uncertainty import Inference
from impact.inference.linear import fit
from impact.inference.unequal import Compared
from impact.results import EffectResult

__all__ = ["compared", "regressed"]


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
    model = regressed(seen, chosen.over)
    found = model.read(chosen, level)
    size = Size(len(seen), seen.n_units, seen.n_treated, smallest_cell(seen.unit, seen.treated))
    notes = (*(chosen.reasons if chosen.declines else ()), *model.notes)
    details = {"covariates": list(seen.names), "clusters": chosen.over}
    return effect(
        seen, found, size, method=method, estimand="ITT", level=level, notes=notes, details=details
    )


def regressed(seen: Observed, over: str) -> Regression:
    """Return the regression of the outcome on the group and the columns at hand.

    Parameters
    ----------
    seen : Observed
        One row a unit.
    over : str
        Level of the clusters.
    """
    columns = np.column_stack([np.ones(len(seen)), seen.treated, seen.X])
    fitted = fit(seen.y, columns, weights=seen.weight, names=("constant", "ITT", *seen.names))
    clusters = cluster_codes(seen.panel, over)[seen.rows]

    def cells() -> tuple[Compared, np.ndarray]:
        return cells_of(seen.y, seen.treated, clusters, weight=seen.weight, covariates=seen.X)

    effect_of, notes = one_term(fitted, "ITT"), dropped_columns(fitted)
    return Regression(seen, fitted, effect_of, clusters, None, cells, notes)
