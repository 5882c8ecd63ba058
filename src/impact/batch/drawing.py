"""What an executed notebook amounts to: page, estimates, line of the index."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from impact.batch.execution import read_notebook
from impact.batch.held import hold_against_data, read_edition
from impact.batch.stated import other_rule
from impact.errors import Fault, RunError

__all__ = ["draw"]

Tell = Callable[[dict[str, Any]], None]


def draw(
    tell: Tell,
    *,
    notebook: str,
    pilot: str,
    rule: Mapping[str, Any],
    params: str | None = None,
    before: str | None = None,
    languages: Sequence[str] = (),
    made: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Make what a pilot's executed notebook amounts to.

    The exporter by itself releases a notebook by the rule that the notebook states. Only
    here is that rule held against what params and data say.

    Parameters
    ----------
    notebook : str
        The executed notebook.
    pilot : str
        The pilot that was asked for.
    rule : mapping
        What `check` returned.
    params : str, optional
        The params file: the finished page is held against its data before it is published.
    before : str, optional
        Where the edition of the last release lies, if there was one.
    languages : sequence of str
        Further languages of the page; its own is left out.
    made : mapping, optional
        Facts of the run, as its record will have them: the page tells its readers' part.

    Returns
    -------
    dict
        ``page``: the HTML, in ``language``; ``pages``: the same in further languages;
        ``edition``: what its readers have seen, private; ``estimates``: CSV in full precision,
        private; ``released``: the same through the gate; ``entry``: the pilot's line of the
        index.

    Raises
    ------
    RunError
        The notebook shows another pilot's status, or one that states another rule.
    DisclosureError
        What it shows cannot be released, or holds what stands in the data.
    """
    from impact.disclosure import index_entry
    from impact.report.collect import collect
    from impact.report.exporter import ImpactExporter
    from impact.report.made import Made
    from impact.report.page import render_release
    from impact.results import Status

    nb = read_notebook(notebook)
    parts = collect(nb)
    status = next(part for part in parts if isinstance(part, Status))
    if status.pilot != pilot:
        raise RunError(Fault("other-pilot", "", "the notebook ran another pilot instead"))
    faults = list(other_rule(status, rule))
    if faults:
        raise RunError(faults)
    seen = None if before is None else read_edition(Path(before))
    exporter: Any = ImpactExporter()  # type: ignore[no-untyped-call]
    facts = None if made is None else Made.of_record(made)
    page, resources = exporter.from_notebook_node(nb, before=seen, vouch=True, made=facts)
    released = resources["released"]
    drawn: dict[str, Any] = {
        "page": page,
        "language": status.language,
        "pages": {
            code: render_release(released, lang=code, index=f"index.{code}.html", made=facts)
            for code in dict.fromkeys(languages)
            if code != status.language
        },
        "edition": json.dumps(released.edition),
        "estimates": _csv(parts),
        "released": _csv(released.parts),
        "entry": index_entry(released, indicators=_indicators(parts)).to_payload(),
    }
    if params is not None:
        texts = [drawn["page"], *drawn["pages"].values(), drawn["released"]]
        texts.append(json.dumps(drawn["entry"], ensure_ascii=False))
        hold_against_data(Path(params), texts, guarded=released.rule.guarded)
    return drawn


def _indicators(parts: Sequence[Any]) -> dict[str, Mapping[str, Any]]:
    """Return by outcome what of the catalogue it measures; other outcomes are left out."""
    from impact.results import Findings

    findings = [one for part in parts if isinstance(part, Findings) for one in part]
    known = {one.outcome: one.details.get("measure") for one in findings}
    return {outcome: measure for outcome, measure in known.items() if measure}


def _csv(parts: Sequence[Any]) -> str:
    import pandas as pd

    from impact.results import GLOSSARY, Effects

    frames = [part.to_frame() for part in parts if isinstance(part, Effects)]
    empty = pd.DataFrame(columns=list(GLOSSARY))
    table = pd.concat(frames, ignore_index=True) if frames else empty
    return str(table.to_csv(index=False, lineterminator="\n"))
