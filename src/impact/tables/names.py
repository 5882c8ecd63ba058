"""What a reader calls methods, their errors and roles, groups, and the tables themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from impact.locale import N_, _

__all__ = [
    "CAPTIONS",
    "GROUPS",
    "INFERENCE",
    "METHODS",
    "ROLES",
    "called",
    "reader_name",
    "term_name",
]

METHODS = {
    "did": N_("Difference of differences"),
    "twfe": N_("Two-way fixed effects"),
    "event_study": N_("Event study"),
    "callaway_santanna": N_("Callaway and Sant'Anna"),
    "imputation": N_("Imputation"),
    "sun_abraham": N_("Sun and Abraham"),
    "stacked": N_("Stacked cohorts"),
    "two_stage": N_("Two stages"),
    "synthetic_did": N_("Synthetic difference in differences"),
    "synthetic_control": N_("Synthetic control"),
    "triple_difference": N_("Triple difference"),
    "before_after": N_("Before and after"),
    "difference_in_means": N_("Difference of means"),
    "ancova": N_("Difference at the end, given the start"),
    "lee_bounds": N_("Bounds on the effect (Lee)"),
    "reweighted": N_("Those who stayed, weighted"),
}
INFERENCE = {
    "classical": N_("classical"),
    "hc1": N_("robust (HC1)"),
    "hc2": N_("robust (HC2)"),
    "hc3": N_("robust (HC3)"),
    "cr1": N_("clustered (CR1)"),
    "cr2": N_("clustered (CR2)"),
    "cr3": N_("clustered (CR3)"),
    "analytic": N_("from influences"),
    "multiplier_bootstrap": N_("multiplier bootstrap"),
    "uniform": N_("for all times together"),
    "wild_bootstrap": N_("wild cluster bootstrap"),
    "permutation": N_("permutation"),
    "placebo": N_("placebo places"),
    "jackknife": N_("jackknife over places"),
    "cluster_jackknife": N_("jackknife over clusters"),
    "imbens_manski": N_("of the effect between the bounds"),
    "none": N_("no valid test"),
}
ROLES = {
    "headline": N_("our main estimate"),
    "alternative": N_("another method"),
    "convention": N_("as published"),
    "by_time": N_("by time from the start"),
    "by_subgroup": N_("within subgroups"),
    "leave_one_out": N_("without each place"),
    "placebo": N_("with an invented start"),
    "other_errors": N_("with other errors"),
    "other_methods": N_("by other methods"),
    "bounds": N_("if those lost had fared best or worst"),
    "reweighted": N_("weighted for those lost"),
}
CAPTIONS = {
    "participants": N_("Who took part"),
    "balance": N_("How alike the groups were before the pilot"),
    "trends": N_("Averages by group and period"),
    "flow": N_("Who was there, and who was lost"),
    "leavers": N_("How those who were lost had been at the start"),
    "comparison": N_("The pilot group and those it is compared with"),
    "distribution": N_("Levels by group and period"),
    "changes": N_("From the start to the end, of those seen both times"),
    "totals": N_("Totals by group and period"),
    "data": N_("Rows of the data"),
    "rows": N_("Rows of the data"),
    "unanswered": N_("Answers given and not given"),
    "reliability": N_("How the items of a score hang together"),
    "subgroups": N_("Averages by subgroup, group and period"),
}
GROUPS = {
    "treated": N_("Treated"),
    "comparison": N_("Comparison"),
    "expected": N_("Expected"),
    "all": N_("All"),
}
"""What groups are called in a table that has no labels for them."""
OVERALL = {
    "simple": N_("Average over groups and times"),
    "group": N_("Average over groups"),
    "event": N_("Average over times since the start"),
    "calendar": N_("Average over calendar times"),
}
PARTS = (
    (re.compile(r"group:(?P<start>\S+)"), N_("Start: %(start)s")),
    (re.compile(r"calendar:(?P<time>\S+)"), N_("Time: %(time)s")),
    (
        re.compile(r"ATT\((?P<start>[^,]+),(?P<time>[^,]+)\)"),
        N_("Start: %(start)s; time: %(time)s"),
    ),
    (re.compile(r"(?P<time>\S+) and before"), N_("%(time)s and before")),
    (re.compile(r"(?P<time>\S+) and after"), N_("%(time)s and after")),
    (
        re.compile(r"(?P<treated>.+) against (?P<comparison>.+)"),
        N_("%(treated)s against %(comparison)s"),
    ),
)
"""Terms that stand for a group, a time, or a group at a time."""
CODES = ("start", "time")


def reader_name(known: Mapping[str, str], key: Any) -> str:
    """Return what a reader calls an outcome, a method or a term: a known name, or its own."""
    return _(known.get(key, key if isinstance(key, str) else str(key)))


def term_name(known: Mapping[str, str], term: Any) -> str:
    """Return what a reader calls a term of an estimate: a known name, its meaning, or its own.

    Examples
    --------
    >>> term_name({}, "ATT(2004,2006)"), term_name({}, "without Paris")
    ('Start: 2004; time: 2006', 'without Paris')
    """
    for shape, text in PARTS:
        if term not in known and (found := shape.fullmatch(str(term))):
            parts = found.groupdict().items()
            return _(text) % {name: part if name in CODES else _(part) for name, part in parts}
    return reader_name({**OVERALL, **known}, term)


def called(outcome: str, method: str, inference: str = "") -> str:
    """Name an estimate by its outcome, its method and, where they are known, its errors.

    Parameters
    ----------
    outcome : str
        What a reader calls it.
    method, inference : str
        As in the glossary's columns.

    Examples
    --------
    >>> called("Attendance", "did", "cr1")
    'Attendance: Difference of differences, clustered (CR1)'
    """
    told = {
        "outcome": _(outcome),
        "method": _(METHODS.get(method, method)),
        "errors": _(INFERENCE.get(inference, inference)),
    }
    if not inference:
        return _("%(outcome)s: %(method)s") % told
    return _("%(outcome)s: %(method)s, %(errors)s") % told
