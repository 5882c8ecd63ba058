"""A headless Chromium, and the hand-built pages as files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1] / "report" / "samples.py"


def _compared() -> list[object]:
    """Return six pilots that measured the same, one of them without a comparison."""
    from impact.disclosure import IndexEntry, Measured
    from impact.results import Sentence

    made: list[object] = []
    for at, country in enumerate(("NL", "GR", "NL", "IT", "", "LV")):
        sure = "no_comparison" if at == 3 else ("low", "high")[at % 2]
        told = ("belonging", "ordinal", "higher", "points", (1.0, 5.0), "home", "primary", sure)
        one = Measured(*told, 0.1 * at, 0.1, 0.1 * at - 0.2, 0.1 * at + 0.2)
        given = {"country": country, "simulated": at < 4, "themes": ("participation",)}
        said = Sentence("Between start and end, “%(outcome)s” rose.", {"outcome": "Home" * 9})
        made.append(
            IndexEntry(
                f"pilot-{at}",
                f"Pilot {at}",
                sentence=said,
                certainty=sure,
                measures=(one,),
                **given,
            )
        )
    return [*made, IndexEntry("pilot-x", "Pilot x", state="failed")]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the three pages, the index and a hostile page as they stand in reports/."""
    from impact.disclosure import Rule, index_entry, release
    from impact.report import render_index, render_page

    described = importlib.util.spec_from_file_location("report_samples", SAMPLES)
    assert described is not None
    assert described.loader is not None
    samples = importlib.util.module_from_spec(described)
    described.loader.exec_module(samples)
    to = tmp_path_factory.mktemp("reports")
    entries = []
    for name, build in samples.PILOTS.items():
        parts = build()
        (to / f"{name}.html").write_text(render_page(parts), encoding="utf-8")
        entries.append(index_entry(release(parts, Rule.of(parts[0]))))
    (to / "index.html").write_text(render_index(entries), encoding="utf-8")
    (to / "portfolio.html").write_text(render_index(_compared()), encoding="utf-8")
    evil = "<script>document.title='ran'</script>\"onload=\"document.title='ran'" + "W" * 10_000
    hostile = samples.did_pilot(title=evil, place=evil, programme=evil, source=evil)
    (to / "hostile.html").write_text(render_page(hostile), encoding="utf-8")
    return to
