"""What an option of the command line may be."""

from __future__ import annotations

import argparse

__all__ = ["count", "language", "memory", "number", "seconds"]


def count(text: str) -> int:
    """Return a number of things from 1 to 1000."""
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 1000")
    return int(text)


def seconds(text: str) -> float:
    """Return a number of seconds above 0."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < 1e8:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return found


def memory(text: str) -> int:
    """Return a size of memory in bytes."""
    units = {"M": 10**6, "G": 10**9}
    number, unit = text[:-1], text[-1:].upper()
    try:
        size = float(number) * units[unit]
    except (ValueError, KeyError):
        size = 0.0
    if not 5e7 <= size < 1e15:
        raise argparse.ArgumentTypeError(f"'{text}' is not a size of 50M or more, as 800M or 4G")
    return int(size)


def language(text: str) -> str:
    """Return the code of a language that pages are written in."""
    from impact.locale.language import LANGUAGES

    if text not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise argparse.ArgumentTypeError(f"there are no pages in '{text}'; there are: {known}")
    return text


def number(text: str) -> float:
    """Return a finite number."""
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not abs(found) < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number")
    return found
