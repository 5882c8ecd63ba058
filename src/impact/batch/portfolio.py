"""The pilots compared: the portfolio notebook, run on the lines that all runs left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from impact.batch.execution import execute
from impact.batch.files import write_whole
from impact.errors import Fault, RunError

__all__ = ["compared", "portfolio"]

Tell = Callable[[dict[str, Any]], None]


def portfolio(
    tell: Tell, *, entries: Sequence[Mapping[str, Any]], notebook: str, runs: str, log: str
) -> dict[str, Any]:
    """Run the portfolio notebook.

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
        ``notebook``: where the executed one lies.

    Raises
    ------
    RunError
        The notebook broke.
    """
    import yaml

    given = Path(runs, "portfolio.yml")
    executed = Path(runs, "portfolio.ipynb")
    # Aliases would make the file hard to read: lines share their words.
    dumper = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    told = yaml.dump({"entries": list(entries)}, Dumper=dumper, sort_keys=False)
    write_whole(given, told)
    execute(tell, notebook=notebook, output=str(executed), params=str(given), log=log)
    return {"notebook": str(executed)}


def compared(nb: Any, entries: Sequence[Mapping[str, Any]]) -> str:
    """Make the index of what the executed notebook shows, through the gate.

    Raises
    ------
    RunError
        It shows other pilots than it was given.
    DisclosureError
        What it shows cannot be released.
    """
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
