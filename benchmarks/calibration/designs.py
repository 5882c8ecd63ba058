"""The designs that the rule for the inference is judged on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from impact import simulate
from impact.simulate import SimulatedCovariate, SimulatedOutcome, Simulation

__all__ = ["DESIGNS", "Case", "case_named"]


@dataclass(frozen=True)
class Case:
    """A design: what is simulated, and how it is told to the package.

    Parameters
    ----------
    name, clusters : str
        What the table calls it; treated + comparison clusters.
    simulation : Simulation
        Without an effect.
    kind : str
        ``did``, ``staggered``, ``before_after``, or of a lottery ``ancova`` or
        ``difference_in_means``.
    shape : tuple of float
        Staggered: the effect on each cohort's first period, and last what each further
        period adds; they are scaled.
    alone : bool
        Whether every person was assigned by themselves, so that there are no places.
    own : bool
        Whether all is computed person by person: a lottery, or changes given a covariate.
    toward : float
        −1 where the effect is a fall.
    stray : bool
        Whether one of the comparison people lives in a pilot place.
    lost : tuple of float
        Shares of the comparison and of the treated who are gone at the end, more of those
        whose lasting level is low.
    """

    name: str
    clusters: str
    simulation: Simulation
    kind: str = "did"
    shape: tuple[float, ...] = ()
    alone: bool = False
    own: bool = False
    toward: float = 1.0
    stray: bool = False
    lost: tuple[float, float] = (0.0, 0.0)

    def __reduce__(self) -> tuple[Callable[[str], Case], tuple[str]]:
        # A simulation holds a read-only mapping, which cannot travel between processes.
        return case_named, (self.name,)

    @property
    def linear(self) -> bool:
        """Whether an effect shifts the outcome and changes nothing else."""
        return self.simulation.outcomes[0].kind == "continuous"

    @property
    def ample(self) -> bool:
        """Whether there are ten or more treated and ten or more comparison clusters."""
        cohorts = self.simulation.cohorts
        everybody = len(self.simulation.sizes)
        never = everybody - sum(cohorts.values())
        # Where everybody is reached, those reached later are compared with.
        compared = never or everybody - cohorts[min(cohorts)]
        treated = sum(cohorts.values()) if never else everybody - cohorts[max(cohorts)]
        return self.kind != "before_after" and min(treated, compared) >= 10

    def with_effect(self, size: float) -> Simulation:
        """Return the simulation with an effect of that size built in."""
        outcome = self.simulation.outcomes[0]
        if not self.shape:
            outcome = replace(outcome, effect=size)
            return replace(self.simulation, outcomes=(outcome,))
        firsts = dict(zip(self.simulation.cohorts, self.shape[:-1], strict=True))
        scaled = {start: size * first for start, first in firsts.items()}
        outcome = replace(outcome, effect=scaled, growth=size * self.shape[-1])
        return replace(self.simulation, outcomes=(outcome,))


def _two(name: str, treated: int, comparison: int, **parts: object) -> Case:
    sizes = parts.pop("sizes", None)
    simulation = simulate.two_by_two(treated=treated, comparison=comparison, **parts)
    if sizes is not None:
        simulation = replace(simulation, sizes=tuple(sizes))
    return Case(name, f"{treated}+{comparison}", simulation)


def _roll_out(
    name: str, cohorts: Mapping[int, int], never: int, periods: int, **parts: object
) -> Case:
    sizes = parts.pop("sizes", None)
    shape = parts.pop("shape", None)
    simulation = simulate.staggered(
        cohorts=cohorts, never=never, periods=periods, effect=0.0, growth=0.0, **parts
    )
    if sizes is not None:
        simulation = replace(simulation, sizes=tuple(sizes))
    # By default each cohort gains half of what the one before gained, and effects grow.
    shape = shape or (*(0.5**at for at in range(len(cohorts))), 0.2)
    clusters = "+".join(str(n) for n in (*cohorts.values(), never))
    return Case(name, clusters, simulation, "staggered", shape)


def _alone() -> Case:
    simulation = Simulation(
        sizes=(1,) * 120,
        cohorts={2: 60},
        outcomes=(SimulatedOutcome(column="outcome"),),
        unit_share=0.5,
    )
    return Case("people of one place, each by themselves", "60+60", simulation, alone=True)


def _people(
    name: str, treated: int, comparison: int, outcome: SimulatedOutcome, **parts: object
) -> Case:
    """Return a lottery, or the changes of people who chose for themselves."""
    kind = parts.pop("kind", "difference_in_means")
    toward = parts.pop("toward", 1.0)
    alone = parts.pop("alone", True)
    periods = 1 if kind == "difference_in_means" else 2
    simulation = Simulation(
        sizes=(1,) * (treated + comparison),
        cohorts={periods: treated},
        periods=periods,
        outcomes=(outcome,),
        **({"unit_share": 0.5 if periods == 2 else 0.0} | parts),
    )
    clusters = f"{treated}+{comparison}"
    return Case(name, clusters, simulation, kind, alone=alone, own=True, toward=toward)


def _share(mean: float, course: float = 0.0) -> SimulatedOutcome:
    return SimulatedOutcome(column="outcome", kind="binary", mean=mean, course=course)


def _before_after() -> Case:
    simulation = Simulation(
        sizes=(1,) * 18,
        cohorts={2: 18},
        outcomes=(SimulatedOutcome(column="outcome"),),
        unit_share=0.5,
    )
    name = "18 people, before and after (a change, no effect)"
    return Case(name, "18 people", simulation, "before_after", alone=True)


RISING = tuple(sorted(simulate.sizes(20, ratio=10)))
RISING_40 = tuple(sorted(simulate.sizes(40, ratio=10)))
MIXED = simulate.sizes(20, ratio=10)
TOWN = (200, *(20,) * 19)
SHOCKS = {"place_period_share": 0.05}
# As skewed as a gamma distribution with an SD of twice its mean.
FAR_OUT = SimulatedOutcome(column="outcome", kind="duration", mean=60.0, sd=120.0)
LEVELS = {
    "covariates": (SimulatedCovariate(column="given", loading=0.65),),
    "unit_share": 0.0,
}
ROWS = SimulatedOutcome(column="outcome")
GIVEN = {"covariates": (SimulatedCovariate(column="given", loading=0.4),), "unit_share": 0.4}

DESIGNS: tuple[Case, ...] = (
    _two("2×2, 6 clusters", 3, 3),
    _two("2×2, 10 clusters", 5, 5),
    _two("2×2, 20 clusters", 10, 10),
    _two("2×2, 50 clusters", 25, 25),
    _two("2×2, few treated", 3, 17),
    _two("2×2, few treated, many compared", 5, 45),
    _two("unequal sizes, 1 to 10, mixed", 10, 10, sizes=MIXED, **SHOCKS),
    _two("unequal sizes, 1 to 10, the small treated", 10, 10, sizes=RISING, **SHOCKS),
    _two("unequal sizes, three small treated", 3, 17, sizes=RISING),
    _two("unequal sizes, three large treated", 3, 17, sizes=RISING[::-1], **SHOCKS),
    _two("one town of half the treated", 10, 10, sizes=TOWN, **SHOCKS),
    _two("serial correlation, 8 periods", 10, 10, periods=8, place_serial=0.8, serial=0.6),
    _two("binary outcome, 6 clusters", 3, 3, kind="binary"),
    _two("binary outcome", 10, 10, kind="binary"),
    _two("skewed outcome, 10 clusters", 5, 5, kind="duration"),
    _two("skewed outcome", 10, 10, kind="duration"),
    _two("attrition, uneven", 10, 10, attrition=0.2, attrition_treated=0.3),
    replace(
        _two("attrition that goes with the level, uneven", 10, 10, **LEVELS), lost=(0.05, 0.25)
    ),
    _two("repeated cross-sections", 10, 10, sample="cross_sections", unit_share=0.0),
    _alone(),
    _people("lottery, 5 in 100 have it", 10, 90, _share(0.05)),
    _people("lottery, 5 in 100 have it, 20 and 100", 20, 100, _share(0.05)),
    _people("lottery, 3 in 100 have it", 40, 160, _share(0.03)),
    _people("lottery, 3 in 100 have it, 60 and 200", 60, 200, _share(0.03)),
    _people("lottery, 5 in 100 have it, groups of one size", 60, 60, _share(0.05)),
    _people("lottery, 95 in 100 have it", 20, 100, _share(0.95), toward=-1.0),
    _people("lottery, far-out values", 20, 100, FAR_OUT),
    _people("lottery, far-out values, 10 and 90", 10, 90, FAR_OUT),
    _people("lottery, a continuous outcome", 20, 100, ROWS),
    _people("lottery with a baseline", 20, 100, ROWS, kind="ancova"),
    _people("lottery with a baseline, 5 in 100 have it", 20, 100, _share(0.05), kind="ancova"),
    _people("lottery with a baseline, far-out values", 20, 100, FAR_OUT, kind="ancova"),
    _people("people, rare changes, 10 and 90", 10, 90, _share(0.03, 0.03), kind="did"),
    _people("people, rare changes, 20 and 100", 20, 100, _share(0.03, 0.03), kind="did"),
    _people("people, rare changes, 40 and 160", 40, 160, _share(0.03, 0.03), kind="did"),
    _people("people, rare changes, 60 and 200", 60, 200, _share(0.03, 0.03), kind="did"),
    _people("people, changes of a continuous outcome", 10, 90, ROWS, kind="did"),
    _two("one treated place of 8", 1, 7),
    replace(_two("one treated place of 40, one of its people compared", 1, 39), stray=True),
    _people("one treated place of 20, a covariate", 1, 19, ROWS, kind="did", alone=False, **GIVEN),
    _two("one treated place of 20", 1, 19),
    _two("one treated place of 40", 1, 39),
    _two("one treated place of 20, the smallest, 1 to 10", 1, 19, sizes=RISING),
    _two("one treated place of 40, the smallest, 1 to 10", 1, 39, sizes=RISING_40),
    _two("one treated place of 20, the largest, 1 to 10", 1, 19, sizes=RISING[::-1], **SHOCKS),
    _two("two treated places of 20", 2, 18),
    _two(
        "two treated of 20, the smallest, 1 to 4", 2, 18, sizes=sorted(simulate.sizes(20, ratio=4))
    ),
    _two(
        "two treated of 20, the smallest, 1 to 30",
        2,
        18,
        sizes=sorted(simulate.sizes(20, ratio=30)),
    ),
    _roll_out("staggered, effects differ", {3: 4, 4: 3, 5: 3}, 10, 6),
    _roll_out(
        "staggered, serial correlation",
        {3: 4, 4: 3, 5: 3},
        10,
        6,
        serial=0.5,
        place_serial=0.8,
        place_period_share=0.05,
    ),
    _roll_out("staggered, 12 clusters", {3: 3, 4: 3}, 6, 6),
    _roll_out(
        "staggered, each cohort one cluster",
        dict.fromkeys(range(2, 12), 1),
        10,
        12,
        shape=(*(1 - 0.08 * k for k in range(10)), 0.05),
    ),
    _roll_out("staggered, all reached in the end", {3: 5, 4: 5, 5: 5, 6: 5}, 0, 6),
    _roll_out("staggered, all reached, the last cohort one place", {3: 5, 4: 5, 5: 1}, 0, 8),
    _roll_out("staggered, all reached, the last cohort two places", {3: 5, 4: 5, 5: 2}, 0, 8),
    _roll_out("staggered, all reached, the last cohort three places", {3: 5, 4: 5, 5: 3}, 0, 8),
    _roll_out("staggered, few treated", {3: 2, 4: 1}, 30, 6),
    _roll_out("staggered, unequal sizes, 1 to 10, mixed", {3: 4, 4: 3, 5: 3}, 10, 6, sizes=MIXED),
    _roll_out(
        "staggered, unequal sizes, the small treated", {3: 4, 4: 3, 5: 3}, 10, 6, sizes=RISING
    ),
    _before_after(),
)


def case_named(name: str) -> Case:
    """Return the design of that name."""
    return next(case for case in DESIGNS if case.name == name)
