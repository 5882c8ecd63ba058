"""A pilot is run again when what it reads has changed, wherever that lies, and only then."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import fsspec
import pytest

from impact.batch.duties import check
from impact.batch.files import sha256_of
from impact.batch.inputs import Inputs
from impact.batch.plan import plan
from impact.batch.project import Project
from impact.batch.record import Good, Run, read_run, write_run
from impact.batch.sources import Sources, sources_of
from impact.spec import PilotSpec

STORE = "/sources"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return an empty project."""
    for folder in ("params", "data", "notebooks", "reports"):
        (tmp_path / folder).mkdir()
    (tmp_path / "notebooks/pilot.ipynb").write_text("{}")
    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path))
    monkeypatch.setattr("impact.batch.inputs.code_hash", lambda: "the package's own files")
    return Project(tmp_path, tmp_path / "params", tmp_path / "reports", tmp_path / "runs")


@pytest.fixture
def put() -> Iterator[Callable[[str, bytes], str]]:
    """Return a function that puts content into fsspec's memory and returns its URL."""
    system = fsspec.filesystem("memory")
    system.mkdir(STORE)

    def putting(name: str, content: bytes) -> str:
        system.pipe(f"{STORE}/{name}", content)
        return f"memory:/{STORE}/{name}"

    yield putting
    system.rm(STORE, recursive=True)


def spec_of(**data: Any) -> PilotSpec:
    return PilotSpec.model_validate(
        {
            "pilot": "alpha",
            "data": {"unit": "id", "period": "wave", **data},
            "design": {"kind": "did", "treated": "pilot", "starts": 2},
            "outcomes": [{"column": "y"}],
        }
    )


def ran(project: Project, **data: Any) -> None:
    """Write down a run of a pilot that reads these data, as a batch does when all is well."""
    params = project.params / "alpha.yml"
    said = spec_of(**data).model_dump(mode="json", exclude_unset=True)
    params.write_text(json.dumps(said))
    project.page("alpha").write_text("page")
    folder = project.folder("alpha")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("estimates.csv", "released.csv", "notebook.ipynb"):
        (folder / name).write_text(name)
    kept = [sha256_of(folder / n) for n in ("estimates.csv", "released.csv", "notebook.ipynb")]
    found = sources_of(spec_of(**data), project.root)
    run = Run(
        pilot="alpha",
        state="done",
        params="params/alpha.yml",
        data=found.names,
        marks=found.marks,
        inputs=Inputs(project).of(params, found),
        good=Good("now", sha256_of(project.page("alpha")), *kept),
    )
    write_run(folder, run)


def why(project: Project) -> str:
    (task,) = plan(project, project.files(), Inputs(project))
    return task.why


def test_every_wave_is_looked_at(project: Project) -> None:
    for wave in (1, 2):
        (project.root / f"data/w{wave}.csv").write_text(f"id,y\na,{wave}\n")
    ran(project, waves={"1": "data/w1.csv", "2": "data/w2.csv"}, period="wave")
    assert why(project) == ""
    (project.root / "data/w2.csv").write_text("id,y\na,3\n")
    assert why(project) == "data changed"
    (project.root / "data/w2.csv").unlink()
    assert why(project) == "data changed"


def test_every_file_of_a_pattern_is_looked_at_and_which_there_are(project: Project) -> None:
    for part in "ab":
        (project.root / f"data/part-{part}.csv").write_text(part)
    ran(project, path="data/part-*.csv", query="SELECT * FROM data")
    assert read_run(project.folder("alpha")).data == ("data/part-*.csv",)
    assert why(project) == ""
    for change in (
        lambda: (project.root / "data/part-c.csv").write_text("c"),
        lambda: (project.root / "data/part-a.csv").write_text("b"),
        lambda: (project.root / "data/part-a.csv").rename(project.root / "data/part-0.csv"),
    ):
        ran(project, path="data/part-*.csv", query="SELECT * FROM data")
        assert why(project) == ""
        change()
        assert why(project) == "data changed"


