"""The index as the portfolio notebook makes it, from the lines that runs left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from impact.batch.execution import execute, read_notebook
from impact.batch.files import write_whole
from impact.errors import Fault, RunError

__all__ = ["portfolio"]

Tell = Callable[[dict[str, Any]], None]


def portfolio(
    tell: Tell, *, entries: Sequence[Mapping[str, Any]], notebook: str, runs: str, log: str
) -> dict[str, Any]:
    """Run the portfolio notebook, and make the index of what it shows, through the gate.

    What the notebook was given stays in ``runs/portfolio.yml``, what became of it in
    ``runs/portfolio.ipynb``: plain Papermill can repeat it.

    Parameters
    ----------
    entries : sequence of mapping
        Lines of the index, as `impact.disclosure.IndexEntry` travels.
    notebook, runs : str
        The notebook, and the private folder.
    log : str
        What messages call the log.

    Returns
    -------
    dict
        ``page``: the HTML.

    Raises
    ------
    RunError
        The notebook broke, or shows other pilots than it was given.
    DisclosureError
        What it shows cannot be released.
    """
    import yaml

    given = Path(runs, "portfolio.yml")
    executed = Path(runs, "portfolio.ipynb")
    # Aliases would make the file hard to read: lines share their words.
    dumper = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    told = yaml.dump({"entries": list(entries)}, Dumper=dumper, sort_keys=False)
    write_whole(given, told)
    execute(tell, notebook=notebook, output=str(executed), params=str(given), log=log)
    return {"page": _drawn(read_notebook(str(executed)), entries)}


def _drawn(nb: Any, entries: Sequence[Mapping[str, Any]]) -> str:
    """Render what the notebook shows; it must be the pilots that it was given."""
    from impact.report.collect import collect_any
    from impact.report.index import render_index
    from impact.report.portfolio import Portfolio, SharedOutcomes

    parts = collect_any(nb)
    shown = [part for part in parts if isinstance(part, Portfolio)]
    compared = [part for part in parts if isinstance(part, SharedOutcomes)]
    if len(shown) != 1:
        raise RunError(Fault("no-portfolio", "", f"it shows the pilots {len(shown)} times", "once"))
    asked = Portfolio.of_payload({"entries": entries}).to_payload()
    if any(part.to_payload() != asked for part in (*shown, *compared)):
        raise RunError(Fault("other-pilots", "", "it shows other pilots than it was given"))
    return render_index(shown[0].entries, compared=bool(compared))
