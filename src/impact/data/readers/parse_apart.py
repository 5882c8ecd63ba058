"""Read a Stata or SPSS file in a process of its own; started by `impact.data.readers.apart`.

The C parser may crash on a broken file, and a crash here ends this process alone. This
script imports nothing of the package: the sooner it is up, the better.
"""

from __future__ import annotations

import array
import contextlib
import json
import math
import pickle
import re
import sys
from typing import Any

FACTS = (
    "column_names",
    "column_names_to_labels",
    "file_encoding",
    "missing_ranges",
    "missing_user_values",
    "number_rows",
    "original_variable_types",
    "readstat_variable_types",
    "variable_value_labels",
)


# What a number, and a text or date, take in both processes while they are read.
NUMBER, OBJECT = 72, 192
DATES = re.compile(r"%-?t|%-?d|\w*DATE|MOYR|QYR|WKYR|\w*TIME|YMDHMS")
MONTHS = ("MOYR", "QYR")


def main() -> None:
    """Answer the request on standard input: columns, facts and bytes needed, pickled."""
    request = json.load(sys.stdin)
    most = request["most_bytes"]
    _bound(most + request["room"])
    import pyreadstat

    read = pyreadstat.read_dta if request["kind"] == "Stata" else pyreadstat.read_sav
    _, meta = read(request["path"], metadataonly=True, output_format="dict")
    wanted = set(request["wanted"])
    names = [n for n in meta.column_names if {n.strip(), n.strip().casefold()} & wanted]
    need = request["size"] + (meta.number_rows or 0) * sum(_width(meta, name) for name in names)
    columns: dict[str, Any] = {}
    if names and need <= most:
        how: dict[str, Any] = {"usecols": names, "user_missing": True, "output_format": "dict"}
        if request["kind"] == "SPSS":
            forms = set(meta.original_variable_types.values())
            months = sorted(form for form in forms if form and form.startswith(MONTHS))
            how["extra_date_formats"] = months
        columns, meta = read(request["path"], **how)
    facts = {name: getattr(meta, name) for name in FACTS}
    shortened = {name: _shortened(values) for name, values in columns.items()}
    pickle.dump((shortened, facts, need), sys.stdout.buffer, protocol=5)


def _width(meta: Any, name: str) -> int:
    """Return the bytes that a value of a column takes."""
    is_date = DATES.match(meta.original_variable_types.get(name) or "")
    if is_date or meta.readstat_variable_types.get(name) == "string":
        return OBJECT + int(meta.variable_storage_width.get(name, 0))
    return NUMBER


def _bound(most: int) -> None:
    """Let the system refuse memory beyond the bound, where it can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _shortened(values: Any) -> Any:
    """Return a column of numbers as such, others as they are."""
    listed = values if isinstance(values, list) else values.tolist()
    if all(value is None or isinstance(value, int | float) for value in listed):
        return array.array("d", (math.nan if value is None else value for value in listed))
    return listed


if __name__ == "__main__":
    main()
