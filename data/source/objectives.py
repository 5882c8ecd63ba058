"""Simulated data for Includ-EU's two other objectives: training and regional exchange."""

from __future__ import annotations

import numpy as np
import pandas as pd
from source.table import Table, pilot, simulated, tidy, with_ids, with_places

from impact.simulate import SimulatedCovariate as Covariate
from impact.simulate import SimulatedOutcome as Outcome
from impact.simulate import Simulation


def training() -> pd.DataFrame:
    """Simulate officials of trained and not yet trained authorities."""
    simulation = Simulation(
        sizes=(7,) * 24,
        cohorts={2: 12},
        outcomes=(
            Outcome(column="knowledge", scale=(0, 100), mean=52, sd=14, course=2, effect=9,
                    decimals=0, missing=0.02),
            Outcome(column="confidence", kind="ordinal", scale=(1, 5), mean=3.1, course=0.1,
                    effect=0.1, refused=0.02, codes=(-98, -99)),
        ),
        covariates=(Covariate(column="years_of_service", mean=9, sd=3.5, decimals=0),),
        place_share=0.05, place_period_share=0.01, unit_share=0.45, together=0.2,
        attrition=0.07, seed=7,
    )  # fmt: skip
    frame = with_places(pilot(simulation), tuple(f"AU-{n:02d}" for n in range(1, 25)))
    frame = with_ids(frame, "O", seed=7, digits=4)
    frame = frame.assign(years_of_service=frame["years_of_service"].clip(0))
    names = {"unit": "official", "period": "wave", "place": "authority", "treated": "trained"}
    return tidy(frame, names, drop=("first_treated",))


def exchange() -> pd.DataFrame:
    """Simulate practices taken over per authority and quarter, before and after study visits."""
    simulation = Simulation(
        sizes=(1,) * 20,
        cohorts={3: 5, 4: 4, 5: 4},
        periods=8,
        outcomes=(
            Outcome(column="practices_taken_over", kind="count", mean=0.5, course=0.03,
                    effect={3: 0.6, 4: 0.5, 5: 0.3}, growth=0.05),
        ),
        place_share=0.1, serial=0.1, seed=8,
    )  # fmt: skip
    frame = with_places(pilot(simulation), tuple(f"Authority {n:02d}" for n in range(1, 21)))
    labels = np.array(["", *(f"{2020 + (q + 1) // 4}-Q{(q + 1) % 4 + 1}" for q in range(8))])
    frame = frame.assign(
        period=labels[frame["period"]], first_treated=labels[frame["first_treated"]]
    )
    names = {"place": "authority", "period": "quarter", "first_treated": "first_visit"}
    return tidy(frame, names, drop=("unit", "treated"))


TABLES: tuple[Table, ...] = (
    simulated(
        "includ-eu-officials-training.csv",
        "168 officials of 24 authorities, before and after a training; twelve wait",
        training,
        pilot="the training of officials in Includ-EU",
    ),
    simulated(
        "includ-eu-regional-exchange.csv",
        "20 authorities, eight quarters: practices taken over; 13 make a study visit in turn",
        exchange,
        pilot="the regional exchange of Includ-EU",
    ),
)
