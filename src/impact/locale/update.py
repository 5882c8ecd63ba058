"""``python -m impact.locale.update``: bring the catalogues up to date with the package's texts.

What is new comes in untranslated, what is gone goes, and what has changed a little is marked
fuzzy, with its old translation, for a person to look at. ``--check`` changes nothing and tells
what is missing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import sys
from collections.abc import Sequence

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from impact.locale.catalogues import UNREVIEWED, file_of
from impact.locale.gather import gather
from impact.locale.language import LANGUAGES

__all__ = ["main", "template", "unsaid", "updated"]

WIDTH = 100
SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The same day in every file: history is git's to keep."""


def template() -> Catalog:
    """Return a catalogue with every text of the package and no translation."""
    texts = Catalog(project="impact", fuzzy=False)
    for one, many, where in gather():
        texts.add((one, many) if many else one, locations=[(where, 0)])
    return texts


def updated(code: str, texts: Catalog) -> Catalog:
    """Return the catalogue of a language with the texts that there are now, and no others."""
    path = file_of(code)
    known = Catalog(locale=code, project="impact", fuzzy=False)
    known.header_comment = f"# The sentences of impact in another language: {UNREVIEWED}."
    if path.exists():
        with path.open("rb") as lines:
            known = read_po(lines, locale=code)
    known.update(texts, update_header_comment=False)
    known.obsolete.clear()
    for message in known:
        message.locations = sorted(set(message.locations))
    return known


def unsaid(catalogue: Catalog) -> list[str]:
    """Return the texts that have no translation, or one that nobody has looked at."""
    return [
        _key(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not all(_forms(message.string)))
    ]


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as the file that holds it: the same texts give the same bytes."""
    lines = io.BytesIO()
    catalogue.creation_date = catalogue.revision_date = SINCE
    write_po(lines, catalogue, width=WIDTH, include_lineno=False, sort_by_file=True)
    return lines.getvalue()


def _key(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _forms(said: str | Sequence[str] | None) -> Sequence[str]:
    return [said or ""] if isinstance(said, str) or said is None else said


def main(given: Sequence[str] | None = None) -> int:
    """Update or check all catalogues; return 1 where a check finds something missing."""
    asked = argparse.ArgumentParser(prog="python -m impact.locale.update", description=__doc__)
    asked.add_argument("languages", nargs="*", default=[c for c in LANGUAGES if c != "en"])
    asked.add_argument("--check", action="store_true", help="change nothing")
    chosen = asked.parse_args(given)
    texts, missing = template(), 0
    for code in chosen.languages:
        catalogue = updated(code, texts)
        if not chosen.check:
            file_of(code).write_bytes(written(catalogue))
        left = unsaid(catalogue)
        missing += len(left)
        print(f"{code}: {len(catalogue)} texts, {len(left)} without a translation")
        for text in left if chosen.check else ():
            print(f"  {text}")
    return int(bool(missing) and chosen.check)


if __name__ == "__main__":
    sys.exit(main())
