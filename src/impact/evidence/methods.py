"""How the numbers were made: method, error structure, every default that was used."""

from __future__ import annotations

from impact.data.panel import Panel
from impact.evidence.how_made import degrees_said, errors_said, held_equal, names_said
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence, Statement
from impact.tables import METHODS

__all__ = ["methods", "reproduce"]

_METHODS = {
    "did": Sentence(
        "Difference of differences: the change of the pilot group from before to after the "
        "start, less the change of the comparison group. It is the pilot's effect if both would "
        "have changed alike without it."
    ),
    "twfe": Sentence(
        "Two-way fixed effects: a regression on the pilot with an effect of its own for every "
        "unit and every period."
    ),
    "event_study": Sentence(
        "Event study: the difference between the groups in every period, against the last "
        "period before the start."
    ),
    "callaway_santanna": Sentence(
        "Callaway and Sant'Anna (2021): every starting group against those not yet or never "
        "reached, averaged over the groups. Early starters never serve as a comparison."
    ),
    "sun_abraham": Sentence(
        "Sun and Abraham (2021): an effect for every starting group and period in one "
        "regression, averaged over the groups."
    ),
    "imputation": Sentence(
        "Imputation (Borusyak, Jaravel and Spiess 2024): what would have been without the pilot is "
        "predicted from records not yet reached, and compared with what was."
    ),
    "two_stage": Sentence(
        "Two stages (Gardner 2021): units and periods are levelled on records not yet reached; "
        "what is left is compared."
    ),
    "stacked": Sentence(
        "Stacked comparisons: every starting group beside units that start later or never, in "
        "data sets of their own that are put together."
    ),
    "synthetic_did": Sentence(
        "Synthetic difference in differences (Arkhangelsky et al. 2021): the change of the pilot's "
        "places less that of a weighted mean of other places whose course before ran alike."
    ),
    "synthetic_control": Sentence(
        "Synthetic control (Abadie et al. 2010): the pilot's places against a weighted mean of "
        "other places that was at the same level before."
    ),
    "triple_difference": Sentence(
        "Triple difference: the difference of differences among those whom the pilot could reach, "
        "less the same among those whom it could not."
    ),
    "before_after": Sentence(
        "Before and after: the mean change of the same people. "
        "It does not say what the pilot caused."
    ),
    "difference_in_means": Sentence(
        "Difference of means at the end between those drawn and those not drawn by lottery."
    ),
    "ancova": Sentence(
        "Difference at the end between those drawn and those not drawn by lottery, with the "
        "outcome at the start held equal."
    ),
}


def methods(panel: Panel, effects: Effects) -> Statement:
    """Say which method and which errors were used, why, and what was left at its default.

    Parameters
    ----------
    panel : Panel
        The pilot's data and design.
    effects : Effects
        All effects with the reasons for the choice.

    Returns
    -------
    Statement
        Section ``methods``.
    """
    headline = effects.headline(panel.primary.column)
    said = [_METHODS.get(headline.method, Sentence("%(m)s", {"m": headline.method}))]
    said += [*errors_said(panel, headline), *degrees_said(panel, headline)]
    said += [*held_equal(panel, headline), *effects.reasons, *_notes(panel, effects, headline)]
    said += _subgroups(panel)
    return Statement("methods", tuple({str(one): one for one in said}.values()), _defaults(panel))


def _subgroups(panel: Panel) -> list[Sentence]:
    """Say which subgroups the params file names, and how they are looked at."""
    if not panel.subgroups:
        return []
    said = N_(
        "Subgroups are by %(names)s. Within each, the first primary outcome is estimated by the "
        "same method as if the others were not there; estimates are not corrected for being "
        "several."
    )
    return [Sentence(said, {"names": names_said(panel, panel.subgroups)})]


def _notes(panel: Panel, effects: Effects, headline: EffectResult) -> list[Sentence]:
    """Return the headline's notes, and of the others each kind of note once, named.

    Notes that are about one outcome name it themselves and stand for each.
    """
    kinds = {note.text for note in (*effects.reasons, *headline.notes)}
    said = list(headline.notes)
    said += [
        note
        for effect in effects
        for note in effect.notes
        if "about" in note.values and note not in headline.notes
    ]
    for effect in effects:
        new = [note for note in effect.notes if note.text not in kinds]
        kinds |= {note.text for note in new}
        named = {
            "method": METHODS.get(effect.method, effect.method),
            "outcome": panel.outcome(effect.outcome).label,
        }
        said += [Sentence("%(method)s, “%(outcome)s”: %(note)s", named | {"note": n}) for n in new]
    return said


def _defaults(panel: Panel) -> tuple[tuple[Sentence, Sentence], ...]:
    """List the keys of the analysis, and which of them were left at their default."""
    if panel.spec is None:
        return ()
    chosen = panel.spec.analysis
    rows = []
    for key in type(chosen).model_fields:
        value = getattr(chosen, key)
        value = ", ".join(value) if isinstance(value, tuple) else value
        text = "%(value)s" if key in chosen.model_fields_set else N_("%(value)s (default)")
        said = Sentence(text, {"value": N_("none") if value is None else str(value)})
        rows.append((Sentence("%(key)s", {"key": f"analysis.{key}"}), said))
    said = Sentence("%(value)s", {"value": str(panel.spec.report.minimum_cell)})
    rows.append((Sentence("%(key)s", {"key": "report.minimum_cell"}), said))
    return tuple(rows)


def reproduce(panel: Panel) -> Statement:
    """Say how anyone with the data gets the same page.

    Parameters
    ----------
    panel : Panel
        The pilot's data; its params file names the pilot and the seed.

    Returns
    -------
    Statement
        Section ``reproduce``.
    """
    from importlib.metadata import version

    said = [
        Sentence(
            "With the project's folder and the data file, the command “impact run %(pilot)s” "
            "makes this page again.",
            {"pilot": panel.pilot},
        )
    ]
    if panel.spec is not None:
        said.append(
            Sentence(
                "Everything that was chosen stands in one file, params/%(pilot)s.yml; the seed "
                "of random draws is %(seed)s.",
                {"pilot": panel.pilot, "seed": str(panel.spec.analysis.seed)},
            )
        )
    names = ("impact", "pandas", "numpy", "scipy", "statsmodels")
    rows = tuple(
        (Sentence("%(name)s", {"name": name}), Sentence("%(version)s", {"version": version(name)}))
        for name in names
    )
    return Statement("reproduce", tuple(said), rows)
