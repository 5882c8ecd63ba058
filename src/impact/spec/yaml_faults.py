"""What a YAML parser says, in words that tell an evaluator what to mend."""

from __future__ import annotations

import yaml

from impact.errors import Fault
from impact.spec.words import printable

__all__ = ["yaml_fault"]

# Part of the parser's message; code; what was found; what to do.
KNOWN = (
    (
        "'\\t'",
        "tab",
        "a tab stands where blanks are due",
        "indent with blanks, never with tabs",
    ),
    (
        "expected a single document",
        "several-documents",
        "'---' begins a second document",
        "one file holds one pilot: leave out '---' or split the file",
    ),
    (
        "but found another document",
        "several-documents",
        "'---' begins a second document",
        "one file holds one pilot: leave out '---' or split the file",
    ),
    (
        "undefined alias",
        "yaml",
        "an alias (*) names an anchor (&) that does not stand before it",
        "put the value in quotes if it is text",
    ),
    (
        "duplicate anchor",
        "yaml",
        "an anchor (&) has a name that is taken",
        "put the value in quotes if it is text",
    ),
    (
        "mapping values are not allowed",
        "yaml",
        "a ':' stands where no key can be",
        "put text that holds ': ' in quotes, and check the indent",
    ),
    (
        "could not find expected ':'",
        "yaml",
        "a key has no ':'",
        "write 'key: value'",
    ),
    (
        "while scanning a quoted scalar",
        "yaml",
        "a quotation mark is not closed, or a \\ in double quotes means something else",
        "close it, and use single quotes where text holds a \\",
    ),
    (
        "while parsing a flow",
        "yaml",
        "a bracket is not closed, or a comma is missing",
        "check the brackets",
    ),
    (
        "cannot start any token",
        "yaml",
        "a value begins with a sign that YAML keeps for itself",
        "put the value in quotes",
    ),
    (
        "while parsing a block",
        "yaml",
        "the indent does not fit the lines above",
        "keys of one group begin in the same column",
    ),
)


# Here the line where it was opened helps, not the line where the parser gave up.
OPENED = ("while scanning a quoted scalar", "while parsing a flow")


def yaml_fault(error: Exception, text: str, name: str) -> Fault:
    """Return the fault behind a parser's error, with its line where there is one.

    Parameters
    ----------
    error : yaml.YAMLError or ValueError
        What the parser raised.
    text : str
        The text that was parsed.
    name : str
        The file as messages show it.
    """
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        found = f"a character that no text holds (code {ord(text[error.position])})"
        return Fault("control-character", f"{name}:{line}", found, "", "delete it")
    if not isinstance(error, yaml.MarkedYAMLError):
        return Fault("yaml", name, "a \\ code in double quotes names no character", "", "mend it")
    mark = error.problem_mark or error.context_mark
    if (error.context or "").startswith(OPENED):
        mark = error.context_mark or mark
    where = name if mark is None else f"{name}:{mark.line + 1}"
    said = f"{error.context or ''} {error.problem or ''}"
    for part, code, found, advice in KNOWN:
        if part in said:
            return Fault(code, where, found, "", advice)
    return Fault("yaml", where, f"this cannot be read: {printable(said.strip())}")
