"""A query's answer is read as a file would be, by a connection that can do nothing else."""

from __future__ import annotations

import io
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.data import answer, sql_files
from impact.data.columns import coded
from impact.data.panel import Panel
from impact.data.readers import read_file
from impact.data.sql import one_select, read_query
from impact.data.sql_files import files_of
from impact.errors import DataError

Read = Callable[..., Panel]

TOY = "id,wave,pilot,y\na,1,1,1.5\na,2,1,4\nb,1,0,2\nb,2,0,3\n"
ALL = "SELECT * FROM answers"
DATA = "SELECT id, wave, pilot, y FROM data"


def assert_same(one: Panel, other: Panel) -> None:
    pd.testing.assert_frame_equal(one.values, other.values, check_exact=True)
    assert list(one.units) == list(other.units)
    assert list(one.periods) == list(other.periods)
    assert one.rows == other.rows


@pytest.fixture
def toy(project: Path) -> pd.DataFrame:
    """Return the toy, and write it as a database, as Parquet and as CSV."""
    frame = pd.read_csv(io.StringIO(TOY))
    with closing(sqlite3.connect(project / "data/toy.db")) as base, base:
        frame.to_sql("answers", base, index=False)
        base.execute("CREATE TABLE odd (id TEXT, n, b BLOB)")
        base.execute("INSERT INTO odd VALUES ('maria', 1, x'00'), ('007', 'two', x'01')")
        base.execute("INSERT INTO odd VALUES (CAST(x'4a6f73e9' AS TEXT), 2.5, NULL)")
    frame.to_parquet(project / "data/toy.parquet", index=False)
    frame.to_csv(project / "data/toy.csv", index=False)
    return frame


def test_a_table_of_a_database_is_read_as_the_file_it_was_made_of(
    toy: pd.DataFrame, read: Read, read_from: Read
) -> None:
    assert_same(read_from("sqlite:///data/toy.db", query=ALL), read(TOY))


def test_a_query_to_a_file_gives_the_panel_that_its_answer_is(
    toy: pd.DataFrame, read: Read, read_from: Read
) -> None:
    assert_same(read_from("data/toy.parquet", query=DATA), read(TOY))
    assert_same(read_from("data/toy.csv", query=f"{DATA};"), read(TOY))


def test_rows_are_counted_and_averaged_before_the_panel_is_made(
    project: Path, toy: pd.DataFrame, read_from: Read
) -> None:
    days = pd.concat([toy.assign(y=toy["y"] + day) for day in range(5)])
    days.to_parquet(project / "data/days.parquet")
    query = "SELECT id, wave, max(pilot) AS pilot, avg(y) AS y FROM data GROUP BY id, wave"
    found = read_from("data/days.parquet", query=query)
    assert found.values["y"].tolist() == (toy["y"] + 2).tolist()
    assert found.rows == {"read": 4, "used": 4}


def test_a_pattern_names_all_its_files_and_nothing_else(
    project: Path, toy: pd.DataFrame, read: Read, read_from: Read
) -> None:
    for name, part in (("b", toy[2:]), ("a", toy[:2])):
        part[["y", "wave", "id", "pilot"]].to_parquet(project / f"data/part-{name}.parquet")
        part.to_csv(project / f"data/part-{name}.csv", index=False)
    for suffix in ("parquet", "csv"):
        assert_same(read_from(f"data/part-*.{suffix}", query=DATA), read(TOY))
    assert [f.name for f in files_of("data/part-*.csv", project)] == ["part-a.csv", "part-b.csv"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file_alone(
    project: Path, toy: pd.DataFrame, read: Read, read_from: Read
) -> None:
    (project / "data/toy[1]'s.csv").write_text(TOY)
    (project / "data/toy1's.csv").write_text(TOY.replace("1.5", "9"))
    assert_same(read_from("data/toy[1]'s.csv", query=DATA), read(TOY))


def test_a_file_at_a_url_can_be_queried(toy: pd.DataFrame, read: Read, read_from: Read) -> None:
    import fsspec

    system = fsspec.filesystem("memory")
    system.pipe("/store/toy.csv", TOY.encode())
    assert_same(read_from("memory://store/toy.csv", query=DATA), read(TOY))
    system.rm("/store", recursive=True)


KINDS = {
    "label": (["007", "x", None], "VARCHAR"),
    "whole": ([1, None, 3], "BIGINT"),
    "number": ([1.0, 2.5, None], "DOUBLE"),
    "tenth": ([0.1, 0.3, None], "DECIMAL(18,1)"),
    "yes": ([True, False, None], "BOOLEAN"),
    "large": ([2**62, 1, 2], "BIGINT"),
}


def test_values_are_spelled_as_in_every_other_reader(project: Path) -> None:
    import duckdb

    values = {name: values for name, (values, _) in KINDS.items()}
    frame = pd.DataFrame({n: pd.Series(v, dtype=object) for n, v in values.items()})
    cast = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, (_, kind) in KINDS.items())
    text = frame.map(lambda v: None if v is None else str(v))
    with closing(duckdb.connect()) as base:
        base.register("text", text)
        base.execute(f"COPY (SELECT {cast} FROM text) TO '{project}/x.parquet' (FORMAT parquet)")
    names = list(KINDS)
    through = read_query("x.parquet", f"SELECT {', '.join(names)} FROM data", "x", project)
    direct = read_file(project / "x.parquet", names, "x")
    for name in names:
        found, known = coded(through.frame[name]), coded(direct.frame[name])
        spelled = sorted(v if isinstance(v, str) else f"{v}" for v in values[name] if v is not None)
        assert found.labels == known.labels
        assert [label.removesuffix(".0") for label in spelled] == list(found.labels)
    assert through.header == direct.header
    assert not through.numbered


