"""Rules of how the records lie: waves, wide columns, stays, words with codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from impact.spec.draft import Breach, Draft
from impact.spec.nodes import said_of
from impact.spec.place import Key, value_at
from impact.spec.records import Data, Spells
from impact.spec.spans import span_of, spans
from impact.spec.used import used_columns
from impact.spec.words import closest, listed, shown

__all__ = ["breaches"]

SHAPES = ("waves", "wide", "spells")
MOST_PERIODS = 5000


def breaches(draft: Draft) -> Iterator[Breach]:
    """Yield every rule about the records that does not hold."""
    if draft.data is None:
        return
    yield from _shapes(draft, draft.data)
    yield from _waves(draft, draft.data)
    yield from _wide(draft, draft.data)
    if draft.data.spells is not None:
        yield from _spells(draft.data.spells, draft)
    yield from _starts(draft, draft.data)
    yield from _codes(draft, draft.data)
    yield from _several_answers(draft, draft.data)


def _shapes(draft: Draft, data: Data) -> Iterator[Breach]:
    given = [name for name in SHAPES if draft.gives("data", name)]
    for name in given[1:]:
        found = f"both '{given[0]}' and '{name}' make the periods"
        yield Breach(("data", name), "contradiction", found, "", "keep one of them")
    sections = draft.design is not None and draft.design.sample == "cross_sections"
    if given and not draft.gives("data", "unit") and not (given[0] == "waves" and sections):
        found = f"'data.{given[0]}' needs 'data.unit'"
        wanted = f"expected {said_of(('data', 'unit'))}"
        if given[0] != "waves":
            advice = ""
        else:
            advice = "or write sample: cross_sections, if other people are asked each time"
        yield Breach(("data", "unit"), "missing-for-shape", found, wanted, advice)


def _waves(draft: Draft, data: Data) -> Iterator[Breach]:
    stated = value_at(draft.raw, ("data", "waves"))
    if isinstance(stated, dict) and len(stated) == 1:
        found = "one wave is named"
        yield Breach(("data", "waves"), "too-few", found, "expected two at least", "use 'path'")
    seen: dict[tuple[str, str | None], str] = {}
    for period, file in data.waves.items():
        first = seen.setdefault((file.path, file.sheet), period)
        if first != period:
            found = f"{shown(file.path)} is already the wave '{first}'"
            yield Breach(("data", "waves", period), "repeated", found, "", "name another file")


def _wide(draft: Draft, data: Data) -> Iterator[Breach]:
    every = [*next(iter(data.wide.values()), {})]
    sources: dict[str, Key] = {}
    used = used_columns(draft)
    for variable, columns in data.wide.items():
        key: Key = ("data", "wide", variable)
        if variable not in used:
            yield _no_role(key, variable, used)
        elif used[variable] in ("data.unit", "design.treated", "design.first_treated"):
            found = f"the column {shown(variable)} is '{used[variable]}', the same in every period"
            yield Breach(key, "constant-by-role", found, "", "take it out of 'wide'")
        if set(columns) != set(every) or len(columns) < 2:
            found = f"it has the periods {listed(columns, 'and') if columns else 'of none'}"
            wanted = f"expected {listed(every, 'and') if len(every) > 1 else 'two or more'}"
            advice = "give every variable the same periods, in columns of the file"
            yield Breach(key, "periods-differ", found, wanted, advice)
        for period, column in columns.items():
            if column in sources:
                found = f"the column {shown(column)} stands twice in 'wide'"
                yield Breach((*key, period), "repeated", found, "", "keep one of them")
            sources.setdefault(column, (*key, period))
    for column in (name for name in sources if name in used and name not in data.wide):
        found = f"the column {shown(column)} is one period of 'wide' and '{used[column]}'"
        advice = "a variable of 'wide' is named by the name that 'wide' gives it"
        yield Breach(sources[column], "two-roles", found, "", advice)


def _spells(spells: Spells, draft: Draft) -> Iterator[Breach]:
    key: Key = ("data", "spells")
    unread = [end for end in ("first", "last") if span_of(getattr(spells, end)) is None]
    for end in unread:
        found = f"{shown(getattr(spells, end))} is no period of the calendar"
        wanted = "expected such as 2021, 2021-Q1, 2021-01 or 2021-01-31"
        yield Breach((*key, end), "wrong-value", found, wanted)
    if not unread:
        yield from _length(spells)
    used = used_columns(draft, made=False)
    if spells.entry == spells.exit:
        found = f"the column {shown(spells.exit)} is already 'data.spells.entry'"
        yield Breach((*key, "exit"), "two-roles", found, "expected another column", "")
    for end in ("entry", "exit"):
        column = getattr(spells, end)
        if column in used:
            found = f"the column {shown(column)} is already '{used[column]}'"
            yield Breach((*key, end), "two-roles", found, "", "a column has one role")
    outcomes = [outcome.column for outcome in draft.outcomes.values() if outcome.score is None]
    if spells.column not in outcomes and len(outcomes) == len(draft.raw.get("outcomes") or ()):
        found = f"the column {shown(spells.column)} is made of the stays and is no outcome"
        advice = "name it as the column of an outcome, or give it an outcome's name"
        yield Breach((*key, "column"), "without-role", found, "", advice)


def _length(spells: Spells) -> Iterator[Breach]:
    begin, end = span_of(spells.first), span_of(spells.last)
    if begin is None or end is None:
        return
    if end.last < begin.first:
        found = f"the last period, {spells.last}, lies before the first, {spells.first}"
        yield Breach(("data", "spells", "last"), "dates-out-of-order", found, "", "check both")
        return
    days = {"day": 1, "month": 28, "quarter": 90, "year": 365}[spells.every]
    if (end.last - begin.first).days > MOST_PERIODS * days + days or (
        len(spans(spells.every, spells.first, spells.last)) > MOST_PERIODS
    ):
        found = f"these are more than {MOST_PERIODS} periods"
        key = ("data", "spells", "every")
        yield Breach(key, "too-many-periods", found, "", "take longer periods, or fewer of them")


def _starts(draft: Draft, data: Data) -> Iterator[Breach]:
    """Yield a start in words that is none of the periods that are made."""
    starts = draft.design.starts if draft.design else None
    known = [*data.waves] or [*next(iter(data.wide.values()), {})]
    if known and starts is not None and not _is_one_of(str(starts), known):
        near = closest(starts, known)
        yield Breach(
            ("design", "starts"),
            "unknown-period",
            f"{shown(starts)} is none of the periods",
            f"expected one of {listed(known)}",
            f"did you mean '{near}'?" if near else "",
        )


def _is_one_of(starts: str, known: list[str]) -> bool:
    """Whether a start is a period, or may lie between two of them."""
    if starts.strip().casefold() in {name.strip().casefold() for name in known}:
        return True
    dated = all(span_of(name) for name in known) and span_of(starts) is not None
    return dated or all(_is_number(name) for name in (*known, starts))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _codes(draft: Draft, data: Data) -> Iterator[Breach]:
    used = used_columns(draft)
    sources = {column for columns in data.wide.values() for column in columns.values()}
    for column, words in data.codes.items():
        key: Key = ("data", "codes", column)
        if column not in used and column not in sources:
            yield _no_role(key, column, used)
        numbers: dict[str, float] = {}
        for word, number in words.items():
            if numbers.setdefault(word.strip().casefold(), number) != number:
                found = f"the word {shown(word)} stands for two numbers"
                yield Breach((*key, word), "repeated", found, "", "keep one of them")
            for name in ("refused", "not_known", "not_asked"):
                if word in [str(code) for code in getattr(data.missing, name)]:
                    found = f"the word {shown(word)} already stands under 'missing.{name}'"
                    yield Breach((*key, word), "repeated", found, "", "keep one of them")


def _several_answers(draft: Draft, data: Data) -> Iterator[Breach]:
    used = used_columns(draft)
    questions = {column.rpartition("/")[0] for column in used if "/" in column}
    for index, column in enumerate(data.select_multiple):
        key: Key = ("data", "select_multiple", index)
        if column in data.select_multiple[:index]:
            yield Breach(key, "repeated", f"{shown(column)} stands twice", "", "keep one of them")
        if column not in used and column not in questions:
            yield _no_role(key, column, used)
        elif used.get(column, "").startswith(("data.", "design.", "outcomes")):
            found = f"{shown(column)} holds several answers and is '{used[column]}'"
            advice = f"name one of its choices, such as '{column}/choice'"
            yield Breach(key, "several-answers", found, "expected one answer a row", advice)


def _no_role(key: Key, column: str, used: Mapping[str, str]) -> Breach:
    near = closest(column, used)
    found = f"the column {shown(column)} has no role in this file"
    advice = f"did you mean '{near}'?" if near else "take it out, or name it as what it is"
    return Breach(key, "without-role", found, "", advice)
