"""Rows in are rows used and rows left out by a named reason, on every example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.data.read import read_panel
from impact.spec import PilotSpec, load_spec

ROOT = Path(__file__).parents[2]
PILOTS = sorted((ROOT / "params").glob("*.yml"))


def adds_up(panel: Panel) -> bool:
    """Say whether every row that went in came out somewhere, by name."""
    kinds = ("dropped: ", "made: ", "folded: ")
    assert all(name in ("read", "used") or name.startswith(kinds) for name in panel.rows)
    made = sum(n for name, n in panel.rows.items() if name.startswith("made: "))
    gone = sum(n for name, n in panel.rows.items() if name.startswith(("dropped: ", "folded: ")))
    return panel.rows["read"] + made == panel.rows["used"] + gone


@pytest.mark.parametrize("shape", ["tidy", "waves", "wide", "spells"])
@pytest.mark.parametrize("seed", range(5))
def test_the_rows_of_every_shape_add_up_whatever_is_left_out(
    project: Path, shape: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    n = 40
    who = pd.DataFrame({"id": [f"p{at}" for at in range(n)], "pilot": np.arange(n) % 2})
    who["pilot"] = who["pilot"].astype(str).where(rng.random(n) > 0.1, "")
    who["w"] = np.where(rng.random(n) > 0.1, "1.5", "0")
    seen = rng.random((n, 2)) > 0.2
    first, second = (rng.integers(0, 9, n).astype(str) for _ in range(2))
    data: dict[str, Any] = {"unit": "id", "weight": "w"}
    folder, lost = project / "data", int((~seen).sum())
    if shape == "wide":
        who.assign(a=np.where(seen[:, 0], first, ""), b=np.where(seen[:, 1], second, "")).to_csv(
            folder / "x.csv", index=False
        )
        data |= {"path": "data/x.csv", "wide": {"y": {1: "a", 2: "b"}}}
        read, made = n, n
    elif shape == "spells":
        days = [f"2021-0{month}-11" for month in rng.integers(1, 3, n)]
        stays = pd.concat([who.assign(start=days, end=""), who.assign(start="", end="")])
        stays.to_csv(folder / "x.csv", index=False)
        spells = {"entry": "start", "exit": "end", "first": "2021-01", "last": "2021-02"}
        data |= {"path": "data/x.csv", "spells": spells | {"column": "y"}}
        read, made, lost = 2 * n, 2 * n, 0
    else:
        waves = [who.assign(y=y)[there] for y, there in zip((first, second), seen.T, strict=True)]
        for at, wave in enumerate(waves, 1):
            wave.to_csv(folder / f"{at}.csv", index=False)
        pd.concat([wave.assign(period=at) for at, wave in enumerate(waves, 1)]).to_csv(
            folder / "x.csv", index=False
        )
        files = {"1": "data/1.csv", "2": "data/2.csv"}
        tidy = {"path": "data/x.csv", "period": "period"}
        data |= {"waves": files} if shape == "waves" else tidy
        read, made, lost = int(seen.sum()), 0, 0
    starts = "2021-02" if shape == "spells" else 2
    stated = {
        "pilot": "toy",
        "data": data,
        "design": {"kind": "did", "treated": "pilot", "starts": starts},
        "outcomes": [{"column": "y"}],
    }
    panel = read_panel(PilotSpec.model_validate(stated))
    assert adds_up(panel)
    assert panel.rows["read"] == read
    assert sum(k for name, k in panel.rows.items() if name.startswith("made")) == made
    assert panel.rows.get("dropped: not seen in the period", 0) == lost
    assert len(panel) == panel.rows["used"] < read + made


@pytest.mark.parametrize("path", PILOTS, ids=lambda path: path.stem)
def test_the_rows_of_every_example_add_up(path: Path) -> None:
    panel = read_panel(load_spec(path))
    assert adds_up(panel)
    assert len(panel) == panel.rows["used"]
