"""A large file is read column by column: the same panel, in less than three times its size."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from impact.data import columns
from impact.data.columns import coded, numbers
from impact.data.panel import Panel
from impact.data.readers import read_file
from impact.data.spelling import spelled
from impact.errors import DataError
from impact.spec.models import Missing

Read = Callable[..., Panel]

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
WORDS = st.sampled_from(["", " 1", "1", "01", "1.5", "x", "NA", "-7", "98", "true", "False", "é"])
MOST = 3.0


@given(st.lists(WORDS | st.none(), max_size=30), st.booleans(), st.integers(1, 4))
def test_texts_that_repeat_are_read_as_those_that_do_not(
    words: list[str | None], truth: bool, parts: int
) -> None:
    texts = pa.chunked_array([pa.array(words[at::parts], pa.string()) for at in range(parts)])
    series = pd.Series(pd.array(texts.to_pylist(), dtype="str"))
    missing = Missing(refused=(98,))
    found = numbers(series, missing, truth=truth)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_repeats", lambda text: True)
        once = numbers(series, missing, truth=truth)
    for name in ("values", "answers", "bad"):
        np.testing.assert_array_equal(getattr(found, name), getattr(once, name))


@given(st.lists(WORDS | st.none(), max_size=30), st.integers(1, 4))
def test_codes_of_texts_in_pieces_stand_for_what_is_written(
    words: list[str | None], parts: int
) -> None:
    cut = [words[len(words) * at // parts : len(words) * (at + 1) // parts] for at in range(parts)]
    pieces = [pd.Series(pd.array(piece, dtype="str")) for piece in cut]
    seen = coded(pd.concat(pieces, ignore_index=True))
    read = [None if code < 0 else seen.labels[code] for code in seen.codes.tolist()]
    assert read == [None if word is None else spelled(word) for word in words]
    assert list(seen.labels) == sorted({word for word in read if word is not None})


def test_row_groups_with_dictionaries_of_their_own_are_one_column(
    project: Path, read: Read
) -> None:
    ids = [f"u{at // 2}" for at in range(40)]
    frame = pd.DataFrame({"id": ids, "wave": [1, 2] * 20, "y": np.arange(40.0)})
    frame["pilot"] = frame["id"].str[1:].astype(int) % 2
    whole = read(frame, ".parquet")
    parquet.write_table(pa.Table.from_pandas(frame), project / "data/toy.parquet", row_group_size=3)
    content = (project / "data/toy.parquet").read_bytes()
    pieces = read(content, ".parquet")
    pd.testing.assert_frame_equal(whole.values, pieces.values, check_exact=True)
    assert list(whole.units) == list(pieces.units) == sorted(set(ids))
    np.testing.assert_array_equal(whole.unit, pieces.unit)


@pytest.mark.parametrize("in_order", [True, False])
def test_a_frame_is_left_as_it_was_and_the_panel_cannot_be_changed(in_order: bool) -> None:
    frame = pd.DataFrame(
        {"id": ["a", "a", "b", "b"], "wave": [1, 2, 1, 2], "pilot": [1.0, 1, 0, 0]}
    ).assign(y=[1.0, 4.0, 2.0, 3.0], w=[1.0, 2.0, 1.0, 2.0])
    frame = frame if in_order else frame[::-1]
    before = frame.copy(deep=True)
    panel = Panel.from_frame(
        frame,
        unit="id",
        period="wave",
        outcomes="y",
        treated="pilot",
        starts=2,
        weight="w",
        cluster="id",
    )
    pd.testing.assert_frame_equal(frame, before)
    assert panel.values["y"].tolist() == [1.0, 4.0, 2.0, 3.0]
    arrays = (panel.unit, panel.period, panel.cluster, panel.start, panel.weight, panel.treated)
    for array in (*arrays, panel.values["y"].to_numpy()):
        assert not array.flags.writeable
        assert not np.shares_memory(array, frame["y"].to_numpy())


def test_a_long_text_that_stands_in_every_row_is_refused_before_it_is_written_out(
    project: Path,
) -> None:
    rows = pa.array(["x" * 100_000]).take(pa.array(np.zeros(1_000, np.int64)))
    path = project / "x.parquet"
    with parquet.ParquetWriter(path, pa.schema({"id": pa.string()})) as writer:
        for _ in range(30):
            writer.write_table(pa.table({"id": rows}))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(DataError, match="GiB"):
        read_file(path, ["id"], "x")


@pytest.mark.slow
def test_five_million_rows_take_less_than_three_times_the_file(tmp_path: Path) -> None:
    draw = (
        "import sys; from pathlib import Path; from read_panel import written; "
        "written(Path(sys.argv[1]), int(sys.argv[2]), shuffled=True)"
    )
    for units in (200, 250_000):
        call = [sys.executable, "-c", draw, str(tmp_path), str(units)]
        subprocess.run(call, cwd=BENCHMARKS, check=True)
    large, warm = (tmp_path / f"register-{n}-shuffled.parquet" for n in (250_000, 200))
    call = [sys.executable, "read_one.py", "impact", str(large), str(warm)]
    done = subprocess.run(call, cwd=BENCHMARKS, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    size = parquet.read_table(large).nbytes / 2**20
    assert found["extra_mb"] < MOST * size
    assert {"read", "participants", "balance", "trends"} <= found["steps"].keys()
