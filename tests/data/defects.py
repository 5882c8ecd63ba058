"""Good data files, and bad ones made from them by one named defect each.

``write(defect, root, pilot)`` puts the file into ``root/data`` and returns the params
mapping that goes with it; ``defect.due`` is the code of the fault that must be told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

KINDS = ("did", "staggered", "before_after", "randomised", "cross_sections")
OUTCOMES = ("employed", "language", "trust", "visits")
SECRET = "person-"
TOWNS = tuple(f"town-{hashlib.sha256(bytes([at])).hexdigest()[:6]}" for at in range(8))
PEOPLE = 48
WAVES = 4

Make = Callable[[pd.DataFrame, Path], None]
Change = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Defect:
    """One bad file.

    ``make`` writes it from the good frame of ``kind``; ``due`` is the code of the fault,
    ``says`` a piece of its sentence.
    """

    name: str
    kind: str
    make: Make
    due: str
    says: str = ""
    suffix: str = ".csv"


def person(at: int) -> str:
    """Return an id that nobody would write by chance."""
    return SECRET + hashlib.sha256(int(at).to_bytes(4, "big")).hexdigest()[:12]


def good(kind: str) -> pd.DataFrame:
    """Return a sound frame for a kind of design."""
    rng = np.random.default_rng(11)
    waves = 2 if kind == "randomised" else WAVES
    who, when = np.repeat(np.arange(PEOPLE), waves), np.tile(np.arange(1, waves + 1), PEOPLE)
    n, town = len(who), who % len(TOWNS)
    names = np.arange(n) if kind == "cross_sections" else who
    lottery = (who // 2) % 2
    frame = pd.DataFrame(
        {
            "person": [person(at) for at in names],
            "wave": when,
            "town": [TOWNS[at] for at in town],
            "in_pilot": lottery if kind == "randomised" else town % 2,
            "cohort": np.array([0, 3, 4, 0, 3, 4, 0, 0])[town],
            "employed": rng.integers(0, 2, n),
            "language": rng.integers(0, 7, n),
            "trust": rng.normal(5, 1, n).round(3),
            "visits": rng.poisson(3, n),
            "age": 20 + who % 40,
            "gender": np.array(["woman", "man", "other"])[who % 3],
            "weight": 1 + who % 3 / 2,
            "_geolocation": [f"51.{at} 5.{at}" for at in names],
        }
    )
    return frame.drop(columns=["in_pilot"] if kind in ("staggered", "before_after") else [])


def params(kind: str, path: str, pilot: str = "defective") -> dict[str, Any]:
    """Return the params mapping of a good frame."""
    designs: dict[str, dict[str, Any]] = {
        "did": {"kind": "did", "treated": "in_pilot", "starts": 3, "assignment": "town"},
        "staggered": {"kind": "staggered", "first_treated": "cohort", "assignment": "town"},
        "before_after": {"kind": "before_after", "starts": 3},
        "randomised": {
            "kind": "randomised",
            "treated": "in_pilot",
            "starts": 2,
            "place": "town",
        },
        "cross_sections": {
            "kind": "did",
            "sample": "cross_sections",
            "treated": "in_pilot",
            "starts": 3,
            "assignment": "town",
        },
    }
    return {
        "pilot": pilot,
        "data": {
            "path": path,
            "unit": "person",
            "period": "wave",
            "weight": "weight",
            "drop": ["_geolocation"],
            "missing": {"refused": [98], "not_known": [99]},
        },
        "design": designs[kind],
        "outcomes": [
            {"column": "employed", "label": "Employed", "kind": "binary"},
            {"column": "language", "label": "Language", "kind": "ordinal", "scale": [0, 6]},
            {"column": "trust", "label": "Trust", "kind": "continuous"},
            {"column": "visits", "label": "Visits", "kind": "count"},
        ],
        "covariates": ["age", "gender"],
    }


def write(defect: Defect, root: Path, pilot: str = "defective") -> dict[str, Any]:
    """Write the bad file under ``root/data`` and return its params mapping."""
    path = root / "data" / f"{pilot}{defect.suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    defect.make(good(defect.kind), path)
    return params(defect.kind, f"data/{path.name}", pilot)


def to_csv(change: Change) -> Make:
    """Change the frame and write it as CSV."""
    return lambda frame, path: change(frame).to_csv(path, index=False)


def _to_parquet(change: Change) -> Make:
    return lambda frame, path: change(frame).to_parquet(path, index=False)


def _bytes(change: Callable[[bytes], bytes]) -> Make:
    def make(frame: pd.DataFrame, path: Path) -> None:
        path.write_bytes(change(frame.to_csv(index=False).encode()))

    return make


def _at(column: str, value: object, rows: tuple[int, ...] = (5, 6)) -> Change:
    """Put a value into some rows of a column."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        held = frame[column].astype(object)
        held.iloc[list(rows)] = value
        return frame.assign(**{column: held})

    return change


