"""The pilot's own data, drawn again by whole clusters, with an effect of a known size."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.choose import Choice
from impact.did.observed import cluster_codes
from impact.did.reach import reach_column
from impact.did.ruled import as_ruled
from impact.errors import DesignError
from impact.power.groups import FEWEST, TELLING, groups_of
from impact.power.lay import layout_of
from impact.power.roots import root
from impact.power.within import within_of
from impact.power.words import UNITS

__all__ = ["Resampled"]

ROOM = 4.0
LEAST_RESPONSE = 1e-6
FEW = 20


class Resampled:
    """Draws of a pilot from its own clusters.

    Clusters are those of the headline's inference. Each is drawn whole, with replacement,
    from those that started with it, or from those that never do: waves, missing answers,
    weights, covariates and sizes stay together. Where fewer than three start together, all
    are drawn from one pool and take the start of the place they fill, and so where the test
    is a permutation.

    The effect that was measured is taken out and another put in, in one step: rows under
    treatment move by what makes the headline's method, on all of the pilot's data, give
    exactly that other effect. In a pool it is taken out first.

    Parameters
    ----------
    panel : Panel
        Stays as it is.
    outcome : str
        Column.
    choice : Choice
        Method and inference of the headline.
    sign : float
        1 where effects upwards are looked at, −1 where downwards.
    """

    def __init__(self, panel: Panel, outcome: str, choice: Choice, sign: float = 1.0) -> None:
        self.panel, self.outcome, self.choice, self.sign = panel, outcome, choice, sign
        self._y = panel.values[outcome].to_numpy(dtype=float)
        self._reached = reached(panel, choice)
        self._under = panel.under_treatment & self._reached & np.isfinite(self._y)
        self.within = within_of(panel.outcome(outcome), self._y)
        self.free = self.within.free
        self._block = panel.values.to_numpy(dtype=float)
        self._at = list(panel.values.columns).index(outcome)
        self._shifts: dict[float, float] = {}
        codes = cluster_codes(panel, choice.over)
        self.groups = groups_of(panel, codes, pool=choice.inference == "permutation")
        if not self.groups.pooled and self._found(0.0) is None:
            # Nobody has room for what would take the measured effect out.
            self.groups = groups_of(panel, codes, pool=True)
        self._layout = layout_of(panel, self.groups)
        self.units, self.clusters = len(panel.units), self.groups.count

    @cached_property
    def measured(self) -> float:
        """The headline's estimate on the pilot's own data."""
        return float(as_ruled(self.panel, self.outcome, self.choice).estimate)

    @cached_property
    def most(self) -> float:
        """The largest effect in the direction looked at that there is room for."""
        y = self._cleared if self.groups.pooled else self._y
        widest = self.within.widest(y, self.sign)
        if not np.isfinite(widest):
            return float("inf")
        if self.groups.pooled:
            return float(abs(self.within.expected(y, self.sign * widest) - y).mean())
        return self.sign * self._given(self.sign * widest)

    @property
    def least(self) -> float:
        """The fewest times as many clusters that leave three in every cohort."""
        return min(1.0, FEWEST / int(np.bincount(self.groups.cohort).min()))

    @property
    def _unit_is(self) -> str:
        spec = self.panel.spec
        return "person" if spec is None else spec.data.unit_is

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said of how the pilots are drawn."""
        said = []
        several = self.clusters < self.units
        what = "clusters" if several else UNITS[self._unit_is]
        if self.clusters < TELLING:
            return (
                f"How much {what} differ cannot be read from {self.clusters} of them: with "
                "--units, --clusters, --icc, --sd and --correlation a larger pilot can be drawn.",
            )
        if self.groups.pooled and self.choice.inference == "permutation":
            said.append(f"As a permutation does, draws deal all {self.clusters} {what} out by lot.")
        elif self.groups.pooled:
            said.append(
                f"Too few {what} start together to be drawn among themselves: all {self.clusters} "
                "are drawn from one pool and dealt to the groups by lot."
            )
        if self.clusters < FEW:
            said.append(
                f"How much {what} differ is read from {self.clusters} of them, so that all of "
                "this is itself uncertain."
            )
        if self.panel.simulated:
            said.append("The pilot's data are simulated.")
        return tuple(said)

    def draw(self, seed: int, effect: float, times: float = 1.0) -> Panel:
        """Return a draw of the pilot.

        Parameters
        ----------
        seed : int
            The same seed draws the same clusters, whatever the effect.
        effect : float
            In the outcome's units.
        times : float
            How many times as many clusters.
        """
        rng = np.random.default_rng(seed)
        drawn = self.groups.drawn(self.panel, rng, times)
        chance = rng.random((2, len(drawn.rows)))
        values = self._block[drawn.rows]
        y = values[:, self._at].copy()
        under = self.panel.times[self.panel.period[drawn.rows]] >= drawn.start
        under &= self._reached[drawn.rows]
        if self.groups.pooled:
            clear = self.within.moved(y, self._shift(0.0), chance[0])
            y = np.where(self._under[drawn.rows], clear, y)
            moved = self.within.moved(y, self._pooled_shift(effect), chance[1])
        else:
            moved = self.within.moved(y, self._shift(effect), chance[0])
        values[:, self._at] = np.where(under, moved, y)
        frame = pd.DataFrame(values, columns=self.panel.values.columns)
        return self._layout.lay(drawn, frame)

    def stretch(self, times: float = 1.0) -> float:
        """Return how much wider than in the draws estimates of new pilots spread."""
        return self.groups.stretch(times)

    def size(self, times: float) -> tuple[int, int]:
        """Return about how many units, and how many clusters, a larger pilot has."""
        places = self.groups.places(times)
        return round(self.units * places / self.clusters), places

    def _given(self, by: float) -> float:
        """Return the estimate on all data, had the rows under treatment moved on average."""
        y = np.where(self._under, self.within.expected(self._y, by), self._y)
        panel = replace(self.panel, values=self.panel.values.assign(**{self.outcome: y}))
        return float(as_ruled(panel, self.outcome, self.choice).estimate)

    def _shift(self, effect: float) -> float:
        """Return the shift with which the method gives that effect on all data."""
        if effect not in self._shifts:
            found = self._found(effect)
            if found is None and not self.groups.pooled:
                raise DesignError(
                    f"the outcome's scale has no room for an effect of {effect:g}; "
                    f"the largest is {self.sign * self.most:.3g}"
                )
            # In a pool the places' own effects are dealt out by lot, whatever is left of them.
            self._shifts[effect] = -self.measured if found is None else found
        return self._shifts[effect]

    def _found(self, effect: float) -> float | None:
        if self.free:
            return (effect - self.measured) / self._response
        far = ROOM * (abs(effect) + abs(self.measured)) + 1
        low, high = (sign * self._farthest(self._y, sign, far) for sign in (-1.0, 1.0))
        return root(lambda by: self._given(by) - effect, low, high)

    def _farthest(self, y: np.ndarray, sign: float, far: float) -> float:
        widest = self.within.widest(y, sign)
        return widest if np.isfinite(widest) else far

    @cached_property
    def _response(self) -> float:
        """How much the estimate gains when rows under treatment gain one."""
        scale = float(np.nanstd(self._y)) or 1.0
        found = (self._given(scale) - self.measured) / scale
        if not abs(found) > LEAST_RESPONSE:
            raise DesignError(f"{self.choice.method} does not read an effect on those treated")
        return found

    @cached_property
    def _cleared(self) -> np.ndarray:
        """The outcome after the first start, had there been no effect."""
        chance = np.random.default_rng(0).random(len(self._y))
        moved = self.within.moved(self._y, self._shift(0.0), chance)
        y = np.where(self._under, moved, self._y)
        first = self.panel.start[np.isfinite(self.panel.start)].min()
        later = (self.panel.times[self.panel.period] >= first) & self._reached
        return np.asarray(y[later & np.isfinite(y)])

    def _pooled_shift(self, effect: float) -> float:
        if self.free or effect == 0.0:
            return effect
        y, sign = self._cleared, float(np.sign(effect))
        end = self._farthest(y, sign, ROOM * abs(effect) + 1)
        low, high = sorted((0.0, sign * end))
        found = root(lambda by: float((self.within.expected(y, by) - y).mean()) - effect, low, high)
        if found is None:
            raise DesignError(
                f"the outcome's scale has no room for an effect of {effect:g}; "
                f"the largest is {self.sign * self.most:.3g}"
            )
        return found


def reached(panel: Panel, choice: Choice) -> np.ndarray:
    """Return which rows an effect falls on where their group is treated, shape (N,)."""
    if choice.method != "triple_difference":
        return np.ones(len(panel), dtype=bool)
    values = panel.values[reach_column(panel, None)].to_numpy(dtype=float)
    return np.asarray(values == 1)