def test_a_database_that_is_a_file_is_looked_at_with_its_journal(project: Project) -> None:
    path = project.root / "data/x.db"
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = wal")
        base.execute("CREATE TABLE t (y)")
        base.commit()
        ran(project, path="sqlite:///data/x.db", query="SELECT y FROM t")
        assert read_run(project.folder("alpha")).data == ("data/x.db",)
        assert why(project) == ""
        base.execute("INSERT INTO t VALUES (1)")
        base.commit()
        assert why(project) == "data changed"


def test_another_query_is_another_params_file(project: Project) -> None:
    (project.root / "data/x.csv").write_text("y\n1\n")
    ran(project, path="data/x.csv", query="SELECT y FROM data")
    params = project.params / "alpha.yml"
    params.write_text(params.read_text().replace("SELECT y", "SELECT y + 1"))
    assert why(project) == "params changed"


def test_a_file_at_a_url_is_read_again_when_its_file_system_says_so(
    project: Project, put: Callable[[str, bytes], str]
) -> None:
    ran(project, path=put("x.csv", b"y\n1\n"))
    assert why(project) == ""
    put("x.csv", b"y\n12\n")
    assert why(project) == "data changed"
    fsspec.filesystem("memory").rm(f"{STORE}/x.csv")
    assert why(project) == "data at a URL"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"path": "http://127.0.0.1:9/x.csv"}, "data at a URL"),
        ({"path": "postgresql://u:${P}@host/d", "query": "SELECT 1"}, "data in a database"),
        ({"path": "sqlite:///${WHERE}.db", "query": "SELECT 1"}, "data in a database"),
    ],
)
def test_where_nothing_tells_the_pilot_is_always_run_and_the_reason_said(
    data: dict[str, str], reason: str, project: Project
) -> None:
    ran(project, **data)
    assert why(project) == reason


def test_a_file_here_and_one_far_away_are_both_looked_at(
    project: Project, put: Callable[[str, bytes], str]
) -> None:
    here = project.root / "data/w1.csv"
    here.write_text("1")
    waves = {"1": "data/w1.csv", "2": put("w2.csv", b"2")}
    ran(project, waves=waves, period="wave")
    assert why(project) == ""
    here.write_text("3")
    assert why(project) == "data changed"
    ran(project, waves=waves, period="wave")
    put("w2.csv", b"22")
    assert why(project) == "data changed"


def test_records_never_hold_what_lets_one_in(
    project: Project, put: Callable[[str, bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOY_KEY", "s3cret-of-the-environment")
    far = put("w1.csv", b"y\n1\n")
    paths = (f"{far}?key=${{TOY_KEY}}", "https://anna:s3cret@127.0.0.1:9/s3cret.csv?t=s3cret")
    for path in paths:
        ran(project, path=path)
        (project.params / "alpha.yml").touch()
        text = (project.folder("alpha") / "run.json").read_text()
        assert "s3cret" not in text
        assert "anna" not in text
        events: list[dict[str, Any]] = []
        given = {"params": str(project.params / "alpha.yml"), "root": str(project.root)}
        with pytest.raises(Exception, match="…") as caught:
            check(events.append, **given)
        for told in (json.dumps(events), str(caught.value)):
            assert "s3cret" not in told
            assert "anna" not in told


def test_records_of_earlier_versions_name_one_file() -> None:
    assert Sources(("data/x.csv",)).digest(Path("/nowhere")) == ""
    assert Sources().unknown == ""


def test_a_record_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    write_run(tmp_path, Run("alpha", "done", "params/alpha.yml"))
    record = tmp_path / "run.json"
    for said, known in (('"data/x.csv"', ("data/x.csv",)), ('""', ())):
        record.write_text(record.read_text().replace('"data": []', f'"data": {said}'))
        assert read_run(tmp_path).data == known
        write_run(tmp_path, Run("alpha", "done", "params/alpha.yml"))
