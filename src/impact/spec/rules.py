"""Rules between the keys of a params file that hold for every design."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from impact.spec.draft import Breach, Draft
from impact.spec.models import Outcome, Scalar
from impact.spec.place import Key, dotted
from impact.spec.used import ONE_ROLE, OTHER_ROLES, used_columns
from impact.spec.words import closest, shown

__all__ = ["breaches"]

# The index is reports/index.html; Windows keeps the other names for devices.
TAKEN_IDS = frozenset(
    ["index", "con", "prn", "aux", "nul"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)]
)


def breaches(draft: Draft) -> Iterator[Breach]:
    """Yield every rule between keys that does not hold, whatever the design."""
    yield from _pilot(draft)
    yield from _about(draft)
    yield from _codes(draft)
    yield from _columns(draft)
    yield from _outcomes(draft)
    yield from _plan(draft)
    yield from _published(draft)


def _pilot(draft: Draft) -> Iterator[Breach]:
    if draft.text("pilot") in TAKEN_IDS:
        found = f"{shown(draft.raw['pilot'])} is a name that is taken"
        yield Breach(("pilot",), "taken-id", found, "", "call the pilot something else")


def _about(draft: Draft) -> Iterator[Breach]:
    starts, ends = draft.about.starts, draft.about.ends
    if starts and ends and ends < starts:
        found = f"the pilot ends on {ends}, before it starts on {starts}"
        yield Breach(("about", "ends"), "dates-out-of-order", found, "", "check both dates")
    yield from _repeated(enumerate(draft.about.themes), ("about", "themes"))


def _codes(draft: Draft) -> Iterator[Breach]:
    """Yield codes for no answer that have two meanings or are valid answers."""
    if draft.data is None:
        return
    first: dict[Scalar, str] = {}
    for name in ("refused", "not_known", "not_asked"):
        codes: tuple[Scalar, ...] = getattr(draft.data.missing, name)
        for index, code in enumerate(codes):
            key: Key = ("data", "missing", name, index)
            if code in first:
                found = f"the code {shown(code)} already stands under '{first[code]}'"
                yield Breach(key, "repeated", found, "", "keep one of them")
            first.setdefault(code, name)
            for outcome in draft.outcomes.values():
                yield from _inside_scale(key, code, outcome)


def _inside_scale(key: Key, code: Scalar, outcome: Outcome) -> Iterator[Breach]:
    scale = _scale(outcome)
    try:
        number = float(code)
    except (ValueError, OverflowError):
        return
    if scale and scale[0] <= number <= scale[1]:
        yield Breach(
            key,
            "code-inside-scale",
            f"the code {shown(code)} is a valid answer of the outcome '{outcome.column}', "
            f"whose scale is {scale[0]:g} to {scale[1]:g}",
            "expected a code outside every scale",
            "recode the answers that were not given in the data file",
        )


def _scale(outcome: Outcome) -> tuple[float, float] | None:
    """Return what an answer may be; of a score, what an item's may be."""
    if outcome.score is not None:
        return outcome.item_scale
    return outcome.scale or ((0.0, 1.0) if outcome.kind == "binary" else None)


def _columns(draft: Draft) -> Iterator[Breach]:
    """Yield columns that have two roles, or that are dropped and used."""
    taken: dict[str, str] = {}
    for key in ONE_ROLE:
        column = draft.text(*map(str, key))
        if key == ("data", "period") and draft.data is not None:
            column = draft.data.period
        if column is not None:
            yield from _second_role(key, column, taken)
            taken.setdefault(column, dotted(key))
    outcomes = {index: outcome.column for index, outcome in draft.outcomes.items()}
    lists: dict[str, Mapping[int, str]] = {
        "covariates": draft.covariates,
        "subgroups": draft.subgroups,
    }
    for name, columns in lists.items():
        for index, column in columns.items():
            yield from _second_role((name, index), column, taken)
        yield from _repeated(columns.items(), (name,))
    for key in OTHER_ROLES:
        taken.setdefault(draft.text(*map(str, key)) or "", dotted(key))
    for name, columns in lists.items():
        taken |= {column: name for column in columns.values() if column not in taken}
    for index, column in outcomes.items():
        yield from _second_role(("outcomes", index, "column"), column, taken)
    yield from _repeated(outcomes.items(), ("outcomes",), "column")
    yield from _dropped(draft)


