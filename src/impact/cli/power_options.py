"""The options of ``impact power``; nothing heavy is imported for its help."""

from __future__ import annotations

import argparse

from impact.cli.values import number

__all__ = ["FACTS", "add_power_options"]

FACTS = (
    *("sd", "mean", "kind", "scale", "correlation", "clusters", "icc"),
    *("treated", "periods", "starts", "attrition", "design"),
)
KINDS = ("binary", "ordinal", "continuous", "count", "duration")
DESIGNS = ("did", "staggered", "before_after", "randomised")


def add_power_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked, and the facts of a pilot without data."""
    _asked(parser)
    _facts(parser)


def _asked(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    told = "an outcome's column, repeatable (default: the primary outcomes)"
    add("--outcome", action="append", metavar="NAME", help=told)
    told = "share of pilots that shall find the effect (default: 0.8)"
    add("--power", type=number, default=0.8, metavar="SHARE", help=told)
    told = "an effect to be found, in the outcome's units (default: smallest_effect)"
    add("--effect", type=number, metavar="X", help=told)
    told = "people, households or places in both groups together (default: those there are)"
    add("--units", type=int, metavar="N", help=told)
    told = "draw pilots of so many times the units, instead of searching how many it takes"
    add("--sample", type=number, metavar="X", help=told)
    told = "level of the intervals (default: the params file's)"
    add("--level", type=number, metavar="SHARE", help=told)
    add("--draws", type=int, metavar="N", help="pilots to draw (default: 300)")
    told = "start of the random numbers (default: the params file's)"
    add("--seed", type=int, metavar="N", help=told)
    told = "use only what is known before the start: the first rows, and the facts below"
    add("--baseline-only", action="store_true", help=told)
    add("--json", action="store_true", help="one JSON object per outcome")


def _facts(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "a pilot without data", "facts that pilots are drawn from; with --units above"
    )
    add = group.add_argument
    add("--kind", choices=KINDS, help="what the values are (default: continuous)")
    add("--sd", type=number, metavar="X", help="standard deviation of the outcome within a group")
    add("--mean", type=number, metavar="X", help="mean, or share, without the pilot")
    told = "lowest and highest value"
    add("--scale", type=number, nargs=2, metavar=("LOW", "HIGH"), help=told)
    told = "correlation of a person's values in two periods"
    add("--correlation", type=number, metavar="R", help=told)
    told = "clusters that are assigned as a whole (default: each unit by itself)"
    add("--clusters", type=int, metavar="N", help=told)
    add("--icc", type=number, metavar="R", help="share of the variance that lies between clusters")
    told = "share of the clusters, or units, with the pilot (default: 0.5)"
    add("--treated", type=number, metavar="SHARE", help=told)
    add("--attrition", type=number, metavar="SHARE", help="units lost by the end (default: 0)")
    add("--periods", type=int, metavar="N", help="how often is asked (default: 2)")
    told = "a first treated period, counted from 1; repeatable if staggered"
    add("--starts", type=int, action="append", metavar="N", help=told)
    add("--design", choices=DESIGNS, help="how the groups come about (default: did)")
    told = "others are asked each time, not the same again"
    add("--cross-sections", action="store_true", help=told)
