"""Simulated data for the four mentoring pairs of IncluCities, one for each scheme.

Seeds were picked so that the first outcome comes out near what is built in, as an average
draw would.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from source import jelgava
from source.formats import Codebook, as_sav
from source.table import Table, pilot, simulated, tidy, with_ids, with_places

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
    frame = with_ids(frame, "E", seed=11).assign(age=lambda f: f["age"].clip(18, 80))
    frame = frame.assign(asked_on=_days(frame["period"]))
    names = {"unit": "respondent", "period": "wave", "place": "town", "treated": "in_pilot"}
    return tidy(frame, names, drop=("first_treated",))


def _days(period: pd.Series) -> list[dt.date]:
    """Return the days of the interviews, within three weeks of the first day of each wave."""
    first = {1: dt.date(2020, 10, 5), 2: dt.date(2021, 4, 12), 3: dt.date(2022, 3, 7)}
    after = np.random.default_rng([11, 2]).integers(0, 21, len(period))
    pairs = zip(period, after, strict=True)
    return [first[wave] + dt.timedelta(days=int(days)) for wave, days in pairs]


YES_NO = {0: "Non", 1: "Oui"}
REFUSED, NOT_KNOWN = {98: "Refus"}, {99: "Ne sait pas"}
SAINT_JEAN = Codebook(
    title="Simulated: no record is of a person",
    questions={
        "respondent": "Numéro de la personne interrogée",
        "wave": "Vague de l'enquête",
        "town": "Commune",
        "in_pilot": "Habite la commune pilote",
        "age": "Âge en années",
        "female": "Sexe",
        "knows_where_to_turn": "Savez-vous à qui vous adresser en cas de besoin ?",
        "unmet_medical_need": "Avez-vous renoncé à un examen médical ces 12 derniers mois ?",
        "satisfaction": "Êtes-vous satisfait des services de la commune ?",
        "asked_on": "Date de l'entretien",
        "simulated": "Données simulées",
    },
    labels={
        "wave": {1: "Octobre 2020", 2: "Avril 2021", 3: "Mars 2022"},
        "in_pilot": YES_NO,
        "female": {0: "Homme", 1: "Femme"},
        "knows_where_to_turn": YES_NO | REFUSED | NOT_KNOWN,
        "unmet_medical_need": YES_NO | REFUSED | NOT_KNOWN,
        "satisfaction": {
            1: "Pas du tout",
            2: "Peu",
            3: "Moyennement",
            4: "Plutôt",
            5: "Tout à fait",
        }
        | REFUSED
        | NOT_KNOWN,
    },
    missing=dict.fromkeys(("knows_where_to_turn", "unmet_medical_need", "satisfaction"), (98, 99)),
)


def saint_jean_file() -> pd.DataFrame:
    """Return the file of the survey firm; no name in SPSS begins with an underscore."""
    return saint_jean().rename(columns={"_simulated": "simulated"})


def as_saint_jean(frame: pd.DataFrame) -> bytes:
    """Return the SPSS file with its labels and user-missing codes."""
    return as_sav(frame, SAINT_JEAN)


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


TABLES: tuple[Table, ...] = (
    simulated(
        "inclucities-saint-jean-de-la-ruelle.sav",
        "230 newcomers of six towns, three waves: an SPSS file with questions, labels of codes, "
        "and codes that the file calls missing",
        saint_jean_file,
        pilot="the first mentoring pair of IncluCities, basic services",
        written=as_saint_jean,
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
    *jelgava.TABLES,
)
