"""The same people in every format: the same panel, estimates and descriptive tables."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import impact
from impact.data.panel import Panel
from impact.data.read import read_panel
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


written = _beside("same_people")
OTHERS = [suffix for suffix in written.SUFFIXES if suffix != ".csv"]


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Panel]:
    folder = tmp_path_factory.mktemp("same")
    found = {}
    for suffix in written.SUFFIXES:
        path = written.write(suffix, folder)
        words = suffix not in (".dta", ".sav")
        found[suffix] = read_panel(PilotSpec.model_validate(written.params(str(path), words=words)))
    return found


def test_the_example_holds_every_sort_of_answer(panels: dict[str, Panel]) -> None:
    panel = panels[".csv"]
    people = written.people()
    counts = panel.answers["trust"].value_counts()
    for code, answer in written.NO_ANSWER.items():
        assert counts[answer] == (people["trust"] == code).sum() > 5
    assert counts["missing"] == people["trust"].isna().sum() > 5
    assert "language=Français" in panel.values
    assert panel.references["stay"] == "Rented"
    assert "stay=Refused" not in panel.values
    assert panel.weighted
    assert list(panel.periods) == ["2021-03-01", "2021-09-01", "2022-03-01"]


@pytest.mark.parametrize("suffix", OTHERS)
def test_every_format_gives_the_same_panel(suffix: str, panels: dict[str, Panel]) -> None:
    one, other = panels[".csv"], panels[suffix]
    pd.testing.assert_frame_equal(one.values, other.values, check_exact=True)
    for name in ("units", "periods", "clusters"):
        assert list(getattr(one, name)) == list(getattr(other, name))
    for name in ("unit", "period", "treated", "start", "weight", "times", "cluster"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.answers.keys() == other.answers.keys()
    for name, answers in one.answers.items():
        assert answers.tolist() == other.answers[name].tolist()
    assert one.rows == other.rows
    assert one.references == other.references
    assert (one.covariates, one.subgroups) == (other.covariates, other.subgroups)


@pytest.mark.parametrize("suffix", OTHERS)
def test_every_format_gives_the_same_estimates(suffix: str, panels: dict[str, Panel]) -> None:
    for method in (impact.did.did, impact.did.twfe, impact.did.event_study):
        for outcome in ("trust", "income", "working"):
            one = method(panels[".csv"], outcome=outcome)
            other = method(panels[suffix], outcome=outcome)
            pd.testing.assert_frame_equal(one.to_frame(), other.to_frame(), check_exact=True)


@pytest.mark.parametrize("suffix", OTHERS)
def test_every_format_gives_the_same_tables(suffix: str, panels: dict[str, Panel]) -> None:
    for table in (
        impact.describe.participants,
        impact.describe.balance,
        impact.describe.flow,
        impact.describe.trends,
    ):
        one: Any = table(panels[".csv"])
        other: Any = table(panels[suffix])
        assert _plain(one) == _plain(other)


def _plain(found: Any) -> Any:
    if hasattr(found, "to_payload"):
        return found.to_payload()
    return found.to_frame().to_dict("list") if hasattr(found, "to_frame") else repr(found)
