"""What may not change the numbers of any estimator, and what changes them by a known factor."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from impact import did
from impact.results import EffectResult

NUMBERS = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
NUMBERS_OF_THE_ERROR = np.array([name == "std_error" for name in NUMBERS])
# The statistic and the p-value have no unit: they are compared to 1e-9 as they are.
OF_ITS_ERROR = np.array([1, 1, 0, 0, 1, 1])
# These return a choice, several effects, or one of another method.
OTHER_VERBS = {
    "choose",
    "estimate",
    "other_errors",
    "reweighted",
    "bounds",
    "by_subgroup",
    "by_time",
    "leave_one_out",
    "other_methods",
    "placebo",
    "replicate",
}
# A smaller seed is no simpler panel, so nothing is shrunk.
RUNS = settings(max_examples=3, deadline=None, phases=[Phase.generate])
DRAWS = {
    "seed": st.integers(0, 10_000),
    "gaps": st.booleans(),
    "constant": st.sampled_from([-1e3, 3.0, 1e2]),
    "scale": st.sampled_from([1e-3, -2.0, 1e4]),
}


def numbers(effect: EffectResult) -> np.ndarray:
    return effect.rows[NUMBERS].to_numpy(dtype=float)


def off(
    found: np.ndarray, known: np.ndarray, *, columns: int = len(NUMBERS)
) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return the numbers that differ by 1e-9 of themselves, or of their own standard error."""
    error = np.nan_to_num(known[:, [1]]) * OF_ITS_ERROR
    bound = 1e-9 * (np.abs(known) + error + (1 - OF_ITS_ERROR))
    apart = np.abs(found - known) > bound
    apart |= np.isnan(found) != np.isnan(known)
    return [
        (NUMBERS[at], found[apart[:, at], at], known[apart[:, at], at])
        for at in range(columns)
        if apart[:, at].any()
    ]


def test_every_estimator_is_among_the_cases(every):
    verbs = {name for name in did.__all__ if not inspect.isclass(getattr(did, name))}
    assert {case.name.split()[0] for case in every.CASES} == verbs - OTHER_VERBS


@RUNS
@given(**DRAWS)
def test_an_estimate_keeps_to_the_invariants(every, exact_case, seed, gaps, constant, scale):
    case = exact_case
    frame = every.drawn(seed, gaps=gaps and case.gaps)
    rng = np.random.default_rng(seed + 1)
    known = numbers(case.run(frame))
    assert off(numbers(case.run(frame.iloc[rng.permutation(len(frame))])), known) == []

    people, towns = rng.permutation(frame["id"].max() + 1), rng.permutation(12)
    names = frame.assign(
        id=[f"u{people[at]:03d}" for at in frame["id"]],
        town=[f"t{towns[at]:02d}" for at in frame["town"]],
    )
    assert off(numbers(case.run(names)), known) == []

    assert off(numbers(case.run(frame.assign(y=frame["y"] + constant))), known) == []
    assert off(numbers(case.run(frame.assign(y=frame["y"] * scale))), rescaled(known, scale)) == []
    more = frame.assign(useless=rng.normal(size=len(frame)), letter="a")
    assert off(numbers(case.run(more, outcomes=["y", "other"])), known) == []


def rescaled(known: np.ndarray, scale: float) -> np.ndarray:
    """Return the numbers in another unit of measurement; a turned sign swaps the ends."""
    way = np.sign(scale)
    out = known * np.array([scale, abs(scale), way, 1, scale, scale])
    return out if scale > 0 else out[:, [0, 1, 2, 3, 5, 4]]


@RUNS
@given(seed=DRAWS["seed"], gaps=DRAWS["gaps"])
def test_a_copy_of_every_unit_in_its_cluster_changes_cr1_by_its_factor(
    every, exact_case, seed, gaps
):
    case = exact_case
    frame = every.drawn(seed, gaps=gaps and case.gaps)
    twice = pd.concat([frame, frame.assign(id=frame["id"] + 1000)])
    one, two = case.run(frame), case.run(twice)
    known, found = numbers(one), numbers(two)
    factor = factors(case, one, frame)
    assert off(found, known * np.where(NUMBERS_OF_THE_ERROR, factor[:, None], 1), columns=2) == []
    if (factor == 1).all():
        assert off(found, known) == []
    assert two.base == 2 * one.base
    # Without an error structure nothing is clustered.
    assert two.n_clusters == one.n_clusters or one.inference == "none"


def factors(case, effect: EffectResult, frame: pd.DataFrame) -> np.ndarray:
    """Return the ratio of CR1's small-sample factors for twice the rows, by term."""
    terms = effect.rows["term"]
    if case.parameters is None:
        return np.ones(len(terms))
    k, n = case.parameters, case.counted or effect.n_obs
    regressed = np.ones(len(terms), dtype=bool)
    if case.name.startswith("imputation"):
        # The terms before the start are a regression on the rows without treatment.
        regressed = terms.str.startswith("-").to_numpy()
        n = int(((frame["first"] == 0) | (frame["wave"] < frame["first"])).sum())
    ratio = np.sqrt((2 * n - 1) / (2 * n - k) * (n - k) / (n - 1))
    return np.where(regressed, ratio, 1.0)
