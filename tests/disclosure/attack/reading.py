"""What an attacker holds of one edition: unknown counts, and what was told of them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from attack.published import Span, Table, Text
from attack.scores import answers_to
from attack.system import Expression, System

__all__ = ["MOST", "STEPS", "Reading"]

MOST = 400
STEPS = {"ten": 0.1, "five": 0.05, "two": 0.02}
"""Steps of shares, by the word of the note on them."""
SHARES = "Shares are rounded to the nearest {} in a hundred"
TWO_SIDED = "In the analysis: with an answer on the outcome both before and after the start."


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
    parts: Mapping[str, int] = field(default_factory=dict)
    baseline: str = ""
    tables: Sequence[Table] = ()
    texts: Sequence[Text] = ()
    told: set[Hashable] = field(default_factory=set)
    withheld: dict[tuple[Hashable, ...], None] = field(default_factory=dict)
    rounded: dict[tuple[Hashable, ...], None] = field(default_factory=dict)
    sets: list[tuple[dict[Hashable, float], frozenset[int], str]] = field(default_factory=list)
    portions: list[tuple[Expression, Expression, Span]] = field(default_factory=list)

    def spread(self, group: str) -> tuple[str, ...]:
        """Return the groups that a column is made of."""
        return self.groups if group == "a" else (group,)

    def named(self, label: str) -> str:
        """Return the outcome of a label, which may tell its scale; empty where there is none."""
        return self.names.get(re.sub(r" \(\S+–\S+\)$", "", label), "")

    def codes(self, name: str) -> tuple[float, ...]:
        """Return the answers that an outcome can have, none where they are not so few."""
        known = name in self.scales
        return answers_to(self.scales[name], self.parts.get(name, 1)) if known else ()

    def says(self, words: str, *, section: str = "") -> bool:
        """Whether a sentence of the page, or of one section, holds these words."""
        return any(words in t.said for t in self.texts if section in ("", t.section))

    @property
    def step(self) -> int:
        """To which multiple any number of people on the page may be rounded."""
        if not self.guarded:
            return 0
        found = [re.search(r"rounded to the nearest (\d+)", text.said) for text in self.texts]
        return max((int(one.group(1)) for one in found if one), default=0)

    def share_step(self, about: str, caption: str) -> float:
        """Return the largest step, in percent, of which all shares in a table are multiples.

        Of the steps that the page says its shares have: where no table has a note on one, all
        shares are whole percents, however round they look.
        """
        label = about.partition(", ")[0]
        shares = [
            float(one)
            for table in self.tables
            for cell in (table.cells() if table.caption == caption else ())
            if label in (cell.body.partition(", ")[0], cell.row.partition(", ")[0])
            for one in re.findall(r"([\d.]+)%", cell.text)
        ]
        steps = [100 * step for word, step in STEPS.items() if self.says(SHARES.format(word))]
        return next((step for step in steps if all(one % step == 0 for one in shares)), 1.0)

    def stated_step(self, what: str) -> float:
        """Return the step to which the page says that numbers of a sort are rounded."""
        pattern = re.compile(rf"{what}.* rounded to the nearest (0\.\d+)\.")
        found = [pattern.match(text.said) for text in self.texts]
        return max((float(one.group(1)) for one in found if one), default=0.0)

    @property
    def start(self) -> str:
        """The period that the first table of participants is of."""
        said = [re.search(r"All numbers are of the start \((.+?)\)", t.said) for t in self.texts]
        return next((one.group(1) for one in said if one), "")

    @property
    def followed(self) -> bool:
        """Whether the same people are seen again."""
        return not self.says("Different people were asked each time")

    @property
    def two_sided(self) -> bool:
        """Whether the analysis rests on answers before and after one start."""
        return self.says(TWO_SIDED) and not self.says("whenever they started")

    @property
    def all_waves(self) -> bool:
        """Whether every period stands in the table of participants."""
        return not self.says("the last before the pilot and the last are shown")

    @property
    def weighted(self) -> bool:
        """Whether averages do not count everybody alike."""
        return self.says("weighted by the sampling weights")

    @property
    def adjusted(self) -> bool:
        """Whether estimates allow for covariates."""
        return self.says("adjusted for")
