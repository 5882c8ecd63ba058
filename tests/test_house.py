"""The house rules that a reader relies on, held by tests: floors, packages, notebooks, files."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement

from impact.spec import PilotSpec

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "impact"

FLOORS = {
    "errors": 0,
    "spec": 1,
    "results": 1,
    "inference": 1,
    "figures": 1,
    "tables": 1,
    "locale": 1,
    "data": 2,
    "simulate": 2,
    "describe": 3,
    "did": 3,
    "evidence": 4,
    "power": 4,
    "disclosure": 5,
    "report": 6,
    "batch": 7,
    "cli": 8,
}
# On one floor only these look sideways: a result shows itself by way of the room next door,
# and text that a table or figure carries is translated by its neighbour.
SIDEWAYS = {
    ("results", "figures"),
    ("results", "tables"),
    ("figures", "locale"),
    ("tables", "locale"),
}


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    """Return the rooms of `impact` that a module imports, type-checking blocks left out."""
    blocks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    skipped = {id(inner) for block in blocks for inner in ast.walk(block)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module == "impact":
            found |= {alias.name for alias in node.names if alias.name in FLOORS}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("impact."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
            found |= {name[1] for name in names if name[0] == "impact" and len(name) > 1}
    return found


MODULES = sorted(
    path for path in SOURCE.rglob("*.py") if room(path) not in ("__init__", "__main__")
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"{here} has no floor"
    for other in imports(ast.parse(path.read_text(encoding="utf-8"))) - {here}:
        down = FLOORS[other] < FLOORS[here]
        assert down or (here, other) in SIDEWAYS, f"{here} imports {other}"


def test_the_walk_sees_an_import_that_points_up() -> None:
    assert imports(ast.parse("def f():\n    from impact.cli import main")) == {"cli"}
    assert imports(ast.parse("from impact import batch")) == {"batch"}


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.If,
    ast.IfExp,
    ast.Try,
    ast.With,
    ast.BinOp,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
class TestTheLawOfNotebooks:
    def cells(self, path: Path) -> list[nbformat.NotebookNode]:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        return [cell for cell in notebook.cells if cell.cell_type == "code"]

    def test_a_cell_is_one_call_of_at_most_five_lines(self, path: Path) -> None:
        for cell in self.cells(path)[1:]:
            tree = ast.parse(cell.source)
            assert len(cell.source.splitlines()) <= 5, cell.source
            calls = [n for n in tree.body if not isinstance(n, ast.Import | ast.ImportFrom)]
            assert len(calls) == 1, cell.source
            assert not [n for n in ast.walk(tree) if isinstance(n, FORBIDDEN)], cell.source

    def test_no_outputs_and_no_counts_are_committed(self, path: Path) -> None:
        for cell in self.cells(path):
            assert cell.outputs == []
            assert cell.execution_count is None

    def test_only_the_first_code_cell_is_tagged_parameters(self, path: Path) -> None:
        tags = [cell.metadata.get("tags", []) for cell in self.cells(path)]
        assert tags[0] == ["parameters"]
        assert not any(tags[1:])

    def test_the_parameters_are_the_keys_of_a_params_file_and_all_none(self, path: Path) -> None:
        tree = ast.parse(self.cells(path)[0].source)
        given = {ast.unparse(node.targets[0]): ast.unparse(node.value) for node in tree.body}
        # The portfolio has no params file: it is given the lines that all runs left.
        keys = ["entries"] if path.name == "portfolio.ipynb" else PilotSpec.model_fields
        assert given == dict.fromkeys(keys, "None")


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def bounds(lines: list[str]) -> dict[str, str]:
    parsed = [Requirement(line) for line in lines]
    return {one.name.lower(): str(one.specifier) for one in parsed}


def test_environment_and_pyproject_name_the_same_packages_and_bounds() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = bounds([line for line in environment["dependencies"] if isinstance(line, str)])
    pytest_bound = [one for one in project()["optional-dependencies"]["test"] if "pytest>" in one]
    declared = bounds([*project()["dependencies"], *pytest_bound])
    assert conda.pop("python") == project()["requires-python"]
    assert conda.pop("pip") == ""
    assert conda == declared


def locked() -> dict[str, set[str]]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.M):
        pins.setdefault(name.lower(), set()).add(version)
    return pins


def test_every_declared_package_is_locked_within_its_bounds() -> None:
    named = re.findall(r"--extra (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    extras = [project()["optional-dependencies"][name] for name in named]
    assert set(project()["optional-dependencies"]) - set(named) == {"gs", "az"}
    declared = bounds([*project()["dependencies"], *(line for extra in extras for line in extra)])
    pins = locked()
    for name, specifier in declared.items():
        assert name in pins, f"{name} is not in requirements.lock; run: make lock"
        for version in pins[name]:
            assert Requirement(f"{name}{specifier}").specifier.contains(version)


def test_every_locked_package_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"^(?=\S)", text, flags=re.M)
    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())


def tracked() -> list[Path]:
    out = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / line for line in out.splitlines() if (ROOT / line).is_file()]


def test_no_file_carries_the_path_of_a_machine() -> None:
    pattern = re.compile(r"(^|[\s\"'(=])/(work|root|home/\w+|Users/\w+)/", re.M)
    for path in tracked():
        if path.suffix in {".py", ".md", ".yml", ".toml", ".ipynb", ".j2", ".cfg", ".json", ""}:
            assert not pattern.search(path.read_text(encoding="utf-8", errors="ignore")), path


def test_no_large_file_is_committed() -> None:
    assert not [path for path in tracked() if path.stat().st_size > 2_000_000]


def test_the_readme_draws_every_room() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {path.name for path in SOURCE.iterdir() if not path.name.startswith("__")}
    assert not {name for name in rooms if name.removesuffix(".py") not in readme}


def test_versions_agree() -> None:
    import impact

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project()["version"] == impact.__version__ == citation["version"]


def test_importing_impact_imports_nothing_heavy() -> None:
    code = "import sys, json, impact; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run(
        [str(Path(__import__("sys").executable)), "-c", code],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    heavy = {"pandas", "numpy", "pydantic", "matplotlib", "scipy", "papermill", "nbconvert"}
    assert not heavy & set(json.loads(out))
