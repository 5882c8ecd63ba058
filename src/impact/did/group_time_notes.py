"""What must be read with group-time effects, in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.carried_by import FEWER
from impact.did.group_time import GroupTime
from impact.did.labels import cell_name, listed, time_label
from impact.did.left_out import left_out
from impact.locale import N_
from impact.results import Sentence

__all__ = ["group_time_notes"]

SMALL = 5
DROPPED = {
    "no_comparison": N_(
        "No effect is given for %(cells)s: nobody who was not reached yet is left to compare with."
    ),
    "collinear": N_(
        "No effect is given for %(cells)s: among those compared the covariates do not vary freely."
    ),
    "no_overlap": N_(
        "No effect is given for %(cells)s: by their covariates some of the treated have nobody "
        "like them in the comparison."
    ),
}
FEW_UNITS = Sentence(
    "The cohort first reached in %(start)s is small: %(n)s unit.",
    many="The cohort first reached in %(start)s is small: %(n)s units.",
)
CERTAIN = Sentence(
    "Comparison units that by their covariates were all but sure to be treated are left out of "
    "%(n)s group-time effect.",
    many="Comparison units that by their covariates were all but sure to be treated are left out "
    "of %(n)s group-time effects.",
)
LONELY = N_(
    "Nothing is tested for %(terms)s: on one side of the comparison all units belong to one "
    "cluster, and what happened to that cluster alone cannot be told from the pilot; the "
    "standard error leaves it out and is too small."
)


def group_time_notes(
    panel: Panel,
    data: Adoption,
    effects: GroupTime,
    *,
    unsure: Sequence[Sequence[str]],
    untested: str,
) -> tuple[Sentence, ...]:
    """Return what must be read with the numbers.

    Parameters
    ----------
    panel : Panel
    data : Adoption
    effects : GroupTime
    unsure : two sequences of str
        Terms of which nothing is tested: one cluster on a side, or fewer than three.
    untested : str
        Why there is no pre-test: ``no_periods``, ``few_clusters`` or nothing.
    """
    notes = list(data.notes)
    if not data.n_never:
        last = time_label(panel, data.start[0])
        said = N_(
            "Everybody is reached in the end: the last cohort (%(start)s) is comparison only."
        )
        notes.append(Sentence(said, {"start": last}))
    for reason, text in DROPPED.items():
        cells = [cell_name(panel, g, t) for g, t, why in effects.dropped if why == reason]
        if cells:
            notes.append(Sentence(text, {"cells": listed(cells)}))
    for cohort in np.unique(effects.cohort):
        if (size := _size(data, cohort)) < SMALL:
            start = time_label(panel, cohort)
            notes.append(left_out(FEW_UNITS, size, start=start))
    if effects.trimmed:
        notes.append(replace(CERTAIN, values={"n": effects.trimmed}))
    for names, untold in zip(unsure, (LONELY, FEWER), strict=True):
        if names:
            notes.append(Sentence(untold, {"terms": listed(names)}))
    if untested == "no_periods":
        notes.append(
            Sentence("No period before a start can be compared, so the pre-periods are not tested.")
        )
    if untested == "few_clusters":
        notes.append(Sentence("Clusters are too few to test the periods before the start."))
    return tuple(notes)


def _size(data: Adoption, cohort: float) -> int:
    own = data.members(cohort)
    return int(own.stop - own.start)
