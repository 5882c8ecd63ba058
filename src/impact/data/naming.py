"""Which headers of a survey export hold the columns that a params file names.

KoBoToolbox writes ``group/question`` and ``question/choice``, ODK ``group-question``; a
form that was changed has the same question in two groups. A params file may name a
question by its whole header or by its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

__all__ = ["Naming", "naming"]

# Written by the survey tool itself: the file is an export of one.
IDENTIFIERS = ("_uuid", "meta/instanceid", "meta-instanceid", "instanceid")
TIMES = ("_submission_time", "submissiondate")
VERSIONS = ("__version__", "formdef_version")
OF_TOOLS = frozenset((*IDENTIFIERS, *TIMES, *VERSIONS, "meta/rootuuid", "_validation_status"))
OTHER_MARKS = (".", ":", "-")


@dataclass(frozen=True)
class Naming:
    """Where the columns of a params file stand in a header.

    Parameters
    ----------
    wanted : frozenset of str
        The names.
    columns : dict of str to tuple of str
        Per name, the headers that hold it: one, or one a version of the form. A name
        that is not there is left out.
    whole : dict of str to tuple of str
        Per question with several answers of which every choice is meant, the choices
        that have columns of their own, as ``question/choice``.
    asked : dict of str to str
        Per choice that is named alone, ``question/choice``, its question.
    identifier : str or None
        The header of the submissions' ids.
    is_export : bool
        Whether a survey tool wrote the file.
    """

    wanted: frozenset[str] = frozenset()
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    whole: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    identifier: str | None = None
    is_export: bool = False

    @property
    def headers(self) -> frozenset[str]:
        """The headers to read."""
        found = {header for headers in self.columns.values() for header in headers}
        return frozenset(found | ({self.identifier} if self.identifier else set()))

    @property
    def plain(self) -> bool:
        """Whether every name is a header, and nothing is to be put together."""
        alone = all(headers == (name,) for name, headers in self.columns.items())
        return alone and not self.whole and not self.asked and self.identifier is None


def naming(
    header: Sequence[str],
    wanted: Collection[str],
    *,
    several: Collection[str] = (),
    drop: Collection[str] = (),
    listed: Collection[str] = (),
) -> Naming:
    """Find the columns that a params file names in a header.

    Parameters
    ----------
    header : sequence of str
        The first row.
    wanted : collection of str
        Names, in the params file's words.
    several : collection of str
        Questions that are known to have several answers (``data.select_multiple``).
    drop : collection of str
        Columns that are never read.
    listed : collection of str
        Names of ``wanted`` that may become several columns: covariates and subgroups.

    Examples
    --------
    >>> found = naming(["_uuid", "home/rooms", "services", "services/health"], ["rooms"])
    >>> found.columns
    {'rooms': ('home/rooms',)}
    """
    named = (frozenset(names) for names in (wanted, several, drop, listed))
    return _Look(tuple(header), *named).naming()


@dataclass(frozen=True)
class _Look:
    """One look at a header."""

    header: tuple[str, ...]
    wanted: frozenset[str]
    several: frozenset[str]
    drop: frozenset[str]
    listed: frozenset[str]

    @cached_property
    def free(self) -> tuple[str, ...]:
        times = Counter(self.header)
        return tuple(
            name
            for name in self.header
            if times[name] == 1
            and name not in self.drop
            and (name in self.wanted or _end(name) not in self.drop)
        )

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.header)

    @cached_property
    def is_export(self) -> bool:
        return any(name.casefold() in OF_TOOLS for name in self.header)

    def naming(self) -> Naming:
        found = Naming(self.wanted, is_export=self.is_export, identifier=self._identifier())
        for name in sorted(self.wanted):
            question = name.rpartition("/")[0]
            if headers := self.of(name):
                found.columns[name] = headers
            if name in self.listed and self._has_choices(name):
                found.whole[name] = tuple(dict.fromkeys(self._choices(name)))
                found.columns.update((choice, self.of(choice)) for choice in found.whole[name])
            elif (
                question
                and (self._has_choices(question) or (not headers and self.is_export))
                and (joined := self.of(question))
            ):
                found.asked[name] = question
                found.columns[question] = joined
        return found

    def _has_choices(self, name: str) -> bool:
        declared, there = name in self.several, any(True for _ in self._choices(name))
        joined = bool(self.of(name))
        return (joined and there) or (declared and (joined or there))

    def _choices(self, question: str) -> Iterator[str]:
        """Yield ``question/choice`` for each choice with a column of its own."""
        for header in self.free:
            parent, _, choice = header.rpartition("/")
            if parent == question or parent.endswith(f"/{question}"):
                yield f"{question}/{choice}"

    def of(self, name: str) -> tuple[str, ...]:
        """Return the headers that hold a column; several where versions of a form do."""
        exact = tuple(header for header in self.free if header == name)
        if name in self.known and (not exact or not self.is_export):
            return exact
        ends = tuple(
            header
            for header in self.free
            if header.endswith(f"/{name}") and not self._is_choice(header, name)
        )
        if exact or ends:
            return exact + ends
        for mark in OTHER_MARKS if self.is_export else ():
            ends = tuple(header for header in self.free if header.endswith(mark + name))
            if ends:
                # Without KoBo's stroke nobody knows where a group ends: one, or none.
                return ends if len(ends) == 1 else ()
        return ()

    def _is_choice(self, header: str, name: str) -> bool:
        """Say whether a header is a choice of a question, not the question that is named."""
        parent = header[: -len(name) - 1]
        return parent in self.known or _end(parent) in self.several

    def _identifier(self) -> str | None:
        folded = {header.casefold(): header for header in reversed(self.free)}
        # ODK calls it KEY, which in another file may be anything.
        names = (*IDENTIFIERS, "key") if self.is_export else ()
        return next((folded[name] for name in names if name in folded), None)


def _end(header: str) -> str:
    return header.rpartition("/")[2]
