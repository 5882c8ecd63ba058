"""Every committed pilot, cell by cell, to a page: without a kernel, so that it stays quick."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from papermill.iorw import read_yaml_file

from impact.report import render_page
from impact.results import Finding, Findings, Part, Status

ROOT = Path(__file__).parents[1]
CELLS = [cell.source for cell in nbformat.read(ROOT / "notebooks" / "pilot.ipynb", 4).cells]
FORBIDDEN = re.compile(
    r"\b(significant\w*|no effect|prove[sn]?|promising|trends?)\b", re.IGNORECASE
)


def parts_of(params: Path) -> list[Part]:
    """Run the notebook's cells in one namespace; return what they show."""
    names: dict[str, Any] = {}
    exec(CELLS[0], names)
    names |= read_yaml_file(str(params))
    shown = []
    for source in CELLS[1:]:
        tree = ast.parse(source)
        if isinstance(tree.body[-1], ast.Expr):
            shown.append(eval(source, names))
        else:
            exec(source, names)
    return shown


@pytest.mark.slow
@pytest.mark.parametrize(
    "params", sorted((ROOT / "params").glob("*.yml")), ids=lambda path: path.stem
)
def test_every_pilot_runs_to_a_page_whose_findings_use_no_word_that_misleads(
    params: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPACT_ROOT", str(ROOT))
    parts = parts_of(params)
    (status,) = [part for part in parts if isinstance(part, Status)]
    assert status.pilot == params.stem
    page = render_page(parts)
    assert "<h1" in page
    assert len(page.encode()) < 1_500_000
    findings = [part for part in parts if isinstance(part, Finding)]
    findings += [one for part in parts if isinstance(part, Findings) for one in part]
    for finding in findings:
        said = [finding.sentence, finding.effect, *filter(None, [finding.span]), *finding.reasons]
        assert not [str(one) for one in said if FORBIDDEN.search(str(one))]
