"""Several primary outcomes at once: their p-values adjusted together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.ancova import regression as of_ancova
from impact.did.choose import Choice
from impact.did.did import regression as of_did
from impact.did.difference_in_means import regression as of_means
from impact.did.draws import draws_of
from impact.did.event_study import regression as of_event_study
from impact.did.observed import cluster_codes
from impact.did.regression import Regression
from impact.did.triple_difference import regression as of_triple_difference
from impact.did.twfe import regression as of_twfe
from impact.errors import DesignError
from impact.inference.adjusted_interval import adjusted_interval
from impact.inference.multiplicity import benjamini_hochberg, holm
from impact.inference.romano_wolf import romano_wolf
from impact.inference.sharpened import sharpened_q
from impact.inference.unequal import permute_jointly
from impact.inference.wild_bootstrap import weights_for
from impact.inference.wild_draws import drawn, scores_of
from impact.locale import N_
from impact.results import EffectResult, Sentence

__all__ = ["adjusted"]

ONE_BY_ONE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "holm": holm,
    "bh": benjamini_hochberg,
    "sharpened": sharpened_q,
}
REGRESSIONS: dict[str, Callable[[Panel, str, str], Regression]] = {
    "ancova": of_ancova,
    "did": of_did,
    "difference_in_means": of_means,
    "event_study": of_event_study,
    "triple_difference": of_triple_difference,
    "twfe": of_twfe,
}
SMALLEST = 0.001
SAID = {
    "holm": Sentence(
        "“%(outcome)s”: adjusted for the %(n)s primary outcome (Holm) the p-value is %(p)s.",
        many="“%(outcome)s”: adjusted for the %(n)s primary outcomes (Holm) the p-value is %(p)s.",
    ),
    "bh": Sentence(
        "“%(outcome)s”: adjusted for the %(n)s primary outcome (Benjamini and Hochberg, which "
        "bounds the share of false findings) the p-value is %(p)s.",
        many="“%(outcome)s”: adjusted for the %(n)s primary outcomes (Benjamini and Hochberg, "
        "which bounds the share of false findings) the p-value is %(p)s.",
    ),
    "sharpened": Sentence(
        "“%(outcome)s”: over the %(n)s primary outcome the sharpened q-value (Anderson 2008), "
        "which bounds the share of false findings, is %(p)s.",
        many="“%(outcome)s”: over the %(n)s primary outcomes the sharpened q-value (Anderson "
        "2008), which bounds the share of false findings, is %(p)s.",
    ),
    "romano_wolf": Sentence(
        "“%(outcome)s”: adjusted for the %(n)s primary outcome (Romano and Wolf) the p-value is "
        "%(p)s.",
        many="“%(outcome)s”: adjusted for the %(n)s primary outcomes (Romano and Wolf) the p-value "
        "is %(p)s.",
    ),
}
INSTEAD = "take multiplicity: holm, which needs no draws of all outcomes together"
BY_BOOTSTRAP = N_(
    "The primary outcomes' p-values are adjusted together (Romano and Wolf 2005): by the same "
    "draws of the wild cluster bootstrap (%(draws)s) for all of them, so that outcomes that move "
    "together cost less."
)
BY_PERMUTATION = Sentence(
    "The primary outcomes' p-values are adjusted together (Romano and Wolf 2005): by the "
    "same assignments of the pilot for all of them, so that outcomes that move together cost less."
)


def adjusted(
    panel: Panel, headlines: Sequence[EffectResult], choices: Sequence[Choice]
) -> list[EffectResult]:
    """Write adjusted p-values into the headlines of primary outcomes.

    By the params file's rule: Holm, Benjamini and Hochberg, Anderson's sharpened q-values,
    or Romano and Wolf's step down, by the wild cluster bootstrap of all outcomes'
    regressions by the same draws, or by the same assignments where they are tested by
    permutation. No adjusted p-value is below the outcome's own, but a sharpened q-value may
    be. Primary outcomes of which the data allow no test stay in the family's count, since
    whether they do is seen only in the data: as p-values of 1, or with Romano and Wolf as a
    share of the level that they use up. ``details["conf_adjusted"]`` is the interval that
    leaves zero out where the adjusted p-value rejects.

    Parameters
    ----------
    panel : Panel
    headlines : sequence of EffectResult
        One an outcome, in the panel's order.
    choices : sequence of Choice
        How they were made.

    Raises
    ------
    DesignError
        Romano and Wolf's rule is asked for and the outcomes have no draws in common.
    """
    rule = panel.spec.analysis.multiplicity if panel.spec is not None else "holm"
    primary = [at for at, outcome in enumerate(panel.outcomes) if outcome.role == "primary"]
    if rule == "none" or len(primary) < 2:
        return list(headlines)
    p_values = np.array([float(headlines[at].p_value) for at in primary])
    notes: tuple[Sentence, ...] = ()
    if rule in ONE_BY_ONE:
        counted = np.where(np.isfinite(p_values), p_values, 1.0)
        changed = np.where(np.isfinite(p_values), ONE_BY_ONE[rule](counted), np.nan)
    else:
        changed = np.full(len(primary), np.nan)
        known = np.flatnonzero(np.isfinite(p_values))
        if len(known):
            pairs = [(headlines[primary[at]], choices[primary[at]]) for at in known]
            found, notes = _together(panel, pairs)
            found = np.minimum(found * len(primary) / len(known), 1.0)
            changed[known] = np.maximum(found, p_values[known])
    out = list(headlines)
    for at, p_value in zip(primary, changed, strict=True):
        told = _told(panel, out[at].outcome, (rule, len(primary)), float(p_value))
        details = {
            **out[at].details,
            "p_adjusted": float(p_value),
            "multiplicity": rule,
            "family": len(primary),
            "conf_adjusted": _interval(out[at], float(p_value), len(primary)),
        }
        out[at] = replace(out[at], notes=(*out[at].notes, *told, *notes), details=details)
    return out


def _interval(effect: EffectResult, adjusted: float, family: int) -> tuple[float, float]:
    return adjusted_interval(
        float(effect.estimate),
        (float(effect.conf_low), float(effect.conf_high)),
        (float(effect.p_value), adjusted),
        family=family,
        level=float(effect.level),
        std_error=float(effect.std_error),
    )


def _told(
    panel: Panel, outcome: str, rule: tuple[str, int], p_value: float
) -> tuple[Sentence, ...]:
    """Say the adjusted p-value of one outcome."""
    if not np.isfinite(p_value):
        return ()
    under = Sentence("under %(smallest)s", {"smallest": f"{SMALLEST:g}"})
    values = {
        "outcome": panel.outcome(outcome).label,
        "about": outcome,
        "n": rule[1],
        "p": f"{p_value:.3f}" if p_value >= SMALLEST else under,
    }
    return (replace(SAID[rule[0]], values=values),)


def _together(
    panel: Panel, tested: Sequence[tuple[EffectResult, Choice]]
) -> tuple[np.ndarray, tuple[Sentence, ...]]:
    """Return p-values by Romano and Wolf, and how they were made."""
    for effect, _ in tested:
        if effect.method not in REGRESSIONS:
            raise DesignError(
                f"multiplicity 'romano_wolf' draws the outcomes' regressions together, and "
                f"{effect.method} is none; {INSTEAD}"
            )
    levels = {str(effect.details["clusters"]) for effect, _ in tested}
    permuted = {choice.inference == "permutation" for _, choice in tested}
    if len(levels) > 1 or len(permuted) > 1:
        raise DesignError(
            "multiplicity 'romano_wolf' needs one kind of test over the same clusters for all "
            f"primary outcomes, and the rule tests them differently; {INSTEAD}"
        )
    (over,) = levels
    models = [REGRESSIONS[effect.method](panel, effect.outcome, over) for effect, _ in tested]
    if permuted == {True}:
        return _by_permutation(panel, models), (BY_PERMUTATION,)
    return _by_bootstrap(panel, models, cluster_codes(panel, over), tested[0][0].level)


def _by_bootstrap(
    panel: Panel, models: Sequence[Regression], codes: np.ndarray, level: float
) -> tuple[np.ndarray, tuple[Sentence, ...]]:
    """Impose every outcome's null and give a cluster the same weight for all outcomes."""
    draws, count = draws_of(panel), int(codes.max()) + 1
    weights = weights_for(count, replications=draws.replications, level=level)
    observed, others = [], []
    for model in models:
        contrast = next(iter(model.contrasts.values()))
        scores = scores_of(model.fitted, contrast, model.clusters, count)
        made, enumerated = drawn(scores, weights, draws.replications, draws.seed)
        data, rest = made.distances(enumerated=enumerated)
        observed.append(data)
        others.append(rest)
    found = romano_wolf(np.array(observed), np.column_stack(others))
    return found, (Sentence(BY_BOOTSTRAP, {"draws": draws.replications}),)


def _by_permutation(panel: Panel, models: Sequence[Regression]) -> np.ndarray:
    """Give the pilot to the same other clusters for all outcomes."""
    held = [np.unique(model.clusters) for model in models]
    if any(not np.array_equal(held[0], other) for other in held[1:]):
        raise DesignError(
            "multiplicity 'romano_wolf' gives the pilot to the same places for all primary "
            f"outcomes, and not all of them are known in the same places; {INSTEAD}"
        )
    pairs = [model.compared() for model in models if model.compared is not None]
    draws = draws_of(panel)
    return permute_jointly(
        [compared for compared, _ in pairs],
        pairs[0][1],
        replications=draws.replications,
        seed=draws.seed,
    )
