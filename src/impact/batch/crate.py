"""Where every number came from, for other programs: ``runs/ro-crate-metadata.json``.

A Research Object Crate (RO-Crate 1.1, profile Process Run Crate 0.5) in plain JSON-LD: each
pilot's last good run is an action with what went in, what came out, the program, and when.
It lies in ``runs/`` and is private as everything there; it names no person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from impact.batch.files import write_whole
from impact.batch.project import Project
from impact.batch.record import Run, read_run

__all__ = ["CRATE", "write_crate"]

CRATE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
KINDS = {
    "estimates.csv": ("Estimates in full precision", "text/csv"),
    "released.csv": ("Estimates as they are published", "text/csv"),
    "notebook.ipynb": ("The executed notebook", "application/x-ipynb+json"),
}
Entity = dict[str, Any]


def write_crate(project: Project) -> None:
    """Describe the good runs that lie in ``runs/``; nothing is written where nothing changed."""
    found = (read_run(path.parent) for path in sorted(project.runs.glob("*/run.json")))
    runs = [run for run in found if run is not None and run.good is not None]
    if not runs:
        return
    text = json.dumps(_graph(runs), indent=2, ensure_ascii=False) + "\n"
    path = project.runs / CRATE
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_whole(path, text)


def _graph(runs: Sequence[Run]) -> Entity:
    entities = {entity["@id"]: entity for run in runs for entity in _of_run(run)}
    batches = {entity["@id"]: entity for entity in _batches(runs)}
    kept = [identity for identity in entities if not identity.startswith("#")]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "Runs of pilots",
        "description": "Executed notebooks and estimates, with what they were made of.",
        "datePublished": max(run.good.ended for run in runs if run.good),
        "license": "Private: not for publication.",
        "conformsTo": {"@id": PROFILE},
        "hasPart": [{"@id": identity} for identity in kept],
        "mentions": [{"@id": name} for name in (*map(_action, runs), *batches)],
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    profile = {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate"}
    graph = [descriptor, root, profile, *entities.values(), *batches.values()]
    return {"@context": [CONTEXT, TERMS], "@graph": graph}


def _of_run(run: Run) -> Iterator[Entity]:
    """Yield the action of a pilot's last good run, and all that it refers to."""
    assert run.good is not None
    inputs, outputs, program = [*_inputs(run)], [*_outputs(run)], _program(run)
    yield from (*inputs, *outputs, program)
    action = {
        "@id": _action(run),
        "@type": "CreateAction",
        "name": f"Run of {run.pilot}",
        "endTime": run.good.ended,
        "instrument": {"@id": program["@id"]},
        "object": [{"@id": entity["@id"]} for entity in inputs],
        "result": [{"@id": entity["@id"]} for entity in outputs],
    }
    if run.state == "done":
        # Of a run that failed since, times and batch are those of the failure.
        status = {"@id": "http://schema.org/CompletedActionStatus"}
        action |= {"startTime": run.started, "actionStatus": status}
        action["description"] = _how(run)
    yield action


def _batches(runs: Sequence[Run]) -> Iterator[Entity]:
    """Yield the batches, each the parent of the runs that it was made of."""
    names = sorted({run.batch for run in runs if run.batch and run.state == "done"})
    for name in names:
        members = [run for run in runs if run.batch == name and run.state == "done"]
        yield {
            "@id": f"#batch-{name}",
            "@type": "OrganizeAction",
            "name": f"Batch {name}",
            "instrument": {"@id": _program(members[0])["@id"]},
            "object": [{"@id": _action(run)} for run in members],
            "startTime": min(run.started for run in members),
            "endTime": max(run.ended for run in members),
        }


def _made(run: Run, kind: str) -> Mapping[str, str]:
    """Return what the last good run was made of; records of earlier versions tell of the last."""
    made = run.good.made if run.good else {}
    return made.get(kind) or (run.inputs if kind == "inputs" else run.versions)


def _action(run: Run) -> str:
    return f"#run-{run.pilot}"


def _how(run: Run) -> str:
    commit = f"commit {run.commit[:12]}" if run.commit else "no commit"
    tree = {True: ", clean", False: ", with changes", None: ""}[run.clean]
    seed = "" if run.seed is None else f"; seed {run.seed}"
    after = f"; after the run of {run.before}" if run.before else ""
    return f"{run.machine}; {commit}{tree}{seed}{after}"


def _inputs(run: Run) -> Iterator[Entity]:
    """Yield params, data and notebook: outside of the crate, so by name and hash."""
    names = {"params": run.params, "data": ", ".join(run.data), "notebook": "the pilots' notebook"}
    for kind, name in names.items():
        digest = _made(run, "inputs").get(kind, "")
        identity = f"#{kind}-{digest[:16] or run.pilot}"
        yield {"@id": identity, "@type": "CreativeWork", "name": Path(name).name} | (
            {"sha256": digest} if digest else {}
        )


def _outputs(run: Run) -> Iterator[Entity]:
    assert run.good is not None
    for name, digest in run.good.kept.items():
        told, encoding = KINDS[name]
        yield {
            "@id": f"{run.pilot}/{name}",
            "@type": "File",
            "name": f"{told}: {run.pilot}",
            "encodingFormat": encoding,
            "sha256": digest,
        }
    page = {"@id": f"#page-{run.pilot}", "@type": "CreativeWork", "name": f"{run.pilot}.html"}
    yield {**page, "inLanguage": run.good.language, "sha256": run.good.page}
    for code, digest in run.good.pages.items():
        name = f"{run.pilot}.{code}.html"
        further = {**page, "@id": f"#page-{run.pilot}-{code}", "name": name}
        yield {**further, "inLanguage": code, "sha256": digest}


def _program(run: Run) -> Entity:
    versions, inputs = _made(run, "versions"), _made(run, "inputs")
    code, packages = (inputs.get(name, "")[:16] for name in ("code", "packages"))
    return {
        "@id": f"#program-{code}-{packages}",
        "@type": "SoftwareApplication",
        "name": "impact",
        "softwareVersion": versions.get("impact", ""),
        "softwareRequirements": [f"{name} {version}" for name, version in versions.items()],
        "sha256": inputs.get("code", ""),
    }