def test_a_sum_of_whole_numbers_and_a_decimal_are_numbers(project: Path) -> None:
    (project / "x.csv").write_text("y\n1\n2\n")
    query = "SELECT sum(CAST(y AS BIGINT)) AS s, CAST('0.7' AS DECIMAL(9,4)) AS d FROM data"
    frame = read_query("x.csv", query, "x", project).frame
    assert frame.to_numpy(dtype=float).tolist() == [[3.0, 0.7]]


def test_columns_of_a_csv_file_are_text_as_they_stand(project: Path) -> None:
    (project / "x.csv").write_text("id;y\n007;1,5\n7;\n")
    frame = read_query("x.csv", "SELECT * FROM data", "x", project).frame
    rows = sorted(map(tuple, frame.astype(object).where(frame.notna(), None).to_numpy().tolist()))
    assert rows == [("007", "1,5"), ("7", None)]


def test_no_row_of_a_csv_file_is_taken_for_a_comment_or_a_title(project: Path) -> None:
    rows = ["#1;x", "title;", '"a;b";"c""d"', "1;2"]
    (project / "x.csv").write_text("\ufeff id ;y\n" + "\n".join(rows) + "\n")
    frame = read_query("x.csv", "SELECT id, y FROM data", "x", project).frame
    found = {tuple(None if pd.isna(v) else v for v in row) for row in frame.to_numpy().tolist()}
    assert found == {("#1", "x"), ("title", None), ("a;b", 'c"d'), ("1", "2")}


def test_values_of_a_database_without_types_stay_what_they_are(
    project: Path, toy: pd.DataFrame
) -> None:
    query = "SELECT id, n FROM odd WHERE id <> CAST(x'4a6f73e9' AS TEXT)"
    frame = read_query("sqlite:///data/toy.db", query, "x", project).frame
    assert frame["n"].tolist() == [1, "two"]
    assert coded(frame["id"]).labels == ("007", "maria")


def test_pieces_of_an_answer_may_differ_in_type() -> None:
    import pyarrow as pa

    whole, parts, none = pa.array([1, None]), pa.array([0.5]), pa.nulls(1)
    text = pa.array(["x"])
    for pieces, expected in (
        ([none, whole, parts], [np.nan, 1, np.nan, 0.5]),
        ([pa.array([2**60 + 1]), parts], [2**60 + 1, 0.5]),
        ([whole, text], [1, None, "x"]),
        ([none, none], [None, None]),
    ):
        made = answer.Answer(["y"])
        for piece in pieces:
            made.add([piece], len(piece), "here")
        column = made.frame([0], "here")["y"]
        for found, known in zip(column.tolist(), expected, strict=True):
            assert found == known or (pd.isna(found) and pd.isna(known))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "the query is empty"),
        ("-- nothing", "the query is empty"),
        ("DELETE FROM data", "no SELECT"),
        ("PRAGMA writable_schema = 1", "no SELECT"),
        ("ATTACH 'x.db' AS x", "no SELECT"),
        ("SELECT 1; DROP TABLE data", "several statements"),
        ("/* SELECT */ DROP TABLE data", "no SELECT"),
        ("WITH x AS (DELETE FROM data RETURNING *) SELECT * FROM x", "holds DELETE"),
        ("SELECT * INTO other FROM data", "holds INTO"),
        ("SELECT 1 /*!; DROP TABLE data */", "a comment holds a command"),
        ("with x as (select 1) insert into data select * from x", "holds INSERT, INTO"),
    ],
)
def test_what_is_no_single_select_is_refused_before_anything_is_asked(
    query: str, said: str, project: Path
) -> None:
    for path in ("sqlite:///data/none.db", "data/none.parquet"):
        with pytest.raises(DataError, match=said):
            read_query(path, query, "here", project)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 'a; DELETE' AS x -- ; INSERT",
        'SELECT "update", `delete` FROM data /* ; */ ;\n',
        "  with x as (select 1) select * from x",
        "(SELECT 1) UNION (SELECT 2)",
        "SELECT $$; DROP$$, $a$ INTO $$ $a$",
    ],
)
def test_what_stands_in_quotation_marks_or_comments_is_no_command(query: str) -> None:
    assert refused(query) == ""
    assert "query" in refused(query + "\n; DROP TABLE answers")


