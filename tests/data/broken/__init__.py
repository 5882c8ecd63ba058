"""More than three hundred broken files, each with its name."""

from __future__ import annotations

from .base import ANY, FORMATS, GOOD, RIGHT, SECRET, Broken, good, params
from .of_bytes import of_bytes, of_names
from .of_excel import of_excel
from .of_labelled import of_labelled
from .of_text import of_text
from .of_values import of_values

__all__ = ["ANY", "BROKEN", "FORMATS", "GOOD", "RIGHT", "SECRET", "Broken", "good", "params"]

BROKEN: tuple[Broken, ...] = (
    *of_bytes(),
    *of_names(),
    *of_values(),
    *of_text(),
    *of_excel(),
    *of_labelled(),
)
