"""Sensitivity to trends that part: no more than they parted before.

Without the treatment the difference of the groups would have moved, from one period to
the next, by at most M̄ times its largest move between periods before the start:
Δ^RM(M̄) of Rambachan & Roth (2023).

For each earlier move, in either direction, taken as the largest, the restriction is a set
of moment inequalities in which the other later effects are nuisance. A value of the
effect is rejected by the conditional / least-favourable test of Andrews, Roth & Pakes
(2023) with a first stage of a tenth of the level; the interval is what at least one of
the earlier moves does not reject. Replacing the earlier moves by their estimates instead
would be too narrow, most of all with one earlier period.

The vertices of the test's dual program are few and known in closed form: the two in
which every later move pulls the effect to one side, and for every later move the pair
that says its bound is not negative. So a test costs a handful of sums, the
least-favourable critical value one integral over directions, and nothing is simulated
but those directions where one later period and several earlier ones make more than two
dimensions. As the R package HonestDiD does, only inequalities of later periods are used,
except where there is one such period: then those of the earlier periods as well.

Simulated at the boundary of the restriction (360 cases: one, two and five earlier periods,
one and three later ones, M̄ of 0.5, 1 and 2, errors with and without serial correlation,
earlier moves of nothing to eight standard deviations of a period's error; 5,000 draws
each) the 95 % interval covered in 94.5 % of draws or more, in 95 % where the earlier move
stands out, in nearly all where it drowns.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from impact.inference.event_estimates import EventEstimates, HonestInterval
from impact.inference.inequalities import inequalities, moves

__all__ = ["relative_magnitudes"]

GRID = 1_001
STEPS = 40


def relative_magnitudes(
    estimates: EventEstimates, limit: float, *, level: float = 0.95
) -> HonestInterval:
    """Return the interval that allows later moves of at most ``limit`` times the earlier ones.

    Parameters
    ----------
    estimates : EventEstimates
    limit : float
        M̄, 0 or more: 1 says that the trends parted no faster after than at worst before.
    level : float

    Returns
    -------
    HonestInterval
        From the smallest to the largest effect that is not rejected. It covers the effect
        with probability ``level`` or more in large samples wherever the restriction holds.

    Examples
    --------
    >>> import numpy as np
    >>> course = EventEstimates(np.array([0.1, 0.0, 1.0, 1.2]), np.eye(4) * 0.01, n_pre=2)
    >>> relative_magnitudes(course, 1.0)  # doctest: +ELLIPSIS
    HonestInterval(conf_low=0.611..., conf_high=1.388..., ...
    """
    tests = tuple(inequalities(estimates, limit, level=level))

    def held(effects: np.ndarray) -> np.ndarray:
        kept = [test.accepts(estimates.estimate, effects) for test in tests]
        inside: np.ndarray = np.any(kept, axis=0)
        return inside

    wide = _reach(estimates, limit)
    while True:
        grid = estimates.value + np.linspace(-wide, wide, GRID)
        # The estimate itself is never rejected: with the largest move as it was found no
        # moment is over zero.
        inside = np.flatnonzero(held(grid))
        if inside[0] > 0 and inside[-1] < GRID - 1:
            break
        wide *= 2
    low = _edge(held, grid[inside[0]], grid[inside[0] - 1])
    high = _edge(held, grid[inside[-1]], grid[inside[-1] + 1])
    return HonestInterval(low, high, level, limit, "relative_magnitudes")


def _reach(estimates: EventEstimates, limit: float) -> float:
    """Return a distance from the estimate beyond which every effect should be rejected."""
    early = moves(estimates)[: estimates.n_pre]
    spread = np.sqrt(np.einsum("ij,jk,ik->i", early, estimates.vcov, early))
    share = np.abs(np.cumsum(estimates.toward[::-1])).sum()
    worst = float((np.abs(early @ estimates.estimate) + 4 * spread).max())
    return 6 * estimates.std_error + float(limit * share) * worst


def _edge(held: Callable[[np.ndarray], np.ndarray], inside: float, outside: float) -> float:
    """Return the end between an effect that is held and one that is not."""
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        if held(np.array([middle]))[0]:
            inside = middle
        else:
            outside = middle
    return float(inside)
