"""A regression of one outcome, and what is read of it: the effect, its error or its test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from impact.did.observed import Observed
from impact.did.permuted import permuted
from impact.did.reading import by_fit
from impact.did.result import Estimates
from impact.did.uncertainty import Inference
from impact.inference.linear import LinearFit
from impact.inference.unequal import Compared
from impact.results import Sentence

__all__ = ["Regression"]


@dataclass(frozen=True, eq=False)
class Regression:
    """A fit to N rows, the sums of its coefficients that are read, and its clusters.

    Parameters
    ----------
    seen : Observed
        The rows of the panel.
    fitted : LinearFit
        N rows, or one a unit.
    contrasts : mapping of str to numpy.ndarray
        By term, the effect first.
    clusters : numpy.ndarray of int
        Of the fit's rows; codes of the panel's clusters.
    period : numpy.ndarray of int or None
        Of the fit's rows: rows of a cluster in a period may err alike.
    compared : callable or None
        Gives what a permutation compares, and which clusters are treated; none where a
        permutation has nothing to say.
    notes : tuple of Sentence
        What must be read with the estimates.
    """

    seen: Observed
    fitted: LinearFit
    contrasts: Mapping[str, np.ndarray]
    clusters: np.ndarray
    period: np.ndarray | None = None
    compared: Callable[[], tuple[Compared, np.ndarray]] | None = None
    notes: tuple[Sentence, ...] = ()

    def read(self, chosen: Inference, level: float) -> Estimates:
        """Read the effect with the inference that was chosen."""
        if chosen.kind == "permutation" and self.compared is not None:
            term = next(iter(self.contrasts))
            return permuted(
                *self.compared(), self.seen.panel, term=term, level=level, pooled=chosen.pooled
            )
        return by_fit(
            self.fitted,
            self.contrasts,
            chosen,
            self.clusters,
            level=level,
            period=self.period,
        )
