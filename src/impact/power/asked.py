"""What a caller may ask, and what is taken where nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from impact.data.panel import Panel
from impact.did.choose import Choice
from impact.errors import DesignError, Fault
from impact.spec.models import Outcome, PilotSpec

__all__ = ["DRAWS", "at_level", "draws_for", "outcome_named", "refuse", "seed_for", "sign_of"]

DRAWS = 300
SLOW_DRAWS = 100
SLOW = frozenset({"synthetic_control", "synthetic_did"})
FEWEST_DRAWS = 20
MOST_DRAWS = 100_000
SEED = 20210301


def refuse(
    *,
    power: float,
    effect: float | None = None,
    sample: float | None = None,
    units: int | None = None,
    draws: int | None = None,
    level: float | None = None,
    seed: int | None = None,
) -> None:
    """Refuse what cannot be asked.

    Raises
    ------
    DesignError
        With every fault.
    """
    faults = [*_faults(power, effect, draws), *_sample_faults(sample, units)]
    if level is not None and not 0.5 <= level <= 0.999:
        faults.append(Fault("no-level", "level", f"found {level:g}", "expected 0.5 to 0.999"))
    if seed is not None and not 0 <= seed < 2**32:
        faults.append(Fault("no-seed", "seed", f"found {seed}", "expected 0 to 4294967295"))
    if faults:
        raise DesignError(faults)


def _faults(power: float, effect: float | None, draws: int | None) -> Iterator[Fault]:
    if not 0.5 <= power <= 0.99:
        yield Fault("no-power", "power", f"found {power:g}", "expected 0.5 to 0.99")
    if effect is not None and (effect == 0 or not abs(effect) < float("inf")):
        yield Fault("no-effect-size", "effect", f"found {effect:g}", "expected a number but 0")
    if draws is not None and not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        expected = f"expected {FEWEST_DRAWS} to {MOST_DRAWS}"
        yield Fault("no-draws", "draws", f"found {draws}", expected)


def _sample_faults(sample: float | None, units: int | None) -> Iterator[Fault]:
    if sample is not None and units is not None:
        said = "give units or a multiple"
        yield Fault("said-twice", "units, sample", "the sample is said twice", said)
    if sample is not None and not 0 < sample <= 100:
        yield Fault("no-multiple", "sample", f"found {sample:g}", "expected above 0, up to 100")
    if units is not None and units < 2:
        yield Fault("too-few-units", "units", f"found {units}", "expected 2 or more")


def at_level(panel: Panel, level: float | None) -> Panel:
    """Return the panel with another level of its intervals.

    Raises
    ------
    DesignError
        The panel has no params file, which holds the level.
    """
    if level is None:
        return panel
    if panel.spec is None:
        raise DesignError(
            "a panel without a params file is tested at the level 0.95; read it with a params "
            "file to say another"
        )
    analysis = panel.spec.analysis.model_copy(update={"level": level})
    return replace(panel, spec=panel.spec.model_copy(update={"analysis": analysis}))


def outcome_named(spec: PilotSpec, column: str | None) -> Outcome:
    """Return an outcome of a params file; the first primary one unless said.

    Raises
    ------
    DesignError
        There is no such outcome.
    """
    primary = [one for one in spec.outcomes if one.role == "primary"]
    if column is None:
        return (primary or list(spec.outcomes))[0]
    for one in spec.outcomes:
        if one.column == column:
            return one
    known = ", ".join(one.column for one in spec.outcomes)
    raise DesignError(f"the params file has no outcome of that name; it has {known}")


def sign_of(outcome: Outcome, effect: float | None) -> float:
    """Return 1 where effects upwards are looked at, −1 where downwards."""
    falls = outcome.direction == "lower" or (effect is not None and effect < 0)
    return -1.0 if falls else 1.0


def draws_for(choice: Choice, draws: int | None) -> int:
    """Return how many pilots are drawn: fewer where a method is slow, unless said."""
    if draws is not None:
        return draws
    return SLOW_DRAWS if choice.method in SLOW else DRAWS


def seed_for(panel: Panel, seed: int | None) -> int:
    """Return the start of the random numbers: the params file's unless said."""
    if seed is not None:
        return seed
    return SEED if panel.spec is None else panel.spec.analysis.seed
