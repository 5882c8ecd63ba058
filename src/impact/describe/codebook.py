"""The codebook: what was measured, of which kind, on which scale, by which codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.data.spelling import number_of, spelled
from impact.data.table import Described
from impact.describe.cells import MOST_WORDS, Variable, called, covariates, values_of
from impact.locale import N_
from impact.results.text import Sentence, Statement
from impact.spec.models import Outcome

__all__ = ["codebook"]

KINDS = {
    "binary": Sentence("Yes or no."),
    "ordinal": Sentence("Levels in order."),
    "continuous": Sentence("A number."),
    "count": Sentence("A count."),
    "duration": Sentence("A length of time."),
    "words": Sentence("In words."),
}
BETTER = {
    "higher": Sentence("Higher is better."),
    "lower": Sentence("Lower is better."),
    "neutral": Sentence("Neither way is better."),
}
SCALE = N_("Scale: %(low)s to %(high)s.")
UNIT = N_("Measured in %(unit)s.")
SUM = N_("Sum of %(items)s.")
MEAN = N_("Mean of %(items)s.")
TURNED = N_("Turned round first: %(items)s.")
FILE = N_("In the file: “%(label)s”.")
COLUMN = N_("Column %(column)s.")
CODE = N_("%(code)s stands for “%(word)s”.")
CATEGORY = N_("Category “%(name)s”.")
ABSENT = {
    "refused": N_("Refused: %(codes)s."),
    "not_known": N_("Did not know: %(codes)s."),
    "not_asked": N_("Not asked: %(codes)s."),
    "missing": N_("No answer: %(codes)s."),
}


def codebook(panel: Panel) -> Statement:
    """Say of each outcome, covariate and subgroup what it is and how it is coded.

    Only what is stated is told: by the params file and by the data file's own labels. No value
    that somebody gave is, so no lowest or highest one; a category of words stands with the
    number of units that have it (`people`, which no text names), so that the gate leaves out
    those of few.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    Statement
        Section ``codebook``: a fact a variable, whose description is a row of sentences named
        ``part0``, ``part1`` ….

    Examples
    --------
    >>> impact.codebook(panel).facts[0]  # doctest: +SKIP
    """
    facts = [
        (_term(outcome.label or outcome.column), _row(_outcome(panel, outcome)))
        for outcome in panel.outcomes
    ]
    measured = {outcome.column for outcome in panel.outcomes}
    others: dict[str, list[Variable]] = {}
    names = tuple(dict.fromkeys([*panel.covariates, *panel.subgroups]))
    for variable in covariates(replace(panel, covariates=names)):
        if variable.column not in measured:
            others.setdefault(variable.name, []).append(variable)
    for name, variables in others.items():
        facts.append((_term(called(panel, name)), _row(_covariate(panel, name, variables))))
    return Statement("codebook", (), tuple(facts))


def _term(label: str) -> Sentence:
    return Sentence("%(label)s", {"label": _cut(label)})


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1].rstrip()}…"


def _row(parts: Iterator[Sentence]) -> Sentence:
    """Put whole sentences one after the other."""
    named = {f"part{at}": part for at, part in enumerate(parts)}
    return Sentence(" ".join(f"%({name})s" for name in named), named)


def _outcome(panel: Panel, outcome: Outcome) -> Iterator[Sentence]:
    said = panel.described.get(outcome.column, Described())
    yield from _source(outcome.column, said, outcome.label, made=outcome.score is not None)
    yield KINDS[outcome.kind]
    if outcome.scale is not None:
        low, high = (f"{end:g}" for end in outcome.scale)
        yield Sentence(SCALE, {"low": low, "high": high})
    if outcome.measured_in:
        yield Sentence(UNIT, {"unit": outcome.measured_in})
    yield BETTER[outcome.direction]
    if outcome.score is not None:
        text = SUM if outcome.score.of == "sum" else MEAN
        yield Sentence(text, {"items": ", ".join(outcome.score.items)})
        if outcome.score.reverse:
            yield Sentence(TURNED, {"items": ", ".join(outcome.score.reverse)})
        said = panel.described.get(outcome.score.items[0], said)
    yield from _levels(panel, outcome, said)
    yield from _absent(panel, said)


def _covariate(panel: Panel, name: str, variables: list[Variable]) -> Iterator[Sentence]:
    said = panel.described.get(name, Described())
    yield from _source(name, said, said.label)
    if variables[0].category:
        yield KINDS["words"]
        for variable in variables:
            people = _people(panel, values_of(panel, variable) == 1)
            yield Sentence(CATEGORY, {"name": variable.category}, {"people": people})
    else:
        yield KINDS["binary" if variables[0].binary else "continuous"]
        yield from _coded(panel, variables[0].column, said)
    yield from _absent(panel, said)


def _source(column: str, said: Described, shown: str, *, made: bool = False) -> Iterator[Sentence]:
    if not made:
        yield Sentence(COLUMN, {"column": column})
    if said.label and said.label != shown:
        yield Sentence(FILE, {"label": _cut(said.label)})


def _people(panel: Panel, rows: np.ndarray) -> int:
    return len(np.unique(panel.unit[rows]))


def _levels(panel: Panel, outcome: Outcome, said: Described) -> Iterator[Sentence]:
    """Yield what the levels of a stated scale stand for; of no scale, those of many people."""
    if outcome.kind not in ("binary", "ordinal"):
        return
    scale = (0.0, 1.0) if outcome.kind == "binary" else outcome.item_scale
    if scale is None:
        yield from _coded(panel, outcome.column, said)
        return
    for code, word in _words(said):
        if scale[0] <= code <= scale[1]:
            yield Sentence(CODE, {"code": f"{code:g}", "word": _cut(word)})


def _coded(panel: Panel, column: str, said: Described) -> Iterator[Sentence]:
    values = panel.values[column].to_numpy(dtype=float)
    for code, word in _words(said):
        counts = {"people": _people(panel, values == code)}
        yield Sentence(CODE, {"code": f"{code:g}", "word": _cut(word)}, counts)


def _words(said: Described) -> Iterator[tuple[float, str]]:
    for code, word in said.values.items():
        number = number_of(code)
        if number is not None and code not in said.missing:
            yield number, word


def _absent(panel: Panel, said: Described) -> Iterator[Sentence]:
    """Yield which codes stand for an answer not given: by the params file, then by the file."""
    codes = {name: _stated(panel, name) for name in ABSENT}
    known = {code for several in codes.values() for code in several}
    found: Mapping[str, str] = {c: k for c, k in said.missing.items() if c not in known}
    for kind, several in codes.items():
        several += [code for code, answer in found.items() if answer == kind]
        if several:
            yield Sentence(ABSENT[kind], {"codes": ", ".join(several)})


def _stated(panel: Panel, kind: str) -> list[str]:
    missing = None if panel.spec is None else panel.spec.data.missing
    return [spelled(code) or str(code).strip() for code in getattr(missing, kind, ())]