def refused(query: str) -> str:
    """Return why a query is not asked; nothing where it is."""
    try:
        one_select(query, "here")
    except DataError as error:
        return str(error)
    return ""


def test_a_database_is_opened_for_reading_only(project: Path, toy: pd.DataFrame) -> None:
    from impact.data.sql_database import answer_of_database

    # Past the look at the text, the connection itself must refuse.
    before = (project / "data/toy.db").read_bytes()
    for query in ("DELETE FROM answers", "CREATE TABLE x (y)", "DROP TABLE answers"):
        with pytest.raises(DataError, match="the query writes"):
            answer_of_database("sqlite:///data/toy.db", query, "here", project)
    assert (project / "data/toy.db").read_bytes() == before
    with pytest.raises(DataError, match=r"there is no file 'data/new\.db'"):
        read_query("sqlite:///data/new.db", ALL, "here", project)
    assert not (project / "data/new.db").exists()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{root}/data/other.csv')",
        "SELECT * FROM '{root}/data/other.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('{root}/*')",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
        "SELECT * FROM sqlite_scan('{root}/data/toy.db', 'answers')",
        "SELECT * FROM toy",
        "FROM data",
        "SELECT * FROM query('INSTALL httpfs')",
    ],
)
def test_a_query_to_a_file_can_read_nothing_else(
    query: str, project: Path, toy: pd.DataFrame
) -> None:
    (project / "data/other.csv").write_text("secret\nm4ria\n")
    with pytest.raises(DataError) as caught:
        read_query("data/toy.csv", query.format(root=project), "here", project)
    assert "m4ria" not in str(caught.value)
    assert str(project) not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "query", "code", "said"),
    [
        ("sqlite:///data/toy.db", "SELECT * FROM nobody", "query-wrong", "no such table: nobody"),
        ("sqlite:///data/toy.db", "SELECT yy FROM answers", "query-wrong", "no such column: yy"),
        ("sqlite:///data/toy.db", "SELECT FROM WHERE", "query-wrong", 'near "FROM": syntax error'),
        ("sqlite:///data/toy.db", "SELECT id FROM odd", "query-failed", "the query broke off"),
        ("sqlite:///data/toy.db", "SELECT b FROM odd", "nested-column", "records or bytes"),
        ("sqlite:///data/toy.db", "SELECT y FROM answers WHERE 0", "no-rows", "no rows"),
        ("sqlite:///data/toy.csv", ALL, "not-a-database", "no SQLite database"),
        ("data/people.csv", "SELECT CAST(y AS INT) FROM data", "query-conversion", "TRY_CAST"),
        ("data/people.csv", "SELECT avg(y) FROM data", "query-wrong", "'avg(VARCHAR)'"),
        ("data/people.csv", "SELECT nobody FROM data", "query-wrong", '"nobody" not found'),
        ("data/people.csv", "SELECT y FROM data WHERE 1 = 0", "no-rows", "no rows"),
        ("data/people.csv", "SELECT [y] AS y FROM data", "nested-column", "lists or records"),
        ("data/people.csv", "SELECT 1 FROM data WHERE", "query-wrong", "syntax error"),
        ("data/people.parquet", "SELECT error(y) FROM data", "query-failed", "broke off"),
        ("data/broken.parquet", DATA, "not-readable", "cannot be read"),
        ("data/ragged.csv", DATA, "query-failed", "broke off"),
        ("data/twice.csv", "SELECT y FROM data", "duplicate-column", "'y' stands more than once"),
        ("data/latin.csv", "SELECT y FROM data", "query-failed", "broke off"),
        ("data/none-*.csv", DATA, "file-missing", "no such file"),
        ("data/toy.db", DATA, "no-query", "'.db'"),
    ],
)
def test_errors_are_one_sentence_without_a_value_of_a_person(
    path: str, query: str, code: str, said: str, project: Path, toy: pd.DataFrame
) -> None:
    people = pd.DataFrame({"maria-lopez": ["x"], "y": ["maria"]})
    people.to_csv(project / "data/people.csv", index=False)
    people.to_parquet(project / "data/people.parquet")
    (project / "data/broken.parquet").write_bytes(b"PAR1maria")
    (project / "data/ragged.csv").write_text(TOY + "maria,1,2,3,4,5\n" * 3)
    (project / "data/twice.csv").write_text("y,y\nmaria,1\n")
    (project / "data/latin.csv").write_bytes("id,y\nmaria,José\n".encode("latin-1"))
    with pytest.raises(DataError) as caught:
        read_query(path, query, "here", project)
    (fault,) = caught.value.faults
    assert (fault.code, caught.value.__suppress_context__) == (code, True)
    assert said in str(fault)
    for never in ("maria", "Jos", str(project), "Traceback"):
        assert never not in str(fault)


