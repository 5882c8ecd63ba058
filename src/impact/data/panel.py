"""The panel: what every estimator and description reads, and none changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from impact.data.grids import laid_out
from impact.data.table import Described
from impact.errors import DesignError
from impact.results.text import Sentence
from impact.spec.models import Design, Outcome, PilotSpec

__all__ = ["Panel"]


@dataclass(frozen=True, eq=False)
class Panel:
    """Units observed over periods, with roles instead of source columns.

    Rows are sorted by unit and period, and every row array has length N. The arrays are
    read-only. Source columns have stopped at the door: outcomes and covariates keep
    their names, in ``values``; every role has its own field.

    Parameters
    ----------
    pilot : str
        The pilot's id.
    design : Design
        The design as the params file states it.
    outcomes : tuple of Outcome
        The first primary one is the default of every estimator.
    units, periods, clusters, places : pandas.Index
        Labels behind the codes; ``periods`` in order; ``places`` is empty where none is named.
    times : numpy.ndarray, shape (T,)
        The periods' own numbers, else their positions 0, 1, …; event time is a difference.
    unit, period, cluster, place : numpy.ndarray of int, shape (N,)
        Codes; ``place`` is -1 where unknown.
    treated : numpy.ndarray of bool, shape (N,)
        Whether the row belongs to a group that is ever treated.
    start : numpy.ndarray of float, shape (N,)
        First treated time of the row's group, on the scale of ``times``; inf is never.
    weight : numpy.ndarray of float, shape (N,)
        Sampling weights; ones where there are none.
    values : pandas.DataFrame, shape (N, variables)
        Outcomes, covariates and subgroups as floats; missing is NaN. A covariate of
        text is split into 0/1 columns named ``name=category``, first category left out.
    covariates, subgroups : tuple of str
        Names in ``values``.
    references : mapping of str to str
        Per covariate that was split, its first category, which has no column.
    answers : mapping of str to pandas.Series of category, shape (N,)
        Per variable: ``given``, ``refused``, ``not_known``, ``not_asked``, ``missing``.
    rows : mapping of str to int
        ``read`` from the files, ``used`` here, ``dropped: …`` per reason, ``made: …`` by a
        reshaping, ``folded: …`` stays; read + made = used + dropped + folded.
    simulated : bool
        Whether the data file says of itself that it is simulated.
    spec : PilotSpec or None
        The whole params file, where there is one.
    other_cluster : numpy.ndarray of int, shape (N,), or None
        Codes of ``analysis.cluster``, where the params file names another level.
    lost_because : pandas.Series of category, shape (N,), or None
        Why the row's unit left, where the params file names such a column.
    described : mapping of str to Described
        Per source column, what the file says of it: labels, values, codes of no answer.
    notes : tuple of Sentence
        What was found out or done in reading; no value of a person.
    matched : mapping of str to int
        Units of several files: ``units``, ``in every wave``, ``only in 1``, ``twice in 1`` ….
    """

    pilot: str
    design: Design
    outcomes: tuple[Outcome, ...]
    units: pd.Index
    periods: pd.Index
    clusters: pd.Index
    places: pd.Index
    times: np.ndarray
    unit: np.ndarray
    period: np.ndarray
    cluster: np.ndarray
    place: np.ndarray
    treated: np.ndarray
    start: np.ndarray
    weight: np.ndarray
    values: pd.DataFrame
    covariates: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, pd.Series] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    simulated: bool = False
    spec: PilotSpec | None = None
    other_cluster: np.ndarray | None = None
    lost_because: pd.Series | None = None
    described: Mapping[str, Described] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()
    matched: Mapping[str, int] = field(default_factory=dict)
    _grids: dict[str, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def is_panel(self) -> bool:
        """Whether the same units are seen again (else repeated cross-sections)."""
        return self.design.sample == "panel"

    @property
    def weighted(self) -> bool:
        """Whether sampling weights differ between rows."""
        return bool(len(self) and (self.weight != self.weight[0]).any())

    @cached_property
    def under_treatment(self) -> np.ndarray:
        """Whether the row is treated in its period, shape (N,)."""
        under: np.ndarray = self.times[self.period] >= self.start
        return under

    @property
    def primary(self) -> Outcome:
        """The first primary outcome, or the first outcome where none is primary."""
        return next((o for o in self.outcomes if o.role == "primary"), self.outcomes[0])

    def outcome(self, column: str | None = None) -> Outcome:
        """Return the outcome of that column; the first primary one unless said.

        Raises
        ------
        DesignError
            The panel has no such outcome.
        """
        if column is None:
            return self.primary
        for outcome in self.outcomes:
            if outcome.column == column:
                return outcome
        # What was asked for is not repeated: in a notebook it may be made of a person's data.
        raise DesignError(f"the panel has no outcome of that name; it has {self._known}")

    def grid(self, column: str | None = None) -> np.ndarray:
        """Return a variable as units by periods.

        Parameters
        ----------
        column : str, optional
            A name in ``values``; the first primary outcome unless said.

        Returns
        -------
        numpy.ndarray of float, shape (U, T)
            NaN where the unit was not seen or gave no answer. Read-only, made once.

        Raises
        ------
        DesignError
            The panel is of repeated cross-sections, or has no such variable.
        """
        name = self.primary.column if column is None else column
        if not self.is_panel:
            raise DesignError("repeated cross-sections have no grid of units and periods")
        if name not in self.values:
            found = "the panel has no variable of that name; its outcomes are"
            raise DesignError(f"{found} {self._known}")
        if name not in self._grids:
            at, shape = (self.unit, self.period), (len(self.units), len(self.periods))
            self._grids[name] = laid_out(self.values[name].to_numpy(), shape, at)
        return self._grids[name]

    @property
    def _known(self) -> str:
        return ", ".join(outcome.column for outcome in self.outcomes)

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        outcomes: str | Outcome | Sequence[str | Outcome],
        unit: str | None = None,
        period: str | None = None,
        design: Design | None = None,
        weight: str | None = None,
        covariates: Sequence[str] = (),
        subgroups: Sequence[str] = (),
        pilot: str = "",
        **said: Any,
    ) -> Panel:
        """Make a panel of a data frame, by the path and the checks of a data file.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row a unit and period; left as it is.
        outcomes : str, Outcome, or several
            Columns that should change; a name alone is a continuous primary outcome.
        unit, period : str, optional
            Columns: who is observed, and when.
        design : Design, optional
            The whole design. Instead of it, its parts may be given as keywords.
        weight : str, optional
            Column of sampling weights.
        covariates, subgroups : sequence of str
            Columns; text is split into 0/1 columns.
        pilot : str
            Name of the pilot.
        **said
            Parts of the design: ``kind`` (else ``staggered`` with ``first_treated``,
            ``did`` with ``treated``, or ``before_after``), ``sample``, ``treated``,
            ``starts``, ``first_treated``, ``cluster`` (the unit of assignment), ``place``,
            ``randomised``, ``anticipation``; and ``unit_is``, ``missing``, ``simulated``,
            ``control_group``, ``lost_because``, ``other_cluster`` (of ``analysis.cluster``).

        Returns
        -------
        Panel
            Without a params file.

        Raises
        ------
        DataError, DesignError
            Every fault of the frame; the design is incomplete, or said twice.

        Examples
        --------
        >>> import pandas as pd
        >>> rows = [("a", 1, 1, 1.0), ("a", 2, 1, 4.0), ("b", 1, 0, 2.0), ("b", 2, 0, 3.0)]
        >>> frame = pd.DataFrame(rows, columns=["id", "wave", "pilot", "y"])
        >>> panel = Panel.from_frame(
        ...     frame, unit="id", period="wave", outcomes=["y"], treated="pilot", starts=2
        ... )
        >>> panel.grid("y")
        array([[1., 4.],
               [2., 3.]])
        """
        from impact.data.frames import roles_said, table_of_frame
        from impact.data.read import panel_of

        columns = {"unit": unit, "period": period, "weight": weight, "pilot": pilot}
        several = {"outcomes": outcomes, "covariates": covariates, "subgroups": subgroups}
        roles = roles_said(design, {**columns, **several, **said})
        return panel_of(table_of_frame(frame, roles), roles)
