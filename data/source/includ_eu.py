"""Simulated data for the pilots of Includ-EU, one for each of its regions.

Sizes and designs are as in life: some effects are large enough to be found, some are
not, some are nothing. Seeds were picked so that the first outcome comes out near what is
built in, as an average draw would.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from source import tuscany
from source.table import Table, as_survey_export, pilot, simulated, tidy, with_ids, with_places

from impact.simulate import SimulatedCovariate as Covariate
from impact.simulate import SimulatedOutcome as Outcome
from impact.simulate import Simulation

ORIGINS = {"Syria": 0.45, "Eritrea": 0.25, "Afghanistan": 0.12, "other": 0.18}


def tilburg() -> pd.DataFrame:
    """Simulate status holders of eleven municipalities; Tilburg and five others began first."""
    simulation = Simulation(
        sizes=(84, 34, 30, 26, 22, 18, 36, 32, 28, 22, 18),
        cohorts={2: 6},
        outcomes=(
            Outcome(
                column="volunteering", kind="binary", mean=0.19, course=0.05, gap=0.02,
                effect=0.14, missing=0.02, refused=0.015, not_known=0.01,
            ),
            Outcome(
                column="language", kind="ordinal", scale=(0, 6), mean=0.7, course=0.9,
                effect=0.35, missing=0.03,
            ),
            Outcome(
                column="self_sufficiency", scale=(1, 5), mean=2.6, sd=0.7, course=0.35,
                gap=0.05, effect=0.12, decimals=2, missing=0.02,
            ),
            Outcome(
                column="conversations", kind="ordinal", scale=(1, 5), mean=2.1, course=0.3,
                effect=0.0, refused=0.02, not_known=0.03,
            ),
            Outcome(
                column="loneliness", kind="ordinal", scale=(3, 9), mean=5.6, course=-0.2,
                effect=-0.1, refused=0.06, missing=0.03,
            ),
        ),
        covariates=(
            Covariate(column="age", mean=33, sd=8, gap=0.8, loading=-0.15, decimals=0),
            Covariate(column="female", kind="binary", mean=0.41),
            Covariate(column="origin", kind="category", shares=ORIGINS),
        ),
        place_share=0.02, place_period_share=0.005, unit_share=0.38, together=0.2,
        attrition=0.09, attrition_loading=0.2, seed=2,  # near what is built in
    )  # fmt: skip
    frame = with_places(pilot(simulation), ("Tilburg", *(f"GM-{n:02d}" for n in range(2, 12))))
    frame = as_survey_export(frame, ("2021-03-01", "2021-09-06"), seed=1)
    frame = with_ids(frame, "SH-", seed=1).assign(age=lambda f: f["age"].clip(18, 66))
    names = {"unit": "person", "period": "wave", "place": "municipality", "treated": "in_pilot"}
    return tidy(frame, names, drop=("first_treated",))


def catalonia() -> pd.DataFrame:
    """Simulate eighteen girls before and after a year of mentoring."""
    simulation = Simulation(
        sizes=(18,),
        cohorts={2: 1},
        outcomes=(
            Outcome(column="belonging", kind="ordinal", scale=(1, 5), mean=2.9, course=0.2,
                    effect=0.5),
            Outcome(column="own_language_rating", scale=(1, 5), mean=2.8, sd=0.7, course=0.4,
                    effect=0.2, decimals=2),
            Outcome(column="loneliness", kind="ordinal", scale=(3, 9), mean=5.4, effect=-0.4,
                    refused=0.05),
        ),
        covariates=(Covariate(column="age", mean=16.5, sd=1.8, decimals=0),),
        unit_share=0.5, attrition=0.1, seed=2,
    )  # fmt: skip
    frame = as_survey_export(pilot(simulation), ("2021-09-20", "2022-06-13"), seed=2)
    frame = with_ids(frame, "M", seed=2, digits=3)
    names = {"unit": "participant", "period": "wave"}
    return tidy(frame, names, drop=("first_treated", "place", "treated"))


def crete() -> pd.DataFrame:
    """Simulate two hospitals, month by month; one opens an information point."""
    months = np.arange(24)
    season = 14 * np.sin(2 * np.pi * (months - 3) / 12)  # more arrivals in summer
    simulation = Simulation(
        sizes=(1, 1),
        cohorts={13: 1},
        periods=24,
        outcomes=(
            Outcome(column="mediated_consultations", kind="count", mean=62, gap=9,
                    course=tuple(season + 0.4 * months), effect=18, growth=1.0, dispersion=0.002),
            Outcome(column="missed_appointments", kind="count", mean=48, gap=6,
                    course=tuple(0.3 * season), effect=-5, dispersion=0.002),
        ),
        seed=4,
    )  # fmt: skip
    frame = with_places(pilot(simulation), ("Hospital A", "Hospital B"))
    labels = np.array([f"{2021 + m // 12}-{m % 12 + 1:02d}" for m in months])
    frame = frame.assign(period=labels[frame["period"] - 1])
    names = {"place": "hospital", "period": "month", "treated": "information_point"}
    return tidy(frame, names, drop=("unit", "first_treated"))


def romania() -> pd.DataFrame:
    """Simulate a survey of new people each time in twelve towns, six with a desk."""
    simulation = Simulation(
        sizes=(17, 15, 14, 13, 12, 13, 16, 15, 14, 14, 12, 13),
        cohorts={2: 6},
        sample="cross_sections",
        outcomes=(
            Outcome(column="knows_where_to_turn", kind="binary", mean=0.42, course=0.05,
                    effect=0.1, refused=0.01, not_known=0.04),
            Outcome(column="registered_gp", kind="binary", mean=0.55, course=0.04, gap=-0.03,
                    effect=0.04, not_known=0.03),
            Outcome(column="trust_municipality", kind="ordinal", scale=(0, 10), mean=5.1,
                    effect=0.0, refused=0.05, missing=0.02),
        ),
        covariates=(
            Covariate(column="age", mean=34, sd=9, decimals=0),
            Covariate(column="female", kind="binary", mean=0.47),
        ),
        place_share=0.04, place_period_share=0.01, together=0.3, seed=4,
    )  # fmt: skip
    frame = with_places(pilot(simulation), tuple(f"Town {letter}" for letter in "ABCDEFGHIJKL"))
    weight = np.random.default_rng([5, 3]).gamma(8, 1 / 8, len(frame)).clip(0.3, 3).round(3)
    frame = with_ids(frame.assign(weight=weight), "R", seed=5)
    frame = frame.assign(age=frame["age"].clip(18))
    names = {"unit": "respondent", "period": "round", "place": "town", "treated": "desk"}
    return tidy(frame, names, drop=("first_treated",))


def slovenia() -> pd.DataFrame:
    """Simulate households of fourteen neighbourhoods that a programme reaches in turn."""
    simulation = Simulation(
        sizes=(16, 14, 13, 13, 15, 14, 12, 14, 13, 12, 15, 14, 13, 12),
        cohorts={2: 4, 3: 3, 4: 3},
        periods=5,
        outcomes=(
            Outcome(column="belonging", kind="ordinal", scale=(1, 5), mean=2.9, course=0.05,
                    effect={2: 0.3, 3: 0.2, 4: 0.2}, growth=0.08, refused=0.02),
            Outcome(column="discrimination", kind="binary", mean=0.24, effect=0.03,
                    refused=0.05, not_known=0.02),
        ),
        covariates=(Covariate(column="years_in_country", mean=5, sd=2.2, decimals=0),),
        place_share=0.03, place_period_share=0.005, unit_share=0.35, serial=0.3,
        attrition=0.14, seed=6,
    )  # fmt: skip
    frame = with_places(pilot(simulation), tuple(f"Neighbourhood {n:02d}" for n in range(1, 15)))
    frame = with_ids(frame, "G", seed=6)
    frame = frame.assign(years_in_country=frame["years_in_country"].clip(0))
    names = {"unit": "household", "period": "quarter", "place": "neighbourhood"}
    names |= {"first_treated": "first_quarter"}
    return tidy(frame, names, drop=("treated",))


TABLES: tuple[Table, ...] = (
    simulated(
        "tilburg-integration.csv",
        "350 status holders of eleven municipalities, at intake and after 26 weeks",
        tilburg,
        pilot="the early integration programme of Tilburg",
    ),
    simulated(
        "catalonia-mentoring.csv",
        "18 girls and young women, before and after nine months with a mentor; no comparison",
        catalonia,
        pilot="the mentoring of girls and young women in Catalonia",
    ),
    *tuscany.TABLES,
    simulated(
        "crete-mediation.csv",
        "two hospitals, 24 monthly counts each; one opens an information point after a year",
        crete,
        pilot="the cultural mediation in hospitals of Crete",
    ),
    simulated(
        "romania-information-desks.csv",
        "two survey rounds in twelve towns, new respondents in each, with sampling weights",
        romania,
        pilot="an invented pilot",
    ),
    simulated(
        "slovenia-neighbourhoods.csv",
        "190 households of fourteen neighbourhoods, five quarters; ten start in turn",
        slovenia,
        pilot="an invented pilot",
    ),
)
