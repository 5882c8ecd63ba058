"""The file that is read: a register of persons over 20 periods, as registers look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["PERIODS", "drawn", "spec_of", "written"]

PERIODS = 20
PLACES = 40
START = 11


def drawn(units: int, *, shuffled: bool, seed: int = 20261122) -> pa.Table:
    """Draw a register: texts for who, where and schooling, some answers missing.

    Parameters
    ----------
    units : int
    shuffled : bool
        Whether the rows stand in no order.
    seed : int

    Returns
    -------
    pyarrow.Table
        ``person period treated place income employed age female schooling``.
    """
    import pyarrow as pa

    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(units), PERIODS)
    place = rng.integers(0, PLACES, units)
    period = np.tile(np.arange(1, PERIODS + 1), units)
    treated = (place % 2 == 0).astype(np.int64)[who]
    income = rng.normal(1500, 300, units)[who] + 10 * period + rng.normal(0, 200, len(who))
    income += 50 * (treated & (period >= START))
    school = rng.choice(np.array(["primary", "secondary", "tertiary"]), units)
    columns: dict[str, Any] = {
        "person": pa.array([f"P{n:07d}" for n in range(units)]).take(pa.array(who)),
        "period": period,
        "treated": treated,
        "place": pa.array([f"municipality {n:02d}" for n in range(PLACES)]).take(place[who]),
        "income": pa.array(income, mask=rng.random(len(who)) < 0.03),
        "employed": (rng.random(len(who)) < 0.5).astype(np.int64),
        "age": rng.integers(18, 65, units)[who],
        "female": rng.integers(0, 2, units)[who],
        "schooling": pa.array(school).take(pa.array(who)),
    }
    table = pa.table(columns)
    return table.take(rng.permutation(len(who))) if shuffled else table


def written(folder: Path, units: int, *, shuffled: bool) -> Path:
    """Write a register as Parquet, once, and return its path."""
    from pyarrow import parquet

    path = folder / f"register-{units}{'-shuffled' if shuffled else ''}.parquet"
    if not path.exists():
        (folder / "params").mkdir(parents=True, exist_ok=True)
        parquet.write_table(drawn(units, shuffled=shuffled), path)
    return path


def spec_of(path: Path) -> Any:
    """Return the params of the register."""
    import impact

    outcomes = [
        {"column": "income", "label": "Income", "kind": "continuous"},
        {"column": "employed", "label": "Employed", "kind": "binary"},
    ]
    design = {"kind": "did", "treated": "treated", "starts": START, "assignment": "place"}
    return impact.PilotSpec.model_validate(
        {
            "pilot": "register",
            "data": {"path": path.name, "unit": "person", "period": "period"},
            "design": {**design, "place": "place"},
            "outcomes": outcomes,
            "covariates": ["age", "female", "schooling"],
        }
    )
