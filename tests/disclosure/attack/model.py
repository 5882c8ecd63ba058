"""What a page says, as inequalities: the attacker's reading of one edition."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from attack.press import Issue
from attack.published import Cell, Span, Table, Text, estimates_of, number, read, significant, spans
from attack.system import System, total
from attack.truth import STATES
from scipy.stats import t as student

__all__ = ["Reading", "reading"]

STATE = dict(
    zip(("no answer given", "refused", "did not know", "not asked"), STATES, strict=True)
)
LEVELS = re.compile(r"^(-?\d+)(?:(?: or | to |–)(-?\d+))?")
MOST = 400


@dataclass
class Reading:
    """One edition as it is read: the inequalities, and what was told of which unknown."""

    system: System
    groups: tuple[str, ...]
    waves: tuple[str, ...]
    guarded: bool
    minimum: int
    scales: Mapping[str, tuple[int, int]]
    names: Mapping[str, str]
    baseline: str = ""
    tables: Sequence[Table] = ()
    texts: Sequence[Text] = ()
    told: set[Hashable] = field(default_factory=set)
    sets: list[tuple[dict[Hashable, float], frozenset[int]]] = field(default_factory=list)

    def spread(self, group: str) -> tuple[str, ...]:
        """Return the groups that a column is made of."""
        return self.groups if group == "a" else (group,)

    def codes(self, name: str) -> tuple[int, ...]:
        """Return the answers that an outcome can have, none where they are not so few."""
        if name not in self.scales:
            return ()
        low, high = self.scales[name]
        return tuple(range(low, high + 1))

    def step(self, section: str) -> int:
        """Return to which multiple the numbers of people in a section may be rounded."""
        if not self.guarded:
            return 0
        said = [text.said for text in self.texts if text.section == section]
        found = [re.search(r"rounded to the nearest (\d+)", one) for one in said]
        return max((int(one.group(1)) for one in found if one), default=0)


def reading(
    issue: Issue,
    *,
    scales: Mapping[str, tuple[int, int]],
    names: Mapping[str, str],
    only: int = 0,
) -> Reading:
    """Read a page and its estimates.

    Parameters
    ----------
    issue : Issue
    scales : mapping
        Of each outcome the scale that the page's codebook tells.
    names : mapping
        From an outcome's label, as the page has it, to its column.
    only : int
        Where above zero: read what a page would show that leaves out no more than counts of
        fewer than this and shares that give such away.
    """
    tables, texts = read(issue.page)
    guarded = any("To protect people" in text.said for text in texts)
    told = [re.search(r"groups of fewer than (\d+)", text.said) for text in texts]
    minimum = next((int(one.group(1)) for one in told if one), 0)
    found = Reading(System(MOST), (), (), guarded, minimum, scales, names)
    found.tables, found.texts = tables, texts
    cells = [cell for table in tables for cell in table.cells()]
    if only:
        cells = list(_first_only(cells, only))
    _shape(found, cells)
    _frame(found)
    for cell in cells:
        if not cell.hidden:
            where = (cell.section, cell.body, cell.row, *cell.column)
            found.system.source = f"{' / '.join(filter(None, where))} = {cell.text}"
            _cell(found, cell)
    if not found.system.places:
        return found
    _intervals(found, estimates_of(issue))
    _narrowed(found)
    return found


def _first_only(cells: Iterable[Cell], minimum: int) -> Iterable[Cell]:
    """Leave out what is small by itself: primary suppression, as people do it by hand."""
    for cell in cells:
        counts = re.fullmatch(r"[\d,]+", cell.text) is not None
        if counts and 0 <= float(cell.text.replace(",", "")) < minimum:
            continue
        yield cell


def _shape(found: Reading, cells: Sequence[Cell]) -> None:
    """Find the groups, the periods in their order and the baseline."""
    heads = {name for cell in cells if cell.section == "participants" for name in cell.column}
    known = {"Pilot group": "t", "Comparison group": "c"}
    found.groups = tuple(key for name, key in known.items() if name in heads) or ("t",)
    waves: dict[str, None] = {}
    for cell in cells:
        if cell.section == "participants":
            waves |= dict.fromkeys(cell.column[1:])
    for cell in cells if waves else ():
        if cell.section == "trends" and cell.caption == "Averages by group and period":
            waves.setdefault(cell.row.rpartition(", ")[2])
    found.waves = tuple(sorted(waves, key=lambda one: (len(one), one))) or ("1",)
    for cell in cells:
        at = re.match(r"At the baseline \((.+)\)", cell.row)
        if at:
            found.baseline = at.group(1)


def _frame(found: Reading) -> None:
    """Say what holds of any page: parts and wholes."""
    system, followed = found.system, _followed(found)
    for group in found.groups:
        for wave in found.waves:
            if followed:
                system.within(("N", group, wave), ("U", group))
            for name in found.names.values():
                parts = {(state, name, group, wave): 1.0 for state in STATES}
                parts["n", name, group, wave] = 1.0
                system.equal({**parts, ("N", group, wave): -1.0})
                system.within(("fn", name, group, wave), ("n", name, group, wave))
                for kind, whole in (("k", "n"), ("fk", "fn")):
                    own = total((kind, name, group, wave, code) for code in found.codes(name))
                    if own:
                        system.equal({**own, (whole, name, group, wave): -1.0})
                for code in found.codes(name):
                    inner = ("fk", name, group, wave, code)
                    system.within(inner, ("k", name, group, wave, code))
                    gap = {("k", name, group, wave, code): 1.0, inner: -1.0}
                    gap |= {("n", name, group, wave): -1.0, ("fn", name, group, wave): 1.0}
                    system.say(gap, high=0.0)
                if followed and _two_sided(found):
                    system.within(("fn", name, group, wave), ("A", name, group))
        if followed:
            seen = total(("N", group, wave) for wave in found.waves)
            if _all_waves(found):
                system.say({**seen, ("U", group): -1.0}, low=0.0)
            _frame_flow(found, group)


def _frame_flow(found: Reading, group: str) -> None:
    system, at = found.system, found.baseline
    if not at:
        return
    system.equal({("both", group, at): 1, ("lost", group, at): 1, ("N", group, at): -1})
    system.within(("both", group, at), ("end", group))
    apart = {("end", group): 1.0, ("both", group, at): -1.0}
    system.say(apart | {("U", group): -1.0, ("N", group, at): 1.0}, high=0.0)
    last = found.waves[-1]
    system.within(("end", group), ("N", group, last))
    for name in found.names.values():
        system.within(("n", name, group, last), ("end", group))
        system.within(("A", name, group), ("U", group))
        system.within(("lost", group, at), ("loston", name, group, at))
        system.within(("loston", name, group, at), ("N", group, at))
        twice = ("n2", name, group, at)
        system.within(twice, ("both", group, at))
        system.within(twice, ("n", name, group, at))
        system.within(twice, ("n", name, group, last))
        if _two_sided(found):
            system.within(twice, ("A", name, group))


def _followed(found: Reading) -> bool:
    return not any("Different people were asked each time" in t.said for t in found.texts)


def _two_sided(found: Reading) -> bool:
    """Whether the analysis rests on answers before and after one start."""
    said = "In the analysis: with an answer on the outcome both before and after the start."
    several = any("whenever they started" in text.said for text in found.texts)
    return any(text.said == said for text in found.texts) and not several


def _all_waves(found: Reading) -> bool:
    return not any("the last before the pilot and the last are shown" in t.said for t in found.texts)


def _group(column: tuple[str, ...]) -> str:
    known = {"Pilot group": "t", "Comparison group": "c", "All": "a"}
    return known.get(column[0], "")


def _cell(found: Reading, cell: Cell) -> None:
    group = _group(cell.column)
    if not group:
        return
    if cell.section == "participants":
        _participants(found, cell, group)
    elif cell.section == "comparison" and cell.row == "People":
        _count(found, cell, [("U", one) for one in found.spread(group)])
    elif cell.section == "flow" and cell.caption.startswith("Numbers at"):
        _flow(found, cell, group)
    elif cell.section == "trends":
        _trends(found, cell, group)
    elif cell.section == "subgroups":
        _subgroups(found, cell, group)
    elif cell.section == "data" and cell.caption.startswith("Answers given"):
        _overall(found, cell, group)
    elif cell.section == "balance":
        name = _outcome(found, cell.body or cell.row.rpartition(", ")[0])
        if name and found.baseline:
            _answers(found, cell, group, name, found.baseline, "k", "n")


def _count(found: Reading, cell: Cell, names: Sequence[Hashable]) -> None:
    span = number(cell.text, near=found.step(cell.section))
    if span is None:
        return
    if span.low == span.high or not found.guarded:
        span = Span(span.middle, span.middle)
        if len(names) == 1:
            found.told.add(names[0])
    value = float(re.sub(r"[^\d.]", "", cell.text) or "nan")
    if math.isfinite(value) and not (found.step(cell.section) and span.low != span.high):
        span = Span(value, value)
    found.system.say(total(names), span.low, span.high)


def _outcome(found: Reading, label: str) -> str:
    return found.names.get(label.partition(", ")[0], "")


def _participants(found: Reading, cell: Cell, group: str) -> None:
    wave = cell.column[1] if len(cell.column) > 1 else found.waves[0]
    over = [(one, wave) for one in found.spread(group)]
    if cell.row == "People":
        _count(found, cell, [("N", *one) for one in over])
        return
    name = _outcome(found, cell.body) or _outcome(found, cell.row)
    if not name:
        _covariate(found, cell, group, wave)
        return
    what = cell.row.rpartition(", ")[2]
    if what == "answered":
        _count(found, cell, [("n", name, *one) for one in over])
    elif what in STATE:
        _count(found, cell, [(STATE[what], name, *one) for one in over])
    else:
        _answers(found, cell, group, name, wave, "k", "n")


def _covariate(found: Reading, cell: Cell, group: str, wave: str) -> None:
    """A share of a covariate's level, of the people of a group in a period."""
    if not cell.row.endswith("share") or _weighted(found):
        return
    column = cell.body or cell.row.rpartition(", ")[0]
    level = cell.row.rpartition(", ")[0] if cell.body else "yes"
    if cell.body and cell.row == "share":
        level = "yes"
    wave = wave if len(cell.column) > 1 else found.waves[0]
    span = _share(cell.text, found, cell.section)
    if span is None or column not in ("nation", "female"):
        return
    whole = total(("N", one, wave) for one in found.spread(group))
    names = [("c", column, level, one, wave) for one in found.spread(group)]
    for one in found.spread(group):
        found.system.within(("c", column, level, one, wave), ("N", one, wave))
    _portion(found, total(names), whole, span)


