"""The pilot notebook through plain Papermill: no pilot ever takes a value from another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from pydantic import BaseModel

from impact.spec import PilotSpec

ROOT = Path(__file__).parents[1]
MINIMAL = {
    "pilot": "minimal",
    "data": {"path": "data/minimal.csv", "unit": "id", "period": "wave"},
    "design": {"kind": "did", "treated": "in_pilot", "starts": 2},
    "outcomes": [{"column": "score"}],
}


def leaves(model: type[BaseModel], given: dict[str, Any], at: str = "") -> dict[str, Any]:
    """List the optional keys that `given` leaves out, with the package's default for each."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        here = f"{at}{name}"
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= leaves(kind, given.get(name) or {}, f"{here}.")
        elif not field.is_required() and name not in given:
            found[here] = field.get_default(call_default_factory=True)
    return found


OPTIONAL = leaves(PilotSpec, MINIMAL)


def run_papermill(folder: Path, params: dict[str, Any]) -> dict[str, Any]:
    """Run the notebook's first cells by plain Papermill; return the spec that they made."""
    notebook = nbformat.read(ROOT / "notebooks" / "pilot.ipynb", as_version=4)
    dump = nbformat.v4.new_code_cell("print(spec.model_dump_json())")
    notebook.cells = [*notebook.cells[:2], dump]
    nbformat.write(notebook, folder / "pilot.ipynb")
    (folder / "params").mkdir(exist_ok=True)
    (folder / "params" / "minimal.yml").write_text(yaml.safe_dump(params), encoding="utf-8")
    command = ["papermill", "pilot.ipynb", "out.ipynb", "-f", "params/minimal.yml"]
    subprocess.run(
        [sys.executable, "-m", *command, "--no-progress-bar"],
        cwd=folder,
        env={**os.environ, "IMPACT_ROOT": str(folder)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    cells = nbformat.read(folder / "out.ipynb", as_version=4).cells
    spec: dict[str, Any] = json.loads(cells[-1].outputs[0].text)
    return spec


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_papermill(tmp_path_factory.mktemp("minimal"), MINIMAL)


def plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return json.loads(value.model_dump_json())
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize("key", OPTIONAL)
def test_a_key_that_is_left_out_takes_the_packages_default(key: str, minimal: dict) -> None:
    value: Any = minimal
    for name in key.split("."):
        value = value[name]
    assert value == plain(OPTIONAL[key])


def test_the_optional_keys_that_are_tested_include_those_that_change_numbers() -> None:
    telling = {"covariates", "subgroups", "analysis.cluster", "analysis.inference", "data.weight"}
    assert telling <= set(OPTIONAL)


@pytest.mark.parametrize("left_out", ["about", "covariates", "subgroups", "analysis", "report"])
def test_one_key_left_out_of_a_full_file_takes_the_default(left_out: str, tmp_path: Path) -> None:
    full: dict[str, Any] = MINIMAL | {
        "about": {"title": "Full", "country": "NL"},
        "covariates": ["age"],
        "subgroups": ["female"],
        "analysis": {"level": 0.9},
        "report": {"minimum_cell": 12},
    }
    full.pop(left_out)
    made = run_papermill(tmp_path, full)
    assert made[left_out] == plain(PilotSpec.model_fields[left_out].default)
