"""The language that is being spoken: English, unless a page is being written in another one.

Tables, figures and templates ask here, so that none of their functions has to hand a language
on. The language belongs to the context (a thread, a task) that began to speak it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal

from impact.locale.language import Language, language

__all__ = ["N_", "_", "ngettext", "speaking", "spoken"]

_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


def spoken() -> Language:
    """Return the language that is being spoken."""
    return _SPOKEN.get() or language("en")


@contextmanager
def speaking(tongue: Language | str) -> Iterator[Language]:
    """Speak a language for as long as the block lasts.

    Examples
    --------
    >>> with speaking("en") as tongue:
    ...     tongue.count(1350)
    '1,350'
    """
    chosen = language(tongue) if isinstance(tongue, str) else tongue
    before = _SPOKEN.set(chosen)
    try:
        yield chosen
    finally:
        _SPOKEN.reset(before)


def _(text: str) -> str:
    """Return a whole text in the language that is being spoken."""
    return spoken().gettext(text)


def ngettext(one: str, many: str, n: float | Decimal) -> str:
    """Return the form of a text that the spoken language uses for n."""
    return spoken().ngettext(one, many, n)


def N_(text: str) -> str:
    """Mark a text for the catalogues where it stands; it is translated where it is said."""
    return text