def _share(text: str, found: Reading, section: str) -> Span | None:
    at = re.search(r"([\d.]+)%", text)
    if not at:
        return None
    value = float(at.group(1)) / 100
    said = [t.said for t in found.texts if t.section == section]
    fives = any("nearest five in a hundred" in one for one in said)
    exact = len(at.group(1).partition(".")[2])
    half = 0.025 if fives and section in ("trends",) else 0.5 * 10.0 ** (-2 - exact)
    return Span(value - half - 1e-9, value + half + 1e-9)


def _portion(
    found: Reading,
    part: Mapping[Hashable, float],
    whole: Mapping[Hashable, float],
    span: Span,
) -> None:
    """Say that a part is such a share of a whole."""
    found.system.say({**part, **{k: -span.low * v for k, v in whole.items()}}, low=0.0)
    found.system.say({**part, **{k: -span.high * v for k, v in whole.items()}}, high=0.0)


def _weighted(found: Reading) -> bool:
    return any("weighted by the sampling weights" in text.said for text in found.texts)


def _wide(found: Reading, span: Span) -> Span:
    """Widen a number of a guarded page to the three digits that it has at most."""
    if not found.guarded:
        return span
    three = significant(span.middle, 3)
    half = 1.1 * max(span.high - span.middle, three.high - three.low, 0.0)
    return Span(span.middle - half, span.middle + half)


