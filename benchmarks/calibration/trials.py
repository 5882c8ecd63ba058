"""What is tested in a design, and by what: the package's choice, and the others."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from scipy import special

from calibration.designs import Case
from calibration.draws import SPEC, Sums, panel_of, pilot_of
from calibration.four_means import FourMeans, permuted
from calibration.one_by_one import OneByOne
from calibration.roll_out import permuted_dates, read_off
from calibration.wild import wild
from impact import did
from impact.simulate import Simulation

__all__ = ["LEVEL", "Trial", "gained", "trial_of"]

LEVEL = 0.05
REPLICATIONS = SPEC.analysis.replications
SEED = SPEC.analysis.seed


class Trial(Protocol):
    """Tests of one design: ``kinds`` names them, ``auto`` first."""

    kinds: tuple[str, ...]

    def estimates(self, sums: Sums) -> np.ndarray:
        """Return the estimates, shape (R,)."""

    def truth(self, simulation: Simulation) -> float:
        """Return the effect that is built in, as the estimate averages it."""

    def p_values(self, sums: Sums, truth: float, kind: str) -> np.ndarray:
        """Test that the effect is ``truth``, shape (R,)."""

    def attainable(self, sums: Sums) -> float:
        """Return the largest size, at most the level, that the picked test can have."""


def trial_of(case: Case) -> Trial:
    """Return the tests of a design."""
    if case.own:
        return OneByOne(case)
    kinds = {"did": TwoGroups, "staggered": SeveralStarts, "before_after": OneGroup}
    return kinds[case.kind](case)


def gained(case: Case, simulation: Simulation) -> np.ndarray:
    """Return the effect on every cluster in every period, shape (G, T)."""
    effects = np.zeros((len(simulation.sizes), simulation.periods))
    first = 0
    for start, clusters in simulation.cohorts.items():
        for period in range(start, simulation.periods + 1):
            effect = simulation.outcomes[0].effect_at(start, period)
            effects[first : first + clusters, period - 1] = effect
        first += clusters
    return effects


class TwoGroups:
    """Two groups and one start."""

    kinds = ("auto", "cr1", "cr2", "wild bootstrap", "permutation")

    def __init__(self, case: Case) -> None:
        self.start = min(case.simulation.cohorts) - 1
        treated = sum(case.simulation.cohorts.values())
        self.treated = np.arange(len(case.simulation.sizes)) < treated
        panel = panel_of(case, pilot_of(case, case.simulation, 0))
        self.inference = did.choose(panel).inference

    def data(self, sums: Sums, truth: float = 0.0) -> FourMeans:
        """Add up the periods before and after, and take an effect out."""
        y, n = (
            np.stack([part[..., : self.start].sum(-1), part[..., self.start :].sum(-1)], axis=-1)
            for part in (sums.sums, sums.counts)
        )
        y[:, self.treated, 1] -= truth * n[:, self.treated, 1]
        return FourMeans(y, n, self.treated)

    def estimates(self, sums: Sums) -> np.ndarray:
        """Return the differences of four means."""
        return self.data(sums).estimate

    def truth(self, simulation: Simulation) -> float:
        """Return the effect, the same for all."""
        return float(simulation.outcomes[0].effect)

    def p_values(self, sums: Sums, truth: float, kind: str) -> np.ndarray:
        """Test by CR1, CR2, wild bootstrap, plain permutation, or as the rule picks."""
        data = self.data(sums, truth)
        if kind == "wild bootstrap":
            return wild(data, replications=REPLICATIONS, seed=0)
        if "permutation" in (kind, self.inference if kind == "auto" else ""):
            auto = kind == "auto"
            return permuted(data, replications=REPLICATIONS, seed=SEED, by_size=auto)[0]
        return data.p_values("cr1" if kind == "auto" and self.inference == "cr1" else kind)

    def attainable(self, sums: Sums) -> float:
        """Return the size of the permutation test at the level."""
        one = self.data(Sums(sums.sums[:1], sums.counts[:1]))
        count = permuted(one, replications=REPLICATIONS, seed=SEED, by_size=False)[1]
        return LEVEL if self.inference[:2] == "cr" else np.floor(LEVEL * count + 1e-9) / count


class SeveralStarts:
    """Several starts; the overall effect of Callaway and Sant'Anna."""

    kinds = ("auto", "analytic", "permutation of starts")

    def __init__(self, case: Case) -> None:
        self.found = read_off(panel_of(case, pilot_of(case, case.simulation, 0)))
        self.case = case

    def estimates(self, sums: Sums) -> np.ndarray:
        """Return the overall effects."""
        return self.found.effects(sums.sums / sums.counts)

    def truth(self, simulation: Simulation) -> float:
        """Return the built-in effects, averaged as the estimate averages."""
        return float(self.found.effects(gained(self.case, simulation)[None])[0])

    def p_values(self, sums: Sums, truth: float, kind: str) -> np.ndarray:
        """Test by the analytic errors, by other starts, or as the rule picks."""
        means = sums.sums / sums.counts
        if kind != "permutation of starts":
            return self.found.p_values(means, truth, "cr2" if kind == "auto" else kind)
        # What can be taken out beforehand is an effect that is the same everywhere.
        under = gained(self.case, self.case.with_effect(1.0)) != 0
        means = means - truth * under
        return permuted_dates(self.found, means, replications=REPLICATIONS, seed=SEED)

    def attainable(self, sums: Sums) -> float:
        """Return the level: t is not discrete."""
        return LEVEL


class OneGroup:
    """One group before and after: its mean change."""

    kinds = ("auto", "signs turned at random")

    def __init__(self, case: Case) -> None:
        self.case = case

    def estimates(self, sums: Sums) -> np.ndarray:
        """Return the mean changes."""
        return (sums.sums[..., 1] - sums.sums[..., 0]).mean(axis=1)

    def truth(self, simulation: Simulation) -> float:
        """Return the change that is built in."""
        return float(simulation.outcomes[0].effect)

    def p_values(self, sums: Sums, truth: float, kind: str) -> np.ndarray:
        """Test by Student's paired t, or by turning the changes' signs."""
        change = sums.sums[..., 1] - sums.sums[..., 0] - truth
        people = change.shape[1]
        if kind == "auto":
            t = change.mean(axis=1) / (change.std(axis=1, ddof=1) / np.sqrt(people))
            return 2 * special.stdtr(people - 1, -np.abs(t))
        signs = np.random.default_rng(SEED).integers(0, 2, (REPLICATIONS, people)) * 2.0 - 1
        far = np.abs(change @ np.vstack([np.ones(people), signs]).T)
        return (far >= far[:, :1] * (1 - 1e-10)).mean(axis=1)

    def attainable(self, sums: Sums) -> float:
        """Return the level: t is not discrete."""
        return LEVEL