def _second_role(key: Key, column: str, taken: Mapping[str, str]) -> Iterator[Breach]:
    if column in taken:
        found = f"the column {shown(column)} is already '{taken[column]}'"
        yield Breach(key, "two-roles", found, "expected another column", "a column has one role")


def _repeated(items: Iterable[tuple[int, object]], key: Key, *rest: str) -> Iterator[Breach]:
    seen: set[object] = set()
    for index, item in items:
        if item in seen:
            found = f"{shown(item)} stands twice"
            yield Breach((*key, index, *rest), "repeated", found, "", "keep one of them")
        seen.add(item)


def _dropped(draft: Draft) -> Iterator[Breach]:
    if draft.data is None:
        return
    used = used_columns(draft, made=False)
    spells = draft.data.spells
    if spells is not None:
        used = {spells.entry: "data.spells", spells.exit: "data.spells"} | used
    for columns in draft.data.wide.values():
        used = dict.fromkeys(columns.values(), "data.wide") | used
    for index, column in enumerate(draft.data.drop):
        if column in used:
            found = f"the column {shown(column)} is dropped, but it is '{used[column]}'"
            advice = "take it out of 'drop', or name another column"
            yield Breach(("data", "drop", index), "dropped-but-used", found, "", advice)


def _outcomes(draft: Draft) -> Iterator[Breach]:
    for index, outcome in draft.outcomes.items():
        key: Key = ("outcomes", index)
        scale = outcome.scale or ((0.0, 1.0) if outcome.kind == "binary" else None)
        if scale is None:
            continue
        low, high = scale
        if low >= high:
            found = f"the scale runs from {low:g} to {high:g}"
            wanted = "expected the lowest value, then the highest"
            yield Breach((*key, "scale"), "scale-out-of-order", found, wanted)
        elif outcome.kind == "binary" and scale != (0, 1):
            found = f"the outcome is binary, its scale {low:g} to {high:g}"
            yield Breach((*key, "scale"), "binary-scale", found, "expected [0, 1]")
        elif outcome.smallest_effect and outcome.smallest_effect > high - low:
            found = f"{outcome.smallest_effect:g} is more than the whole scale, {low:g} to {high:g}"
            advice = "write 5 people in 100 as 0.05" if high - low == 1 else ""
            key = (*key, "smallest_effect")
            yield Breach(key, "effect-larger-than-scale", found, "", advice)


def _plan(draft: Draft) -> Iterator[Breach]:
    plan, starts = draft.plan, draft.about.starts
    if plan.endline and starts and plan.endline < starts:
        found = f"the first endline record is of {plan.endline}, before the pilot starts, {starts}"
        yield Breach(("plan", "endline"), "dates-out-of-order", found, "", "check both dates")
    for index, deviation in enumerate(plan.deviations):
        if plan.frozen and deviation.date < plan.frozen:
            found = f"the deviation is of {deviation.date}, before the plan was frozen"
            advice = f"the plan was frozen on {plan.frozen}; check both dates"
            key: Key = ("plan", "deviations", index, "date")
            yield Breach(key, "dates-out-of-order", found, "", advice)


def _published(draft: Draft) -> Iterator[Breach]:
    columns = [outcome.column for outcome in draft.outcomes.values()]
    if any(key[:1] == ("outcomes",) for key in draft.faulty):
        return
    named: list[tuple[Key, str]] = [
        (("published", index, "outcome"), published.outcome)
        for index, published in draft.published.items()
    ]
    named += [
        (("plan", "deviations", index, "outcome"), deviation.outcome)
        for index, deviation in enumerate(draft.plan.deviations)
        if deviation.outcome is not None
    ]
    for key, outcome in named:
        if outcome not in columns:
            near = closest(outcome, columns)
            yield Breach(
                key,
                "unknown-outcome",
                f"{shown(outcome)} is no outcome of this pilot",
                f"expected one of {', '.join(columns)}",
                f"did you mean '{near}'?" if near else "",
            )