def _all(column: str, value: object) -> Change:
    return lambda frame: frame.assign(**{column: value})


def _columns(kind: str) -> tuple[str, ...]:
    roles = {
        "did": ("in_pilot", "town"),
        "staggered": ("cohort", "town"),
        "before_after": (),
        "randomised": ("in_pilot", "town"),
        "cross_sections": ("in_pilot", "town"),
    }
    return ("person", "wave", *roles[kind], *OUTCOMES, "age", "gender", "weight")


def _of_columns() -> Iterator[Defect]:
    """Columns that are not there, misspelt, or there twice: every kind, every column."""
    for kind in KINDS:
        for name in _columns(kind):

            def without(frame: pd.DataFrame, name: str = name) -> pd.DataFrame:
                return frame.drop(columns=name)

            def misspelt(frame: pd.DataFrame, name: str = name) -> pd.DataFrame:
                return frame.rename(columns={name: name + "_x"})

            def twice(frame: pd.DataFrame, name: str = name) -> pd.DataFrame:
                return pd.concat([frame, frame[[name]]], axis=1)

            said = f"no column '{name}'"
            yield Defect(f"{kind}-{name}-absent", kind, to_csv(without), "column-missing", said)
            near = f"did you mean '{name}_x'?"
            yield Defect(f"{kind}-{name}-misspelt", kind, to_csv(misspelt), "column-missing", near)
            stands = f"'{name}' stands 2 times"
            yield Defect(f"{kind}-{name}-twice", kind, to_csv(twice), "duplicate-column", stands)


def _of_numbers() -> Iterator[Defect]:
    """Values that are no numbers, in every outcome and the covariate of numbers."""
    text = {"word": "secret-word", "decimal-comma": "3,5", "percent": "45%", "thousands": "1 000"}
    for kind in KINDS:
        for name in (*OUTCOMES, "age"):
            for said, value in text.items():
                found = "2 of "
                make = to_csv(_at(name, value))
                yield Defect(f"{kind}-{name}-{said}", kind, make, "text-in-number", found)
            for said, value in {"infinite": np.inf, "minus-infinite": "-inf"}.items():
                make = to_csv(_at(name, value, (7,)))
                found = "1 of "
                yield Defect(f"{kind}-{name}-{said}", kind, make, "infinite", found)
        for said, value in {"two": 2, "half": 0.5, "minus-one": -1}.items():
            make = to_csv(_at("employed", value))
            yield Defect(f"{kind}-employed-{said}", kind, make, "not-binary", "neither 0 nor 1")
        for name, value in {"language": 7, "visits": -1}.items():
            make = to_csv(_at(name, value, (1, 2, 3)))
            yield Defect(f"{kind}-{name}-outside", kind, make, "outside-scale", "3 of ")


def _of_outcomes() -> Iterator[Defect]:
    """Outcomes that hold no information."""
    for kind in KINDS:
        for name in OUTCOMES:
            make = to_csv(_all(name, np.nan))
            yield Defect(f"{kind}-{name}-empty", kind, make, "outcome-missing", "no row has")
            make = to_csv(_all(name, 99))
            yield Defect(f"{kind}-{name}-all-not-known", kind, make, "outcome-missing", "no row")
            make = to_csv(_all(name, 1))
            yield Defect(f"{kind}-{name}-constant", kind, make, "outcome-constant", "the same")

            def sparse(frame: pd.DataFrame, name: str = name) -> pd.DataFrame:
                return frame.assign(**{name: frame[name].where(np.arange(len(frame)) % 20 == 0)})

            make = to_csv(sparse)
            due = "outcome-mostly-missing"
            yield Defect(f"{kind}-{name}-sparse", kind, make, due, "rows have no answer")

            def unseen(frame: pd.DataFrame, name: str = name) -> pd.DataFrame:
                late = frame["wave"] >= (2 if len(frame) == 2 * PEOPLE else 3)
                return frame.assign(**{name: frame[name].mask(late)})

            due = "outcome-missing-in-group"
            yield Defect(f"{kind}-{name}-never-after", kind, to_csv(unseen), due, "nobody has")


