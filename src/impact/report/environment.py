"""The Jinja environment of all pages: everything is escaped, nothing may be undefined."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from impact.locale import N_, _, ngettext, spoken
from impact.tables.numerals import p_value

__all__ = ["TEMPLATES", "environment", "tidy"]

TEMPLATES = Path(__file__).parent / "templates"
# Characters that reorder or hide the text around them, and control characters.
_UNSEEN = {code: None for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}
_UNSEEN |= {code: None for code in (*range(0x00, 0x20), *range(0x7F, 0xA0)) if code not in (9, 10)}
LONGEST = 300
ADJUSTMENTS = {
    "holm": N_("Holm"),
    "bh": N_("Benjamini and Hochberg"),
    "romano_wolf": N_("Romano and Wolf"),
}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the environment of every page, with our own templates only.

    It speaks whatever language is being spoken while a page is rendered.
    """
    env = Environment(
        loader=FileSystemLoader(TEMPLATES / "impact"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        _, ngettext, newstyle=True
    )
    env.globals["spoken"] = spoken
    env.filters.update(
        say=lambda said: spoken().say(said),
        date=lambda day: spoken().date(day),
        count=lambda number: spoken().count(number),
        named=lambda label: spoken().gettext(label),
        short=short,
        css=css,
    )
    env.filters.update(p_value=p_value, adjustment=adjustment)
    return env


def short(text: str, longest: int = LONGEST) -> str:
    """Return a name as far as a heading or a cell has room for it."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def adjustment(rule: str) -> str:
    """Return the name that a rule for several outcomes has in print."""
    return _(ADJUSTMENTS.get(rule, rule))


def css(text: str) -> str:
    """Return a text for a string of a style sheet, where no entity is understood."""
    return "".join(c if c.isalnum() or c == " " else f"\\{ord(c):06x}" for c in text)


def tidy(page: str) -> str:
    """Return a rendered page without control characters and trailing blanks."""
    lines = (line.rstrip() for line in page.translate(_UNSEEN).splitlines())
    return "\n".join(line for line in lines if line) + "\n"
