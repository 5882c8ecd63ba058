"""One design: size, coverage and power of the package's choice, and of the others."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from calibration.designs import Case
from calibration.draws import Sums, drawn, panel_of, pilot_of
from calibration.one_by_one import OneByOne
from calibration.trials import LEVEL, Trial, gained, trial_of
from impact import did

__all__ = ["COVERS", "POWER", "VALID", "Finding", "Rates", "study"]

VALID = 0.06
COVERS = 0.94
POWER = 0.8
REACH = 2.8
CHECKED = 12
SAME = 1e-7


@dataclass(frozen=True)
class Rates:
    """Rejections of a true null, coverage, rejections of a false one, as shares."""

    size: float
    coverage: float
    power: float


@dataclass(frozen=True)
class Finding:
    """What was found for one design.

    Parameters
    ----------
    case : Case
    method, inference : str
        What the rule picks; ``none`` where it declines.
    auto : Rates or None
        Of what the rule picks; none where it declines.
    others : dict of str to Rates
        Every other test that was tried.
    attainable : float
        The largest size, at most the level, that the test can have.
    draws : int
    seconds : float
        Of one core.
    declined : float
        Share of the draws in which nothing is tested.
    """

    case: Case
    method: str
    inference: str
    auto: Rates | None
    others: dict[str, Rates] = field(default_factory=dict)
    attainable: float = LEVEL
    draws: int = 0
    seconds: float = 0.0
    declined: float = 0.0

    @property
    def best(self) -> tuple[str, Rates] | None:
        """The most powerful of the other tests whose size holds."""
        valid = [pair for pair in self.others.items() if pair[1].size <= VALID]
        return max(valid, key=lambda pair: pair[1].power, default=None)

    @property
    def misses(self) -> list[str]:
        """What must hold and does not."""
        if self.auto is None:
            return ["declines with ten clusters a side"] if self.case.ample else []
        found = []
        if self.auto.size > VALID:
            found.append(f"size {self.auto.size:.2%}")
        if self.auto.coverage < COVERS:
            found.append(f"coverage {self.auto.coverage:.2%}")
        if self.case.ample and self.best and self.auto.power < POWER * self.best[1].power:
            found.append(f"power {self.auto.power:.1%} against {self.best[1].power:.1%}")
        return found


def study(case: Case, draws: int, *, without: Collection[str] = ()) -> Finding:
    """Simulate one design.

    The effect is 2.8 standard deviations of the estimate: with many clusters the usual
    test then has a power of 80 %.

    Parameters
    ----------
    case : Case
    draws : int
        Simulated pilots.
    without : collection of str
        Names of tests that are not tried.

    Raises
    ------
    AssertionError
        Of the first draws, the package's own numbers are not those of the table.
    """
    began = time.process_time()
    panel = panel_of(case, pilot_of(case, case.simulation, 0))
    picked, trial = did.choose(panel), trial_of(case)
    nothing = drawn(case, case.simulation, draws)
    picks = trial.picks(nothing) if isinstance(trial, OneByOne) else None
    _hold_together(case, trial, nothing, picked.inference if picks is None else picks)
    effect = case.toward * REACH * float(np.std(trial.estimates(nothing)))
    treated = case.with_effect(effect / (trial.truth(case.with_effect(1.0))))
    something = _with_effect(case, treated, nothing)
    truth = trial.truth(treated)
    rates, declined = {}, float(not picked.tested)
    for kind in trial.kinds[0 if picked.tested else 1 :]:
        if kind in without:
            continue
        null, right, wrong = (
            trial.p_values(data, value, kind)
            for data, value in ((nothing, 0.0), (something, truth), (something, 0.0))
        )
        # What is not tested rejects nothing, and has no interval that could cover.
        covers = right[~np.isnan(right)] > LEVEL + 1e-12
        size, power = (float((p <= LEVEL + 1e-12).mean()) for p in (null, wrong))
        rates[kind] = Rates(size, float(covers.mean()), power)
        if kind == "auto":
            declined = float(np.isnan(null).mean())
    return Finding(
        case,
        picked.method,
        picked.inference if picks is None else _named(picks),
        rates.pop("auto", None),
        rates,
        trial.attainable(nothing),
        draws,
        time.process_time() - began,
        declined,
    )


def _named(picks: np.ndarray) -> str:
    """Return what is picked, with its share of the draws where it differs."""
    kinds, counts = np.unique(picks, return_counts=True)
    if len(kinds) == 1:
        return str(kinds[0])
    order = np.argsort(-counts)
    return ", ".join(f"{kinds[at]} {100 * counts[at] / len(picks):.1f} %" for at in order)


def _with_effect(case: Case, treated: object, nothing: Sums) -> Sums:
    if case.linear:
        more = gained(case, treated) * nothing.counts
        return replace(nothing, sums=nothing.sums + more)
    return drawn(case, treated, len(nothing.sums), stream="effect")


def _hold_together(case: Case, trial: Trial, data: Sums, inference: str | np.ndarray) -> None:
    """Hold the first draws against what the package gives for them, pilot by pilot."""
    given = None if data.given is None else data.given[:CHECKED]
    some = Sums(data.sums[:CHECKED], data.counts[:CHECKED], given)
    picked = np.broadcast_to(inference, len(data.sums))[:CHECKED]
    ours = np.full(len(some.sums), np.nan)
    if picked[0] != "none":
        ours = trial.p_values(some, 0.0, "auto")
    for at, (expected, kind) in enumerate(zip(ours, picked, strict=True)):
        panel = panel_of(case, pilot_of(case, case.simulation, at))
        found = did.estimate(panel).headline("outcome")
        if found.inference != kind:
            raise AssertionError(f"{case.name}: {found.inference} after {kind}")
        if not np.isclose(found.p_value, expected, rtol=0, atol=SAME, equal_nan=True):
            raise AssertionError(f"{case.name}: p {found.p_value}, by arithmetic {expected}")
