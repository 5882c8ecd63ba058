"""One pilot after the other: published with and without the gate, and attacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from attack.editions import between_editions
from attack.pilots import Pilot, pilot
from attack.press import parts_of, put_through, unguarded_parts
from attack.reading import Reading
from attack.solve import Recovery, issues_fit, read_issue, recoveries
from impact.disclosure import Edition
from impact.errors import ImpactError
from impact.results import Part

__all__ = ["Attacked", "attack", "in_full", "told"]

SHOWN = 6


@dataclass(frozen=True)
class Attacked:
    """What an attack on one pilot came to.

    Parameters
    ----------
    seed : int
        Of the pilot.
    refused : str
        Why the pilot has no page at all, if it has none.
    unguarded : bool
        Whether the page without the gate was attacked, too.
    open : bool
        Whether the ungated page tells a count of few people.
    by_hand : bool
        Whether such a count follows from the page that hides what is small, and no more.
    released : tuple of Recovery
        What follows from the page that the gate released.
    levels : tuple of Recovery
        Who gave an answer of more than two, as averages and spreads tell it.
    editions : tuple of Recovery
        What follows from the next edition, and from that and the page together.
    untrue : tuple of str
        Sentences of the attacker's reading that do not hold: the attack would be worthless.
    """

    seed: int
    refused: str = ""
    unguarded: bool = False
    open: bool = False
    by_hand: bool = False
    released: tuple[Recovery, ...] = ()
    levels: tuple[Recovery, ...] = ()
    editions: tuple[Recovery, ...] = ()
    untrue: tuple[str, ...] = field(default=())


def attack(seed: int, folder: Path, *, thorough: bool = False, unguarded: bool = True) -> Attacked:
    """Publish the pilot of that number and attack it.

    Parameters
    ----------
    seed : int
    folder : Path
        For the file of its records; `IMPACT_ROOT` is there.
    thorough : bool
        Whether to spend more time on integer programming.
    unguarded : bool
        Whether to attack the page without the gate, and by hand-made suppression, too.
    """
    case = pilot(seed)
    try:
        parts = parts_of(case, folder)
        gated, edition = put_through(parts)
    except ImpactError as error:
        return Attacked(seed, refused=str(error.faults[0]))
    except ValueError as error:  # a defect of an estimator, which is not what is looked for here
        return Attacked(seed, refused=f"broke: {error}")
    known = read_issue(case, gated)
    if thorough:
        known.system.tries = 20
    found = Attacked(
        seed,
        released=tuple(recoveries(case, known)),
        levels=tuple(recoveries(case, known, levels=True)) if unguarded else (),
        editions=tuple(_next_edition(case, known, folder, edition)),
        untrue=tuple(f"gated: {said}" for said in issues_fit(case, known)),
    )
    return _without_gate(case, parts, found) if unguarded else found


def _without_gate(case: Pilot, parts: Sequence[Part], found: Attacked) -> Attacked:
    """Return the attack with what it comes to where nothing is hidden, or only what is small."""
    ungated, _ = put_through(unguarded_parts(parts))
    bare = read_issue(case, ungated)
    by_hand = read_issue(case, ungated, only=case.minimum)
    untrue = [
        f"{name}: {said}"
        for name, one in (("bare", bare), ("by hand", by_hand))
        for said in issues_fit(case, one)
    ]
    return replace(
        found,
        unguarded=True,
        open=bool(recoveries(case, bare, most=1, zeros=False, shown=True)),
        by_hand=bool(recoveries(case, by_hand, most=1, zeros=False)),
        untrue=(*found.untrue, *untrue),
    )


def in_full(seed: int, folder: Path, *, every: int) -> Attacked:
    """Attack one pilot thoroughly; one in ``every`` without the gate as well."""
    return attack(seed, folder, thorough=True, unguarded=seed % every == 0)


def _next_edition(case: Pilot, known: Reading, folder: Path, before: Edition) -> Sequence[Recovery]:
    if case.later is None:
        return ()
    later = case.edition(1)
    try:
        issue, _ = put_through(parts_of(later, folder), before)
    except (ImpactError, ValueError):
        return ()
    after = read_issue(later, issue)
    return [*recoveries(later, after), *between_editions(case, known, later, after)]


def told(one: Attacked) -> str:
    """Return what there is to say of an attack, with what each recovery rests on."""
    if one.refused:
        return f"pilot {one.seed}: no page ({one.refused})"
    lines = [f"pilot {one.seed}:"]

    def first(hit: Recovery) -> tuple[bool, bool, int]:
        return hit.many, hit.true == 0, hit.high - hit.low

    for name, found in (("page", one.released), ("two editions", one.editions)):
        for hit in sorted(found, key=first)[:SHOWN]:
            lines.append(f"  {name}: {hit}")
            lines += [f"      {source}" for source in hit.because]
    lines += [f"  a level: {hit}" for hit in one.levels[:SHOWN]]
    lines += [f"  not true: {said}" for said in one.untrue]
    return "\n".join(lines)
