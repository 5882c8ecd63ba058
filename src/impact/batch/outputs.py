"""A project whose reports, or runs too, lie at URLs: the folder where they are worked on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from impact.batch.project import Project, find_project
from impact.errors import Fault, RunError

__all__ = ["opened"]

KEPT = ".reports"


@contextmanager
def opened(
    *,
    params: Path | None = None,
    reports: Path | str | None = None,
    runs: Path | str | None = None,
    pilots: Sequence[str] = (),
    to_write: bool = False,
) -> Iterator[Project]:
    """Hold the project that a call means (`find_project`), wherever its outputs belong.

    Parameters
    ----------
    params, pilots
        As `find_project` takes them.
    reports, runs : Path or str, optional
        Folders, or URLs of an object store. A URL's content is worked on in a private folder
        that is gone when the block ends.
    to_write : bool
        Whether a batch will be run. Else what lies at the URLs is fetched to be looked at.

    Raises
    ------
    SpecError
        There is no project.
    RunError
        Pages cannot be published at such a URL, or a store cannot be read.
    """
    urls = {n: u for n, u in (("reports", reports), ("runs", runs)) if isinstance(u, str)}
    near = {n: p for n, p in (("reports", reports), ("runs", runs)) if isinstance(p, Path)}
    faults = [fault for name, url in urls.items() for fault in _unfit(name, url)]
    if "runs" in urls and "reports" not in urls:
        found = "runs at a URL, and reports in a folder of this machine"
        advice = "name a URL for --reports, too; the other way round is possible"
        faults.append(Fault("half-away", "--runs", found, advice=advice))
    if faults:
        raise RunError(faults)
    project = find_project(params=params, pilots=pilots, **near)
    if not urls:
        yield project
        return
    with tempfile.TemporaryDirectory(prefix="impact-", ignore_cleanup_errors=True) as scratch:
        folders = {"reports": Path(scratch).resolve() / "reports", "runs": project.runs}
        if "runs" in urls:
            folders["runs"] = Path(scratch).resolve() / "runs"
        elif to_write:
            # What a killed batch was publishing is found again beside its journal.
            folders["reports"] = project.runs / KEPT
        made = _mirrored(project, urls, folders)
        if made.mirror is not None and not to_write:
            made.mirror.fetch()
        yield made


def _mirrored(project: Project, urls: dict[str, str], kept: dict[str, Path]) -> Project:
    from impact.batch.mirror import Mirror
    from impact.batch.store import Store

    for folder in kept.values():
        folder.mkdir(parents=True, exist_ok=True)
    stores = {kept[name]: Store(url) for name, url in urls.items()}
    reports, runs = kept["reports"], kept["runs"]
    return replace(project, reports=reports, runs=runs, mirror=Mirror(reports, runs, stores))


def _unfit(name: str, url: str) -> Iterator[Fault]:
    from impact.batch.store import is_store
    from impact.data.address import address

    if not is_store(url):
        found = f"pages cannot be replaced whole at {address(url)}"
        advice = "name a folder, or the URL of an object store (s3://, gs://, az://)"
        yield Fault("no-store", f"--{name}", found, advice=advice)
