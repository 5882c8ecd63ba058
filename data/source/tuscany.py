"""Simulated households of Tuscany, as a register of tenancies with first and last days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd
from source.formats import as_workbook
from source.table import Table, pilot, simulated, tidy, with_ids, with_places

from impact.simulate import SimulatedCovariate as Covariate
from impact.simulate import SimulatedOutcome as Outcome
from impact.simulate import Simulation

# Six months before the first temporary homes, and a year after them.
MONTHS = pd.period_range("2020-08", "2022-01", freq="M")
FIRST_WITH = "2021-02"
SHEET = "Tenancies"
NOTES = (
    "Simulated by impact.simulate: no row is of a household.",
    "One row per tenancy of at least six months, in the household's own name.",
    "A household without one has a row with both days empty.",
    "No last day: the tenancy goes on. Contracts that follow each other have a row each.",
    "in_housing: 1 moved into a temporary home of the pilot, 0 lived in a reception centre.",
)


def tuscany() -> pd.DataFrame:
    """Simulate households in temporary housing and in reception, month by month.

    One row a household and month; ``stable_tenancy`` is 1 where a tenancy of their own
    holds on the last day of the month.
    """
    start = list(MONTHS.astype(str)).index(FIRST_WITH) + 1
    simulation = Simulation(
        sizes=(66, 54, 45, 39, 36, 36),
        cohorts={start: 132},
        assignment="unit",
        periods=len(MONTHS),
        outcomes=(
            Outcome(column="stable_tenancy", kind="binary", mean=0.3, course=0.006, gap=0.02,
                    effect=0.06, growth=0.012),
        ),
        covariates=(
            Covariate(column="adults", mean=2.1, sd=0.7, decimals=0),
            Covariate(column="children", mean=1.4, sd=1.0, gap=0.2, decimals=0),
        ),
        place_share=0.02, unit_share=0.88, serial=0.97, seed=3,
    )  # fmt: skip
    towns = tuple(f"Town {letter}" for letter in "ABCDEF")
    frame = with_ids(with_places(pilot(simulation), towns), "NF", seed=3)
    frame = frame.assign(
        adults=frame["adults"].clip(1),
        children=frame["children"].clip(0),
        period=np.array(MONTHS.astype(str))[frame["period"] - 1],
    )
    names = {"unit": "household", "period": "month", "place": "town", "treated": "in_housing"}
    return tidy(frame, names, drop=("first_treated",))


def register() -> pd.DataFrame:
    """Return a row a tenancy, and a row without days for each household that has none."""
    rng = np.random.default_rng([3, 4])
    rows = []
    for _, months in tuscany().groupby("household", sort=True):
        said = months.iloc[0].drop(["month", "stable_tenancy"]).to_dict()
        stays = list(_stays(months["stable_tenancy"].to_numpy(), rng))
        rows += [{**said, "moved_in": a, "moved_out": b} for a, b in stays or [(None, None)]]
    mark = ["_simulated"]
    frame = pd.DataFrame(rows, dtype=object)
    return frame[[*(name for name in frame if name not in mark), *mark]]


def _stays(
    inside: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[dt.date, dt.date | None]]:
    """Give first and last days of tenancies that hold at the end of just these months."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside, [0]])))
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        if first == 0:
            entry = MONTHS[0].start_time.date() - dt.timedelta(days=int(rng.integers(0, 500)))
        else:
            entry = MONTHS[first].start_time.date() + dt.timedelta(days=int(rng.integers(0, 28)))
        left = None
        if after < len(MONTHS):
            # Before the last day of the first month that is not inside.
            left = MONTHS[after].start_time.date() + dt.timedelta(days=int(rng.integers(0, 27)))
        if after - first > 9:
            # The first contract ended, and the next one began on the day after.
            turn = MONTHS[first + 7].start_time.date() + dt.timedelta(days=int(rng.integers(0, 27)))
            yield entry, turn
            entry = turn + dt.timedelta(days=1)
        yield entry, left


def as_register(frame: pd.DataFrame) -> bytes:
    """Return the workbook: the tenancies, and a second sheet with notes."""
    return as_workbook(frame, SHEET, NOTES)


TABLES: tuple[Table, ...] = (
    simulated(
        "tuscany-housing.xlsx",
        f"tenancies of 276 households of six towns, with first and last days: a workbook with the "
        f"sheets {SHEET} and Notes",
        register,
        pilot="the temporary housing of Tuscany",
        written=as_register,
    ),
)
