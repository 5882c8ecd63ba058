"""Stata and SPSS files: old ones, odd dates, labels, codes of no answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from .base import ANY, GOOD, RIGHT, Broken, good, put

Frame = pd.DataFrame


def of_labelled() -> Iterator[Broken]:
    """Give every case."""
    yield from _stata()
    yield from _spss()


def _dta(change: Callable[[Frame], Frame], **how: Any) -> Callable[[Path], None]:
    return lambda path: pyreadstat.write_dta(change(good()), path, **how)


def _sav(change: Callable[[Frame], Frame], **how: Any) -> Callable[[Path], None]:
    return lambda path: pyreadstat.write_sav(change(good()), path, **how)


def _same(frame: Frame) -> Frame:
    return frame


def _plain(frame: Frame) -> Frame:
    return frame.assign(origin=frame["origin"].replace({"Orléans": "Orleans", "Zürich": "Zurich"}))


def _stata() -> Iterator[Broken]:
    for version in (8, 10, 12, 13):
        make = _dta(_plain, version=version)
        yield Broken(f"dta-of-stata-{version}", ".dta", make, (ANY,))
        # This program writes UTF-8 where its Stata knew none: whose letters are these?
        make = _dta(_same, version=version)
        yield Broken(f"dta-of-stata-{version}-in-utf-8", ".dta", make, ("not-utf-8",))
    yield Broken("dta-of-stata-15", ".dta", _dta(_same, version=15), (RIGHT,))

    def unlabelled(frame: Frame) -> Frame:
        held = frame["trust"].astype(object)
        held.iloc[[1, 2]] = "z"
        return frame.assign(trust=held)

    make = _dta(unlabelled, missing_user_values={"trust": ["z"]})
    yield Broken("dta-missing-without-label", ".dta", make, (ANY,))
    raw = GOOD[".dta"]
    other = re.sub(rb"<release>\d+", b"<release>999", raw)
    yield Broken("dta-of-no-release", ".dta", put(other), ("not-labelled",))
    yield Broken(
        "dta-tag-broken", ".dta", put(raw.replace(b"<data>", b"<dada>")), ("not-labelled",)
    )
    yield Broken("dta-without-map", ".dta", put(raw.replace(b"<map>", b"<mop>")), ("not-labelled",))
    rows = raw.index(b"<N>") + 3
    more = raw[:rows] + (10**9).to_bytes(8, "little") + raw[rows + 8 :]
    yield Broken("dta-says-a-milliard-rows", ".dta", put(more), ("too-large",))
    more = raw[:rows] + (99).to_bytes(8, "little") + raw[rows + 8 :]
    yield Broken("dta-says-more-rows", ".dta", put(more), ("not-labelled", "cut-off"))
    fewer = raw[:rows] + (9).to_bytes(8, "little") + raw[rows + 8 :]
    yield Broken("dta-says-fewer-rows", ".dta", put(fewer), (ANY,))
    months = _dta(lambda f: f.assign(wave=733.0 + f["wave"]), variable_format={"wave": "%tm"})
    yield Broken("dta-months-and-a-wave", ".dta", months, ("start-form",))


def _spss() -> Iterator[Broken]:
    labels = {"in_pilot": {0: "No", 1: "Yes"}}
    yield Broken("sav-with-labels", ".sav", _sav(_same, variable_value_labels=labels), (RIGHT,))
    yield Broken("sav-compressed", ".sav", _sav(_same, row_compress=True), (RIGHT,))
    yield Broken("zsav", ".zsav", _sav(_same, compress=True), (RIGHT,))
    yield Broken("zsav-called-sav", ".sav", _sav(_same, compress=True), (RIGHT,))
    spans = {"trust": [{"lo": -99, "hi": 99}]}
    every = _sav(_same, missing_ranges=spans)
    yield Broken("sav-every-answer-missing", ".sav", every, ("outcome-missing",))
    refused = {"trust": {98: "Refused"}}
    some = _sav(lambda f: f.assign(trust=98.0), variable_value_labels=refused)
    yield Broken("sav-all-refused-by-label", ".sav", some, ("outcome-missing",))
    first = _sav(lambda f: f.assign(trust=f["trust"].where(f.index > 0, np.nan)))
    yield Broken("sav-system-missing", ".sav", first, (ANY,))
    blank = _sav(lambda f: f.assign(person="   "))
    yield Broken("sav-units-blank", ".sav", blank, ("unit-missing",))
    long = _sav(lambda f: f.assign(note="x" * 2000))
    yield Broken("sav-long-text", ".sav", long, (RIGHT,))
    raw = GOOD[".sav"]
    yield Broken(
        "sav-other-end-first",
        ".sav",
        put(raw[:64] + raw[64:68][::-1] + raw[68:]),
        (
            "not-labelled",
            "cut-off",
        ),
    )
    cases = 80
    more = raw[:cases] + (10**9).to_bytes(4, "little") + raw[cases + 4 :]
    yield Broken("sav-says-a-milliard-rows", ".sav", put(more), ("too-large",))
    more = raw[:cases] + (99).to_bytes(4, "little") + raw[cases + 4 :]
    yield Broken("sav-says-more-rows", ".sav", put(more), ("not-labelled", "cut-off"))
    unknown = raw[:cases] + (-1).to_bytes(4, "little", signed=True) + raw[cases + 4 :]
    yield Broken("sav-says-no-rows", ".sav", put(unknown), (ANY,))
    other = raw.replace(b"UTF-8", b"KLI-8")
    yield Broken("sav-of-no-encoding", ".sav", put(other), (RIGHT,))
