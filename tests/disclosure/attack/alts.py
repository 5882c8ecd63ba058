"""What alternative texts of figures say, as boxes of the tables that say it too, or should."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attack.published import Cell, Text

__all__ = ["cells_of"]

GROUPS = r"(Pilot group|Comparison group)"
LINES = re.compile(r"^Line chart: (?P<label>.+?), by group and period\. (?P<rest>.+)$")
BARS = re.compile(r"^Stacked bars: (?P<label>.+?), share on each level by group and period\. ")
FLOW = re.compile(r"^Flow of participants, in boxes from top to bottom\. ")
REASONS = re.compile(r"\s*\(([^()]*: [^()]*)\)$")
SHARE = re.compile(r"^(.*\S) \(([\d.]+%)\)$")


def cells_of(texts: list[Text]) -> Iterator[Cell]:
    """Yield what alternative texts tell, as boxes."""
    for text in texts:
        if text.kind != "alt":
            continue
        if LINES.match(text.said):
            yield from _lines(text)
        elif BARS.match(text.said):
            yield from _bars(text)
        elif FLOW.match(text.said):
            yield from _flow(text)


def _sides(said: str, gap: str) -> Iterator[tuple[str, str]]:
    """Yield each group with what is said of it."""
    for part in re.split(rf"(?={GROUPS}{gap})", said):
        at = re.match(rf"{GROUPS}{gap}(.*)$", part or "", re.DOTALL)
        if at:
            yield at.group(1), at.group(2).strip().rstrip(".")


def _lines(text: Text) -> Iterator[Cell]:
    at = LINES.match(text.said)
    if not at:
        return
    caption = "Averages by group and period"
    for group, said in _sides(at["rest"], ", "):
        own = re.split(r"\. (?:Expected without|In \S+ the|Ranges are|Values about)", said)[0]
        for point in own.split("; "):
            wave, _, value = point.partition(": ")
            what = "share" if "%" in value else "mean"
            body = f"{at['label']}, {what} (95% interval)"
            yield Cell(text.section, caption, body, wave, (group,), value.rstrip("."))


def _bars(text: Text) -> Iterator[Cell]:
    at = BARS.match(text.said)
    if not at:
        return
    for group, said in _sides(text.said[at.end() :], ", "):
        wave, _, levels = said.rstrip(".").partition(": ")
        for level in levels.split(", "):
            name, _, share = level.rpartition(" ")
            if "%" in share:
                row, body = f"{name}, share", at["label"]
                yield Cell(
                    text.section, "Levels by group and period", body, row, (group, wave), share
                )


def _flow(text: Text) -> Iterator[Cell]:
    caption = "Numbers at the start and at the end, by group"
    for group, said in _sides(text.said, ": "):
        for box in re.split(r"; (?![^()]*\))", said):
            row, _, value = box.partition(": ")
            lost = row == "Lost in between"
            body = row if lost else ""
            reasons = REASONS.search(value)
            if reasons:
                value = value[: reasons.start()]
                for reason in reasons.group(1).split(", "):
                    why, _, people = reason.rpartition(": ")
                    yield Cell(text.section, caption, body, why, (group,), people)
            share = SHARE.match(value)
            if share:
                value = share.group(1)
                yield Cell(text.section, caption, body, "share", (group,), share.group(2))
            row = "number lost" if lost else row.partition(", ")[0]
            yield Cell(text.section, caption, body, row, (group,), value)
