"""Estimates in tables of the page and of the index, as rows beside those of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from attack.listed import LABELS
from attack.published import Cell, Span, read, spans
from attack.reading import Reading

__all__ = ["listed_estimates", "said_estimates", "shown_estimates"]

Row = Mapping[str, Any]
CAPTION = re.compile(
    r"^(?P<label>[^:]+): (?:by other methods|with other standard errors and tests)$"
)
ERRORS = {
    "clustered (CR1)": "cr1",
    "clustered (CR2)": "cr2",
    "robust (HC2)": "hc2",
    "permutation": "permutation",
}
AMOUNT = r"([\d.,]+) (more|fewer|less)( people in 100)?"
AMOUNTS = re.compile(rf"^{AMOUNT} The data fit anything from {AMOUNT} to {AMOUNT}\.$")
PLAIN = ("did", "before_after", "difference_in_means")
METHODS = {label: named for label, named in LABELS.items() if named[0] in PLAIN}


def shown_estimates(found: Reading, cells: Sequence[Cell], rows: pd.DataFrame) -> list[Row]:
    """Return the estimates that tables show without covariates, or with another error.

    Parameters
    ----------
    found : Reading
    cells : sequence of Cell
        Of the page.
    rows : pandas.DataFrame
        The file of estimates.
    """
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for cell in cells:
        at = CAPTION.match(cell.caption)
        if at and found.named(at["label"]) and not cell.hidden:
            key = (found.named(at["label"]), f"{cell.caption} / {cell.row}")
            lines.setdefault(key, {"row": cell.row})[cell.column[0]] = cell.text
    known = {} if rows.empty else rows.groupby("outcome", sort=False).first().to_dict("index")
    found_rows = (_row(found, name, line, known.get(name)) for (name, _), line in lines.items())
    return [one for one in found_rows if one]


def _row(
    found: Reading, name: str, line: Mapping[str, str], main: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return one line as a row of the file, if it is a difference of plain means."""
    if main is None or "Estimate" not in line:
        return None
    row = line["row"]
    bare = row.endswith(", without covariates")
    label = row.removesuffix(", without covariates").removesuffix(" (main estimate)")
    method, term = METHODS.get(label, ("", ""))
    if not method and line.get("Errors") in ERRORS:
        method, term = str(main["method"]), str(main["term"])
        if not label.startswith("Clustered"):
            return None
    if not method or (found.adjusted and not bare):
        return None
    told = dict(zip(("conf_low", "conf_high"), spans(line.get("95% interval", "")), strict=False))
    for column, head in (("estimate", "Estimate"), ("std_error", "Standard error")):
        told |= dict(zip((column,), spans(line.get(head, "")), strict=False))
    if "estimate" not in told:
        return None
    return {
        "outcome": name,
        "method": method,
        "term": term,
        "level": 0.95,
        "inference": ERRORS.get(line.get("Errors", ""), ""),
        "estimate": told["estimate"].middle,
        "spans": told,
        "source": f"robustness / {name} / {row}",
    }


def said_estimates(found: Reading, cells: Sequence[Cell], rows: pd.DataFrame) -> list[Row]:
    """Return the estimates of the findings, which are said in people of a hundred, or points."""
    said = []
    for cell in cells:
        name, at = found.named(cell.row.rpartition(" ")[0]), AMOUNTS.match(cell.text)
        if not at or cell.section != "findings":
            continue
        signed = []
        for value, side, unit in zip(*[iter(at.groups())] * 3, strict=True):
            one, by = spans(value)[0], 100.0 if unit else 1.0
            ends = Span(one.low / by, one.high / by)
            signed.append(ends if side == "more" else Span(-ends.high, -ends.low))
        told = dict(zip(("estimate", "conf_low", "conf_high"), signed, strict=True))
        said += _main(found, name, told, rows, source=f"findings / {cell.text}")
    return said


def _main(
    found: Reading, name: str, told: Mapping[str, Span], rows: pd.DataFrame, *, source: str
) -> list[Row]:
    """Return what is told of an outcome's main estimate, if that compares plain means."""
    own = rows.iloc[:0] if rows.empty else rows[rows["outcome"] == name]
    if own.empty or "estimate" not in told:
        return []
    main = {key: str(own.iloc[0][key]) for key in ("outcome", "method", "term", "inference")}
    if main["method"] not in PLAIN or (found.adjusted and main["method"] != PLAIN[-1]):
        return []
    estimate = told["estimate"].middle
    return [{**main, "level": 0.95, "estimate": estimate, "spans": told, "source": source}]


def listed_estimates(
    found: Reading, index: str, title: str, indicators: Mapping[str, str], rows: pd.DataFrame
) -> list[Row]:
    """Return what the index sets beside other pilots' estimates.

    Parameters
    ----------
    found : Reading
    index : str
        The page that lists all pilots.
    title : str
        Of the pilot.
    indicators : mapping
        By label the outcome that measures it.
    rows : pandas.DataFrame
        The file of estimates.
    """
    lines: dict[tuple[str, float], dict[str, str]] = {}
    for cell in (cell for table in read(index)[0] for cell in table.cells()):
        label = next((one for one in indicators if cell.caption.startswith(f"{one}, ")), "")
        if label and f"{cell.row} ".startswith(f"{title} ") and not cell.hidden:
            by = 100.0 if cell.caption.endswith("percentage points") else 1.0
            lines.setdefault((label, by), {})[cell.column[0]] = cell.text
    listed = []
    for (label, by), line in lines.items():
        told = dict(zip(("conf_low", "conf_high"), spans(line.get("Range", "")), strict=False))
        told |= dict(zip(("estimate",), spans(line.get("Estimate", "")), strict=False))
        own = {key: Span(one.low / by, one.high / by) for key, one in told.items()}
        source = f"index / {label} = {line.get('Estimate')} ({line.get('Range')})"
        listed += _main(found, indicators[label], own, rows, source=source)
    return listed
