"""What the rule for the inference says of its choice, in whole sentences."""

from __future__ import annotations

from dataclasses import dataclass

from impact.results import Sentence

__all__ = ["Sides", "few_clusters", "many_clusters", "permutation", "too_few"]


@dataclass(frozen=True)
class Sides:
    """How many clusters there are on either side, and how many they are worth.

    Parameters
    ----------
    over : str
        Level of the clusters.
    treated, comparison : int
        How many there are.
    effective : float
        How many of equal size the side is worth that is worth less.
    even : float
        How many of equal size all of them are worth, as a share of their number.
    """

    over: str
    treated: int
    comparison: int
    effective: float
    even: float

    @property
    def few(self) -> int:
        """How many clusters the side with fewer has."""
        return min(self.treated, self.comparison)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of clusters, for a sentence."""
        return {"treated": self.treated, "comparison": self.comparison}


def too_few(sides: Sides) -> Sentence:
    """Say why no standard error over clusters is valid."""
    if sides.treated == 1 and sides.over == "place":
        return Sentence(
            "Only one place was treated, so what happened to that place alone cannot be told "
            "from the pilot by any standard error."
        )
    if sides.over == "place":
        return Sentence(
            "With %(treated)s treated and %(comparison)s comparison places, two or fewer on "
            "one side, no standard error over places is valid.",
            sides.counts,
        )
    return Sentence(
        "With %(treated)s treated and %(comparison)s comparison units of assignment, two or "
        "fewer on one side, no standard error over them is valid.",
        counts=sides.counts,
    )


def permutation(
    smallest: float, sides: Sides, *, unlike: bool, staggered: bool, level: float
) -> Sentence:
    """Say whether a permutation takes the place of a standard error, and if not, why.

    The smallest p-value tells how many clusters there are: where they may be people, the
    sentence carries their numbers for the disclosure gate to judge.
    """
    if staggered:
        return Sentence("So the difference is shown without a test.")
    if smallest > 1 - level + 1e-12:
        said = (
            "A permutation cannot reach the level either: its smallest possible p-value is "
            "%(smallest).3f. So the difference is shown without a test."
        )
    elif unlike:
        return Sentence(
            "Their sizes are too unlike for a permutation of two. So the difference is shown "
            "without a test."
        )
    else:
        said = (
            "The test is a permutation: the pilot is assigned to every other choice of as many "
            "places or units of assignment; the smallest p-value it can reach is %(smallest).3f."
        )
    return Sentence(said, {"smallest": smallest}, {} if sides.over == "place" else sides.counts)


def few_clusters(sides: Sides, many: int) -> Sentence:
    """Say that standard errors are corrected, because clusters are few."""
    values = {"effective": sides.effective, "many": many}
    if sides.over == "place":
        return Sentence(
            "Places are few (%(treated)s treated, %(comparison)s comparison; the smaller side "
            "is worth %(effective).1f of equal size, under %(many)s): standard errors are CR2 "
            "with Satterthwaite's degrees of freedom.",
            {**values, **sides.counts},
        )
    return Sentence(
        "Units of assignment are few (%(treated)s treated, %(comparison)s comparison; the "
        "smaller side is worth under %(many)s of equal size): standard errors are CR2 with "
        "Satterthwaite's degrees of freedom.",
        {"many": many},
        sides.counts,
    )


def many_clusters(sides: Sides, *, one_by_one: bool) -> Sentence:
    """Say over what standard errors are clustered, where clusters are many."""
    if sides.over == "assignment" and one_by_one:
        return Sentence(
            "Standard errors are clustered by unit (CR1), since each was assigned by itself."
        )
    if sides.over == "place":
        return Sentence(
            "Standard errors are clustered by place (CR1), since places share their course."
        )
    return Sentence("Standard errors are clustered by the unit of assignment (CR1).")
