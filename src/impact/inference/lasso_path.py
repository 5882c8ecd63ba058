"""All solutions of a small lasso, exactly: the path is straight between its corners."""

from __future__ import annotations

import numpy as np

__all__ = ["lasso_path"]

MOST_CORNERS = 1_000


def lasso_path(square: np.ndarray, linear: np.ndarray) -> list[np.ndarray]:
    """Return the corners of argmin u'Su/2 + c'u + λ|u| from the largest λ down to 0.

    Parameters
    ----------
    square : numpy.ndarray, shape (m, m)
        S, positive semi-definite.
    linear : numpy.ndarray, shape (m,)
        c.
    """
    size = len(linear)
    spot = np.zeros(size)
    path = [spot]
    price = float(np.abs(linear).max(initial=0.0))
    floor = 1e-12 * price
    active: list[int] = [int(np.argmax(np.abs(linear)))] if price > 0 else []
    signs = np.zeros(size)
    signs[active] = -np.sign(linear[active])
    left = None
    # Every corner is a valid trade: a path cut short gives an interval that is not shortest.
    for _ in range(MOST_CORNERS):
        if price <= floor or not active:
            break
        inside = np.ix_(active, active)
        speed = np.zeros(size)
        speed[active] = np.linalg.lstsq(square[inside], signs[active], rcond=1e-12)[0]
        pull = square @ spot + linear
        aside = [(at, side) for at in range(size) if at not in active for side in (1.0, -1.0)]
        if left is not None:
            # It stands at the price still, on the side from which it came.
            aside.remove((left, float(np.sign(pull[left]))))
        joins, ahead = _first_to_join(pull, square @ speed, price, aside)
        left, behind = _first_to_leave(spot, speed, active)
        step = min(ahead, behind, price)
        spot = spot + step * speed
        price -= step
        if step == behind and left is not None:
            spot[left] = 0.0
            active.remove(left)
        else:
            left = None
            if step == ahead and joins is not None:
                signs[joins] = -np.sign((square @ spot + linear)[joins])
                active.append(joins)
        path.append(spot)
    return path


def _first_to_leave(
    spot: np.ndarray, speed: np.ndarray, active: list[int]
) -> tuple[int | None, float]:
    """Return which active weight comes to zero first, and how far λ falls until then."""
    gone = {at: -spot[at] / speed[at] for at in active if spot[at] * speed[at] < 0}
    if not gone:
        return None, float("inf")
    first = min(gone, key=gone.__getitem__)
    return first, float(gone[first])


def _first_to_join(
    pull: np.ndarray, change: np.ndarray, price: float, aside: list[tuple[int, float]]
) -> tuple[int | None, float]:
    """Return whose pull meets the price first, on either side, and how far λ falls until then."""
    first, least = None, float("inf")
    for at, side in aside:
        # side · (pull + t · change) meets price − t.
        closing = 1 + side * change[at]
        meets = max(price - side * pull[at], 0.0) / closing if closing > 1e-14 else np.inf
        if meets < least:
            first, least = at, float(meets)
    return first, least
