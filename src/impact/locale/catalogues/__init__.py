"""The catalogues: one file a language, every sentence of the package beside its translation."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

__all__ = ["FOLDER", "UNREVIEWED", "file_of", "read"]

FOLDER = Path(__file__).parent
UNREVIEWED = "translation not reviewed"
"""Stands in the header of a catalogue until a person who speaks the language has read it."""


def file_of(code: str) -> Path:
    """Return where the catalogue of a language stands."""
    return FOLDER / f"{code}.po"


def read(code: str) -> tuple[gettext.GNUTranslations, bool]:
    """Return the sentences of a language, and whether they have been reviewed.

    The file is read as it stands; nothing has to be built.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with file_of(code).open("rb") as lines:
        catalogue = read_po(lines, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled), UNREVIEWED not in catalogue.header_comment
