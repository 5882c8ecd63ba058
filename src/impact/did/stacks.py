"""Cohorts stacked with units that stay untreated through the window, and their means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.adoption import Adoption
from impact.errors import DesignError

__all__ = ["Means", "Stack", "shown_times", "stack_means", "stacks_of"]


@dataclass(frozen=True, eq=False)
class Stack:
    """One cohort and its comparison, in the window around the start.

    Parameters
    ----------
    cohort : float
    units, controls : numpy.ndarray of int
        Places of the units, each seen in every period of the window.
    periods : numpy.ndarray of int, shape (E,)
    """

    cohort: float
    units: np.ndarray
    controls: np.ndarray
    periods: np.ndarray


@dataclass(frozen=True, eq=False)
class Means:
    """Differences of mean changes over all stacks.

    Parameters
    ----------
    estimate : numpy.ndarray, shape (E,)
        By time from the start; 0 at the base.
    influence : numpy.ndarray, shape (E, n)
        Of every unit, in sum form.
    rows : int
        Rows of all stacks.
    units : numpy.ndarray of int
        Places of the units that enter any stack.
    """

    estimate: np.ndarray
    influence: np.ndarray
    rows: int
    units: np.ndarray


def shown_times(data: Adoption, window: tuple[int, int] | None, ahead: int) -> np.ndarray:
    """Return the times from the start that are shown, shape (E,)."""
    if window is None:
        spans = [data.times - g for g in data.cohorts if g <= data.times[-1]]
        if not spans:
            raise DesignError("stacked needs a cohort that is reached within the data")
        window = (int(max(s[0] for s in spans)), int(min(s[-1] for s in spans)))
    if window[0] > -1 - ahead or window[1] < 0:
        raise DesignError(
            f"a window of stacked runs from {-1 - ahead} or earlier to 0 or later; it is "
            f"{window[0]} to {window[1]}"
        )
    return np.arange(window[0], window[1] + 1)


def stacks_of(data: Adoption, since: np.ndarray, ahead: int) -> tuple[list[Stack], list[float]]:
    """Form the stacks; also return the cohorts that have none."""
    weight = data.grids()[1]
    place = {float(time): at for at, time in enumerate(data.times)}
    stacks, lost = [], []
    for cohort in data.cohorts:
        times = [float(cohort + e) for e in since]
        stack = None
        if all(time in place for time in times):
            periods = np.array([place[time] for time in times])
            whole = (weight[periods] > 0).all(axis=0)
            own = np.arange(len(data.start))[data.members(cohort)]
            others = np.arange(data.later_than(times[-1] + ahead))
            stack = Stack(float(cohort), own[whole[own]], others[whole[others]], periods)
        if stack is None or not len(stack.units) or not len(stack.controls):
            lost.append(float(cohort))
        else:
            stacks.append(stack)
    return stacks, lost


def stack_means(data: Adoption, stacks: list[Stack], base: int) -> Means:
    """Compare the mean changes of cohorts and comparisons over all stacks.

    Parameters
    ----------
    data : Adoption
    stacks : list of Stack
    base : int
        Place of the time that all others are compared with.

    Notes
    -----
    A stack's comparison weighs as much as its cohort. Deviations are from the mean over
    all stacks, as in one weighted regression.
    """
    outcome, weight, _ = data.grids()
    mass = np.array([weight[stack.periods[base], stack.units].sum() for stack in stacks])
    estimate = np.zeros(len(stacks[0].periods))
    influence = np.zeros((len(estimate), len(data.start)))
    for side, sign in (("units", 1.0), ("controls", -1.0)):
        pieces = []
        for stack, share in zip(stacks, mass / mass.sum(), strict=True):
            units = getattr(stack, side)
            own = weight[stack.periods[base], units]
            change = outcome[np.ix_(stack.periods, units)]
            change -= change[base].copy()
            pieces.append((units, share * own / own.sum(), change))
        mean = np.sum([change @ own for _, own, change in pieces], axis=0)
        estimate += sign * mean
        for units, own, change in pieces:
            influence[:, units] += sign * own * (change - mean[:, None])
    every = [part for stack in stacks for part in (stack.units, stack.controls)]
    rows = len(estimate) * sum(len(part) for part in every)
    return Means(estimate, influence, rows, np.unique(np.concatenate(every)))
