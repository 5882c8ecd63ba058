"""Exports of KoBoToolbox, ODK and SurveyCTO under the names of the params file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from impact.data.columns import coded
from impact.data.faults import rows_of
from impact.data.naming import Naming
from impact.data.spelling import spelled
from impact.data.table import Table, is_mark
from impact.errors import Fault
from impact.results.text import Sentence
from impact.spec.models import Missing

__all__ = ["named"]

ZERO_OR_ONE = {"0": "0", "1": "1", "0.0": "0", "1.0": "1", "true": "1", "false": "0"}
SENT_TWICE = "dropped: sent twice"


def named(
    table: Table, naming: Naming, *, missing: Missing, several: tuple[str, ...] = ()
) -> Table:
    """Put an export's columns under the names that the params file gives them.

    Parameters
    ----------
    table : Table
        With the headers that ``naming`` found.
    naming : Naming
        Where each name stands.
    missing : Missing
        Codes of answers not given: they are no choices.
    several : tuple of str
        ``data.select_multiple``.

    Returns
    -------
    Table
        A question that versions of the form asked in several groups is one column; a
        question with several answers is a 0/1 column a choice; a submission that stands
        twice is there once. ``faults`` tells what contradicts itself.
    """
    if naming.plain:
        return table
    made = _Columns(table, naming, missing, several)
    for name in naming.columns:
        made.put_together(name)
    for question, choices in naming.whole.items():
        made.all_choices(question, choices)
    for name, question in naming.asked.items():
        made.one_choice(name, question)
    table = made.table_of()
    if naming.identifier is None:
        return table
    return _sent_once(table, naming.identifier, keep=naming.identifier in naming.wanted)


@dataclass
class _Columns:
    """The columns under their new names, as far as they are made."""

    table: Table
    naming: Naming
    missing: Missing
    several: tuple[str, ...]
    made: dict[str, pd.Series[Any]] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def refuse(self, code: str, name: str, found: str, advice: str, hit: Any) -> None:
        """Note a fault of a column, at the rows where a mask holds."""
        where, rows = f"{self.table.where}, column '{name}'", rows_of(np.asarray(hit))
        self.faults.append(Fault(code, where, found, "", advice, rows))
        self.broken.add(name)

    def put_together(self, name: str) -> None:
        """Make one column of the headers that hold a name."""
        frame, headers = self.table.frame, self.naming.columns[name]
        column = frame[headers[0]]
        given = np.zeros(len(frame), dtype=np.int64)
        for header in headers:
            there = coded(frame[header]).codes >= 0
            given += there
            if len(headers) > 1 and header != headers[0]:
                column = column.astype(object).where(~there, frame[header].astype(object))
        if (given > 1).any() and headers[0] == name:
            # The header is the whole name: what ends alike is another question.
            column = frame[name]
        elif (given > 1).any():
            found = f"{len(headers)} columns end in '{name}', and rows have answers in several"
            advice = "name the column by its whole header"
            self.refuse("asked-twice", name, found, advice, given > 1)
        elif len(headers) > 1:
            self.notes.append(
                Sentence(
                    "'%(name)s' was asked in %(n)s place of the form and is put together.",
                    {"name": name, "n": str(len(headers))},
                    many="'%(name)s' was asked in %(n)s places of the form and is put together.",
                )
            )
        self.made[name] = column

    def all_choices(self, question: str, dummies: tuple[str, ...]) -> None:
        """Make a 0/1 column of every choice of a question."""
        answers = self._answers(question)
        if question not in self.several and not self._are_choices(dummies):
            return
        words = set().union(*answers.words) if answers is not None and not dummies else set()
        names = (*dummies, *(f"{question}/{word}" for word in sorted(words)))
        for name in names:
            self.one_choice(name, question)
        self.choices[question] = names
        self.made.pop(question, None)

    def _are_choices(self, dummies: tuple[str, ...]) -> bool:
        labels = (label for name in dummies for label in coded(self.made[name]).labels)
        codes = {spelled(code) for codes in _lists(self.missing) for code in codes}
        return all(label.lower() in ZERO_OR_ONE or label in codes for label in labels)

    def one_choice(self, name: str, question: str) -> None:
        """Make the 0/1 column of a choice, of its own column, the blank-joined one, or both."""
        answers, choice = self._answers(question), name.rpartition("/")[2]
        joined = None if answers is None else answers.said(choice)
        own = _zero_or_one(self.made[name]) if name in self.made else None
        if own is None and joined is not None:
            self.made[name] = joined
        elif own is not None and joined is not None and answers is not None:
            # An export of labels joins texts that hold blanks themselves: they cannot be parted.
            parted = answers.knows(choice)
            self.made[name] = own.where(own != "", joined) if parted else own
            differ = (own != joined) & (own != "") & (joined != "")
            if differ.any() and parted:
                found = f"{int(differ.sum())} rows say one thing in '{question}' and another here"
                advice = "export the file again; one of the two was changed by hand"
                self.refuse("choices-disagree", name, found, advice, differ)
        elif own is not None:
            self.made[name] = own

    def _answers(self, question: str) -> _Answers | None:
        headers = self.naming.columns.get(question)
        if not headers:
            return None
        if question not in self.made:
            self.put_together(question)
        return _Answers.of(self.made[question], self.missing)

    def table_of(self) -> Table:
        asked = self.naming.wanted.union(*self.choices.values()) - self.choices.keys()
        wanted = {name: column for name, column in self.made.items() if name in asked}
        kept = [name for name in self.table.frame if is_mark(str(name))]
        extra = [self.naming.identifier] if self.naming.identifier else []
        old = self.table.frame[[name for name in [*kept, *extra] if name not in wanted]]
        frame = pd.concat([pd.DataFrame(wanted, index=old.index), old], axis=1)
        described = dict(self.table.described)
        for name, headers in self.naming.columns.items():
            if headers and headers[0] in described:
                described[name] = described[headers[0]]
        known = dict.fromkeys([*self.table.header, *wanted, *self.choices])
        return replace(
            self.table,
            frame=frame,
            header=(*known, *self.table.doubled),
            described=described,
            choices=self.choices,
            notes=(*self.table.notes, *self.notes),
            faults=(*self.table.faults, *self.faults),
            broken=self.table.broken | self.broken,
        )


@dataclass(frozen=True)
class _Answers:
    """The blank-joined answers to a question: per row, which of the different sets it is."""

    codes: np.ndarray
    words: tuple[frozenset[str], ...]
    instead: tuple[str, ...]

    @classmethod
    def of(cls, column: pd.Series[Any], missing: Missing) -> _Answers:
        seen = coded(column)
        codes = {spelled(code) for codes in _lists(missing) for code in codes}
        gone = [label in codes for label in seen.labels]
        pairs = list(zip(seen.labels, gone, strict=True))
        words = tuple(frozenset(() if lost else label.split()) for label, lost in pairs)
        return cls(seen.codes, words, tuple(label if lost else "" for label, lost in pairs))

    def knows(self, choice: str) -> bool:
        return any(choice in words for words in self.words)

    def said(self, choice: str) -> pd.Series[str]:
        """Return 1 where the choice is among the answers, 0 where others are, else why not."""
        table = [
            instead or ("1" if choice in words else "0")
            for words, instead in zip(self.words, self.instead, strict=True)
        ]
        return pd.Series(np.array([*table, ""], dtype=object)[self.codes], dtype=str)


def _lists(missing: Missing) -> tuple[tuple[Any, ...], ...]:
    return missing.refused, missing.not_known, missing.not_asked


def _zero_or_one(column: pd.Series[Any]) -> pd.Series[str]:
    """Return a column of a choice as texts 0 and 1; anything else stays for a fault."""
    seen = coded(column)
    words = [ZERO_OR_ONE.get(label.lower(), label) for label in seen.labels]
    return pd.Series(np.array([*words, ""], dtype=object)[seen.codes], dtype=str)


def _sent_once(table: Table, identifier: str, *, keep: bool) -> Table:
    """Keep one of each submission; refuse two of one id that differ."""
    ids = coded(table.frame[identifier]).codes
    frame = table.frame if keep else table.frame.drop(columns=identifier)
    again = pd.Series(ids).duplicated(keep=False).to_numpy() & (ids >= 0)
    if not again.any():
        return replace(table, frame=frame)
    content = np.column_stack([ids, *(coded(frame[name]).codes for name in frame)])
    same = pd.DataFrame(content).duplicated().to_numpy() & again
    clash = pd.Series(np.where(same, -1, ids)).duplicated(keep=False).to_numpy() & again & ~same
    faults = table.faults
    if clash.any():
        found = f"{int(clash.sum())} rows have the id of another submission and other answers"
        advice = "keep the one that is right: a submission was changed, or two files were pasted"
        where = f"{table.where}, column '{identifier}'"
        faults += (Fault("sent-twice", where, found, "", advice, rows_of(clash)),)
    kept = np.flatnonzero(~same)
    lost = {**table.lost, SENT_TWICE: int(same.sum())} if same.any() else table.lost
    return replace(
        table,
        frame=frame.iloc[kept].reset_index(drop=True),
        lost=lost,
        origin=table.behind().taken(kept) if same.any() else table.origin,
        faults=faults,
    )
