"""Every broken file ends in a clear `DataError` or in the right panel, within the limit."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.data.read import read_panel
from impact.data.readers import limit, read_file
from impact.errors import DataError
from impact.spec.models import PilotSpec


def _beside(name: str) -> ModuleType:
    folder = Path(__file__).with_name(name)
    spec = importlib.util.spec_from_file_location(
        f"{name}_files", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


zoo = _beside("broken")
# What no sentence for an evaluator may hold.
MACHINE = re.compile(
    r"Traceback|Error\b|Exception|[Ee]rrno|0x[0-9a-f]{6}|/tmp|packages|None\b|nan\b"
)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    path = tmp_path_factory.mktemp("right") / "data.csv"
    path.write_bytes(zoo.GOOD[".csv"])
    return read_panel(PilotSpec.model_validate(zoo.params(str(path))))


def same(one: Panel, other: Panel) -> bool:
    alike = one.values.equals(other.values) and list(one.units) == list(other.units)
    return alike and list(one.periods) == list(other.periods)


@pytest.mark.parametrize("case", zoo.BROKEN, ids=lambda case: case.name)
def test_a_broken_file_is_told_or_read_right(case: Any, project: Path, right: Panel) -> None:
    path = project / f"data/broken{case.suffix}"
    case.make(path)
    spec = PilotSpec.model_validate(zoo.params(f"data/{path.name}", **case.data))
    panel, error = _read(spec)
    if error is None:
        assert {zoo.ANY, zoo.RIGHT} & set(case.due), "read, though it is broken"
        assert zoo.ANY in case.due or same(panel, right)
        return
    _clear(error, project)
    codes = {fault.code for fault in error.faults}
    assert zoo.ANY in case.due or codes & set(case.due), (codes, str(error))


def _read(spec: PilotSpec) -> tuple[Panel | None, DataError | None]:
    try:
        return read_panel(spec), None
    except DataError as error:
        return None, error


def _clear(error: DataError, project: Path) -> None:
    for fault in error.faults:
        said = str(fault)
        assert said.startswith("data/broken")
        assert len(fault.found) > 10
        assert zoo.SECRET not in said
        assert str(project) not in said
        assert not MACHINE.search(said), said
        assert all(row >= 1 for row in fault.rows)
    assert error.__suppress_context__ or error.__context__ is None


def test_there_are_more_than_three_hundred_each_with_its_own_name() -> None:
    names = [case.name for case in zoo.BROKEN]
    assert len(set(names)) == len(names)
    assert len(names) >= 300
    assert {case.suffix for case in zoo.BROKEN} >= set(zoo.FORMATS)


@pytest.mark.parametrize("suffix", zoo.FORMATS)
def test_the_good_files_give_one_panel(suffix: str, project: Path, right: Panel) -> None:
    path = project / f"data/good{suffix}"
    path.write_bytes(zoo.GOOD[suffix])
    assert same(read_panel(PilotSpec.model_validate(zoo.params(f"data/{path.name}"))), right)


@pytest.mark.parametrize("suffix", zoo.FORMATS)
def test_a_file_beyond_the_limit_is_refused_before_it_is_read(
    suffix: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / f"data/good{suffix}"
    path.write_bytes(zoo.GOOD[suffix])
    monkeypatch.setattr(limit, "MOST_BYTES", 500)
    advice = r"name a data\.query" if suffix in (".csv", ".parquet") else "save the columns"
    with pytest.raises(DataError, match=f"at most 0 MiB are used; {advice}") as caught:
        read_file(path, list(zoo.good()), "data/large")
    assert caught.value.faults[0].code == "too-large"


MEASURE = """
import resource, sys
from pathlib import Path
from impact.data.readers import read_file
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
table = read_file(Path(sys.argv[1]), ["person", "wave", "in_pilot", "trust"], "large")
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(len(table.frame), grown * 1024)
"""


def test_a_csv_file_of_200_megabytes_is_read_right_within_the_limit(tmp_path: Path) -> None:
    rows = pd.concat([zoo.good()] * 100).to_csv(index=False).encode()
    head, _, body = rows.partition(b"\n")
    path, times = tmp_path / "large.csv", 200_000_000 // len(body) + 1
    with path.open("wb") as file:
        file.write(head + b"\n")
        for _ in range(times):
            file.write(body)
    assert path.stat().st_size > 200_000_000
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    path.unlink()
    n, grown = map(int, done.stdout.split())
    assert n == times * 100 * len(zoo.good())
    assert grown < limit.MOST_BYTES / 2
