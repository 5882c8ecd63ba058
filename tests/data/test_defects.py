"""Every bad file ends in a `DataError` that says what is wrong and names nobody."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.data.panel import Panel
from impact.data.read import panel_of, read_panel
from impact.data.readers import read_file
from impact.data.roles import roles_of
from impact.errors import DataError
from impact.spec.models import PilotSpec


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        f"data_{name}", Path(__file__).with_name(f"{name}.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


zoo = _beside("defects")


@pytest.mark.parametrize("defect", zoo.DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_is_told_by_its_name_and_tells_nothing_of_a_person(
    defect: object, project: Path
) -> None:
    spec = PilotSpec.model_validate(zoo.write(defect, project))
    with pytest.raises(DataError) as caught:
        read_panel(spec)
    codes = {fault.code for fault in caught.value.faults}
    said = str(caught.value)
    assert defect.due in codes, said
    assert defect.says in said
    assert said.startswith(f"data/defective{defect.suffix}")
    for secret in (zoo.SECRET, "town-", "secret-word", "woman", str(project)):
        assert secret not in said
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert all(row >= 1 for fault in caught.value.faults for row in fault.rows)


def test_there_are_at_least_two_hundred_defects_each_with_its_own_name() -> None:
    names = [defect.name for defect in zoo.DEFECTS]
    assert len(set(names)) == len(names) >= 200


@pytest.mark.parametrize("kind", zoo.KINDS)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_the_good_file_that_defects_are_made_from_is_read(
    kind: str, suffix: str, project: Path
) -> None:
    frame: pd.DataFrame = zoo.good(kind)
    path = project / "data" / f"good{suffix}"
    (frame.to_csv if suffix == ".csv" else frame.to_parquet)(path, index=False)
    panel: Panel = read_panel(PilotSpec.model_validate(zoo.params(kind, f"data/{path.name}")))
    assert len(panel) == len(frame)
    assert panel.covariates == ("age", "gender=other", "gender=woman")
    assert "_geolocation" not in panel.values


def test_several_defects_are_told_at_once(project: Path) -> None:
    frame = zoo.good("did").assign(
        employed=2, trust="much", visits=1, in_pilot=lambda f: f["in_pilot"].where(f.index != 4, 7)
    )
    frame.drop(columns="age").to_csv(project / "data/many.csv", index=False)
    with pytest.raises(DataError) as caught:
        read_panel(PilotSpec.model_validate(zoo.params("did", "data/many.csv")))
    codes = {fault.code for fault in caught.value.faults}
    assert codes == {"column-missing", "not-binary", "text-in-number", "not-zero-one"}


def test_faults_of_values_and_of_the_design_are_told_together(project: Path) -> None:
    frame = zoo.good("did").assign(trust="much", visits=1, in_pilot=0)
    frame.to_csv(project / "data/both.csv", index=False)
    with pytest.raises(DataError) as caught:
        read_panel(PilotSpec.model_validate(zoo.params("did", "data/both.csv")))
    codes = {fault.code for fault in caught.value.faults}
    assert codes == {"text-in-number", "no-treated", "outcome-constant"}


def test_the_rows_of_a_fault_are_counted_as_a_spreadsheet_counts_them(project: Path) -> None:
    frame = zoo.good("did").sample(frac=1, random_state=3).reset_index(drop=True)
    frame["language"] = frame["language"].where(~frame.index.isin([4, 10]), 60)
    frame = pd.concat([frame, frame.iloc[[0]]])
    frame.to_csv(project / "data/rows.csv", index=False)
    with pytest.raises(DataError) as caught:
        read_panel(PilotSpec.model_validate(zoo.params("did", "data/rows.csv")))
    rows = {fault.code: fault.rows for fault in caught.value.faults}
    # Line 1 is the header, so the fifth record stands in line 6.
    assert rows == {"outside-scale": (6, 12), "repeated-pairs": (2, len(frame) + 1)}


GOOD = zoo.good("did").to_csv(index=False).encode()
ROLES = roles_of(PilotSpec.model_validate(zoo.params("did", "data/any.csv")))


@settings(max_examples=150, deadline=None)
@given(
    at=st.integers(0, len(GOOD)),
    cut=st.integers(0, 400),
    put=st.one_of(st.binary(max_size=40), st.text(max_size=20).map(str.encode)),
)
def test_a_file_with_anything_in_it_is_a_panel_or_a_data_error(
    at: int, cut: int, put: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(GOOD[:at] + put + GOOD[at + cut :])
    said, rows = "", {"read": 0}
    try:
        rows = dict(panel_of(read_file(path, ROLES.columns(), path.name), ROLES).rows)
    except DataError as error:
        said = str(error)
    assert zoo.SECRET not in said
    assert sum(rows.values()) == 2 * rows["read"]
