"""A file at a URL is the file, and whoever may read it is told to nobody."""

from __future__ import annotations

import io
import stat
import threading
import traceback
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pytest
from fsspec.registry import known_implementations

from impact.data import remote
from impact.data.address import address, filled, is_database, suffix_of
from impact.data.panel import Panel
from impact.data.remote import fetched, mark_of
from impact.errors import DataError
from impact.spec.project import is_url

Read = Callable[..., Panel]

TOY = "id,wave,pilot,y\na,1,1,1.5\na,2,1,4\nb,1,0,2\nb,2,0,3\n"


def assert_same(one: Panel, other: Panel) -> None:
    pd.testing.assert_frame_equal(one.values, other.values, check_exact=True)
    assert list(one.units) == list(other.units)
    assert list(one.periods) == list(other.periods)
    assert one.rows == other.rows


@pytest.fixture
def store() -> Iterator[Callable[[str, bytes], str]]:
    """Return a function that puts content into fsspec's memory and returns its URL."""
    system = fsspec.filesystem("memory")

    def put(name: str, content: bytes) -> str:
        system.pipe(f"/store/{name}", content)
        return f"memory://store/{name}"

    yield put
    system.rm("/store", recursive=True)


class Guarded(SimpleHTTPRequestHandler):
    """Serves a folder: with a token alone, with an ETag, and some places with none."""

    def log_message(self, *said: Any) -> None:
        """Print nothing."""

    def send_head(self) -> Any:
        if "token=t0p" not in self.path:
            self.send_error(403)
            return None
        return super().send_head()

    def end_headers(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.is_file() and "weak" not in self.path:
            self.send_header("ETag", f'"{hash(file.read_bytes())}"')
        super().end_headers()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Return a folder and the URL that serves it."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Guarded, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def left_behind() -> list[Path]:
    import tempfile

    return list(Path(tempfile.gettempdir()).glob("impact-*"))


@pytest.fixture(autouse=True)
def own_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))


def zipped(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".CSV"])
def test_a_file_at_a_url_is_read_as_the_file_itself(
    suffix: str, read: Read, read_from: Read, store: Callable[[str, bytes], str]
) -> None:
    text = TOY.replace(",", "\t") if suffix == ".tsv" else TOY
    assert_same(read_from(store(f"toy{suffix}", text.encode())), read(TOY))
    assert not left_behind()


def test_parquet_and_workbooks_come_from_afar_as_from_here(
    project: Path, read: Read, read_from: Read, store: Callable[[str, bytes], str]
) -> None:
    frame = pd.read_csv(io.StringIO(TOY))
    frame.to_parquet(project / "toy.parquet", index=False)
    frame.to_excel(project / "toy.xlsx", index=False)
    for name in ("toy.parquet", "toy.xlsx"):
        url = store(name, (project / name).read_bytes())
        assert_same(read_from(url), read(TOY))


def test_chains_of_fsspec_are_urls_and_are_followed(
    read: Read, read_from: Read, store: Callable[[str, bytes], str]
) -> None:
    archive = store("all.zip", zipped("wave/toy.csv", TOY.encode()))
    for url in (f"zip://wave/toy.csv::{archive}", f"simplecache::{store('b.csv', TOY.encode())}"):
        assert is_url(url)
        assert_same(read_from(url), read(TOY))


def test_a_web_server_gives_the_file_to_whoever_has_the_token(
    served: tuple[Path, str], read: Read, read_from: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, host = served
    (folder / "toy.csv").write_text(TOY)
    (folder / "all.zip").write_bytes(zipped("toy.csv", TOY.encode()))
    monkeypatch.setenv("TOY_TOKEN", "t0p")
    for url in (
        f"{host}/toy.csv?token=t0p",
        f"{host}/toy.csv?token=${{TOY_TOKEN}}",
        f"zip://toy.csv::{host}/all.zip?token=t0p",
    ):
        assert_same(read_from(url), read(TOY))
    assert not left_behind()


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        ("/toy.csv?token=wr0ng", "no-permission", "the file may not be read"),
        ("/none.csv?token=t0p", "file-missing", "there is no such file"),
    ],
)
def test_a_web_server_that_refuses_is_told_apart_from_a_file_that_is_not_there(
    place: str, code: str, said: str, served: tuple[Path, str], read_from: Read
) -> None:
    (served[0] / "toy.csv").write_text(TOY)
    with pytest.raises(DataError) as caught:
        read_from(served[1] + place)
    assert caught.value.faults[0].code == code
    assert str(caught.value).startswith(f"http://127.0.0.1/…: {said}")
    assert "t0p" not in str(caught.value)
    assert "wr0ng" not in str(caught.value)
    told = "".join(traceback.format_exception(caught.value))
    assert "aiohttp" not in told
    assert "wr0ng" not in told
    assert not left_behind()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("memory://store/none.csv?key=s3cret", "file-missing"),
        ("zip://none.csv::memory://store/all.zip", "file-missing"),
        ("http://127.0.0.1:9/s3cret.csv", "no-answer"),
        ("http://anna:s3cret@no-such-host.invalid/x.csv", "no-host"),
        ("lake://bucket/s3cret.csv", "missing-package"),
        ("nothing://bucket/s3cret.csv", "unknown-protocol"),
        ("file:///s3cret/x.csv", "local-url"),
        ("zip://x.csv::data/s3cret.zip", "local-url"),
        ("memory://store/x.pdf?s3cret", "unknown-suffix"),
        ("memory://store/${NOT_SET_S3}.csv", "variable-missing"),
        ("memory://store/${not a name}.csv", "variable-name"),
    ],
)
def test_what_goes_wrong_far_away_is_one_sentence_without_what_lets_one_in(
    url: str, code: str, project: Path, read_from: Read, store: Callable[[str, bytes], str]
) -> None:
    store("all.zip", zipped("toy.csv", TOY.encode()))
    kinds = {"class": "no_such_package_at_all.Lake", "err": "Install s3cret"}
    known_implementations["lake"] = kinds
    try:
        with pytest.raises(DataError) as caught:
            read_from(url)
    finally:
        del known_implementations["lake"]
    (fault,) = caught.value.faults
    assert fault.code == code
    assert fault.where == address(url)
    assert "s3cret" not in str(caught.value)
    assert str(project) not in str(caught.value)
    if code == "missing-package":
        assert "'no_such_package_at_all'" in fault.found
    assert not left_behind()


