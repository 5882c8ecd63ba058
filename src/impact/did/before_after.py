"""The change of one group: arithmetic, not an effect."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.changes import unit_changes
from impact.did.observed import Observed, cluster_codes, observe, smallest_cell
from impact.did.reading import by_term
from impact.did.result import Size, effect, level_of
from impact.did.uncertainty import Inference, settled
from impact.errors import DesignError
from impact.inference.linear import fit
from impact.locale import N_
from impact.results import EffectResult, Sentence

__all__ = ["before_after"]

NO_EFFECT = Sentence(
    "This is the change between before and after. Without a comparison group it cannot be told "
    "how much of it is due to the pilot."
)


def before_after(
    panel: Panel,
    *,
    outcome: str | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
) -> EffectResult:
    """Take the mean before the start from the mean after it, unit by unit.

    Parameters
    ----------
    panel : Panel
        One group. Of a panel only units seen both before and after are used, each unit's
        mean on either side; of repeated cross-sections the two samples' means.
    outcome : str, optional
        Column; the first primary outcome unless said.
    inference : str
        ``auto`` (the rule of `impact.did.choose`), ``classical hc1 hc2 hc3 cr1 cr2`` or
        ``none``.
    level : float, optional
        Of the interval; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place``, ``other`` or a column.

    Returns
    -------
    EffectResult
        One term, ``change``. The estimand is the change itself: no effect is claimed, and
        nothing is assumed. Of treated units only, where the panel has others too.

    Raises
    ------
    DesignError
        Nobody is seen before the start, or nobody after it.

    Notes
    -----
    The interval is for the mean change of units like these, Student's paired t: it treats
    each unit's own change as chance.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.before_after(panel)  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    share = level_of(panel, level)
    chosen = settled(panel, said, inference, cluster, share)
    if chosen.kind == "permutation":
        raise DesignError(
            "before_after has no comparison group to permute the pilot to; take hc2 or none"
        )
    keep = panel.treated if panel.treated.any() else np.ones(len(panel), dtype=bool)
    seen = observe(panel, said, covariates=False, keep=keep)
    after = seen.time >= _start(seen)
    if after.all() or not after.any():
        side = "before" if after.all() else "after"
        raise DesignError(
            f"before_after needs rows before and after the start; there is none {side} it with "
            f"'{said}'"
        )
    notes = (NO_EFFECT, *(chosen.reasons if chosen.declines else ()))
    if panel.is_panel:
        return _paired(seen, after, chosen, share, notes)
    return _two_samples(seen, after, chosen, share, notes)


def _start(seen: Observed) -> float:
    starts = np.unique(seen.start[np.isfinite(seen.start)])
    if len(starts) > 1:
        raise DesignError(
            f"before_after needs one start; there are {len(starts)}: take callaway_santanna"
        )
    if len(starts):
        return float(starts[0])
    # Without a start that is known, all periods but the first are after.
    times = np.unique(seen.time)
    return float(times[1]) if len(times) > 1 else np.inf


def _paired(
    seen: Observed,
    after: np.ndarray,
    chosen: Inference,
    level: float,
    notes: tuple[Sentence, ...],
) -> EffectResult:
    change = unit_changes(seen, after, "before_after")
    n = len(change.y)
    fitted = fit(change.y, np.ones((n, 1)), weights=change.weight, names=("change",))
    clusters = cluster_codes(seen.panel, chosen.over)[change.rows]
    kind = chosen
    if n < 2 and chosen.kind != "none":
        said = N_("With one unit no range can be given for the change.")
        kind, notes = Inference("none", chosen.over), (*notes, Sentence(said))
    found = by_term(fitted, "change", kind, clusters, level)
    mean = float(np.average(change.before, weights=change.weight))
    details = {"mean_before": mean, "clusters": chosen.over}
    return effect(
        seen,
        found,
        Size(n, n, n, n),
        method="before_after",
        estimand="change",
        level=level,
        notes=(*notes, *change.notes),
        details=details,
    )


def _two_samples(
    seen: Observed,
    after: np.ndarray,
    chosen: Inference,
    level: float,
    notes: tuple[Sentence, ...],
) -> EffectResult:
    columns = np.column_stack([np.ones(len(seen)), after])
    fitted = fit(seen.y, columns, weights=seen.weight, names=("constant", "change"))
    clusters = cluster_codes(seen.panel, chosen.over)[seen.rows]
    found = by_term(fitted, "change", chosen, clusters, level, seen.period)
    said = N_("Different people were asked before and after.")
    return effect(
        seen,
        found,
        Size(len(seen), seen.n_units, seen.n_units, smallest_cell(seen.unit, after)),
        method="before_after",
        estimand="change",
        level=level,
        notes=(*notes, Sentence(said)),
        details={"mean_before": float(fitted.beta[0]), "clusters": chosen.over},
    )
