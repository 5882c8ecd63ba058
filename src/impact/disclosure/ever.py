"""Who never answered a question: few of them are nobody's business, and no table counts them."""

from __future__ import annotations

from impact.disclosure.knowledge import Knowledge

__all__ = ["add_ever_answered"]


def add_ever_answered(made: Knowledge) -> None:
    """Note that whoever answers in a period is among those who ever answer, and these among all.

    How many ever answered no table says. They are taken to be all, so that it must stay open
    whether a few never did.
    """
    given: dict[tuple[object, object], list[int]] = {}
    for key, at in made.places.items():
        if len(key) == 5 and key[0] == "n" and key[2] == "" and key[3] != "all":
            given.setdefault((key[1], key[3]), []).append(at)
    for (variable, group), parts in given.items():
        there = made.find("ever", "", "", group, "")
        if there is None or len(parts) < 2:
            continue
        ever = made.unknown(("answered ever", variable, "", group, ""), made.values[there])
        made.know([(there, 1.0), (ever, -1.0)], 0.0)
        for part in parts:
            made.know([(ever, 1.0), (part, -1.0)], 0.0)
        made.hide([(there, 1.0), (ever, -1.0)], "never")
