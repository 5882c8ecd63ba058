"""Look at a finished page for what stands in the data file, before it is published.

The gate releases numbers and the package's own sentences; names, labels and notes of a params
file travel as text, and a notebook is code. So the finished text is held against the raw records:
ids, e-mail addresses, telephone numbers, dates and free text that fewer records share than the
minimum. What is found is never quoted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["Distinctive", "distinctive", "planted"]

LEAST = 5
PHONE = 9
WORDS, LETTERS = 3, 15
EMBEDDED = re.compile(r"data:[a-z]+/[a-z+.-]+;base64,[A-Za-z0-9+/=]+|<style.*?</style>", re.S)
TAG = re.compile(r"</?[a-z][a-z0-9-]*\b|<!--|-->", re.I)
BETWEEN = re.compile(r"[\s<>\"'`(),;:!?\[\]{}=|]+")
NUMBER = re.compile(r"[-+]?\d*[.,]?\d+(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Distinctive:
    """What of the records may stand on no page.

    Parameters
    ----------
    frame : pandas.DataFrame
        The records as they were read, all columns.
    ids : tuple of str
        Columns that name a unit: whatever is in them is an id.
    minimum : int
        What fewer records share is distinctive.
    stated : str
        What the params file says: its own words may stand on the page.
    """

    frame: pd.DataFrame
    ids: tuple[str, ...]
    minimum: int
    stated: str


def distinctive(
    frame: pd.DataFrame, *, ids: Collection[str] = (), minimum: int = 10, stated: str = ""
) -> Distinctive:
    """Gather what is to be looked for.

    Examples
    --------
    >>> records = pd.DataFrame({"id": ["AX-1093", "AX-2210"]})
    >>> planted(["<p>AX-1093 was late</p>"], distinctive(records, ids=["id"]))
    ('id',)
    """
    here = tuple(name for name in ids if name in frame)
    return Distinctive(frame, here, minimum, _plain(stated))


def planted(texts: Iterable[str], looked_for: Distinctive) -> tuple[str, ...]:
    """Return the columns of which something distinctive stands in the texts.

    Words are compared as a whole, ids with what stands between blanks and brackets; the texts
    are taken apart once, so that the records are gone through once a column.

    Parameters
    ----------
    texts : iterable of str
        HTML or plain text; pictures and style sheets embedded in them are passed over.
    looked_for : Distinctive
    """
    plain = " ".join(_plain(TAG.sub(" ", EMBEDDED.sub(" ", text))) for text in texts)
    words = frozenset(_words(plain)) - frozenset(_words(looked_for.stated))
    every = frozenset(_words(plain))
    return tuple(
        str(name)
        for name in looked_for.frame.columns
        if _found(looked_for, str(name), plain, (words, every))
    )


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).casefold().split())


def _words(text: str) -> Iterator[str]:
    for word in BETWEEN.split(text):
        bare = word.strip(".…&#/\\")
        if len(bare) >= LEAST:
            yield bare
            yield from (part for part in re.split(r"[/&#]", bare) if len(part) >= LEAST)


def _found(
    looked_for: Distinctive, name: str, plain: str, words: tuple[frozenset[str], frozenset[str]]
) -> bool:
    column = looked_for.frame[name].dropna()
    if column.empty:
        return False
    if not pd.api.types.is_object_dtype(column) and not pd.api.types.is_string_dtype(column):
        whole = pd.to_numeric(column, errors="coerce")
        column = column[(whole % 1 == 0) & (whole.abs() >= 10 ** (LEAST - 1))]
        column = pd.to_numeric(column, errors="coerce").astype("Int64")
    text = column.astype("str").str.casefold()
    short = text[text.isin(words[0])]
    counts = short.value_counts()
    own = name in looked_for.ids
    if any(_one(str(word), int(n), looked_for.minimum, own) for word, n in counts.items()):
        return True
    return not own and _phrase(text, plain, looked_for)


def _one(word: str, records: int, minimum: int, own: bool) -> bool:
    """Whether a single word is distinctive: an id, an address, a date, a telephone number."""
    if "@" in word.strip("@") and "." in word:
        return True
    if records >= minimum and not own:
        return False
    digits = sum(letter.isdigit() for letter in word)
    if NUMBER.fullmatch(word):
        return digits >= (LEAST if own else PHONE)
    return own or digits >= 2


def _phrase(text: pd.Series, plain: str, looked_for: Distinctive) -> bool:
    """Whether free text of few stands on the page, word for word."""
    several = text[text.str.len() >= LETTERS]
    if several.empty:
        return False
    counts = several.value_counts()
    few = counts.index[np.asarray(counts < looked_for.minimum)]
    for said in few:
        phrase = _plain(str(said))
        long = phrase.count(" ") + 1 >= WORDS
        if long and phrase in plain and phrase not in looked_for.stated:
            return True
    return False
