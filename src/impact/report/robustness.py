"""How the result holds up: one block a look, drawn from what the gate released."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from markupsafe import Markup

from impact.did.everybody import FEW_LOST
from impact.did.look_terms import said_term
from impact.locale import N_, _
from impact.report.environment import short
from impact.report.pictures import effect_figure
from impact.report.views import Block
from impact.results import EffectResult, Part, Sentence, Statement
from impact.tables import METHODS, effect_html

__all__ = ["LOOKS", "look_of", "robustness_block"]

LOOKS = (
    "by_subgroup",
    "by_time",
    "sensitivity",
    "leave_one_out",
    "placebo",
    "other_errors",
    "other_methods",
    "bounds",
    "reweighted",
)
LOST = ("bounds", "reweighted")
"""Looks at what those who were lost may do to the result."""
VARIANTS = {
    "ATT all rows": N_("all rows"),
    "ATT balanced": N_("same units throughout"),
    "ATT without covariates": N_("without covariates"),
}
RANGE = {
    True: N_(
        "With all places the estimate is %(all)s. With one place left out at a time it lies "
        "between %(low)s and %(high)s, always on the same side of no difference."
    ),
    False: N_(
        "With all places the estimate is %(all)s. With one place left out at a time it lies "
        "between %(low)s and %(high)s, on both sides of no difference: its direction hangs on "
        "single places."
    ),
}
BETWEEN = {
    True: N_(
        "Had those who were lost fared as badly or as well as the data allow, the estimate would "
        "lie between %(low)s and %(high)s: on the same side of no difference in any case."
    ),
    False: N_(
        "Had those who were lost fared as badly or as well as the data allow, the estimate would "
        "lie between %(low)s and %(high)s: its direction hangs on them."
    ),
}
HIDDEN = Sentence("The numbers are not shown, because they would tell about too few people.")
BEFORE = Sentence("Before the start the points should lie near zero.")
INVENTED = {
    True: Sentence(
        "At an invented start nothing had happened yet, so the estimate should lie near zero. Its "
        "range says how large a difference would have gone unseen."
    ),
    False: Sentence(
        "At an invented start nothing had happened yet, so the estimate should lie near zero."
    ),
}


def look_of(part: Part) -> str | None:
    """Return which look at the result the part is; None where it is something else."""
    key = part.role if isinstance(part, EffectResult) else getattr(part, "section", "")
    return key if key in LOOKS else None


def robustness_block(
    part: Part, labels: Mapping[str, str], captions: Mapping[str, str], *, threshold: int, name: str
) -> Iterator[Block]:
    """Yield a look's heading with its text, or with its figure and the numbers behind it.

    Parameters
    ----------
    part : EffectResult or Statement
        Released.
    labels : mapping of str to str
        What a reader calls the outcomes.
    captions : mapping of str to str
        Heading of each look.
    threshold : int
        The smallest group that is shown.
    name : str
        What the ids of the table begin with.
    """
    look = str(look_of(part))
    if isinstance(part, Statement):
        if part.sentences:
            yield Block(heading=captions[look], sentences=part.sentences)
        return
    assert isinstance(part, EffectResult)
    parts = part.rows.iloc[1:] if look in ("by_subgroup", *LOST) else part.rows
    if look in LOST and parts["estimate"].isna().all():
        # No notes: what they say would tell that somebody was lost, and how many.
        yield Block(heading=captions[look], sentences=(Sentence(FEW_LOST),))
        return
    if parts["estimate"].isna().all():
        yield Block(heading=captions[look], sentences=(HIDDEN,), notes=part.notes)
        return
    rows = _readable(part.rows, look)
    drawn = rows if look == "by_time" else rows.assign(method=part.method, inference="")
    figure = effect_figure(EffectResult(drawn, part.base), labels)
    table = effect_html(
        EffectResult(rows, part.base),
        threshold=threshold,
        caption=_title(labels.get(part.outcome, part.outcome), captions[look]),
        name=name,
        notes=False,
    )
    yield Block(
        heading=captions[look],
        sentences=_said(rows, look),
        figures=(figure,) if figure else (),
        notes=part.notes,
    )
    yield Block(table=Markup(table), folded=figure is not None)


def _title(outcome: str, look: str) -> str:
    """Name a look's table by its outcome; the look goes on after the colon."""
    told = {"outcome": short(_(outcome)), "look": look[:1].lower() + look[1:]}
    return _("%(outcome)s: %(look)s") % told


def _readable(rows: pd.DataFrame, look: str) -> pd.DataFrame:
    """Return rows whose terms are what a reader calls them."""
    if look == "other_methods":
        names = [_(METHODS.get(method, method)) for method in rows["method"]]
        told = [
            f"{name}, {_(VARIANTS[term])}" if term in VARIANTS else name
            for name, term in zip(names, rows["term"], strict=True)
        ]
        told[0] = _("%(method)s (main estimate)") % {"method": told[0]}
        return rows.assign(term=told)
    if look == "by_time":
        return rows
    terms = [said_term(term, look) for term in rows["term"]]
    return rows.assign(term=[term[:1].upper() + term[1:] for term in terms])


def _said(rows: pd.DataFrame, look: str) -> tuple[Sentence, ...]:
    """Say how to read the figure, with the range of what was released."""
    known = rows[rows["estimate"].notna()]
    if known.empty:
        return ()
    if look == "by_time":
        return (BEFORE,) if (pd.to_numeric(known["term"]) < 0).any() else ()
    if look == "placebo":
        return (INVENTED[bool(known["conf_low"].notna().all())],)
    if look == "bounds" and len(known) == len(rows):
        low, high = (float(known["estimate"].iloc[at]) for at in (1, 2))
        same = min(low, high) > 0 or max(low, high) < 0
        return (Sentence(BETWEEN[same], {"low": low, "high": high}),)
    if look == "leave_one_out" and len(known) > 1:
        return (_range(known["estimate"]),)
    return ()


def _range(estimates: pd.Series) -> Sentence:
    """Say between which values the estimate lies without single places."""
    first = float(estimates.iloc[0])
    low, high = float(estimates.iloc[1:].min()), float(estimates.iloc[1:].max())
    same = min(low, high, first) > 0 or max(low, high, first) < 0
    return Sentence(RANGE[same], {"all": first, "low": low, "high": high})
