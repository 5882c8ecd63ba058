"""What is said on the command line, as values; or why it is none."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

__all__ = ["count", "folder", "language", "number", "seconds", "size"]


def count(text: str) -> int:
    """Return a number of things, from 1 to 1000."""
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 1000")
    return int(text)


def seconds(text: str) -> float:
    """Return a length of time."""
    try:
        said = float(text)
    except ValueError:
        said = 0.0
    if not 0 < said < 1e8:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return said


def size(text: str) -> int:
    """Return a number of bytes."""
    units = {"M": 10**6, "G": 10**9}
    number, unit = text[:-1], text[-1:].upper()
    try:
        said = float(number) * units[unit]
    except (ValueError, KeyError):
        said = 0.0
    if not 5e7 <= said < 1e15:
        raise argparse.ArgumentTypeError(f"'{text}' is not a size of 50M or more, as 800M or 4G")
    return int(said)


def folder(text: str) -> Path | str:
    """Return a path, or a URL as it stands."""
    return text if re.match(r"[A-Za-z][A-Za-z0-9+._:-]*://", text) else Path(text)


def language(text: str) -> str:
    """Return the code of a language that there are pages in."""
    from impact.locale.language import LANGUAGES

    if text not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise argparse.ArgumentTypeError(f"there are no pages in '{text}'; there are: {known}")
    return text


def number(text: str) -> float:
    """Return a finite number."""
    try:
        said = float(text)
    except ValueError:
        said = float("nan")
    if not abs(said) < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number")
    return said
