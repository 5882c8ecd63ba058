"""People assigned by lottery, or counted one by one before and after."""

from __future__ import annotations

import numpy as np

from calibration.designs import Case
from calibration.draws import SPEC, Sums, panel_of, pilot_of
from calibration.four_means import FourMeans
from calibration.people import People
from impact import did
from impact.simulate import Simulation

__all__ = ["OneByOne"]

REPLICATIONS = SPEC.analysis.replications
SEED = SPEC.analysis.seed


class OneByOne:
    """Two groups of people: by lottery at the end, or their own changes.

    What the rule picks depends on the outcome, so it may differ from draw to draw.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        treated = sum(case.simulation.cohorts.values())
        self.treated = np.arange(len(case.simulation.sizes)) < treated
        choice = did.choose(panel_of(case, pilot_of(case, case.simulation, 0)))
        self.few = choice.declines and not self._lopsided(case)
        self.lottery = case.kind != "did"
        smaller = min(treated, len(self.treated) - treated)
        self.usual = "hc2" if self.lottery else ("cr2" if smaller < 50 else "cr1")
        others = ("hc2",) if self.lottery else ("cr1", "cr2")
        self.kinds = ("auto", *others, "permutation", "pooled spread")

    def _lopsided(self, case: Case) -> bool:
        return case.alone

    def people(self, sums: Sums) -> People:
        """Return what is compared of everybody."""
        y = sums.sums
        if self.case.kind == "ancova":
            return People(y[..., -1], y[..., 0], self.treated)
        if self.lottery:
            return People(y[..., -1], None, self.treated)
        return People(y[..., 1] - y[..., 0], sums.given, self.treated)

    def picks(self, sums: Sums) -> np.ndarray:
        """Return what the rule picks for every draw, shape (R,)."""
        if self.few:
            return np.full(len(sums.sums), "permutation")
        return np.where(self.people(sums).lopsided, "permutation", self.usual)

    def estimates(self, sums: Sums) -> np.ndarray:
        """Return the differences."""
        return self.people(sums).estimate

    def truth(self, simulation: Simulation) -> float:
        """Return the effect, the same for all in expectation."""
        return float(simulation.outcomes[0].effect)

    def p_values(self, sums: Sums, truth: float, kind: str) -> np.ndarray:
        """Test by HC2, CR1, CR2, permutation, the pooled spread, or as the rule picks."""
        people = self.people(sums)
        if kind == "pooled spread":
            return people.pooled(truth)
        if kind == "permutation" or (kind == "auto" and self.few):
            return people.permuted(truth, replications=REPLICATIONS, seed=SEED)
        if kind != "auto":
            return self._usual(sums, truth, kind)
        exact = self.p_values(sums, truth, "permutation")
        rare = np.maximum(exact, people.pooled(truth))
        found = np.where(people.lopsided, rare, self._usual(sums, truth, self.usual))
        # Where nothing varies nothing is tested.
        return np.where(people.flat, np.nan, found)

    def _usual(self, sums: Sums, truth: float, kind: str) -> np.ndarray:
        if kind == "hc2":
            return self.people(sums).hc2(truth)
        y = sums.sums.copy()
        y[:, self.treated, 1] -= truth
        data = FourMeans(y, sums.counts, self.treated)
        return data.p_values("auto" if kind == "cr2" else kind)

    def attainable(self, sums: Sums) -> float:
        """Return the level: many assignments make the steps small."""
        return 0.05