def test_the_copy_is_private_bounded_and_gone_whatever_happens(
    store: Callable[[str, bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = store("toy.csv", TOY.encode())
    seen: list[Path] = []

    def interrupted() -> None:
        with fetched(url, "here") as path:
            seen.append(path)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert path.read_text() == TOY
            assert path.suffix == ".csv"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not seen[0].exists()
    monkeypatch.setattr(remote, "MOST_BYTES", len(TOY))
    with fetched(url, "here") as path:
        assert path.stat().st_size == len(TOY)
    monkeypatch.setattr(remote, "MOST_BYTES", len(TOY) - 1)
    with pytest.raises(DataError, match="larger than"), fetched(url, "here"):
        pass
    assert not left_behind()


def test_an_archive_that_unfolds_without_end_is_stopped(
    store: Callable[[str, bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = store("bomb.zip", zipped("x.csv", bytes(1 << 24)))
    monkeypatch.setattr(remote, "MOST_BYTES", 1 << 20)
    with pytest.raises(DataError, match="larger than"), fetched(f"zip://x.csv::{bomb}", "here"):
        pass


def test_a_mark_changes_with_the_file_and_only_with_it(
    served: tuple[Path, str], store: Callable[[str, bytes], str]
) -> None:
    folder, host = served
    file = folder / "toy.csv"
    file.write_text(TOY)
    url = f"{host}/toy.csv?token=t0p"
    first = mark_of(url, "here")
    assert len(first) == 64
    assert mark_of(url, "here") == first
    file.write_text(TOY.replace("1.5", "2.5"))
    assert mark_of(url, "here") != first

    kept = store("toy.csv", TOY.encode())
    before = mark_of(kept, "here")
    assert before == mark_of(f"simplecache::{kept}", "here") == mark_of(f"zip://x.csv::{kept}", "")
    store("toy.csv", TOY.encode() + b"\n")
    assert mark_of(kept, "here") != before


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/x.csv", "nothing://x.csv", "memory://store/none.csv", "file:///x.csv"],
)
def test_what_cannot_be_asked_has_no_mark(url: str) -> None:
    assert mark_of(url, "here") == ""


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/x.csv", "https://example.org/…"),
        ("https://anna:secret@example.org:8443/x.csv?token=t0", "https://example.org/…"),
        ("https://anna:sec/ret@example.org/x.csv", "https://…"),
        ("s3://bucket/secret.csv", "s3://bucket/…"),
        ("zip://secret.csv::https://a:secret@example.org/x.zip", "zip::https://example.org/…"),
        ("zip://*.csv::simplecache::s3://bucket/secret", "zip::simplecache::s3://bucket/…"),
        ("simplecache::s3://bucket/secret", "simplecache::s3://bucket/…"),
        ("postgresql+psycopg://anna:${SECRET}@host/secret", "postgresql+psycopg://host/…"),
        ("postgresql://anna:sec?ret@host/secret", "postgresql://…"),
        ("https://anna:sec::ret@example.org/x", "https://example.org/…"),
        ("https://anna:sec::ret://x@example.org/x", "https://…"),
        ("sqlite:///data/secret.db", "sqlite://…"),
    ],
)
def test_an_address_is_shown_without_what_lets_one_in(url: str, shown: str) -> None:
    assert address(url) == shown
    assert "sec" not in address(url)


def test_the_ending_is_that_of_the_file_and_not_of_what_is_asked_with_it() -> None:
    assert suffix_of("https://h/a.parquet?x=b.csv#c.sav") == ".parquet"
    assert suffix_of("https://h/a%2Edta") == ".dta"
    assert suffix_of("zip://in.XLSX::https://h/a.zip") == ".xlsx"
    assert suffix_of("simplecache::s3://b/a.sav") == ".sav"
    assert suffix_of("https://example.org") == ""


def test_databases_are_told_from_files_far_away() -> None:
    assert is_database("sqlite:///data/x.db")
    assert is_database("postgresql+psycopg://u@h/d")
    assert is_url("oracle+cx_oracle://u@h/d")
    assert not is_database("s3://bucket/x.parquet")
    assert not is_database("data/sqlite.csv")


def test_variables_are_filled_in_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_TOKEN", "a%2F${A_TOKEN}")
    assert filled("x-${A_TOKEN}-y", "here") == "x-a%2F${A_TOKEN}-y"
