"""How the numbers were made: method, error structure, every default that was used."""

from __future__ import annotations

from impact.data.panel import Panel
from impact.results import EffectResult, Effects, Sentence, Statement
from impact.tables import METHODS

__all__ = ["methods", "quality", "reproduce"]

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
_ERRORS = {
    "classical": Sentence(
        "Errors: classical; every record counts as independent and equally sure."
    ),
    "hc1": Sentence("Errors: robust to unequal spread (HC1)."),
    "hc2": Sentence("Errors: robust to unequal spread (HC2)."),
    "hc3": Sentence("Errors: robust to unequal spread (HC3)."),
    "cr1": Sentence(
        "Errors: clustered by the unit of assignment (CR1, fixed effects nested in the clusters "
        "not counted), t distribution with clusters less one degrees of freedom."
    ),
    "cr2": Sentence(
        "Errors: clustered by the unit of assignment with the bias-reduced correction for few "
        "clusters (CR2, Satterthwaite degrees of freedom; Bell and McCaffrey 2002)."
    ),
    "analytic": Sentence(
        "Errors: from each unit's influence on the estimate, summed within the clusters."
    ),
    "permutation": Sentence(
        "Test by permutation: the same comparison with every other place taken for the pilot's."
    ),
    "placebo": Sentence(
        "Errors: the effects that comparison places show when they are taken for the pilot's; the "
        "p-value is a permutation's over all places, in which the pilot's own counts."
    ),
    "jackknife": Sentence(
        "Errors: jackknife; one place is left out at a time and the weights are kept."
    ),
    "wild_bootstrap": Sentence("Errors: restricted wild cluster bootstrap."),
    "none": Sentence(
        "No test and no interval: none is valid with so few units of assignment on one side."
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
    said += [_ERRORS.get(headline.inference, Sentence("%(i)s", {"i": headline.inference}))]
    said += [*_held_equal(headline), *effects.reasons, *_notes(panel, effects, headline)]
    said += _subgroups(panel)
    return Statement("methods", tuple({str(one): one for one in said}.values()), _defaults(panel))


def _held_equal(effect: EffectResult) -> list[Sentence]:
    """Name the covariates that the estimate is adjusted for."""
    columns = effect.details.get("covariates") or ()
    names = dict.fromkeys(name.partition("=")[0] for name in columns)
    if not names:
        return []
    said = "The estimate is adjusted for what differed between the groups in: %(names)s."
    return [Sentence(said, {"names": ", ".join(names)})]


def _subgroups(panel: Panel) -> list[Sentence]:
    """Say which subgroups the params file names; no effect is estimated for them yet."""
    if not panel.subgroups:
        return []
    said = "The plan names subgroups (%(names)s); this page has no estimates for them."
    return [Sentence(said, {"names": ", ".join(panel.subgroups)})]


def _notes(panel: Panel, effects: Effects, headline: EffectResult) -> list[Sentence]:
    """Return the headline's notes, and of the others each kind of note once, named."""
    kinds = {note.text for note in (*effects.reasons, *headline.notes)}
    said = list(headline.notes)
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
        text = "%(value)s" if key in chosen.model_fields_set else "%(value)s (default)"
        said = Sentence(text, {"value": "none" if value is None else str(value)})
        rows.append((Sentence("%(key)s", {"key": f"analysis.{key}"}), said))
    said = Sentence("%(value)s", {"value": str(panel.spec.report.minimum_cell)})
    rows.append((Sentence("%(key)s", {"key": "report.minimum_cell"}), said))
    return tuple(rows)


def quality(panel: Panel) -> Statement:
    """Say how many rows were read, used and dropped, and for which reason.

    Parameters
    ----------
    panel : Panel
        The pilot's data.

    Returns
    -------
    Statement
        Section ``data``.
    """
    rows = []
    for name, count in panel.rows.items():
        rows.append(
            (
                Sentence("%(name)s", {"name": f"Rows {name}"}),
                Sentence("%(count)s", counts={"count": int(count)}),
            )
        )
    return Statement("data", (), tuple(rows))


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
