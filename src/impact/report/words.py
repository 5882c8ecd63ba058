"""The page's own words: headings and labels, each a whole text for the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from impact.locale import _

__all__ = [
    "CERTAINTIES",
    "captions",
    "certainties",
    "folds",
    "headings",
    "leads",
    "plans",
    "roles",
    "sureness",
    "themes",
]

CERTAINTIES = ("very_low", "low", "moderate", "high")


def headings() -> Mapping[str, str]:
    """Return the heading of every section a page can have, by the section's key."""
    return {
        "about": _("How the pilot was meant to work"),
        "participants": _("Who took part"),
        "flow": _("Who was followed and who was lost"),
        "comparison": _("Compared with whom, and why them"),
        "trends": _("What happened over time"),
        "rivals": _("What else could explain it"),
        "findings": _("Every outcome, whatever its result"),
        "subgroups": _("Results by group"),
        "limits": _("What this page cannot say"),
        "cost": _("What it cost"),
        "plan": _("Planned and done"),
        "methods": _("How it was calculated"),
        "table1": _("Who took part, in full"),
        "lost": _("Who was followed and who was lost, in numbers"),
        "course": _("What happened over time, in full"),
        "balance": _("How alike the groups were at the start"),
        "reliability": _("How well the questions hang together"),
        "effects": _("All estimates"),
        "robustness": _("How the result holds up"),
        "replication": _("Published numbers beside ours"),
        "data": _("The quality of the data"),
        "codebook": _("What was asked, and how it is coded"),
        "reproduce": _("How to reproduce this page"),
    }


def captions() -> Mapping[str, str]:
    """Return the caption of each table, or the heading of each part of a section."""
    return {
        "participants": _("Numbers, averages and shares by group and period"),
        "at_the_start": _("The groups at the start"),
        "others": _("The other outcomes"),
        "other_trends": _("Averages of the other outcomes by group and period"),
        "flow": _("Numbers at the start and at the end, by group"),
        "leavers": _("Averages at the start, of those who stayed and those who were lost"),
        "who_was_lost": _("How those who were lost had been at the start"),
        "comparison": _("Size of the groups"),
        "trends": _("Averages by group and period"),
        "distribution": _("Levels by group and period"),
        "on_levels": _("How many were on each level"),
        "own_changes": _("Changes of those seen both times"),
        "in_all": _("What was counted in all"),
        "changes": _("From the start to the end, of those seen both times"),
        "totals": _("Totals by group and period"),
        "data": _("Rows of the data"),
        "rows": _("Rows of the data"),
        "unanswered": _("Answers given and not given, by group and period"),
        "subgroups": _("Averages by subgroup, group and period"),
        "balance": _("Averages of the groups at the start"),
        "reliability": _("Cronbach's alpha of each score, and its items"),
        "effects": _("Estimates by outcome and method"),
        "replication": _("Estimates and standard errors, ours and as published"),
        "by_subgroup": _("The difference within subgroups"),
        "by_time": _("The difference by time from the start"),
        "sensitivity": _("What it would take to undo the result"),
        "leave_one_out": _("Without each place in turn"),
        "placebo": _("With an invented start before the real one"),
        "other_errors": _("With other standard errors and tests"),
        "other_methods": _("By other methods"),
        "bounds": _("If those who were lost had fared best or worst"),
        "reweighted": _("If those who were lost had fared as those like them who stayed"),
    }


def leads() -> Mapping[str, str]:
    """Return the line under a heading that says how to read what follows."""
    return {
        "trends": _(
            "Averages of each group. The dashed line is what the pilot group would have reached "
            "had it changed as the comparison group did."
        ),
        "rivals": _("Reasons other than the pilot that this design cannot rule out:"),
        "limits": _("Questions that stay open:"),
        "effects": _(
            "For readers who check numbers: every method that was used, with its uncertainty."
        ),
        "robustness": _(
            "The main result, looked at from other sides. It is the more to be trusted the less it "
            "changes, and the less is found where nothing had happened yet."
        ),
        "replication": _(
            "The data of this page have been analysed in print before. Equal numbers show that "
            "the calculation is right."
        ),
        "balance": _(
            "A standardised difference under 0.25 in either direction counts as alike; the "
            "nearer to 0, the more alike."
        ),
    }


def folds() -> Mapping[str, str]:
    """Return what names a part that is folded away."""
    return {"other_findings": _("Secondary and exploratory outcomes")}


def sureness() -> Mapping[str, str]:
    """Return what the evidence card says of each certainty, before what it is a certainty of."""
    return {
        "very_low": _("Very low certainty"),
        "low": _("Low certainty"),
        "moderate": _("Moderate certainty"),
        "high": _("High certainty"),
        "no_comparison": _("Not rated"),
    }


def certainties() -> Mapping[str, str]:
    """Return the reader's word for each certainty."""
    return {
        "very_low": _("Very low"),
        "low": _("Low"),
        "moderate": _("Moderate"),
        "high": _("High"),
        "no_comparison": _("Not rated"),
    }


def plans() -> Mapping[str, str]:
    """Return what the status strip says of the plan."""
    return {
        "frozen_before_endline": _("Fixed before the final data came in"),
        "frozen_after_endline": _("Fixed after the final data came in"),
        "frozen": _("Fixed; the date of the final data is not recorded"),
        "not_frozen": _("Not fixed in advance"),
    }


def roles() -> Mapping[str, str]:
    """Return the reader's word for an outcome's role."""
    return {
        "primary": _("Primary"),
        "secondary": _("Secondary"),
        "exploratory": _("Exploratory"),
    }


def themes() -> Mapping[str, str]:
    """Return the reader's word for each theme."""
    return {
        "education": _("Education"),
        "services": _("Services"),
        "participation": _("Participation"),
        "housing": _("Housing"),
        "employment": _("Employment"),
    }
