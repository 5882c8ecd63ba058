"""Which fixed effects a panel carries."""

from __future__ import annotations

import numpy as np

from impact.did.observed import Observed
from impact.locale import N_
from impact.results import Sentence

__all__ = ["absorbed_sets"]


def absorbed_sets(seen: Observed) -> tuple[tuple[np.ndarray, np.ndarray], tuple[Sentence, ...]]:
    """Return the codes of the effects to absorb, and what must be said of them.

    Unit and period effects. People who are not seen again cannot have an effect of their
    own: repeated cross-sections have one of the unit of assignment, where there are
    several rows in each and none is partly treated, else of the cohort.

    Parameters
    ----------
    seen : Observed
        N rows.

    Returns
    -------
    sets : tuple of two numpy.ndarray of int, each shape (N,)
    notes : tuple of Sentence
    """
    if seen.panel.is_panel:
        return (seen.unit, seen.period), ()
    cluster, cohort = seen.taken(seen.panel.cluster), seen.cohort
    groups = np.count_nonzero(np.bincount(cluster))
    pairs = np.count_nonzero(np.bincount(cluster * len(seen.starts) + cohort))
    if groups < len(seen) and pairs == groups:
        said = N_("New people are asked each time: the effects are of the unit of assignment.")
        return (cluster, seen.period), (Sentence(said),)
    said = N_(
        "New people are asked each time: the effects are of the group, by first treated period."
    )
    return (cohort, seen.period), (Sentence(said),)
