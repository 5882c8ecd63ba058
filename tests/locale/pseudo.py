"""A language that puts every text in brackets, so that one that escapes translation is seen."""

from __future__ import annotations

import gettext

__all__ = ["Pseudo", "outside"]


class Pseudo(gettext.NullTranslations):
    """The English texts, each between ⟦ and ⟧."""

    def gettext(self, message: str) -> str:
        """Return the text in brackets."""
        return f"⟦{message}⟧" if message else ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for n in brackets."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def outside(text: str) -> str:
    """Return what stands outside all brackets."""
    depth, kept = 0, []
    for letter in text:
        depth += letter == "⟦"
        if depth == 0:
            kept.append(letter)
        depth -= letter == "⟧"
    assert depth == 0, "a bracket was lost"
    return "".join(kept)
