"""The way to a Dask cluster: who answers, who sees the project, who has the same packages."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from impact.batch.cluster import Cluster
from impact.batch.project import Project
from impact.errors import Fault, RunError

__all__ = ["connected"]

WAIT = 30


def connected(address: str, project: Project, *, engine: str, memory: int | None) -> Cluster:
    """Connect to a scheduler whose workers can do our work.

    Raises
    ------
    RunError
        The package is not installed, nobody answers, there is no worker, or one of them
        has other versions of this package or of those that numbers depend on.
    """
    try:
        import dask
        import distributed
    except ImportError:
        advice = "install it: pip install 'impact[cluster]'"
        raise RunError(Fault("no-dask", "--scheduler", "Dask is missing", advice=advice)) from None
    _answers(address)
    # An executed notebook with many figures travels as it is; that is no mistake to warn of.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "2GB"})
    client: Any = distributed.Client(  # type: ignore[no-untyped-call]
        address, timeout=WAIT, set_as_default=False
    )
    try:
        told = _asked_all(client, project)
        faults = list(_unfit(told))
        if faults:
            raise RunError(faults)
    except RunError:
        client.close()
        raise
    blind = sum(not one["sees"] for one in told), len(told)
    return Cluster(client, project.root, engine=engine, memory=memory, blind=blind)


def _answers(address: str) -> None:
    """Make sure that somebody listens at an address before Dask waits for it."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    try:
        socket.create_connection((parts.hostname or "", parts.port or 8786), timeout=WAIT).close()
    except (OSError, ValueError):
        found = f"no scheduler answers at '{address}'"
        advice = "an address is written as tcp://host:8786"
        raise RunError(Fault("no-scheduler", "--scheduler", found, advice=advice)) from None


def _asked_all(client: Any, project: Project) -> list[dict[str, Any]]:
    """Return what every worker tells of itself (`_there`)."""
    # Another folder may have the same path there: they are shown a file made just now.
    sign = project.runs / f".near-{secrets.token_hex(8)}.part"
    sign.parent.mkdir(parents=True, exist_ok=True)
    sign.write_text(str(sign), encoding="utf-8")
    try:
        client.wait_for_workers(1, timeout=WAIT)
        found = client.run(_there, str(project.root), str(sign))
    except Exception:
        said = "the workers cannot be asked"
        fault = Fault("no-workers", "--scheduler", said, "at least one, with this package")
        raise RunError(fault) from None
    finally:
        sign.unlink(missing_ok=True)
    return list(found.values())


def _unfit(told: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    here, count = _there("", ""), len(told)
    other = sum(one["code"] != here["code"] for one in told)
    if other:
        said = f"{other} of {count} workers have another version of impact"
        advice = "install the same one everywhere"
        yield Fault("other-version", "--scheduler", said, advice=advice)
    known = here["versions"].items()
    names = [name for name, v in known if any(one["versions"].get(name) != v for one in told)]
    if names:
        said = f"workers have other versions of {', '.join(names)}"
        advice = "install the same ones everywhere: run.json names them, and numbers depend on them"
        yield Fault("other-packages", "--scheduler", said, advice=advice)


def _there(root: str, sign: str) -> dict[str, Any]:
    """Tell of a worker what its work depends on."""
    from impact.batch.inputs import code_hash, versions_here

    try:
        # Read, not looked for: caches of a file system tell of files that are not to be had.
        sees = Path(sign).read_text(encoding="utf-8") == sign and Path(root, "params").is_dir()
    except OSError:
        sees = False
    return {"sees": sees, "code": code_hash(), "versions": versions_here()}
