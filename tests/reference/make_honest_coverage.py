"""Make honest_coverage.csv: how often intervals under relative magnitudes cover the truth.

Run it from the project's root: ``.venv/bin/python tests/reference/make_honest_coverage.py``
(some minutes). The effect is zero; the trends stand at the boundary of the restriction:
every later move is M̄ times the largest earlier one.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from impact.inference.event_estimates import EventEstimates
from impact.inference.inequalities import inequalities

DRAWS = 5_000
LATER = {"1, first": np.ones(1), "3, first": np.array([1.0, 0, 0]), "3, mean": np.full(3, 1 / 3)}


def covariance(before: int, later: int, rho: float) -> np.ndarray:
    """Return the covariance of estimates against a reference period."""
    periods = np.arange(before + later + 1)
    errors = rho ** np.abs(np.subtract.outer(periods, periods))
    against = np.delete(np.eye(len(periods)), before, axis=0)
    against[:, before] -= 1
    return np.asarray(against @ errors @ against.T)


def course(before: int, later: int, limit: float, earlier: np.ndarray) -> np.ndarray:
    """Return the difference in trends at the boundary."""
    steps = np.concatenate([earlier, np.full(later, limit * np.abs(earlier).max())])
    path = np.insert(np.cumsum(steps), 0, 0.0)
    return np.delete(path - path[before], before)


def earlier_moves(before: int, size: float, which: str) -> np.ndarray:
    """Return one large move just before the start, or equal moves up and down."""
    if which == "every":
        return size * (-1.0) ** np.arange(before)
    return np.append(np.zeros(before - 1), size)


def main() -> None:
    """Write the file."""
    rng = np.random.default_rng(1)
    out = []
    for before, (name, weights), limit, rho in product(
        (1, 2, 5), LATER.items(), (0.5, 1.0, 2.0), (0.0, 0.7)
    ):
        later = len(weights)
        vcov = covariance(before, later, rho)
        size = before + later
        tests = list(inequalities(EventEstimates(np.zeros(size), vcov, before, weights), limit))
        noise = rng.multivariate_normal(np.zeros(size), vcov, DRAWS)
        for move, which in product((0.0, 0.5, 2.0, 8.0), ("last", "every")[: min(before, 2)]):
            drawn = noise + course(before, later, limit, earlier_moves(before, move, which))
            zero = np.zeros(1)
            covered = [any(test.accepts(one, zero)[0] for test in tests) for one in drawn]
            out.append((before, name, limit, rho, move, which, float(np.mean(covered))))
    columns = ["before", "later", "limit", "serial", "move", "moves", "coverage"]
    file = Path(__file__).with_name("honest_coverage.csv")
    pd.DataFrame(out, columns=columns).to_csv(file, index=False)


if __name__ == "__main__":
    main()
