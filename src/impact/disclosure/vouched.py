"""Only sentences that the package knows are released: a notebook is code, and could say more.

The register of sentences is the package itself: every text that stands in its modules. What a
notebook makes up, in whatever part, is left out.
"""

from __future__ import annotations

import importlib.util
import marshal
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import CodeType

from impact.errors import DisclosureError
from impact.results import (
    EffectResult,
    Effects,
    Finding,
    Findings,
    Part,
    Sentence,
    Statement,
    SummaryTable,
)

__all__ = ["is_known", "register", "vouched"]

SLOTS = re.compile(r"(%\(\w+\)s\s*)+")
PIECE, LONGEST, BETWEEN = 8, 400, " .,:;()"
HEADER = 16
"""Bytes before the code in a compiled module."""


def vouched(part: Part) -> Part:
    """Return the part without sentences that the package does not know.

    Raises
    ------
    DisclosureError
        The sentence of a finding is not one of the package's.
    """
    if isinstance(part, Statement):
        facts = tuple(pair for pair in part.facts if all(is_known(one) for one in pair))
        return replace(part, sentences=_known(part.sentences), facts=facts)
    if isinstance(part, SummaryTable | EffectResult):
        return replace(part, notes=_known(part.notes))
    if isinstance(part, Effects):
        results = tuple(replace(one, notes=_known(one.notes)) for one in part.results)
        return replace(part, results=results, reasons=_known(part.reasons))
    if isinstance(part, Findings):
        return replace(part, results=tuple(_finding(one) for one in part.results))
    return _finding(part) if isinstance(part, Finding) else part


def _finding(finding: Finding) -> Finding:
    said = [finding.sentence, finding.effect, *([finding.span] if finding.span else [])]
    if not all(is_known(sentence) for sentence in said):
        raise DisclosureError("a finding says what is not a sentence of the package")
    return replace(finding, reasons=_known(finding.reasons))


def _known(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    return tuple(sentence for sentence in sentences if is_known(sentence))


def is_known(sentence: Sentence) -> bool:
    """Whether a sentence, and every sentence in it, is one of the package's."""
    inside = [value for value in sentence.values.values() if isinstance(value, Sentence)]
    joined = SLOTS.fullmatch(sentence.text) and len(inside) == len(sentence.values)
    known = bool(joined or _composed(sentence.text)) and _composed(sentence.many)
    return known and all(is_known(one) for one in inside)


def _composed(text: str) -> bool:
    """Whether a text is one of the package's, or put together of several long ones."""
    known = register()
    if text in known:
        return True
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            longest = min(len(text), start + LONGEST)
            ends = range(start + PIECE, longest + 1)
            reached |= {end for end in ends if text[start:end] in known}
            if text[start] in BETWEEN:
                reached.add(start + 1)
    return len(text) in reached


@lru_cache(maxsize=1)
def register() -> frozenset[str]:
    """Return every text that stands in the modules of the package."""
    package = Path(__file__).resolve().parents[1]
    return frozenset(
        text for path in sorted(package.rglob("*.py")) for text in _texts(_compiled(path))
    )


def _compiled(path: Path) -> CodeType:
    """Return a module's code, as it was compiled when it was last imported if that is of today."""
    kept = Path(importlib.util.cache_from_source(str(path)))
    try:
        bytecode = kept.read_bytes()
        stamp, changed = path.stat(), int.from_bytes(bytecode[8:12], "little")
        by_time = bytecode[4:8] == bytes(4)
        fresh = by_time and changed == int(stamp.st_mtime) & 0xFFFFFFFF
        if fresh and bytecode[:4] == importlib.util.MAGIC_NUMBER:
            code: CodeType = marshal.loads(bytecode[HEADER:])
            return code
    except (OSError, ValueError, EOFError):
        return compile(path.read_bytes(), path.name, "exec")
    return compile(path.read_bytes(), path.name, "exec")


def _texts(code: object) -> Iterator[str]:
    if isinstance(code, str):
        yield code
    elif isinstance(code, tuple | frozenset):
        for one in code:
            yield from _texts(one)
    elif isinstance(code, CodeType):
        for one in code.co_consts:
            yield from _texts(one)
