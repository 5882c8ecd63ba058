"""A file read in a process of its own, so that one that breaks its parser breaks nothing else."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impact.data.readers import limit

__all__ = ["Facts", "read_apart"]

SCRIPT = Path(__file__).with_name("parse_apart.py")
# Besides the columns: the interpreter and its libraries.
ROOM = 1 << 29
PATIENCE, BYTES_A_SECOND = 60, 1_000_000
QUIET = {"OPENBLAS_NUM_THREADS": "1", "PYTHONFAULTHANDLER": ""}


@dataclass(frozen=True)
class Facts:
    """What a Stata or SPSS file says of itself, by column where nothing else is said.

    Parameters
    ----------
    column_names : list of str
        In the file's order.
    column_names_to_labels : mapping
        Questions; None where there is none.
    file_encoding : str or None
        As the file states it.
    missing_ranges, missing_user_values : mapping
        Codes of no answer: spans of SPSS, letters of Stata.
    number_rows : int or None
        As the file states it.
    original_variable_types, readstat_variable_types : mapping
        Formats, and kinds of storage.
    variable_value_labels : mapping
        By code.
    """

    column_names: list[str]
    column_names_to_labels: dict[str, str | None]
    file_encoding: str | None
    missing_ranges: dict[str, list[dict[str, Any]]]
    missing_user_values: dict[str, list[str]]
    number_rows: int | None
    original_variable_types: dict[str, str]
    readstat_variable_types: dict[str, str]
    variable_value_labels: dict[str, dict[Any, str]]


def read_apart(
    path: Path, kind: str, wanted: Collection[str], where: str
) -> tuple[dict[str, Any], Facts] | None:
    """Return columns and facts of a Stata or SPSS file; None if it cannot be read.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        ``Stata`` or ``SPSS``.
    wanted : collection of str
        Columns to read, in this spelling or in capitals.
    where : str
        The file as faults name it.

    Returns
    -------
    tuple of dict and Facts, or None
        Arrays of floats and lists of text and dates. None where the parser refused the
        file, crashed, took too long or took more memory than is allowed.

    Raises
    ------
    DataError
        By what the file says of itself, it would need more than 2 GiB.
    """
    size = path.stat().st_size
    request = {
        "path": str(path.absolute()),
        "kind": kind,
        "wanted": sorted(wanted),
        "size": size,
        "most_bytes": limit.MOST_BYTES,
        "room": ROOM,
    }
    try:
        # -P: the script's own folder has modules that are named like those of Python.
        done = subprocess.run(
            [sys.executable, "-P", str(SCRIPT)],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=PATIENCE + size / BYTES_A_SECOND,
            env=os.environ | QUIET,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    columns, facts, need = pickle.loads(done.stdout)
    limit.fits(need, where, queried=False)
    return columns, Facts(**facts)
