"""What the rule for the inference says of its choice, in whole sentences."""

from __future__ import annotations

from impact.did.sides import Sides
from impact.locale import N_
from impact.results import Sentence

__all__ = ["few_clusters", "few_later", "lopsided", "many_clusters", "permutation", "too_few"]


def too_few(sides: Sides) -> Sentence:
    """Say why no standard error over clusters is valid."""
    if sides.straddled:
        return Sentence(
            "Some places hold people of both groups, too few of them for a comparison of people "
            "of the same place. Places counted with the pilot: %(treated)s; without: "
            "%(comparison)s. With two or fewer on one side no standard error over places is "
            "valid.",
            sides.counts,
        )
    if sides.treated == 1 and sides.over == "place":
        return Sentence(
            "Only one place was treated, so what happened to that place alone cannot be told "
            "from the pilot by any standard error."
        )
    if sides.over == "place":
        return Sentence(
            "Places with the pilot: %(treated)s; without: %(comparison)s. With two or fewer on "
            "one side no standard error over places is valid.",
            sides.counts,
        )
    return Sentence(
        "On one side there are too few units of assignment for a standard error over them."
    )


def permutation(
    smallest: float, sides: Sides, *, unlike: bool, staggered: bool, level: float
) -> Sentence:
    """Say whether a permutation takes the place of a standard error, and if not, why.

    The smallest p-value tells how many clusters there are: where they may be people, the
    sentence carries their numbers for the disclosure gate to judge.
    """
    if staggered or sides.straddled:
        return Sentence("So the difference is shown without a test.")
    if smallest > 1 - level + 1e-12:
        said = N_(
            "A permutation cannot reach the level either: its smallest possible p-value is "
            "%(smallest).3f. So the difference is shown without a test."
        )
    elif unlike:
        return Sentence(
            "Their sizes are too unlike for a permutation of two. So the difference is shown "
            "without a test."
        )
    else:
        said = N_(
            "The test is a permutation: the pilot is assigned to every other choice of as many "
            "places or units of assignment; the smallest p-value it can reach is %(smallest).3f."
        )
    return Sentence(said, {"smallest": smallest}, {} if sides.over == "place" else sides.counts)


def few_later(clusters: int, over: str) -> Sentence:
    """Say that those who start last, and are compared with, are too few."""
    if over == "place":
        return Sentence(
            "Most of the comparison rests on the %(n)s place that starts last, so no standard "
            "error over places is valid.",
            {"n": clusters},
            many="Most of the comparison rests on the %(n)s places that start last, two or fewer, "
            "so no standard error over places is valid.",
        )
    return Sentence(
        "Most of the comparison rests on the units of assignment that start last, too few for a "
        "standard error over them."
    )


def lopsided(smallest: float, *, level: float) -> Sentence:
    """Say why people are permuted where a standard error is usual, or why nothing is tested."""
    if smallest > 1 - level + 1e-12:
        return Sentence(
            "Few of the people differ from the rest, or a few lie far out, and the groups are of "
            "unlike size: a standard error would find a difference by chance too often, and there "
            "are too few people for a permutation. So the difference is shown without a test."
        )
    return Sentence(
        "Few of the people differ from the rest, or a few lie far out, and the groups are of "
        "unlike size: a standard error would find a difference by chance too often. So the test "
        "gives the pilot to other people, as many (permutation), and the interval also holds every "
        "effect that fits the spread of both groups together."
    )


def few_clusters(sides: Sides, many: int) -> Sentence:
    """Say that standard errors are corrected, because clusters are few."""
    values = {"effective": sides.effective, "many": many}
    if sides.over == "place":
        return Sentence(
            "Places are few (with the pilot: %(treated)s, without: %(comparison)s; the smaller "
            "side is worth %(effective).1f of equal size, under %(many)s): standard errors are CR2 "
            "with Satterthwaite's degrees of freedom, or fewer where a large place may outweigh "
            "the others.",
            {**values, **sides.counts},
        )
    return Sentence(
        "Units of assignment are few (the smaller side is worth under %(many)s of equal size): "
        "standard errors are CR2 with Satterthwaite's degrees of freedom, or fewer where a large "
        "cluster may outweigh the others.",
        {"many": many},
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
