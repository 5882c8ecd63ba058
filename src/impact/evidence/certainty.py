"""How sure one can be that the pilot is the reason: computed from facts, never typed.

The rule, row by row (a later row never applies once an earlier one does):

1. no comparison → ``no_comparison``;
2. a lottery → moderate; high where attrition is low and even and the interval excludes
   zero or the smallest effect that matters;
3. comparison people in the same places → low; moderate where the groups were alike at
   the start and attrition is low and even;
4. places unknown, or one pilot place and one comparison place → very low;
5. one pilot place and two or more comparison places → low;
6. several pilot places, or a staggered start → low; moderate with ten or more pilot
   places and a valid interval over places.

Rows 5 and 6 ask for pre-periods in which both groups moved alike. Then one step down
each: pre-periods that cannot be examined (rows 5 and 6) or that failed (a joint test, or
the same calculation with an invented start; in every row), high or uneven
attrition on the outcome itself, an outcome that is known to have been chosen after
the endline. That a plan was never frozen, or late, is said and is no step: neither shows
when the outcomes were chosen.
"""

from __future__ import annotations

from impact.evidence.facts import Facts
from impact.locale import N_
from impact.results import Sentence

__all__ = ["LEVELS", "certainty"]

LEVELS = ("very_low", "low", "moderate", "high")
MANY_PLACES = 10
ALIKE = 0.25  # largest standardised mean difference that still counts as balanced
HIGH_ATTRITION = 0.20
UNEVEN_ATTRITION = 0.10


def certainty(facts: Facts, *, decisive: bool = False) -> tuple[str, tuple[Sentence, ...]]:
    """Rate how surely the pilot is the reason for the difference.

    Parameters
    ----------
    facts : Facts
        What is recorded about the design and the data.
    decisive : bool
        Whether the interval excludes zero or the smallest effect that matters.

    Returns
    -------
    level : str
        ``no_comparison``, ``very_low``, ``low``, ``moderate`` or ``high``.
    reasons : tuple of Sentence
        The row of the rule that applied, then each step down.
    """
    if facts.design == "before_after":
        said = N_(
            "There is no comparison group, so nobody can tell what would have happened anyway."
        )
        return "no_comparison", (Sentence(said),)
    level, reasons, compares_places = _row(facts, decisive)
    steps = _steps(facts, compares_places)
    at = max(0, LEVELS.index(level) - len(steps))
    return LEVELS[at], (*reasons, *_unchecked(facts), *steps)


def _row(facts: Facts, decisive: bool) -> tuple[str, list[Sentence], bool]:
    """Return the row's level, its reason, and whether it compares places."""
    if facts.randomised:
        level = "high" if decisive and _kept(facts) else "moderate"
        return level, [Sentence("A lottery decided who took part.")], False
    if facts.same_place:
        said = N_("The comparison people live in the same places as the participants.")
        alike = facts.balance is not None and facts.balance <= ALIKE
        reasons = [Sentence(said), _balance_reason(facts.balance)]
        return ("moderate" if alike and _kept(facts) else "low"), reasons, False
    treated, comparison = facts.treated_places, facts.comparison_places
    if treated is None or comparison is None:
        said = N_("It is not recorded where the comparison people live.")
        return "very_low", [Sentence(said)], False
    if facts.design != "staggered" and treated == 1:
        return _one_place(comparison)
    level = "moderate" if treated >= MANY_PLACES and facts.tested else "low"
    return level, [_several_places(facts, treated, comparison)], True


def _several_places(facts: Facts, treated: int, comparison: int) -> Sentence:
    """Say which places are compared with which."""
    if facts.design == "staggered":
        return Sentence(
            "%(n)s place started; it is compared with places not yet reached.",
            {"n": str(treated)},
            many="%(n)s places started at different times; each is compared with places not yet "
            "reached.",
        )
    return Sentence(
        "%(n)s place with the pilot is compared with %(comparison)s without it.",
        {"n": str(treated), "comparison": str(comparison)},
        many="%(n)s places with the pilot are compared with %(comparison)s without it.",
    )


def _one_place(comparison: int) -> tuple[str, list[Sentence], bool]:
    """Rate a single pilot place."""
    if comparison < 2:
        said = N_(
            "One place is compared with one other place; "
            "anything else that differed between them counts too."
        )
        return "very_low", [Sentence(said)], False
    others = Sentence(
        "One place is compared with %(n)s other; whatever else happened there counts too.",
        {"n": str(comparison)},
        many="One place is compared with %(n)s others; whatever else happened there counts too.",
    )
    return "low", [others], True


def _balance_reason(balance: float | None) -> Sentence:
    """Say whether the groups were alike at the start."""
    if balance is None:
        return Sentence("Whether the groups were alike at the start cannot be checked.")
    if balance <= ALIKE:
        return Sentence("The groups were alike at the start in what was measured.")
    return Sentence("The groups differed at the start in what was measured.")


def _kept(facts: Facts) -> bool:
    """Whether attrition is known, low and even."""
    lost, gap = facts.attrition, facts.attrition_gap
    return (lost is not None and lost < HIGH_ATTRITION) and (
        gap is None or abs(gap) < UNEVEN_ATTRITION
    )


def _unchecked(facts: Facts) -> list[Sentence]:
    """Say where nobody can check that the outcomes were chosen before the data came in.

    A plan that was frozen late shows no less of that than one that was never frozen, so
    neither is a step down; an outcome that is known to have been chosen late is.
    """
    if facts.plan == "never":
        said = N_(
            "No plan was fixed in advance, so nobody can check that the outcomes were chosen "
            "before the data came in."
        )
        return [Sentence(said)]
    if facts.plan == "late":
        said = N_(
            "The plan was fixed only after the final data had begun to come in, so nobody can "
            "check that the outcomes were chosen before."
        )
        return [Sentence(said)]
    return []


def _steps(facts: Facts, compares_places: bool) -> list[Sentence]:
    """List the steps down."""
    steps = []
    if facts.pre_periods == "failed":
        said = N_("A test of the periods before the start found a difference between the groups.")
        steps.append(Sentence(said))
    elif facts.pre_periods == "not_examined" and compares_places:
        said = N_(
            "Whether the groups moved alike before the pilot began "
            "cannot be examined with these data."
        )
        steps.append(Sentence(said))
    if facts.attrition is not None and facts.attrition >= HIGH_ATTRITION:
        steps.append(Sentence("Many people could not be followed to the end."))
    elif facts.attrition_gap is not None and abs(facts.attrition_gap) >= UNEVEN_ATTRITION:
        steps.append(Sentence("More people were lost in one group than in the other."))
    if facts.chosen_late:
        said = N_("The outcome was chosen after the final data had been seen.")
        steps.append(Sentence(said))
    return steps
