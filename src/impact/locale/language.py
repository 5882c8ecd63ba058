"""One language: its sentences with everything that stands in them."""

from __future__ import annotations

import gettext
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Protocol

from impact.locale.catalogues import read
from impact.locale.writing import Writing

__all__ = ["LANGUAGES", "Language", "language"]

LANGUAGES = ("en", "fr", "it", "es", "ca", "nl", "el", "ro", "sl", "lv")
MANY = 10
"""What a number that is hidden counts as, for the form of the word beside it."""

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONEY = re.compile(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})")
_SLOT = re.compile(r"%(?:%|\((\w+)\)([-+ #0]*\d*(?:\.\d+)?[a-zA-Z]))")
_PLACES = re.compile(r"%\((\w+)\)\.(\d)f")
# Values under these names look like numbers and are none: they stay as they are.
_NAMES = frozenset(
    {
        *("pilot", "outcome", "name", "key", "value", "version", "seed", "label", "title"),
        *("start", "period", "baseline", "method", "registry", "wave", "code", "codes"),
    }
)


class Said(Protocol):
    """A sentence that travels untranslated: `impact.results.Sentence` is one."""

    @property
    def text(self) -> str: ...

    @property
    def many(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...

    @property
    def counts(self) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Language(Writing):
    """How a page speaks.

    Parameters
    ----------
    code : str
        Two letters; the ``lang`` of the page.
    catalogue : gettext.NullTranslations
        Its sentences; English has none, since its sentences are the keys.
    reviewed : bool
        Whether a person who speaks the language has read the sentences.
    """

    code: str
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)
    reviewed: bool = True

    def gettext(self, text: str) -> str:
        """Return the sentence, or a name that the package gave, in this language.

        A name that the package put together says its own sentence (`impact.results.Label`).
        """
        said: Said | None = getattr(text, "sentence", None)
        if said is not None:
            return self.say(said)
        return self.catalogue.gettext(text) if text else ""

    def ngettext(self, one: str, many: str, n: float | Decimal) -> str:
        """Return the form of the sentence that this language uses for n, whole or not."""
        return self.catalogue.ngettext(one, many, self._whole(n))

    def say(self, sentence: Said) -> str:
        """Return the whole sentence with its names, numbers, dates and counts filled in.

        Examples
        --------
        >>> from impact.results import Sentence
        >>> language("en").say(Sentence("%(n)s people", counts={"n": 1350}))
        '1,350 people'
        """
        text = self.gettext(sentence.text)
        if sentence.many:
            text = self.ngettext(sentence.text, sentence.many, _number_in(sentence))
        places = {name: int(places) for name, places in _PLACES.findall(text)}
        slots = {
            name: self.number(value, places[name])
            if name in places and isinstance(value, float) and math.isfinite(value)
            else self._value(name, value)
            for name, value in sentence.values.items()
        }
        slots |= {name: self.count(people) for name, people in sentence.counts.items()}
        filled = _filled(text, slots)
        return filled[:1].upper() + filled[1:] if _begins_hidden(text, sentence) else filled

    def _value(self, name: str, value: Any) -> str:
        said = getattr(value, "sentence", value)
        if hasattr(said, "text") and hasattr(said, "counts"):
            return self.say(said)
        if isinstance(value, float):
            return self.number(value, _decimals(value)) if math.isfinite(value) else "–"
        text = "–" if value is None else str(value)
        if name not in _NAMES and _DECIMAL.fullmatch(text):
            return self.number(float(text), len(text.partition(".")[2]))
        if found := _MONEY.fullmatch(text):
            return self.money(float(found[1]), found[2])
        return self.date(text) if _DATE.fullmatch(text) else self._names_in(text)

    def _names_in(self, text: str) -> str:
        """Return a name, or each name of a list, as the language has it; else as it stands."""
        said = self.gettext(text)
        if said != text or ", " not in text:
            return said
        return ", ".join(self.gettext(name) for name in text.split(", "))

    def _whole(self, n: float | Decimal) -> int:
        """Return a whole number that takes the same form as n.

        In French 0.4 takes that of 1, in English that of 2, in Slovene that of 3; 1.0, with the
        decimal that is shown, is "1.0 points" in English.
        """
        exact = n if isinstance(n, Decimal) else Decimal(repr(n))
        if exact == exact.to_integral() and (float(n) != 1 or exact.as_tuple().exponent == 0):
            return int(n)
        form = self.locale.plural_form
        return next((k for k in range(1, 1000) if form(k) == form(exact)), MANY)


def _begins_hidden(text: str, sentence: Said) -> bool:
    """Whether a whole sentence begins with words that stand instead of a number."""
    first = _SLOT.match(text)
    value = sentence.values.get(first[1]) if first and first[1] else None
    return text.endswith(".") and hasattr(value, "counts")


def _number_in(sentence: Said) -> Decimal:
    """Return the number that decides on the form: the one under the name ``n``."""
    found = {**sentence.values, **sentence.counts}.get("n", MANY)
    try:
        return abs(Decimal(str(found)))
    except InvalidOperation:
        return Decimal(MANY)


def _decimals(value: float, digits: int = 3) -> int:
    """Return the decimals that show so many significant digits of a number."""
    return 0 if value == 0 else max(0, digits - 1 - math.floor(math.log10(abs(value))))


def _filled(text: str, slots: Mapping[str, str]) -> str:
    """Fill ``%(name)s`` slots; a text without any slot may hold a bare per cent sign."""

    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        return "%" if name is None else slots.get(name, found.group(0))

    return _SLOT.sub(fill, text)


@lru_cache(maxsize=32)
def language(code: str) -> Language:
    """Return one of the `LANGUAGES`.

    Raises
    ------
    ValueError
        There is no catalogue for that code.
    """
    if code not in LANGUAGES:
        raise ValueError(f"no catalogue for the language '{code}'; there are {LANGUAGES}")
    return Language(code) if code == "en" else Language(code, *read(code))
