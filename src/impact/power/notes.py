"""What must be read with a simulated power."""

from __future__ import annotations

from collections.abc import Iterator

from impact.power.source import Source
from impact.power.words import shown
from impact.spec.models import Outcome

__all__ = ["notes_of"]

RULES = {
    "holm": "Holm's rule",
    "bh": "the rule of Benjamini and Hochberg",
    "romano_wolf": "the rule of Romano and Wolf",
    "sharpened": "Anderson's sharpened rule",
}


def notes_of(
    source: Source, outcome: Outcome, failed: int, *, size: float | None, draws: int
) -> tuple[str, ...]:
    """Return what must be read with the numbers.

    Parameters
    ----------
    source : Source
    outcome : Outcome
    failed : int
        Draws on which the method could not be used.
    size : float or None
        The effect of interest.
    draws : int
    """
    return tuple(_notes(source, outcome, failed, size, draws))


def _notes(
    source: Source, outcome: Outcome, failed: int, size: float | None, draws: int
) -> Iterator[str]:
    if size is not None and size > source.most:
        yield (
            f"The outcome has no room for an effect of {shown(size)}: the most is "
            f"{shown(source.most)}."
        )
    if source.panel.design.kind == "before_after":
        yield (
            "There is no comparison group: a change can be found, but not told apart from what "
            "would have happened anyway."
        )
    if failed:
        yield (
            f"The method could not be used on {failed} of {draws} drawn pilots; these count as "
            "finding nothing."
        )
    yield from source.notes
    yield from _several(source, outcome)


def _several(source: Source, outcome: Outcome) -> Iterator[str]:
    spec = source.panel.spec
    if spec is None or outcome.role != "primary" or spec.analysis.multiplicity == "none":
        return
    primary = sum(one.role == "primary" for one in spec.outcomes)
    if primary < 2:
        return
    level = 1 - (1 - spec.analysis.level) / primary
    yield (
        f"This is for the outcome by itself. {primary} outcomes are primary, and "
        f"{RULES[spec.analysis.multiplicity]} may ask more of each: the level {level:.4g} shows "
        "the hardest case."
    )