def _of_time() -> Iterator[Defect]:
    """Periods that have no order, or leave nothing to compare."""
    for kind in KINDS:
        form = {"mixed": "2021-03-01", "word": "spring", "month": "2021-03", "quarter": "2021Q1"}
        for said, value in form.items():
            make = to_csv(_at("wave", value))
            yield Defect(f"{kind}-wave-{said}", kind, make, "mixed-periods", "2 ways")

        def named(names: dict[int, str]) -> Change:
            return lambda frame: frame.assign(wave=frame["wave"].map(names))

        days = {at: f"{at:02d}/03/2021" for at in range(1, 5)}
        yield Defect(f"{kind}-wave-not-iso", kind, to_csv(named(days)), "date-format", "ISO")
        hours = {at: f"2021-03-0{at} 14:30:00" for at in range(1, 5)}
        yield Defect(f"{kind}-wave-hours", kind, to_csv(named(hours)), "date-format", "time of day")
        words = dict(enumerate(("spring", "summer", "autumn", "winter"), start=1))
        yield Defect(f"{kind}-wave-words", kind, to_csv(named(words)), "period-order", "order")
        yield Defect(f"{kind}-wave-empty", kind, to_csv(_all("wave", "")), "period-missing")
        if kind == "randomised":
            continue
        due = "first-treated-form" if kind == "staggered" else "start-form"
        iso = {at: f"2021-0{at}" for at in range(1, 5)}
        yield Defect(f"{kind}-wave-other-form", kind, to_csv(named(iso)), due, "form")
        late = to_csv(lambda frame: frame[frame["wave"] >= 4])
        yield Defect(f"{kind}-no-pre-period", kind, late, "no-pre-period", "no period lies before")
        early = to_csv(lambda frame: frame[frame["wave"] <= 2])
        yield Defect(f"{kind}-start-after-all", kind, early, "start-after-all", "after all periods")


