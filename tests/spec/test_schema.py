"""The schema and the list of keys say what the models take."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from impact.spec import PilotSpec, catalogue, load_specs
from impact.spec.schema import schema, write_schema

ROOT = Path(__file__).parents[2]


def _records() -> Iterator[tuple[str, dict[str, Any]]]:
    made = schema()
    yield "PilotSpec", made
    yield from made["$defs"].items()


def test_the_file_equals_the_models() -> None:
    written = json.loads((ROOT / "params" / "schema.json").read_text(encoding="utf-8"))
    assert written == schema(), "run python -m impact.spec.schema"


def test_the_module_writes_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACT_ROOT", str(project))
    write_schema()
    assert json.loads((project / "params" / "schema.json").read_text()) == schema()


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_key_says_what_it_is() -> None:
    silent = [
        f"{name}.{key}"
        for name, record in _records()
        for key, node in record["properties"].items()
        if not node.get("description")
    ]
    assert silent == []


def test_no_key_is_taken_that_the_models_do_not_have() -> None:
    assert all(record["additionalProperties"] is False for _, record in _records())
    assert set(schema()["properties"]) == set(PilotSpec.model_fields)
    assert schema()["required"] == ["pilot", "data", "design", "outcomes"]


def test_indicators_are_completed_from_the_catalogue() -> None:
    node = schema()["$defs"]["Outcome"]["properties"]["indicator"]
    assert node["anyOf"][0]["enum"] == [
        key for key, found in catalogue().items() if not found.asked_only_afterwards
    ]


def test_the_good_file_fits_the_schema_and_so_does_one_of_nulls(good: str) -> None:
    check = jsonschema.Draft202012Validator(schema())
    # An editor reads a date as text, as papermill does.
    data = json.loads(json.dumps(yaml.safe_load(good), default=str))
    assert list(check.iter_errors(data)) == []
    for key in ("about", "covariates", "subgroups", "analysis", "plan", "report", "published"):
        data[key] = None
    assert list(check.iter_errors(data)) == []
    data["design"]["kind"] = "didd"
    assert [error.json_path for error in check.iter_errors(data)] == ["$.design.kind"]


def test_every_params_file_of_the_project_is_without_fault() -> None:
    files = load_specs(ROOT / "params")
    assert files
    assert [str(file.error) for file in files if file.error] == []


def test_the_readme_explains_every_key_with_its_default() -> None:
    text = (ROOT / "params" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .+? \| (.+?) \| (.+?) \| .*? ?\|$", text, re.MULTILINE)
    told = {(key, meaning): default for key, default, meaning in rows}
    for name, record in _records():
        for key, node in record["properties"].items():
            default = told.get((key, node["description"]))
            assert default is not None, f"{name}.{key}"
            if key in record.get("required", ()):
                assert default == "**required**", f"{name}.{key}"
            elif isinstance(node.get("default"), str | int | float):
                shown = node["default"]
                shown = shown if isinstance(shown, str) else json.dumps(shown)
                assert default == f"`{shown}`", f"{name}.{key}"


def test_the_readme_lists_the_catalogue() -> None:
    text = (ROOT / "params" / "README.md").read_text(encoding="utf-8")
    for found in catalogue().values():
        start = f"| `{found.key}` | {found.label}"
        row = next(line for line in text.splitlines() if line.startswith(start))
        assert f"| {found.kind} | {found.direction} |" in row


def test_the_room_is_light_to_enter() -> None:
    heavy = ["numpy", "pandas", "scipy", "statsmodels", "papermill", "nbconvert", "jsonschema"]
    code = f"import sys, impact.spec; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