def _answers(
    found: Reading, cell: Cell, group: str, name: str, wave: str, kind: str, whole: str
) -> None:
    """Read a share, or a mean with its spread, or a median with its quartiles."""
    if _weighted(found):
        return
    over = found.spread(group)
    size = total((whole, name, one, wave) for one in over)
    codes = found.codes(name)
    share = _share(cell.text, found, cell.section)
    if share is not None:
        if codes == (0, 1):
            _portion(found, total((kind, name, one, wave, 1) for one in over), size, share)
        return
    numbers = spans(cell.text)
    if not codes or not numbers:
        return
    what = cell.row if cell.section != "trends" else cell.body
    if "median" in what:
        for at, span in zip((0.5, 0.25, 0.75), numbers, strict=False):
            _quantile(found, over, name, wave, kind, whole, at, span)
        return
    if "mean" not in what or found.scales[name] == (0, 1):
        return
    mean = _wide(found, numbers[0])
    sums = {(kind, name, one, wave, code): float(code) for one in over for code in codes}
    _portion(found, sums, size, mean)
    if "SD" in what and len(numbers) > 1:
        spread, half = _wide(found, numbers[1]), (mean.high - mean.low) / 2
        squares = {k: (k[-1] - mean.middle) ** 2 for k in sums}
        low, high = max(spread.low, 0.0) ** 2, spread.high**2
        count = len(size)
        found.system.say(
            {**squares, **dict.fromkeys(size, -(high + half**2))}, high=-high
        )
        found.system.say({**squares, **dict.fromkeys(size, -low)}, low=-low)
        assert count


