"""A language that knows the texts that the gatherer finds, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.locale.pseudo import Pseudo

from impact.locale import Language
from impact.locale.gather import gather
from impact.results import Sentence

__all__ = ["Gathered", "bare", "gathered"]

SLOT = re.compile(r"%\(\w+\)[a-z]")


class Gathered(Pseudo):
    """The gathered texts between ⟦ and ⟧; any other text as it stands."""

    def __init__(self) -> None:
        super().__init__()
        texts = gather()
        self.one = {text.one for text in texts}
        self.pairs = {(text.one, text.many) for text in texts if text.many}

    def gettext(self, message: str) -> str:
        """Return a text that was gathered in brackets."""
        return super().gettext(message) if message in self.one else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for n, in brackets where both forms were gathered together."""
        form = msgid1 if n == 1 else msgid2
        return f"⟦{form}⟧" if (msgid1, msgid2) in self.pairs else form


def gathered() -> Language:
    """Return English that puts in brackets what a translator gets to see."""
    return Language("en", Gathered())


def bare(sentence: Sentence, tongue: Language) -> Iterator[str]:
    """Yield the texts of a sentence, and of those in it, that no translator gets to see."""
    for value in sentence.values.values():
        if isinstance(value, Sentence):
            yield from bare(value, tongue)
    words = any(letter.isalpha() for letter in SLOT.sub("", sentence.text))
    if words and not tongue.say(sentence).startswith("⟦"):
        yield sentence.text
