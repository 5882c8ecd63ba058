"""What a notebook must look like before it is run for a pilot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from impact.errors import Fault, RunError

__all__ = ["inspect"]

TAG = "parameters"


def inspect(path: Path, *, where: str, keys: Sequence[str]) -> None:
    """Check that papermill will put a pilot's parameters where they take effect.

    Without its tag the parameters cell would stand *below* the injected one, and its
    values would win over the pilot's.

    Parameters
    ----------
    path : Path
        The notebook.
    where : str
        What messages call it.
    keys : sequence of str
        The keys of a params file: the cell must set each of them, and to None.

    Raises
    ------
    RunError
        No such notebook, no or several tagged cells, code before the tagged cell, a key
        too few or too many, a key with a value.
    """
    nb = _read(path, where)
    faults = [*_tag_faults(nb, where)] or [*_key_faults(path, where, keys)]
    if faults:
        raise RunError(faults)


def _read(path: Path, where: str) -> Any:
    import nbformat

    if not path.is_file():
        raise RunError(Fault("no-notebook", where, "there is no such notebook"))
    try:
        nb = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(nb)
    except Exception as error:
        # Converters of old formats let any error through when the content is none of theirs.
        said = f"the file is no notebook ({type(error).__name__})"
        raise RunError(Fault("not-a-notebook", where, said)) from None
    return nb


def _tag_faults(nb: Any, where: str) -> Iterator[Fault]:
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    tagged = [cell for cell in nb.cells if TAG in cell.metadata.get("tags", ())]
    mend = f"tag the first code cell, and only that one, as '{TAG}'"
    if len(tagged) != 1:
        told = f"{len(tagged)} cells are" if tagged else "no cell is"
        yield Fault("parameters-tag", where, f"{told} tagged '{TAG}'", advice=mend)
    elif code[0] is not tagged[0]:
        found = f"the cell tagged '{TAG}' is not the first code cell"
        yield Fault("parameters-not-first", where, found, advice=mend)


def _key_faults(path: Path, where: str, keys: Sequence[str]) -> Iterator[Fault]:
    import papermill

    there = papermill.inspect_notebook(str(path).replace("{", "{{").replace("}", "}}"))
    cell = f"{where}, cell tagged '{TAG}'"
    lacking = [key for key in keys if key not in there]
    foreign = [key for key in there if key not in keys]
    filled = [key for key, told in there.items() if key in keys and told["default"] != "None"]
    if lacking:
        yield Fault("key-missing", cell, f"it does not set {', '.join(lacking)}")
    if foreign:
        yield Fault("key-unknown", cell, f"it sets {', '.join(foreign)}: no key of a params file")
    if filled:
        advice = "set every key to None, or pilots that leave it out inherit this value"
        yield Fault("key-filled", cell, f"it gives a value to {', '.join(filled)}", advice=advice)
