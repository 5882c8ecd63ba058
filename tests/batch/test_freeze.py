"""A frozen plan: date and hash stand in the params file, and a silent change does not pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from impact.batch.freeze import OURS, freeze, off_plan, plan_hash
from impact.errors import RunError

TODAY = dt.date(2026, 11, 22)
PARAMS = """\
pilot: alpha  # a comment
data: {path: data/alpha.csv, unit: id, period: wave, unit_is: place}
design: {kind: did, treated: in_pilot, starts: 2}
outcomes: [{column: score}]
"""
LAYOUTS = {
    "no plan": "",
    "nothing": "plan:\n",
    "null": "plan: null\n",
    "empty": "plan: {}  # to come\n",
    "block": "plan:\n  # ours\n  registry: OSF  # where\n  endline: 2027-01-01\n",
    "deeper": "plan:\n      registry: OSF\n",
    "flow": "plan: {registry: OSF, progression: []}\n",
    "nulls": "plan: {frozen: null, hash: null, registry: OSF}\n",
    "empty keys": "plan:\n  frozen:\n  registry: OSF\n",
    "in between": "plan:\n  registry: OSF\nreport: {minimum_cell: 12}\n",
}


@pytest.fixture
def params(tmp_path: Path) -> Path:
    (tmp_path / "params").mkdir()
    path = tmp_path / "params" / "alpha.yml"
    path.write_text(PARAMS)
    return path


def frozen(params: Path, **more: Any) -> dict[str, Any]:
    freeze(params, where="params/alpha.yml", today=TODAY, **more)
    given: dict[str, Any] = yaml.safe_load(params.read_text())
    return given


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_date_and_hash_are_written_and_nothing_else_changes(params: Path, layout: str) -> None:
    params.write_text(PARAMS + layout)
    before = yaml.safe_load(params.read_text())
    after = frozen(params)
    assert after["plan"].pop("frozen") == TODAY
    assert OURS.fullmatch(after["plan"].pop("hash"))
    wanted = {k: v for k, v in (before.get("plan") or {}).items() if k not in ("frozen", "hash")}
    assert after.pop("plan") == wanted
    before.pop("plan", None)
    assert after == before
    for comment in ("# a comment", "# ours", "# where"):
        assert (comment in params.read_text()) == (comment in PARAMS + layout)


def test_what_is_frozen_is_not_frozen_again_unless_asked_for(params: Path) -> None:
    first = frozen(params)
    with pytest.raises(RunError, match="the plan was frozen on 2026-11-22"):
        frozen(params)
    params.write_text(params.read_text().replace("starts: 2", "starts: 3"))
    again = frozen(params, again=True)
    assert again["plan"]["hash"] != first["plan"]["hash"]
    assert off_plan(params) == []


def test_only_what_a_plan_says_counts(params: Path) -> None:
    text = params.read_text()
    same = text.replace("{kind: did, treated: in_pilot, starts: 2}", "{starts: 2, treated: "
        "in_pilot, kind: did}").replace("# a comment", "# another")  # fmt: skip
    other = text.replace("starts: 2", "starts: 3")
    assert plan_hash(yaml.safe_load(same)) == plan_hash(yaml.safe_load(text))
    assert plan_hash(yaml.safe_load(other)) != plan_hash(yaml.safe_load(text))


def test_a_silent_change_is_a_fault_and_a_listed_one_is_none(params: Path) -> None:
    frozen(params)
    assert off_plan(params) == []
    changed = params.read_text().replace("starts: 2", "starts: 3")
    params.write_text(changed.replace("score", "other"))
    (fault,) = off_plan(params)
    assert str(fault).startswith("plan.hash: design, outcomes changed after the plan was frozen")
    for date, passes in (("2026-11-21", False), ("2026-11-22", True)):
        listed = f"  deviations: [{{date: {date}, what: a, why: b}}]\n"
        params.write_text(f"{changed}{listed}")
        assert (off_plan(params) == []) == passes


def test_a_hash_of_the_users_own_is_left_alone(params: Path) -> None:
    params.write_text(PARAMS + "plan: {frozen: 2021-01-01, hash: 0a1b}\n")
    assert off_plan(params) == []


def test_a_pilot_off_its_plan_is_not_run(small_of: Any, tmp_path: Path) -> None:
    made = small_of(tmp_path / "project", "alpha", "beta")
    done = made.impact("freeze", "alpha")
    assert done.returncode == 0
    assert "params/alpha.yml: the plan is frozen as of " in done.stdout
    assert made.impact("check").returncode == 0
    text = made.params("alpha").read_text().replace("starts: 2", "starts: 1")
    made.params("alpha").write_text(text)
    ran = made.impact("run")
    assert ran.returncode == 1
    assert "design changed after the plan was frozen" in ran.stdout
    assert made.published() == {"beta.html", "index.html", "estimates.csv"}