def _quantile(
    found: Reading,
    over: Sequence[str],
    name: str,
    wave: str,
    kind: str,
    whole: str,
    at: float,
    span: Span,
) -> None:
    value = span.middle
    if value != round(value) or found.guarded:
        return
    size = total((whole, name, one, wave) for one in over)
    cells = [(kind, name, one, wave, code) for one in over for code in found.codes(name)]
    below = total(one for one in cells if one[-1] < value)
    up_to = total(one for one in cells if one[-1] <= value)
    found.system.say({**below, **dict.fromkeys(size, -at)}, high=1 - at)
    found.system.say({**up_to, **dict.fromkeys(size, -at)}, low=-at)


def _flow(found: Reading, cell: Cell, group: str) -> None:
    over, at = found.spread(group), found.baseline
    if not at:
        return
    rows: dict[str, list[Hashable]] = {
        f"At the baseline ({at})": [("N", one, at) for one in over],
        f"At the end ({found.waves[-1]})": [("end", one) for one in over],
        "At both": [("both", one, at) for one in over],
        "number lost": [("lost", one, at) for one in over],
        "Lost in between": [("lost", one, at) for one in over],
    }
    names = rows.get(cell.row)
    if cell.row == "In the analysis" and len(found.names) and cell.body == "":
        names = [("A", next(iter(found.names.values())), one) for one in over]
    if names:
        _count(found, cell, names)
        return
    if cell.body == "Lost in between" and cell.row == "share":
        span = _share(cell.text, found, cell.section)
        if span:
            whole = total(("N", one, at) for one in over)
            _portion(found, total(("lost", one, at) for one in over), whole, span)
    about = re.match(r"No answer at the end: (.+), share", cell.row)
    if about and about.group(1) in found.names:
        _lost_on(found, cell, over, found.names[about.group(1)])
    if cell.row == "used" and _all_waves(found) and not found.step("flow"):
        names = [("N", one, wave) for one in found.groups for wave in found.waves]
        _count(found, cell, names)


