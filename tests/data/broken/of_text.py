"""Tables of text: encodings, separators, decimal commas, quotation marks, headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from .base import ANY, GOOD, RIGHT, SECRET, Broken, good, put

RAW = GOOD[".csv"]
TEXT = RAW.decode()


def of_text() -> Iterator[Broken]:
    """Give every case."""
    for name, raw, due in (*_encodings(), *_separators(), *_decimals(), *_rows()):
        yield Broken(f"csv-{name}", ".csv", put(raw), due)
    sheet = {"sheet": "Survey"}
    yield Broken("csv-with-a-sheet", ".csv", put(RAW), ("no-sheets",), sheet)
    for suffix in (".tsv", ".txt"):
        yield Broken(f"commas-called{suffix}", suffix, put(RAW), (RIGHT,))
    for suffix in (".xls", ".xlsb", ".ods", ".por", ".zip", ".gz", ".numbers"):
        yield Broken(f"csv-called{suffix}", suffix, put(RAW), ("unknown-suffix",))


Case = tuple[str, bytes, tuple[str, ...]]


def _encodings() -> Iterator[Case]:
    for codec in ("utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1", "iso8859-15"):
        yield codec, TEXT.encode(codec), (RIGHT,)
    yield "utf-16-big-end-first", b"\xfe\xff" + TEXT.encode("utf-16-be"), (RIGHT,)
    yield "utf-16-without-mark", TEXT.encode("utf-16-le"), ("nul-bytes",)
    yield "utf-16-cut-off", TEXT.encode("utf-16")[:-1], ("cut-off",)
    yield "utf-16-mark-alone", b"\xff\xfe", ("empty-file",)
    yield "utf-16-mark-before-utf-8", b"\xff\xfe" + RAW, (ANY,)
    for codec, word in {
        "cp1253": "Λιβαδειά",
        "iso8859-7": "Αθήνα",
        "cp1250": "București".replace("ș", "ş"),
        "iso8859-16": "Timișoara",
        "cp1257": "Jēkabpils",
        "cp1251": "Москва",
        "cp437": "Orléans",
        "cp850": "Besançon",
        "mac-roman": "Orléans",
        "koi8-r": "Москва",
    }.items():
        yield f"words-in-{codec}", _city(word).encode(codec), ("not-utf-8",)
    slovene = _city("Črnomelj").replace("Zürich", "Kočevje").encode("cp1250")
    yield "words-in-cp1250-of-slovenia", slovene, ("not-utf-8",)
    # The words that nobody reads may be in whatever letters.
    unread = TEXT.replace("é", "e").replace("ü", "u").replace("said nothing", "δεν ξέρω")
    yield "unread-words-in-cp1253", unread.encode("cp1253"), (ANY,)
    yield "two-encodings", RAW + _row("Zürich").encode("cp1252"), ("not-utf-8",)
    yield "control-characters", TEXT.encode("cp1252").replace(b"said", b"\x01\x02"), ("not-utf-8",)
    yield "ends-in-half-a-letter", RAW.rstrip(b"\n") + b"\xc3", (ANY,)


def _city(word: str) -> str:
    return TEXT.replace("Orléans", word).replace("Zürich", "Zurich")


def _row(origin: str) -> str:
    return f"{SECRET}999,1,0,4.5,{origin},said nothing\n"


def _separators() -> Iterator[Case]:
    for name, sign in {"semicolons": ";", "tabs": "\t", "bars": "|"}.items():
        yield name, TEXT.replace(",", sign).encode(), (RIGHT,)
        yield (
            f"named-{name}",
            f"sep={sign}\r\n".encode() + TEXT.replace(",", sign).encode(),
            (RIGHT,),
        )
        last = TEXT.replace(",", sign).replace("\n", f"{sign}\n").encode()
        yield f"{name}-at-the-end-of-every-row", last, (RIGHT,)
    yield "named-commas", b"sep=,\n" + RAW, (RIGHT,)
    yield "carets", RAW.replace(b",", b"^"), ("no-known-column",)
    yield "blanks", RAW.replace(b",", b" "), ("no-known-column",)
    half = TEXT.splitlines(keepends=True)
    yield (
        "half-semicolons",
        "".join([*half[:20], *(_r.replace(",", ";") for _r in half[20:])]).encode(),
        ("ragged-rows",),
    )
    end = "".join([half[0], *(row.replace("\n", ",\n") for row in half[1:])])
    yield "separator-after-rows-alone", end.encode(), ("ragged-rows",)


def _decimals() -> Iterator[Case]:
    frame = good()

    def written(change: Callable[[float], str], more: str | None = None) -> bytes:
        changed = frame.assign(trust=frame["trust"].map(change))
        if more is not None:
            changed.loc[[3, 4], "trust"] = more
        return changed.to_csv(index=False, sep=";").encode()

    def comma(value: float) -> str:
        return repr(value).replace(".", ",")

    yield "decimal-commas", written(comma), (RIGHT,)
    yield "decimal-commas-and-points", written(comma, "4.25"), ("decimals-unclear",)
    yield "decimal-commas-and-thousands", written(comma, "1.234"), ("decimals-unclear",)
    yield "decimal-commas-twice", written(comma, "1,2,3"), ("text-in-number",)
    yield "decimal-commas-and-words", written(comma, "three"), ("text-in-number",)
    yield "commas-of-thousands", written(lambda v: f"{1000 + v:,.0f}"), ("decimals-unclear",)
    yield (
        "commas-of-thousands-and-points",
        written(lambda v: f"{1000 + v:,.2f}"),
        ("text-in-number",),
    )
    quoted = frame.assign(trust=frame["trust"].map(comma)).to_csv(index=False).encode()
    yield "decimal-commas-between-commas", quoted, ("text-in-number",)
    point = written(lambda v: f"1.{v * 100:03.0f}")
    mixed = point.replace(b"in_pilot;", b"in_pilot;").replace(b";origin;", b";origin;")
    yield "points-in-a-file-of-semicolons", mixed, (ANY,)
    blanks = written(lambda v: f"1 {v * 100:03.0f}")
    yield "thousands-by-blanks", blanks, ("text-in-number",)
    yield "percent-signs", written(lambda v: f"{v}%"), ("text-in-number",)
    yield "units-beside-numbers", written(lambda v: f"{v} EUR"), ("text-in-number",)


def _rows() -> Iterator[Case]:
    head, _, body = TEXT.partition("\n")
    yield "no-header", body.encode(), ("no-known-column",)
    yield "title-above", b"Survey of the city\n" + RAW, ("no-known-column",)
    yield "header-in-two-rows", f"{head}\n{head.upper()}\n{body}".encode(), ("mixed-periods",)
    yield "header-quoted", ('"' + head.replace(",", '","') + f'"\n{body}').encode(), (RIGHT,)
    yield "header-padded", (head.replace(",", " , ") + f"\n{body}").encode(), (RIGHT,)
    yield "header-in-capitals", f"{head.upper()}\n{body}".encode(), ("no-known-column",)
    yield "name-twice", f"{head.replace('note', 'trust')}\n{body}".encode(), ("duplicate-column",)
    yield "unread-names-blank", f"{head.replace('note', '')}\n{body}".encode(), (RIGHT,)
    yield "wanted-name-blank", f"{head.replace('trust', '')}\n{body}".encode(), ("column-missing",)
    yield "blank-lines-between", RAW.replace(b"\n", b"\n\n"), (RIGHT,)
    yield "windows-lines", RAW.replace(b"\n", b"\r\n"), (RIGHT,)
    yield "old-mac-lines", RAW.replace(b"\n", b"\r"), (RIGHT,)
    yield "mixed-lines", f"{head}\r\n{body}".encode(), (RIGHT,)
    yield "quote-left-open", RAW.replace(b"said", b'"said', 1), ("stray-quote",)
    yield "quote-inside", RAW.replace(b"said", b'sa"id', 1), ("stray-quote",)
    yield "quotes-all-around", _quoted(), (RIGHT,)
    yield "comma-unquoted", RAW.replace(b"said", b"said, then", 1), ("ragged-rows",)
    yield "row-too-short", RAW + f"{SECRET}999,1\n".encode(), ("ragged-rows",)
    yield "row-too-long", RAW + (_row("Zürich").strip() + ",1,2\n").encode(), ("ragged-rows",)
    yield "numbers-in-other-digits", RAW.replace(b",1,", ",\u0661,".encode(), 1), (ANY,)
    yield "no-break-blanks", RAW.replace(b",1,", ",\u00a01,".encode(), 1), (ANY,)
    yield "minus-sign-of-print", RAW.replace(b",5.", ",\u22125.".encode(), 1), ("text-in-number",)
    yield "infinity-by-name", _trust("Infinity"), ("infinite",)
    yield "not-a-number-by-name", _trust("NaN"), ("outcome-missing",)
    yield "a-number-of-400-digits", _trust("1" + "0" * 400), ("infinite", "text-in-number")
    yield "hexadecimal", _trust("0x1F"), ("text-in-number",)
    yield "a-value-of-a-megabyte", RAW.replace(b"said", b"x" * (1 << 20), 1), (RIGHT,)
    yield "formula-injected", RAW.replace(b"said", b"=1+1", 3), (RIGHT,)


def _quoted() -> bytes:
    frame: pd.DataFrame = good()
    return frame.to_csv(index=False, quoting=1).encode()


def _trust(value: str) -> bytes:
    return good().assign(trust=value).to_csv(index=False).encode()
