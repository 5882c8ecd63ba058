"""Every estimate of one pilot: the headline, what stands beside it, and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.choose import Choice, asked, choose
from impact.did.ruled import (
    ALL_CELLS,
    ALL_ROWS,
    BALANCED,
    OWN_ERRORS,
    as_ruled,
    estimated,
    untested,
)
from impact.did.several import adjusted
from impact.did.uncertainty import Inference
from impact.errors import DesignError
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence

__all__ = ["estimate"]

CONVENTION = Sentence(
    "This is the error structure of the published source, shown to repeat its table; the rule "
    "of this report does not hold it to be valid here."
)
NOT_SHOWN = N_("%(method)s could not be shown beside it: it does not fit these data.")


def estimate(panel: Panel) -> Effects:
    """Estimate every outcome with the method and inference of the rule.

    Per outcome the headline, then the alternatives: the params file's further methods, or
    by default `twfe` beside several starts, `event_study` and `twfe` beside a difference in
    differences with three periods or more, `difference_in_means` beside `ancova`. Where
    units were seen on one side of the start only, the headline is of the others' own
    changes (with several starts: of the changes of those seen in both periods of each
    comparison), and the means of all rows stand beside it (term ``ATT all rows``); the other way
    round (term ``ATT balanced``) where the params file names `did`. Where the rule declines
    what the params file names, that stands as convention.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    Effects
        In the order of the outcomes. The headlines of primary outcomes carry the adjusted
        p-value in ``details["p_adjusted"]``.

    Raises
    ------
    DesignError
        A headline cannot be estimated. An alternative that cannot be is told in the
        headline's notes, and why in its ``details["not_shown"]``.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.estimate(panel).to_frame()  # doctest: +SKIP
    """
    choices = [choose(panel, outcome.column) for outcome in panel.outcomes]
    groups = [
        _one_outcome(panel, outcome.column, choice)
        for outcome, choice in zip(panel.outcomes, choices, strict=True)
    ]
    # What is said of every outcome is said once, with the first one's counts.
    reasons: dict[str, Sentence] = {}
    for reason in (reason for choice in choices for reason in choice.reasons):
        reasons.setdefault(reason.text, reason)
    headlines = adjusted(panel, [group[0] for group in groups], choices)
    results = (
        effect
        for headline, group in zip(headlines, groups, strict=True)
        for effect in (headline, *group[1:])
    )
    return Effects(tuple(results), tuple(reasons.values()))


def _one_outcome(panel: Panel, outcome: str, choice: Choice) -> list[EffectResult]:
    headline = as_ruled(panel, outcome, choice)
    beside: list[EffectResult] = []
    refused: dict[str, str] = {}
    methods = _alternatives(panel, choice)
    for method in methods:
        found = _attempt(panel, method, outcome, choice)
        if isinstance(found, DesignError):
            refused[method] = str(found)
        else:
            if choice.inference == "none":
                found = untested(found, panel)
            beside.append(replace(found, role="alternative"))
    for method in (choice.method, *methods) if choice.beside else ():
        by_source = _convention(panel, method, outcome)
        if isinstance(by_source, DesignError):
            refused[method] = str(by_source)
        elif by_source is not None:
            beside.append(by_source)
    if refused:
        # Why may count people, and is told in the error's own words: it stays off the page.
        notes = tuple(Sentence(NOT_SHOWN, {"method": method}) for method in refused)
        details = {**headline.details, "not_shown": refused}
        headline = replace(headline, notes=(*headline.notes, *notes), details=details)
    return [headline, *beside]


def _attempt(
    panel: Panel, method: str, outcome: str, how: Choice | Inference
) -> EffectResult | DesignError:
    try:
        return estimated(panel, method, outcome, how)
    except DesignError as error:
        return error


def _alternatives(panel: Panel, choice: Choice) -> tuple[str, ...]:
    methods = panel.spec.analysis.methods if panel.spec is not None else "auto"
    further: tuple[str, ...] = ()
    if methods != "auto":
        further = tuple(method for method in methods if method != choice.method)
    elif choice.method == "callaway_santanna":
        further = ("twfe",)
    elif choice.method == "ancova":
        further = ("difference_in_means",)
    elif choice.method == "did" and len(panel.periods) > 2:
        further = ("event_study", "twfe")
    if choice.balanced:
        return (*further, ALL_ROWS if choice.method == "did" else ALL_CELLS)
    return (*further, BALANCED) if choice.method == "did" and _part_seen(panel) else further


def _part_seen(panel: Panel) -> bool:
    """Tell whether some units are seen on one side of the start only."""
    if not panel.is_panel:
        return False
    after = panel.under_treatment | (panel.times[panel.period] >= panel.start.min())
    known = panel.values[panel.primary.column].notna().to_numpy()
    later, earlier = (np.unique(panel.unit[known & side]) for side in (after, ~after))
    return len(np.setxor1d(later, earlier)) > 0


def _convention(panel: Panel, method: str, outcome: str) -> EffectResult | DesignError | None:
    wanted = asked(panel)
    if wanted is None or method in OWN_ERRORS or wanted.kind in ("permutation", "none"):
        return None
    kind = "cr1" if wanted.kind == "auto" else wanted.kind
    found = _attempt(panel, method, outcome, Inference(kind, wanted.over))
    if isinstance(found, DesignError):
        return found
    return replace(found, role="convention", notes=(CONVENTION, *found.notes))