def test_files_of_a_pattern_must_have_the_same_columns(project: Path, toy: pd.DataFrame) -> None:
    toy.to_parquet(project / "data/part-1.parquet")
    toy.assign(y="1").to_parquet(project / "data/part-2.parquet")
    with pytest.raises(DataError, match="the 2 files do not have the same columns"):
        read_query("data/part-*.parquet", DATA, "here", project)
    toy.to_csv(project / "data/part-3.csv", index=False)
    with pytest.raises(DataError, match="Parquet files or CSV files"):
        read_query("data/part-*", DATA, "here", project)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql+no_driver://anna:s3cret@127.0.0.1:9/x", "missing-package"),
        ("duckdb+no_driver:///s3cret.db", "missing-package"),
        ("postgresql://anna:${NOT_SET_S3}@host/x", "variable-missing"),
        ("postgresql://anna:s3cret@host:port/x", "database-url"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    url: str, code: str, project: Path, read_from: Read
) -> None:
    with pytest.raises(DataError) as caught:
        read_from(url, query=ALL)
    assert [fault.code for fault in caught.value.faults] == [code]
    for never in ("anna", "s3cret", str(project)):
        assert never not in str(caught.value)


@pytest.mark.parametrize(
    ("package", "path"), [("sqlalchemy", "sqlite:///data/toy.db"), ("duckdb", "data/toy.csv")]
)
def test_without_the_packages_that_queries_take_one_is_told_how_to_get_them(
    package: str, path: str, toy: pd.DataFrame, read_from: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(DataError, match=rf"'{package}'.*impact\[sql\]"):
        read_from(path, query=DATA)


def test_a_password_may_hold_the_signs_that_part_an_address(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from impact.data.sql_database import _parsed

    monkeypatch.setenv("DB_PASSWORD", "p@ss:w/rd?#%40")
    url = _parsed("postgresql://anna:${DB_PASSWORD}@host:5432/base?sslmode=require", "here")
    assert url.password == "p@ss:w/rd?#%40"
    assert (url.host, url.port, url.database) == ("host", 5432, "base")
    assert url.query == {"sslmode": "require"}
    assert "p@ss" not in repr(url)


def test_a_database_without_a_query_is_told_what_it_takes(read_from: Read) -> None:
    with pytest.raises(DataError, match=r"say data\.query"):
        read_from("sqlite:///data/toy.db")


def test_an_answer_that_is_too_large_is_stopped(
    project: Path, toy: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "MOST_BYTES", 10)
    for path, query in (("sqlite:///data/toy.db", ALL), ("data/toy.parquet", DATA)):
        with pytest.raises(DataError, match="let the query count or average"):
            read_query(path, query, "here", project)


@pytest.mark.slow
def test_what_is_larger_than_the_memory_that_is_allowed_is_averaged_all_the_same(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = 3_000_000
    who = np.arange(n) // 2
    frame = pd.DataFrame({"id": [f"person {i:030d}" for i in who], "y": np.arange(n) % 2})
    frame.to_parquet(project / "large.parquet", row_group_size=100_000)
    monkeypatch.setattr(sql_files, "MEMORY", "100MB")
    query = "SELECT id, avg(y) AS y, count(*) AS n FROM data GROUP BY id"
    found = read_query("large.parquet", query, "here", project).frame
    assert len(found) == n // 2
    assert (found["y"] == 0.5).all()
    assert (found["n"] == 2).all()
