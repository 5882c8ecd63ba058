"""A query over Parquet and CSV files: DuckDB reads them piece by piece, larger than memory."""

from __future__ import annotations

import codecs
import glob
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from impact.data.answer import Answer
from impact.data.arrow import of_one_value, quoted
from impact.data.table import doubled, refuse

__all__ = ["MEMORY", "answer_of_files", "files_of"]

MEMORY = "1GB"
ROWS = 100_000
HEAD = 1 << 20
PARQUET = (".parquet", ".pq")
DELIMITED = (".csv", ".tsv", ".txt")
# Everything said, so that nothing is guessed: no line is skipped, no row is a comment.
AS_TEXT = (
    "auto_detect=false, header=true, skip=0, quote='\"', escape='\"', comment='', nullstr='', "
    "null_padding=false, ignore_errors=false, strict_mode=true"
)
TEXT = "columns of a CSV file are text: CAST(y AS DOUBLE), or TRY_CAST where some are none"


def files_of(path: str | Path, root: Path) -> tuple[Path, ...]:
    """Return the files that a path or a pattern names, in the order of their names.

    Parameters
    ----------
    path : str or Path
        Relative to the root, or absolute; a file's own name comes before a pattern.
    root : Path
        The project's root.

    Examples
    --------
    >>> files_of("data/part-*.parquet", Path("/project"))
    ()
    """
    full = root / path
    if full.is_file():
        return (full,)
    found = glob.glob(str(path), root_dir=root, recursive=True)
    return tuple(sorted(root / name for name in found if (root / name).is_file()))


def answer_of_files(path: str | Path, query: str, where: str, root: Path) -> Answer:
    """Return the answer to a query over files, which it calls ``data``; it can read no other.

    Parameters
    ----------
    path : str or Path
        A file or a pattern of files of one kind, with the same columns.
    query : str
        One SELECT.
    where : str
        The files as faults name them.
    root : Path
        The project's root.

    Raises
    ------
    DataError
        There is no such file, one cannot be read, or the query fails.
    """
    import duckdb

    files = files_of(path, root)
    _one_kind(files, where)
    with tempfile.TemporaryDirectory(prefix="impact-") as folder:
        try:
            with duckdb.connect(":memory:", config=_settings(folder)) as connection:
                _open(connection, files, where)
                _lock(connection, files)
                return _answer(connection, query, where)
        except duckdb.Error as error:
            _explain(error, where)


def _one_kind(files: Sequence[Path], where: str) -> None:
    if not files:
        refuse("file-missing", where, "there is no such file", advice="check data.path")
    kinds = {file.suffix.lower() for file in files}
    if not any(kinds <= set(kind) for kind in (PARQUET, DELIMITED)):
        found = f"a query cannot be put to files ending in {quoted(sorted(kinds))}"
        expected = f"Parquet files or CSV files ({' '.join(PARQUET + DELIMITED)}) are expected"
        refuse("no-query", where, found, expected)


def _settings(folder: str) -> dict[str, Any]:
    return {
        "memory_limit": MEMORY,
        "temp_directory": folder,
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }


def _open(connection: Any, files: Sequence[Path], where: str) -> None:
    """Call the files ``data``, if they have the same columns."""
    import duckdb

    try:
        sources = [_source(file, where) for file in files]
        heads = {_columns(connection, source) for source in sources}
        if len(heads) > 1:
            found = f"the {len(files)} files do not have the same columns"
            refuse("columns-differ", where, found, "the same names and types are expected")
        rows = " UNION ALL BY NAME ".join(f"SELECT * FROM {source}" for source in sources)
        connection.execute(f"CREATE VIEW data AS {rows}")
    except (duckdb.Error, UnicodeDecodeError):
        advice = "it may be cut off, of another format, or no UTF-8: write it again"
        refuse("not-readable", where, "the file cannot be read as its ending says", advice=advice)


def _source(file: Path, where: str) -> str:
    """Return a file as SQL; its name is no pattern here, whatever signs it holds."""
    name = _literal(glob.escape(str(file)))
    if file.suffix.lower() in PARQUET:
        return f"read_parquet({name})"
    separator, header = _header(file, where)
    columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in header)
    return f"read_csv({name}, delim={_literal(separator)}, columns={{{columns}}}, {AS_TEXT})"


def _header(file: Path, where: str) -> tuple[str, list[str]]:
    """Return the separator and the names of a CSV file, as its own reader finds them."""
    from impact.data.readers.delimited import Text, header_of

    with file.open("rb") as opened:
        head = opened.read(HEAD).removeprefix(codecs.BOM_UTF8)
    if not head.strip():
        refuse("empty-file", where, "the file is empty", "a header and rows are expected")
    head.partition(b"\n")[0].decode()
    separator, header = header_of(Text(head))
    twice = doubled(header)
    if twice:
        found = f"column {quoted(twice)} stands more than once in the header"
        refuse("duplicate-column", where, found, "", "rename or remove the others")
    return separator, [name or f"column {at}" for at, name in enumerate(header, start=1)]


def _columns(connection: Any, source: str) -> tuple[tuple[str, str], ...]:
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return tuple(sorted((row[0], row[1]) for row in described))


def _lock(connection: Any, files: Sequence[Path]) -> None:
    # A name is looked up as the pattern that matches it alone, then opened as it is.
    names = [str(file) for file in files]
    allowed = ", ".join(map(_literal, [*names, *map(glob.escape, names)]))
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _answer(connection: Any, query: str, where: str) -> Answer:
    if [str(s.type).rpartition(".")[2] for s in connection.extract_statements(query)] != ["SELECT"]:
        refuse("query-refused", f"{where}, data.query", "the query is no single SELECT")
    reader = connection.sql(query).to_arrow_reader(ROWS)
    of_one_value(reader.schema, where)
    answer = Answer(reader.schema.names)
    for batch in reader:
        answer.add(batch.columns, batch.num_rows, where)
    return answer


def _explain(error: Exception, where: str) -> NoReturn:
    """Refuse with what went wrong; the engine's own words only where they are the query's."""
    kind = type(error).__name__
    asked = f"{where}, data.query"
    if kind in ("BinderException", "CatalogException", "ParserException", "SyntaxException"):
        said = str(error).partition("\n")[0].partition("Candidate")[0].partition(": ")[2].strip()
        refuse("query-wrong", asked, f"the query cannot be understood: {said}", advice=TEXT)
    if kind == "PermissionException":
        found = "the query reads something else than its file"
        refuse("query-refused", asked, found, "it may read nothing but the table data")
    if kind == "OutOfMemoryException":
        advice = "let it count or average over fewer rows at a time"
        refuse("query-too-large", asked, f"the query takes more memory than {MEMORY}", "", advice)
    if kind in ("ConversionException", "OutOfRangeException"):
        found = "a value cannot be made what the query asks for"
        refuse("query-conversion", asked, found, advice=TEXT)
    advice = "look whether the file is whole and the query runs elsewhere"
    refuse("query-failed", asked, "the query broke off", advice=advice)
