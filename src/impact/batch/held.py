"""What a new page is held against: the records that it is made of, and its earlier editions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from impact.errors import DisclosureError, Fault

__all__ = ["hold_against_data", "read_edition"]


class _Every(Collection[str]):
    """A collection that holds every name: all columns are wanted."""

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_edition(path: Path) -> dict[str, Any] | None:
    """Return what earlier editions told; None where there was none.

    Raises
    ------
    DisclosureError
        The file cannot be read: what was told before is not known.
    """
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: dict(found[name]) for name in ("cells", "rows")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        text = "what earlier editions of the page told cannot be read"
        advice = "delete edition.json in its folder of runs/ if no earlier page was ever public"
        raise DisclosureError(Fault("edition-unreadable", "", text, advice=advice)) from error


def hold_against_data(params: Path, texts: Sequence[str], *, guarded: bool) -> None:
    """Refuse texts that hold an id, an address, a number or free text of the records.

    Raises
    ------
    DisclosureError
        They do; the fault says in how many columns, and quotes nothing.
    """
    from impact.disclosure import distinctive, planted
    from impact.spec import load_spec

    spec = load_spec(params)
    stated = params.read_text(encoding="utf-8") + json.dumps(
        spec.model_dump(mode="json"), ensure_ascii=False
    )
    own = [spec.data.unit] if guarded and spec.data.unit else []
    roles = _named(spec)
    for frame in _records(spec):
        kept = frame if guarded else frame.drop(columns=[n for n in roles if n in frame])
        ids = [str(name) for name in own]
        least = spec.report.minimum_cell
        found = planted(texts, distinctive(kept, ids=ids, minimum=least, stated=stated))
        if found:
            said = f"the page holds what stands in {len(found)} columns of the data file"
            advice = "look for names, ids and notes in labels, categories and the notebook"
            raise DisclosureError(Fault("data-on-page", "", said, "aggregates only", advice))


def _named(spec: Any) -> tuple[str, ...]:
    """Return the columns that name places and periods: where units are places, pages do too."""
    design = spec.design
    given = (spec.data.unit, spec.data.period, design.assignment, getattr(design, "place", None))
    return tuple(name for name in given if name)


def _records(spec: Any) -> Iterator[Any]:
    """Yield every file with all its columns."""
    from impact.data.readers.source import read_named
    from impact.spec.project import root_of

    for file in spec.data.files:
        yield read_named(file, _Every(), root_of(spec), query=spec.data.query).frame
