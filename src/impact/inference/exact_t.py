"""How far out a t goes by chance when its few parts err as a working model says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

__all__ = ["Ratio", "matching_dof"]

POINTS, WEIGHTS = np.polynomial.legendre.leggauss(64)
LEAST = 0.2
MANY = 1e6
STEPS = 60
CLOSE = 1e-14
ENOUGH = 1e-8


@dataclass(frozen=True, eq=False)
class Ratio:
    """An estimate over the root of a sum of squares, all normal with mean zero.

    Parameters
    ----------
    pull : numpy.ndarray, shape (m,)
        The estimate in the directions in which the sum of squares has no cross terms.
    squares : numpy.ndarray, shape (m,)
        What each direction adds to the sum of squares.

    Examples
    --------
    A t with two degrees of freedom: one estimate, two parts.

    >>> import numpy as np
    >>> round(Ratio.of(np.diag([1.0, 0.5, 0.5])).beyond(4.302653), 6)
    0.05
    """

    pull: np.ndarray
    squares: np.ndarray

    @classmethod
    def of(cls, gram: np.ndarray) -> Ratio:
        """Read a covariance, shape (1 + G, 1 + G): of the estimate first, then of the parts."""
        values, vectors = np.linalg.eigh(gram)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        squares, turn = np.linalg.eigh(root[1:].T @ root[1:])
        return cls(root[0] @ turn, np.maximum(squares, 0.0))

    def beyond(self, critical: float) -> float:
        """Return the chance that estimate² exceeds critical² times the sum of squares.

        Notes
        -----
        Exact. The event is Z₀² > Σ η Z² for independent standard normals, of which one
        integral is the chance (Bakirov and Székely 2006): here over an angle, with the
        product of x + η from the characteristic polynomial of a rank-one update.
        """
        floor = critical**2 * self.squares
        top = self._largest(floor)
        if top <= 0:
            return 0.0
        angle = (POINTS + 1) * (np.pi / 4)
        x = np.cos(angle) ** 2
        shifted = floor / top + x[:, None]
        rest = (self.pull**2 / top / shifted).sum(axis=1) - 1
        logs = (np.log(x)[:, None] - np.log(shifted)).sum(axis=1)
        inside = np.sqrt(np.exp(logs) * np.sin(angle) ** 2 / (x * np.maximum(rest, CLOSE)))
        return float(min((WEIGHTS * inside).sum() / 2, 1.0))

    def _largest(self, floor: np.ndarray) -> float:
        """Return the one eigenvalue of pull pull' − diag(floor) that can be positive."""
        share = self.pull**2
        at = max(float((share - floor).max()), 0.0)
        if at == 0 and (share[floor > 0] / floor[floor > 0]).sum() <= 1:
            return 0.0
        for _ in range(STEPS):
            left = at + floor
            used = left > 0
            over = float((share[used] / left[used]).sum()) - 1
            if over <= CLOSE:
                break
            # From below, on a falling and convex curve, Newton never oversteps.
            at += over / float((share[used] / left[used] / left[used]).sum())
        return at


def matching_dof(gram: np.ndarray, *, level: float = 0.95, most: float = np.inf) -> float:
    """Return the degrees of freedom at which Student's t has the exact critical value.

    Parameters
    ----------
    gram : numpy.ndarray, shape (1 + G, 1 + G)
        As in `Ratio.of`.
    level : float
        The chance beyond the critical value is 1 − level.
    most : float
        What is returned where the critical value of so many is wide enough.

    Returns
    -------
    float
        From 0.2 to ``most``, or ``most`` where that is less.

    Examples
    --------
    >>> import numpy as np
    >>> round(matching_dof(np.diag([1.0, 0.25, 0.25, 0.25, 0.25])), 6)
    4.0
    """
    from scipy.optimize import brentq  # a tenth of a second that only few clusters need

    if most <= LEAST:
        return most
    ratio, share = Ratio.of(gram), 0.5 + level / 2

    def wide(dof: float) -> float:
        return float(special.ndtri(share) if np.isinf(dof) else special.stdtrit(dof, share))

    low, farthest = wide(most), wide(LEAST)
    if ratio.beyond(low) <= 1 - level + ENOUGH:
        return most
    if ratio.beyond(farthest) >= 1 - level:
        return LEAST
    high = 2 * low
    while ratio.beyond(high) > 1 - level:
        low, high = high, 2 * high
    critical = brentq(lambda c: ratio.beyond(c) - (1 - level), low, high, rtol=1e-10)
    top = min(most, MANY)
    if wide(top) >= critical:
        return most
    found = brentq(lambda log: wide(float(np.exp(log))) - critical, np.log(LEAST), np.log(top))
    return float(np.exp(found))
