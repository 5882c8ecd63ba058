"""Simulated data for the four mentoring pairs of IncluCities, one for each scheme.

Seeds were picked so that the first outcome comes out near what is built in, as an average
draw would.
"""

from __future__ import annotations

import pandas as pd
from source.table import Table, as_survey_export, pilot, simulated, tidy, with_ids, with_places

from impact.simulate import SimulatedCovariate as Covariate
from impact.simulate import SimulatedOutcome as Outcome
from impact.simulate import Simulation


def saint_jean() -> pd.DataFrame:
    """Simulate newcomers in Saint-Jean-de-la-Ruelle and five other towns; nothing is built in."""
    simulation = Simulation(
        sizes=(62, 38, 35, 34, 32, 29),
        cohorts={3: 1},
        periods=3,
        outcomes=(
            Outcome(column="knows_where_to_turn", kind="binary", mean=0.45, course=0.04,
                    gap=0.03, effect=0.0, refused=0.02, not_known=0.05),
            Outcome(column="unmet_medical_need", kind="binary", mean=0.22, course=-0.01,
                    effect=0.0, refused=0.05, missing=0.02),
            Outcome(column="satisfaction", kind="ordinal", scale=(1, 5), mean=3.2, effect=0.1,
                    not_known=0.04),
        ),
        covariates=(
            Covariate(column="age", mean=36, sd=9, loading=0.1, decimals=0),
            Covariate(column="female", kind="binary", mean=0.52),
        ),
        place_share=0.03, place_period_share=0.008, unit_share=0.35, together=0.25,
        attrition=0.13, seed=13,
    )  # fmt: skip
    towns = ("Saint-Jean-de-la-Ruelle", *(f"Town {letter}" for letter in "BCDEF"))
    frame = with_places(pilot(simulation), towns)
    frame = as_survey_export(frame, ("2020-10-05", "2021-04-12", "2022-03-07"), seed=11)
    frame = with_ids(frame, "E", seed=11).assign(age=lambda f: f["age"].clip(18, 80))
    names = {"unit": "respondent", "period": "wave", "place": "town", "treated": "in_pilot"}
    return tidy(frame, names, drop=("first_treated",))


def capaci() -> pd.DataFrame:
    """Simulate newcomers in Capaci, half of whom have met a buddy."""
    simulation = Simulation(
        sizes=(64,),
        cohorts={2: 31},
        assignment="unit",
        outcomes=(
            Outcome(column="shared_meals", kind="ordinal", scale=(1, 5), mean=2.0, course=0.1,
                    gap=0.1, effect=0.6, missing=0.03),
            Outcome(column="conversations", kind="ordinal", scale=(1, 5), mean=2.4, course=0.15,
                    gap=0.1, effect=0.35, not_known=0.03),
            Outcome(column="loneliness", kind="ordinal", scale=(3, 9), mean=5.5, effect=-0.3,
                    refused=0.06),
        ),
        covariates=(
            Covariate(column="age", mean=31, sd=8, gap=1.0, decimals=0),
            Covariate(column="female", kind="binary", mean=0.45, gap=0.03),
        ),
        unit_share=0.5, together=0.3, attrition=0.1, seed=12,
    )  # fmt: skip
    frame = with_ids(with_places(pilot(simulation), ("Capaci",)), "C", seed=12, digits=4)
    frame = frame.assign(age=frame["age"].clip(18))
    names = {"unit": "person", "period": "wave", "place": "town", "treated": "has_buddy"}
    return tidy(frame, names, drop=("first_treated",))


def livadia() -> pd.DataFrame:
    """Simulate job seekers in Livadia and four other towns; courses keep people from jobs."""
    simulation = Simulation(
        sizes=(58, 27, 25, 22, 20),
        cohorts={2: 1},
        outcomes=(
            Outcome(column="employed", kind="binary", mean=0.34, course=0.12, gap=-0.02,
                    effect=-0.16, missing=0.02),
            Outcome(column="self_employed", kind="binary", mean=0.06, course=0.01, effect=0.05),
            Outcome(column="stable_tenancy", kind="binary", mean=0.38, course=0.06, effect=0.02,
                    refused=0.03),
        ),
        covariates=(
            Covariate(column="age", mean=35, sd=9, decimals=0),
            Covariate(column="female", kind="binary", mean=0.4),
        ),
        place_share=0.02, place_period_share=0.005, unit_share=0.4,
        attrition=0.12, attrition_treated=0.09, seed=9,
    )  # fmt: skip
    towns = ("Livadia", *(f"Town {letter}" for letter in "BCDE"))
    frame = with_ids(with_places(pilot(simulation), towns), "L", seed=13)
    frame = frame.assign(age=frame["age"].clip(18, 64))
    names = {"unit": "person", "period": "wave", "place": "town", "treated": "in_pilot"}
    return tidy(frame, names, drop=("first_treated",))


def jelgava() -> pd.DataFrame:
    """Simulate a lottery for places on a language course; the others wait."""
    simulation = Simulation(
        sizes=(120,),
        cohorts={2: 60},
        assignment="unit",
        outcomes=(
            Outcome(column="language", kind="ordinal", scale=(0, 6), mean=1.2, course=0.35,
                    effect=0.6, missing=0.02),
            Outcome(column="own_language_rating", scale=(1, 5), mean=2.3, sd=0.7, course=0.2,
                    effect=0.4, decimals=2),
            Outcome(column="conversations", kind="ordinal", scale=(1, 5), mean=2.2, course=0.1,
                    effect=0.1, not_known=0.02),
        ),
        covariates=(
            Covariate(column="age", mean=34, sd=10, loading=-0.2, decimals=0),
            Covariate(column="female", kind="binary", mean=0.55),
            Covariate(
                column="first_language", kind="category",
                shares={"Russian": 0.4, "Ukrainian": 0.35, "other": 0.25},
            ),
        ),
        unit_share=0.5, together=0.4, attrition=0.08, seed=8,
    )  # fmt: skip
    frame = with_ids(with_places(pilot(simulation), ("Jelgava",)), "J", seed=14, digits=4)
    frame = frame.assign(age=frame["age"].clip(18, 70))
    names = {"unit": "person", "period": "wave", "place": "city", "treated": "on_course"}
    return tidy(frame, names, drop=("first_treated",))


TABLES: tuple[Table, ...] = (
    simulated(
        "inclucities-saint-jean-de-la-ruelle.csv",
        "230 newcomers of six towns, three waves, as a survey tool exports them",
        saint_jean,
        pilot="the first mentoring pair of IncluCities, basic services",
    ),
    simulated(
        "inclucities-capaci.csv",
        "64 newcomers of one town, 31 of them with a buddy, two waves",
        capaci,
        pilot="the second mentoring pair of IncluCities, participation",
    ),
    simulated(
        "inclucities-livadia.csv",
        "152 job seekers of five towns, two waves",
        livadia,
        pilot="the third mentoring pair of IncluCities, work and housing",
    ),
    simulated(
        "inclucities-jelgava.csv",
        "120 learners drawn by lottery for a course or its waiting list, two waves",
        jelgava,
        pilot="the fourth mentoring pair of IncluCities, language",
    ),
)
