"""A panel under examination, and how to name what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.data.faults import rows_of
from impact.data.panel import Panel
from impact.data.roles import Roles
from impact.errors import Fault

__all__ = ["Case"]


@dataclass(frozen=True, eq=False)
class Case:
    """A panel under examination.

    Parameters
    ----------
    panel : Panel
        Not yet known to be sound.
    roles : Roles
        Names the source columns for the faults.
    where : str
        The file, as faults name it.
    row : numpy.ndarray of int, shape (N,)
        The row of the file behind each row of the panel.
    broken : frozenset of str
        Outcomes whose values are already refused.
    """

    panel: Panel
    roles: Roles
    where: str
    row: np.ndarray
    broken: frozenset[str]

    def fault(
        self, code: str, column: str | None, found: str, advice: str, hit: np.ndarray | None = None
    ) -> Fault:
        """Make a fault, with the rows where ``hit`` holds."""
        where = f"{self.where}, column '{column}'" if column else self.where
        rows = () if hit is None else rows_of(hit, self.row)
        return Fault(code, where, found, "", advice, rows)

    @cached_property
    def first(self) -> float:
        """The first treated time of any group; inf if none is ever treated."""
        return float(self.panel.start.min()) if len(self.panel) else np.inf

    @property
    def column_of_group(self) -> str | None:
        """The source column that says who is treated, or when first."""
        return self.roles.group or self.roles.start

    @cached_property
    def comparable(self) -> np.ndarray:
        """Which rows can stand for what would have been, shape (N,)."""
        panel = self.panel
        free: np.ndarray = ~panel.treated
        if self.roles.start is not None and self.roles.control_group == "not_yet_treated":
            free = (panel.start > self.first) & ~panel.under_treatment
        return free
