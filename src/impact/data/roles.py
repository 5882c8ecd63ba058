"""Which column plays which role, whether a params file or a caller says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from impact.data.table import SIMULATED
from impact.errors import DesignError, Fault
from impact.spec.models import Design, Missing, Outcome, PilotSpec

__all__ = ["NOT_PUT", "Roles", "roles_of"]

NO_CODES = Missing()
# What stands for an outcome that one wave did not ask; no file holds it.
NOT_PUT = "\N{SYMBOL FOR NULL}"


@dataclass(frozen=True)
class Roles:
    """What `impact.data.read` must know to make a panel of a table.

    Parameters
    ----------
    pilot : str
        The pilot's id; empty where there is none.
    design : Design
        Says which columns hold treatment, first treated period, assignment and place.
    outcomes : tuple of Outcome
        Each names its column.
    unit, period, weight : str or None
        Columns, as in ``data`` of the params file.
    unit_is : str
        ``person``, ``household`` or ``place``.
    missing : Missing
        Codes that stand for an answer that was not given.
    cluster : str or None
        Column of ``analysis.cluster``.
    control_group : str
        As in ``analysis``.
    covariates, subgroups, drop : tuple of str
        Columns.
    lost_because : str or None
        Column: why a unit left.
    simulated : bool
        Whether the params file says that the data are simulated.
    spec : PilotSpec or None
        The whole params file, where there is one.
    """

    pilot: str
    design: Design
    outcomes: tuple[Outcome, ...]
    unit: str | None = None
    period: str | None = None
    weight: str | None = None
    unit_is: str = "person"
    missing: Missing = NO_CODES
    cluster: str | None = None
    control_group: str = "not_yet_treated"
    covariates: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    lost_because: str | None = None
    simulated: bool = False
    spec: PilotSpec | None = None

    def __post_init__(self) -> None:
        faults = list(_incomplete(self))
        if faults:
            raise DesignError(faults)

    @property
    def group(self) -> str | None:
        """The column that says who belongs to the pilot group, where the design has one."""
        return None if self.design.kind == "staggered" else self.design.treated

    @property
    def start(self) -> str | None:
        """The column of first treated periods, where the design has one."""
        return self.design.first_treated if self.design.kind == "staggered" else None

    def named(self) -> dict[str, str]:
        """Return each column that is named, with the key that names it first."""
        pairs = (
            ("data.unit", self.unit),
            ("data.period", self.period),
            ("design.treated", self.group),
            ("design.first_treated", self.start),
            *self._outcomes(),
            ("data.weight", self.weight),
            ("data.lost_because", self.lost_because),
            ("design.assignment", self.design.assignment),
            ("design.place", self.design.place),
            ("analysis.cluster", self.cluster),
            *(("covariates", name) for name in self.covariates),
            *(("subgroups", name) for name in self.subgroups),
        )
        named: dict[str, str] = {}
        for key, column in pairs:
            if column is not None:
                named.setdefault(column, key)
        return named

    def structure(self) -> frozenset[str]:
        """Return the columns without which there are no units, periods and groups."""
        roles = (self.unit, self.period, self.group, self.start, self.weight)
        return frozenset(name for name in (*roles, self.design.assignment) if name is not None)

    def _outcomes(self) -> Iterator[tuple[str, str]]:
        for outcome in self.outcomes:
            if outcome.score is None:
                yield "outcomes", outcome.column
            else:
                yield from (("outcomes.score.items", item) for item in outcome.score.items)

    def answered(self) -> tuple[str, ...]:
        """Return the columns of outcomes, and of the items that scores are made of."""
        return tuple(dict.fromkeys(column for _, column in self._outcomes()))

    def columns(self) -> frozenset[str]:
        """Return the columns to read: the named ones, and the mark of simulated data."""
        return (frozenset(self.named()) - frozenset(self.drop)) | {SIMULATED}


def roles_of(spec: PilotSpec) -> Roles:
    """Return the roles that a params file states.

    Raises
    ------
    DesignError
        A key is left out that this kind of design cannot do without.
    """
    missing = spec.data.missing
    if spec.data.waves:
        codes = (*missing.not_asked, NOT_PUT)
        missing = missing.model_copy(update={"not_asked": codes})
    return Roles(
        pilot=spec.pilot,
        design=spec.design,
        outcomes=spec.outcomes,
        unit=spec.data.unit,
        period=spec.data.period,
        weight=spec.data.weight,
        unit_is=spec.data.unit_is,
        missing=missing,
        cluster=spec.analysis.cluster,
        control_group=spec.analysis.control_group,
        covariates=spec.covariates,
        subgroups=spec.subgroups,
        drop=spec.data.drop,
        lost_because=spec.data.lost_because,
        simulated=spec.about.simulated,
        spec=spec,
    )


NEEDS = {
    "did": (("design.treated", "group"), ("data.period", "period")),
    "staggered": (("design.first_treated", "start"), ("data.period", "period")),
    "before_after": (("data.period", "period"),),
    "randomised": (("design.treated", "group"),),
}


def _incomplete(roles: Roles) -> Iterator[Fault]:
    kind = roles.design.kind
    where = f"pilot '{roles.pilot}'" if roles.pilot else "the panel"
    for key, name in NEEDS[kind]:
        if getattr(roles, name) is None:
            yield Fault("design-incomplete", where, f"design '{kind}' needs {key}")
    if kind in ("did", "before_after") and roles.design.starts is None:
        found = f"design '{kind}' needs design.starts, the first treated period"
        yield Fault("design-incomplete", where, found)
    alone = kind == "randomised" and roles.period is None
    if roles.unit is None and roles.design.sample == "panel" and not alone:
        advice = "name the column, or say design.sample: cross_sections"
        found = "a panel needs data.unit, the column that says who is seen again"
        yield Fault("design-incomplete", where, found, advice=advice)
    if not roles.outcomes:
        yield Fault("design-incomplete", where, "there is no outcome", advice="name one")
