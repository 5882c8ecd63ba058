"""What the rows of each look at the result are called.

In files a term is English, as it is written here; a page says it in the reader's language
(`said_term`), with the names of places, subgroups and periods in it as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

from impact.locale import N_, _

__all__ = [
    "ALL",
    "ALL_PLACES",
    "GAP",
    "INVENTED",
    "INVENTED_EACH",
    "LEVEL",
    "LOWER",
    "MAIN",
    "NUMBERED",
    "QUOTED",
    "REAL",
    "STAYED",
    "UPPER",
    "WEIGHTED",
    "WITHOUT",
    "said_term",
]

MAIN = N_("main estimate")
ALL = N_("all")
LEVEL = N_("%(subgroup)s: %(level)s")
GAP = N_("%(subgroup)s: %(second)s less %(first)s")
ALL_PLACES = N_("all places")
WITHOUT = N_("without %(place)s")
NUMBERED = {
    "treated": N_("without pilot place %(number)s"),
    "comparison": N_("without comparison place %(number)s"),
    "both": N_("without place %(number)s"),
}
REAL = N_("the real start")
INVENTED = N_("an invented start: %(start)s")
INVENTED_EACH = N_("invented starts: one period early")
QUOTED = N_("%(errors)s, quoted")
LOWER, UPPER = N_("lower bound"), N_("upper bound")
STAYED, WEIGHTED = N_("those who stayed"), N_("those who stayed, weighted")
# What is narrower comes first: a place may be called anything.
SHAPES: dict[str, tuple[str, ...]] = {
    "by_subgroup": (ALL, GAP, LEVEL),
    "leave_one_out": (ALL_PLACES, *NUMBERED.values(), WITHOUT),
    "placebo": (REAL, INVENTED_EACH, INVENTED),
    "other_errors": (QUOTED,),
}


def said_term(term: str, look: str) -> str:
    """Return what a reader calls a row of a look, in the language that is being spoken.

    Parameters
    ----------
    term : str
        As it stands in the row.
    look : str
        Which look: the ``role`` of the result.

    Examples
    --------
    >>> said_term("without Paris", "leave_one_out")
    'without Paris'
    """
    for shape in SHAPES.get(look, ()):
        found = _pattern(shape).fullmatch(term)
        if found:
            return _(shape) % {name: _(value) for name, value in found.groupdict().items()}
    return _(term)


@lru_cache
def _pattern(shape: str) -> re.Pattern[str]:
    """Return what a term of that shape looks like."""
    parts = re.split(r"%\((\w+)\)s", shape)
    named = [f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)]
    return re.compile("".join(named), re.DOTALL)
