"""One language: its sentences, and how it writes numbers and dates."""

from __future__ import annotations

import datetime as dt
import gettext
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

__all__ = ["LANGUAGES", "Language", "language"]

LANGUAGES = ("en",)
MINUS = "−"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SLOT = re.compile(r"%(?:%|\((\w+)\)([-+ #0]*\d*(?:\.\d+)?[a-zA-Z]))")
# Values under these names look like numbers and are none: they stay as they are.
_NAMES = frozenset(
    {
        *("pilot", "outcome", "name", "key", "value", "version", "seed", "label", "title"),
        *("start", "period", "baseline", "method", "registry"),
    }
)


class Said(Protocol):
    """A sentence that travels untranslated: `impact.results.Sentence` is one."""

    @property
    def text(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...

    @property
    def counts(self) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Language:
    """How a page speaks.

    Parameters
    ----------
    code : str
        Two letters; the ``lang`` of the page.
    catalogue : gettext.NullTranslations
        Its sentences; English has none, since its sentences are the keys.
    """

    code: str
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)

    def gettext(self, text: str) -> str:
        """Return the sentence in this language."""
        return self.catalogue.gettext(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Return the form of the sentence that this language uses for n."""
        return self.catalogue.ngettext(one, many, n)

    def say(self, sentence: Said) -> str:
        """Return the whole sentence with its names, numbers, dates and counts filled in.

        Examples
        --------
        >>> from impact.results import Sentence
        >>> language("en").say(Sentence("%(n)s people", counts={"n": 1350}))
        '1,350 people'
        """
        slots = {name: self._value(name, value) for name, value in sentence.values.items()}
        slots |= {name: self.count(people) for name, people in sentence.counts.items()}
        return _filled(self.gettext(sentence.text), slots)

    def number(self, value: float, digits: int = 3) -> str:
        """Return a number with so many significant digits, in plain notation."""
        if not math.isfinite(value):
            return "–"
        places = 0 if value == 0 else max(0, digits - 1 - math.floor(math.log10(abs(value))))
        written = f"{abs(value):,.{places}f}"
        return MINUS + written if value < 0 and float(written.replace(",", "")) else written

    def count(self, people: int) -> str:
        """Return a whole number with its thousands set apart."""
        return f"{int(people):,}".replace("-", MINUS)

    def date(self, iso: str) -> str:
        """Return a day that is given in ISO form; what is no date stays as it is."""
        try:
            day = dt.date.fromisoformat(iso)
        except ValueError:
            return iso
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def _value(self, name: str, value: Any) -> str:
        if hasattr(value, "text") and hasattr(value, "counts"):
            return self.say(value)
        if isinstance(value, float):
            return self.number(value)
        text = "–" if value is None else str(value)
        if name not in _NAMES and _DECIMAL.fullmatch(text):
            whole, point, rest = text.lstrip("-").partition(".")
            return (MINUS if text.startswith("-") else "") + f"{int(whole):,}" + point + rest
        return self.date(text) if _DATE.fullmatch(text) else text


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
    return Language(code)
