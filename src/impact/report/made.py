"""What the record of a run tells the readers of its page: of what, with what and where.

These are facts of the run, not results: they come from the record and never from the notebook.
What is shown is the same for the same params, data, code, packages and project on one machine, so
that a page comes out again byte for byte. When the run began and ended stays in the record.

A hash of the data stands on the page only where units are places. A hash tells nothing of large
files to those who do not have them; but whoever can list what a file of fifteen people and coarse
answers may hold can hash every guess and see which one is right, and a shortened hash serves as
well as a whole one. So where people are guarded it is left to the record, which the hash of the
page leads to for whoever may see it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impact.locale import N_, _
from impact.report.views import Block
from impact.results import Sentence

__all__ = ["Made", "beside", "made_block"]

SHOWN = 12
DIGEST = re.compile(r"[0-9a-f]{40,64}")
PLAIN = re.compile(r"[\w.+-]{1,40}")
"""What versions, systems and processors are written in: no path, and no sentence."""
HASHED = {
    "params": N_("Params file"),
    "data": N_("Data file"),
    "notebook": N_("Notebook"),
    "code": N_("Code of impact"),
}
SHORTENED = Sentence(
    "Hashes are shortened. They stand in full in the record of the run, which is not public, with "
    "the times at which it began and ended."
)
GUARDED = Sentence(
    "The hash of the data file is not shown: where few people are in a file, a hash would let "
    "others test guesses about them."
)
Fact = tuple[Sentence, Sentence]


@dataclass(frozen=True)
class Made:
    """Facts of the run that made a page.

    Parameters
    ----------
    versions : mapping of str to str
        Of Python and the packages.
    inputs : mapping of str to str
        sha256 of ``params``, ``data``, ``notebook`` and ``code``, as far as they are known.
    commit : str
        The project's git commit; empty where it is not known.
    clean : bool or None
        Whether nothing had been changed since; None where it is not known.
    system, processor : str
    cores : int
        Of the machine; 0 where it is not known.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    clean: bool | None = None
    system: str = ""
    processor: str = ""
    cores: int = 0

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Made:
        """Take from a run's record what may be told; what is not as it should be is left out."""
        machine = _mapping(record.get("machine"))
        clean, cores = record.get("clean"), machine.get("cores")
        return cls(
            versions=_only(PLAIN, record.get("versions")),
            inputs=_only(DIGEST, record.get("inputs")),
            commit=_only(DIGEST, record).get("commit", ""),
            clean=clean if isinstance(clean, bool) else None,
            system=_only(PLAIN, machine).get("system", ""),
            processor=_only(PLAIN, machine).get("processor", ""),
            cores=cores if isinstance(cores, int) else 0,
        )


def beside(notebook: Path) -> Made | None:
    """Return the facts of the record that lies beside an executed notebook and is of it."""
    try:
        good = json.loads((notebook.parent / "run.json").read_text(encoding="utf-8"))["good"]
        if good["notebook"] != hashlib.sha256(notebook.read_bytes()).hexdigest():
            return None
        return Made.of_record(good["made"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def made_block(made: Made, *, guarded: bool, told: Collection[str] = ()) -> Block:
    """Return what stands on the page.

    Parameters
    ----------
    made : Made
    guarded : bool
        Whether units are people or households.
    told : collection of str
        Packages whose versions the page tells already.
    """
    facts = (*_surroundings(made, told), *_hashes(made, guarded))
    notes = (SHORTENED, GUARDED) if guarded else (SHORTENED,)
    return Block(key="made", heading=_("The run that made this page"), facts=facts, notes=notes)


def _surroundings(made: Made, told: Collection[str]) -> Iterator[Fact]:
    versions = dict(made.versions)
    python = versions.pop("python", "")
    if python:
        yield Sentence("%(name)s", {"name": "Python"}), _as_it_is(python)
    others = [f"{name} {version}" for name, version in versions.items() if name not in told]
    if others:
        yield Sentence("Further packages"), _as_it_is(", ".join(others))
    if made.system and made.processor and made.cores > 0:
        yield Sentence("Machine"), _machine(made)
    if made.commit:
        yield Sentence("Commit of the project"), _commit(made)


def _machine(made: Made) -> Sentence:
    return Sentence(
        "%(system)s, %(processor)s, %(n)s core",
        {"system": made.system, "processor": made.processor, "n": str(made.cores)},
        many="%(system)s, %(processor)s, %(n)s cores",
    )


def _commit(made: Made) -> Sentence:
    said = {"value": made.commit[:SHOWN]}
    if made.clean is None:
        return Sentence("%(value)s", said)
    if made.clean:
        return Sentence("%(value)s; nothing was changed since", said)
    return Sentence("%(value)s; files were changed since, without a commit", said)


def _hashes(made: Made, guarded: bool) -> Iterator[Fact]:
    for name, label in HASHED.items():
        digest = made.inputs.get(name, "")
        if digest and not (guarded and name == "data"):
            yield Sentence(label), _as_it_is(f"SHA-256 {digest[:SHOWN]}…")


def _as_it_is(text: str) -> Sentence:
    return Sentence("%(value)s", {"value": text})


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _only(kind: re.Pattern[str], given: Any) -> dict[str, str]:
    """Return the members of a mapping that are texts of one kind."""
    return {
        str(name): text
        for name, text in _mapping(given).items()
        if isinstance(text, str) and PLAIN.fullmatch(str(name)) and kind.fullmatch(text)
    }
