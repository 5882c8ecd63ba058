"""Whether an error structure that is named allows for all that the rule's clusters share."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.observed import cluster_codes
from impact.did.uncertainty import Inference

__all__ = ["as_coarse"]

ROW_BY_ROW = frozenset({"classical", "hc1", "hc2", "hc3"})
# They bring one row, or one influence, a unit: what is robust by row is so by unit.
UNIT_BY_UNIT = frozenset({"ancova", "before_after", "difference_in_means"})
BY_CLUSTER = frozenset({"callaway_santanna", "imputation", "stacked", "two_stage"})


def as_coarse(panel: Panel, method: str, rule: Inference, named: Inference | None) -> bool:
    """Tell whether every cluster of the rule lies within one of what is named.

    Standard errors over people say nothing of places that have a course of their own, and
    those over rows nothing of people who are asked again.

    Parameters
    ----------
    panel : Panel
    method : str
        Of the headline.
    rule, named : Inference
        Nothing named is as coarse as the rule.
    """
    if named is None or named.kind == "none":
        return True
    if named.kind in ROW_BY_ROW and method not in BY_CLUSTER:
        rows = np.arange(len(panel))
        codes = panel.unit if method in UNIT_BY_UNIT else rows
    else:
        codes = cluster_codes(panel, named.over)
    clusters = cluster_codes(panel, rule.over)
    least = np.full(int(clusters.max(initial=0)) + 1, np.iinfo(np.int64).max)
    most = np.full(len(least), -1)
    np.minimum.at(least, clusters, codes)
    np.maximum.at(most, clusters, codes)
    return bool((least >= most).all())