def _of_units() -> Iterator[Defect]:
    """Units without a name, seen twice, or changing what they must keep."""

    def doubled(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([frame, frame.iloc[[3, 9]]])

    for kind in KINDS:
        make = to_csv(doubled)
        yield Defect(f"{kind}-rows-twice", kind, make, "repeated-pairs", "2 unit–period pairs")
        make = to_csv(_at("person", "", (1, 2, 3)))
        yield Defect(f"{kind}-unit-empty", kind, make, "unit-missing", "3 of ")
        for said, value, due in (
            ("negative", -1, "weight-negative"),
            ("empty", np.nan, "weight-missing"),
            ("infinite", np.inf, "infinite"),
            ("text", "secret-word", "text-in-number"),
        ):
            make = to_csv(_at("weight", value))
            yield Defect(f"{kind}-weight-{said}", kind, make, due, "2 of ")
        make = to_csv(_all("weight", 0))
        yield Defect(f"{kind}-weight-zero", kind, make, "no-rows-left", "is left")
        make = to_csv(lambda frame: frame.assign(gender=frame["person"] + frame.index.astype(str)))
        yield Defect(f"{kind}-gender-ids", kind, make, "too-many-categories", "different texts")
    for kind in ("did", "staggered"):
        make = to_csv(_at("town", TOWNS[2], (0,)))
        yield Defect(f"{kind}-unit-moves", kind, make, "unit-moves", "changes within 1 of 48")
    make = to_csv(_at("town", TOWNS[2], (0,)))
    yield Defect("randomised-unit-moves", "randomised", make, "unit-moves", "within 1 of 48")
    for kind in ("did", "staggered", "cross_sections"):
        make = to_csv(_at("town", ""))
        yield Defect(f"{kind}-town-empty", kind, make, "cluster-missing", "2 of ")


def _of_treatment() -> Iterator[Defect]:
    """Spoil the pilot group."""
    for kind in ("did", "randomised", "cross_sections"):
        for said, value in {"two": 2, "yes": "yes", "word": "secret-word", "half": 0.5}.items():
            make = to_csv(_at("in_pilot", value))
            yield Defect(f"{kind}-group-{said}", kind, make, "not-zero-one", "2 of ")
        make = to_csv(_all("in_pilot", 0))
        yield Defect(f"{kind}-no-treated", kind, make, "no-treated", "no unit is treated")
        make = to_csv(_all("in_pilot", 1))
        yield Defect(f"{kind}-no-comparison", kind, make, "no-comparison", "no comparison unit")
        make = to_csv(_all("in_pilot", ""))
        yield Defect(f"{kind}-group-empty", kind, make, "no-rows-left", "is left")
        make = to_csv(lambda f: f[(f["in_pilot"] == 1) | (f["wave"] != f["wave"].max())])
        due = "period-without-comparison"
        yield Defect(f"{kind}-bare-period", kind, make, due, "have no comparison units")
    for kind in ("did", "randomised"):
        make = to_csv(lambda f: f.assign(in_pilot=f["in_pilot"] * (f["wave"] == f["wave"].max())))
        yield Defect(f"{kind}-group-times-post", kind, make, "treatment-varies", "changes within")
    for kind in ("did", "cross_sections"):
        make = to_csv(lambda f: f.assign(in_pilot=f["person"].map(hash_bit)))
        due, said = "assignment-varies", "of 8 units of assignment"
        yield Defect(f"{kind}-town-of-both", kind, make, due, said)
    kind = "staggered"
    make = to_csv(_at("cohort", 3, (0,)))
    yield Defect("staggered-start-varies", kind, make, "start-varies", "within 1 of 48 units")
    make = to_csv(lambda f: f.assign(cohort=f["person"].map(hash_bit) * 3))
    yield Defect("staggered-town-of-both", kind, make, "assignment-varies", "of 8 units of assig")
    yield Defect("staggered-no-treated", kind, to_csv(_all("cohort", 0)), "no-treated")
    yield Defect("staggered-all-at-once", kind, to_csv(_all("cohort", 3)), "no-comparison")
    make = to_csv(_at("cohort", "secret-word"))
    yield Defect("staggered-cohort-word", kind, make, "first-treated-form", "2 of ")
    make = to_csv(_at("cohort", "2021-03"))
    yield Defect("staggered-cohort-month", kind, make, "first-treated-form", "2 of ")
    make = to_csv(lambda f: f[(f["cohort"] > 0) | (f["wave"] != 4)])
    yield Defect("staggered-bare-period", kind, make, "period-without-comparison", "(4)")


def hash_bit(name: str) -> int:
    """Return 0 or 1 for a person, whatever the town."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2


def _of_files() -> Iterator[Defect]:
    """Files that are no table."""
    kind = "did"
    content: dict[str, tuple[Callable[[bytes], bytes], str]] = {
        "empty": (lambda raw: b"", "empty-file"),
        "blank-lines": (lambda raw: b"\n\r\n  \n", "empty-file"),
        "header-only": (lambda raw: raw.split(b"\n")[0], "no-rows"),
        "nul-bytes": (lambda raw: raw[:900] + b"\0\0\0" + raw[900:], "nul-bytes"),
        "nul-at-the-end": (lambda raw: raw + b"\0" * 512, "nul-bytes"),
        "greek": (lambda raw: raw.replace(b"woman", b"\xe3\xf5\xed\xe1\xdf\xea\xe1"), "not-utf-8"),
        "half-a-letter": (lambda raw: raw[:-1] + b"\xc3", "not-utf-8"),
        "utf-16-cut-off": (lambda raw: raw.decode().encode("utf-16")[:-1], "cut-off"),
        "no-header": (lambda raw: raw.split(b"\n", 1)[1], "no-known-column"),
        "title-above-header": (lambda raw: b"Survey of secret-word\n" + raw, "no-known-column"),
        "header-again": (lambda raw: raw + raw.split(b"\n")[0] + b"\n", "header-repeated"),
        "file-twice": (lambda raw: raw + raw, "header-repeated"),
        "row-too-long": (
            lambda raw: raw + b"person-0000" + b",4" * 20 + b"\n",
            "ragged-rows",
        ),
        "row-too-short": (lambda raw: raw + b"person-0000,1,2\n", "ragged-rows"),
        "cut-off": (lambda raw: raw[: len(raw) // 2].rpartition(b",")[0], "ragged-rows"),
        "unquoted-comma": (lambda raw: raw.replace(b"woman", b"woman, girl"), "ragged-rows"),
        "open-quote": (lambda raw: raw.replace(b"woman", b'"woman', 1), "stray-quote"),
        "two-open-quotes": (lambda raw: raw.replace(b"woman", b'"woman', 2), "stray-quote"),
        "quote-inside": (lambda raw: raw.replace(b"woman", b'wo"m"an', 1), "stray-quote"),
        "workbook": (lambda raw: b"PK\x03\x04" + raw, "binary"),
        "old-workbook": (lambda raw: b"\xd0\xcf\x11\xe0\xa1\xb1" + raw, "binary"),
        "parquet-as-csv": (lambda raw: b"PAR1" + raw, "binary"),
        "pdf": (lambda raw: b"%PDF-1.7\n" + raw, "binary"),
        "gzip": (lambda raw: b"\x1f\x8b\x08" + raw, "binary"),
        "picture": (lambda raw: b"\x89PNG\r\n\x1a\n" + raw, "binary"),
        "web-page": (lambda raw: b"<html><body>secret-word</body></html>\n" * 3, "no-known-column"),
        "other-separator": (lambda raw: raw.replace(b",", b"^"), "no-known-column"),
    }
    for name, (change, due) in content.items():
        yield Defect(f"csv-{name}", kind, _bytes(change), due)
    yield from _of_parquet(kind)
    folder: Make = lambda frame, path: path.mkdir()  # noqa: E731
    absent: Make = lambda frame, path: None  # noqa: E731
    for suffix in (".csv", ".parquet"):
        yield Defect(f"folder{suffix}", kind, folder, "folder", "a folder", suffix)
        yield Defect(f"absent{suffix}", kind, absent, "file-missing", "no such file", suffix)
    for suffix in (".xls", ".ods", ".rds", ".json", ".docx", ""):
        make = to_csv(lambda frame: frame)
        name = f"suffix{suffix or '-none'}"
        yield Defect(name, kind, make, "unknown-suffix", ".parquet", suffix)


def _of_parquet(kind: str) -> Iterator[Defect]:
    def bad(change: Callable[[bytes], bytes]) -> Make:
        def make(frame: pd.DataFrame, path: Path) -> None:
            frame.to_parquet(path, index=False)
            path.write_bytes(change(path.read_bytes()))

        return make

    content: dict[str, tuple[Callable[[bytes], bytes], str]] = {
        "empty": (lambda raw: b"", "empty-file"),
        "truncated": (lambda raw: raw[: len(raw) // 2], "not-parquet"),
        "without-its-start": (lambda raw: raw[len(raw) // 2 :], "not-parquet"),
        "text": (lambda raw: b"person,wave\nperson-0000,1\n", "not-parquet"),
        "zeros": (lambda raw: b"\0" * len(raw), "not-parquet"),
        "texts-not-utf-8": (lambda raw: raw.replace(b"woman", b"w\xe9man"), "parquet-values"),
    }
    for name, (change, due) in content.items():
        yield Defect(f"parquet-{name}", kind, bad(change), due, "", ".parquet")
    frames: dict[str, tuple[Change, str]] = {
        "no-rows": (lambda f: f.iloc[:0], "no-rows"),
        "lists": (lambda f: f.assign(trust=[[1.0, 2.0]] * len(f)), "nested-column"),
        "records": (lambda f: f.assign(trust=[{"a": 1}] * len(f)), "nested-column"),
        "dates-in-outcome": (
            lambda f: f.assign(trust=pd.Timestamp("2021-03-01")),
            "text-in-number",
        ),
        "words-in-outcome": (lambda f: f.assign(trust=f["person"]), "text-in-number"),
        "other-columns": (lambda f: f.add_suffix("!"), "no-known-column"),
        "infinite": (lambda f: f.assign(trust=np.inf), "infinite"),
        "hours": (
            lambda f: f.assign(wave=pd.Timestamp("2021-03-01 14:30") + pd.to_timedelta(f["wave"])),
            "date-format",
        ),
    }
    for name, (alter, due) in frames.items():
        yield Defect(f"parquet-{name}", kind, _to_parquet(alter), due, "", ".parquet")


DEFECTS: tuple[Defect, ...] = (
    *_of_columns(),
    *_of_numbers(),
    *_of_outcomes(),
    *_of_time(),
    *_of_units(),
    *_of_treatment(),
    *_of_files(),
)