def _lost_on(found: Reading, cell: Cell, over: Sequence[str], name: str) -> None:
    span, at = _share(cell.text, found, cell.section), found.baseline
    if span is None:
        return
    whole = total(("N", one, at) for one in over)
    if not found.guarded:
        _portion(found, total(("loston", name, one, at) for one in over), whole, span)
    elif span.low > 0:
        near = found.minimum
        fits = frozenset(
            size
            for size in range(1, MOST)
            if any(span.low <= near * j / size <= span.high for j in range(1, size // near + 2))
        )
        found.sets.append((dict(whole), fits))


def _trends(found: Reading, cell: Cell, group: str) -> None:
    if cell.caption == "Averages by group and period":
        name = _outcome(found, cell.body)
        if not name or cell.row not in found.waves:
            return
        twice = any("seen both before and after the start" in t.said for t in found.texts
                    if t.section == "trends")
        kind, whole = ("fk", "fn") if twice else ("k", "n")
        _answers(found, cell, group, name, cell.row, kind, whole)
    elif cell.caption.startswith("Levels"):
        _level(found, cell, group)
    elif cell.caption.startswith("From the start") and cell.row == "answered":
        name = _outcome(found, cell.body)
        if name and found.baseline:
            names = [("n2", name, one, found.baseline) for one in found.spread(group)]
            _count(found, cell, names)


def _level(found: Reading, cell: Cell, group: str) -> None:
    name, span = _outcome(found, cell.body), _share(cell.text, found, cell.section)
    level, _, wave = cell.row.rpartition(", ")
    at = LEVELS.match(level)
    if not name or span is None or at is None or _weighted(found) or wave not in found.waves:
        return
    low = int(at.group(1))
    high = int(at.group(2) or low)
    if not set(range(low, high + 1)) <= set(found.codes(name)):
        return
    twice = any("seen both before and after the start" in t.said for t in found.texts
                if t.section == "trends")
    kind, whole = ("fk", "fn") if twice else ("k", "n")
    part = {(kind, name, group, wave, code): 1.0 for code in range(low, high + 1)}
    _portion(found, part, {(whole, name, group, wave): 1.0}, span)


def _subgroups(found: Reading, cell: Cell, group: str) -> None:
    at = re.match(r"^(.+), by (\w+)(?:, .+)?$", cell.body)
    if not at or at.group(1) not in found.names or _weighted(found):
        return
    name, column = found.names[at.group(1)], at.group(2)
    row = cell.row.removesuffix(", answered")
    level, _, wave = row.rpartition(", ")
    if wave not in found.waves:
        return
    own = ("sn", name, group, wave, column, level)
    if own not in found.system.places:
        found.system.within(own, ("n", name, group, wave))
        for code in found.codes(name):
            part = ("sk", name, group, wave, column, level, code)
            found.system.within(part, ("k", name, group, wave, code))
        if found.codes(name):
            parts = total(("sk", name, group, wave, column, level, c) for c in found.codes(name))
            found.system.equal({**parts, own: -1.0})
    if cell.row.endswith(", answered"):
        _count(found, cell, [own])
        return
    share = _share(cell.text, found, cell.section)
    if share is not None and found.codes(name) == (0, 1):
        part = {("sk", name, group, wave, column, level, 1): 1.0}
        _portion(found, part, {own: 1.0}, share)
        return
    numbers = spans(cell.text)
    if numbers and found.codes(name) and "mean" in cell.body:
        sums = {
            ("sk", name, group, wave, column, level, code): float(code)
            for code in found.codes(name)
        }
        _portion(found, sums, {own: 1.0}, _wide(found, numbers[0]))


def _overall(found: Reading, cell: Cell, group: str) -> None:
    if not _all_waves(found):
        return
    name = _outcome(found, cell.body)
    kind = {"answered": "n", **STATE}.get(cell.row, "")
    if name and kind:
        over = [(one, wave) for one in found.spread(group) for wave in found.waves]
        _count(found, cell, [(kind, name, *one) for one in over])


def _intervals(found: Reading, rows: pd.DataFrame) -> None:
    """Take the degrees of freedom out of intervals, errors, statistics and p-values."""
    followed = {"did", "before_after", "difference_in_means"}
    adjusted = any("adjusted for what differed" in text.said for text in found.texts)
    by_unit = any("clustered by unit" in text.said for text in found.texts)
    for _, row in rows.iterrows():
        alone = row["method"] in followed and not (adjusted or _weighted(found))
        if not alone or not math.isfinite(row["std_error"]) or row["outcome"] not in _columns(found):
            continue
        if str(row["term"]) not in ("ATT", "ITT", "change"):
            continue
        low, high = _freedom(row, 4 if found.guarded else 7)
        if not math.isfinite(high):
            continue
        _from_freedom(found, row, low, high, by_unit=by_unit)


def _columns(found: Reading) -> set[str]:
    return set(found.names.values())


def _freedom(row: Mapping[str, object], digits: int) -> tuple[float, float]:
    """Return between which numbers the degrees of freedom lie."""
    told = {k: significant(float(row[k]), digits) for k in ("std_error", "conf_low", "conf_high")}
    wide = Span(
        told["conf_high"].low - told["conf_low"].high, told["conf_high"].high - told["conf_low"].low
    )
    least = wide.low / 2 / told["std_error"].high
    most = wide.high / 2 / max(told["std_error"].low, 1e-12)
    tail = 0.5 + float(row["level"]) / 2
    grid = np.arange(1.0, MOST, 0.05)
    quantile = student.ppf(tail, grid)
    fits = grid[(quantile >= least) & (quantile <= most)]
    if not len(fits):
        return math.nan, math.nan
    return float(fits[0]) - 0.05, float(fits[-1]) + 0.05


def _from_freedom(
    found: Reading, row: Mapping[str, object], low: float, high: float, *, by_unit: bool
) -> None:
    name = str(row["outcome"])
    analysed = total(("A", name, one) for one in found.groups)
    if row["method"] == "difference_in_means":
        last = found.waves[-1]
        analysed = total(("n", name, one, last) for one in found.groups)
    kind = str(row["inference"])
    if (kind == "cr1" and by_unit) or (kind == "hc2" and len(found.groups) == 1):
        sizes = frozenset(range(max(2, math.ceil(low + 1)), math.floor(high + 1) + 1))
        found.sets.append((analysed, sizes))
    elif kind in ("cr2", "hc2") and len(found.groups) == 2 and (by_unit or kind == "hc2"):
        pairs = [
            (a, b)
            for a in range(2, 160)
            for b in range(2, 160)
            if low <= _two_groups(a, b) <= high
        ]
        first, second = list(analysed)
        found.sets.append(({first: 1.0}, frozenset(a for a, _ in pairs)))
        found.sets.append(({second: 1.0}, frozenset(b for _, b in pairs)))
        found.sets.append((analysed, frozenset(a + b for a, b in pairs)))


def _two_groups(a: int, b: int) -> float:
    """Return Bell and McCaffrey's degrees of freedom of two means of so many."""
    return (1 / a + 1 / b) ** 2 / (1 / (a * a * (a - 1)) + 1 / (b * b * (b - 1)))


def _narrowed(found: Reading) -> None:
    """Take in what leaves only some whole numbers, such as degrees of freedom."""
    for terms, fits in found.sets:
        found.system.source = f"degrees of freedom, or rounded people in a share: {list(terms)}"
        low, high = found.system.at_least(terms), found.system.at_most(terms)
        if low is None or high is None:
            return
        inside = [n for n in fits if low - 1e-5 <= n <= high + 1e-5]
        if inside and (min(inside) > low or max(inside) < high):
            found.system.say(terms, min(inside), max(inside))
