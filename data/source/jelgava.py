"""Simulated learners of Jelgava, as two waves of a KoBoToolbox export."""

from __future__ import annotations

import numpy as np
import pandas as pd
from source.table import Table, as_survey_export, pilot, simulated, tidy, with_ids, with_places

from impact import simulate
from impact.simulate import SimulatedCovariate as Covariate
from impact.simulate import SimulatedOutcome as Outcome
from impact.simulate import Simulation

# "I find writing hard" is worded the other way round.
ITEMS = ("understands", "speaks", "reads", "writing_is_hard")
PLACES = ("shop", "job", "school")
LEVELS = ("before A1", "A1", "A2", "B1", "B2", "C1", "C2")
OFTEN = ("never", "less than once a month", "every month", "every week", "every day")
REFUSED, NOT_KNOWN = 98, 99
SAID = {REFUSED: "Refused", NOT_KNOWN: "Don't know"}
REASONS = {"moved away": 0.55, "found work": 0.45}
FIRST_DAYS = ("2021-08-23", "2022-05-09")
# On that day a question moved to another group of the form.
NEW_FORM = "2021-09-01"


def jelgava() -> pd.DataFrame:
    """Simulate a lottery for places on a language course; the others wait.

    One row a learner and wave. 0.4 points are built into the mean of the four items.
    """
    simulation = Simulation(
        sizes=(240,),
        cohorts={2: 120},
        assignment="unit",
        outcomes=(
            Outcome(column="language", kind="ordinal", scale=(0, 6), mean=1.2, course=0.35,
                    effect=0.6),
            Outcome(column="own_rating", scale=(1, 5), mean=2.3, sd=0.7, course=0.2,
                    effect=0.4, decimals=2),
            Outcome(column="conversations", kind="ordinal", scale=(1, 5), mean=2.2, course=0.1,
                    effect=0.1, refused=0.02, not_known=0.12),
            Outcome(column="used_at/shop", kind="binary", mean=0.5, course=0.06, effect=0.1),
            Outcome(column="used_at/job", kind="binary", mean=0.35, course=0.05, effect=0.1),
            Outcome(column="used_at/school", kind="binary", mean=0.2, course=0.02),
        ),
        covariates=(
            Covariate(column="age", mean=34, sd=10, loading=-0.2, decimals=0),
            Covariate(column="female", kind="binary", mean=0.55),
            Covariate(
                column="first_language", kind="category",
                shares={"Russian": 0.4, "Ukrainian": 0.35, "other": 0.25},
            ),
        ),
        unit_share=0.5, together=0.4, attrition=0.3, attrition_treated=0.18, seed=21,
    )  # fmt: skip
    frame = with_ids(with_places(pilot(simulation), ("Jelgava",)), "J", seed=14, digits=4)
    frame = frame.assign(age=frame["age"].clip(18, 70), left_because=_reasons(frame))
    frame[list(ITEMS)] = _items(frame["own_rating"])
    names = {"unit": "person", "period": "wave", "place": "city", "treated": "on_course"}
    return tidy(frame, names, drop=("first_treated", "own_rating"))


def _items(rating: pd.Series) -> pd.DataFrame:
    """Return the answers behind a rating."""
    reverse = ITEMS[-1:]
    drawn = simulate.answers_behind(
        rating, items=ITEMS, scale=(1, 5), reverse=reverse, apart=0.5, seed=14
    )
    return drawn.astype("int64")


def _reasons(frame: pd.DataFrame) -> np.ndarray:
    """Return why a learner was not found again; empty for those who were."""
    units, at = np.unique(frame["unit"].to_numpy(dtype=str), return_inverse=True)
    rng = np.random.default_rng([14, 5])
    why = rng.choice(list(REASONS), len(units), p=list(REASONS.values()))
    return np.where(np.bincount(at) == 2, "", why)[at]


def start() -> pd.DataFrame:
    """Return the export of the first wave: who people are, and two versions of the form."""
    rows = _submitted(1)
    older = rows["_submission_time"] < NEW_FORM
    often = rows["conversations"].map(_words(OFTEN, first=1))
    out = _begun(rows)
    out["about_you/on_course"] = rows["on_course"].map({1: "Course", 0: "Waiting list"})
    out["about_you/city"] = rows["city"]
    out["about_you/age"] = rows["age"]
    out["about_you/female"] = rows["female"].map({1: "Woman", 0: "Man"})
    out["about_you/first_language"] = rows["first_language"]
    out["about_you/left_because"] = rows["left_because"]
    out["latvian/conversations"] = often.where(older, "")
    _answers(out, rows)
    for place in PLACES:
        out[f"daily_life/used_at/{place}"] = rows[f"used_at/{place}"]
    nowhere = rows[[f"used_at/{place}" for place in PLACES]].sum(axis=1) == 0
    out["daily_life/used_at/nowhere"] = nowhere.astype("int64")
    out["daily_life/conversations"] = often.where(~older, "")
    return _ended(out, rows, older.map({True: "v1", False: "v2"}))


def end() -> pd.DataFrame:
    """Return the export of the second wave, its choices joined only; twelve rows came twice."""
    rows = _submitted(2)
    out = _begun(rows)
    _answers(out, rows)
    out["daily_life/conversations"] = rows["conversations"].map(_words(OFTEN, first=1))
    whole = _ended(out, rows, pd.Series("v2", index=rows.index))
    return pd.concat([whole, whole.iloc[40:52]], ignore_index=True)


def _submitted(wave: int) -> pd.DataFrame:
    """Return the answers of a wave in the order in which they came in."""
    frame = jelgava().rename(columns={"wave": "period"})
    frame = as_survey_export(frame, FIRST_DAYS, seed=14)
    rows = frame[frame["period"] == wave]
    return rows.sort_values("_submission_time", kind="stable", ignore_index=True)


def _begun(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what stands first in every export; none of it is of a person."""
    times = rows["_submission_time"]
    return pd.DataFrame(
        {
            "start": times + ".000+03:00",
            "end": times + ".000+03:00",
            "deviceid": "simulated-device",
            "interviewer_name": "Simulated Interviewer",
            "about_you/person": rows["person"],
            # Off the coast of Africa, where latitude and longitude are 0: nobody lives there.
            "about_you/gps": "0 0 0 0",
            "about_you/_gps_latitude": 0,
            "about_you/_gps_longitude": 0,
        }
    )


def _answers(out: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Add what both waves ask."""
    out["latvian/language"] = rows["language"].map(_words(LEVELS, first=0)).fillna("")
    for item in ITEMS:
        out[f"latvian/{item}"] = rows[item]
    chosen = rows[[f"used_at/{place}" for place in PLACES]].to_numpy() == 1
    joined = [" ".join(np.array(PLACES)[row]) or "nowhere" for row in chosen]
    out["daily_life/used_at"] = joined
    remarks = np.array(["", "", "", "simulated remark", "simulated remark, a longer one"])
    out["daily_life/remarks"] = remarks[np.arange(len(rows)) % len(remarks)]


def _ended(out: pd.DataFrame, rows: pd.DataFrame, version: pd.Series) -> pd.DataFrame:
    numbers = np.arange(1, len(rows) + 1)
    return out.assign(
        _id=1000 + numbers,
        _uuid=rows["_uuid"],
        _submission_time=rows["_submission_time"],
        _validation_status="",
        _status="submitted_via_web",
        __version__=version,
        _index=numbers,
        _simulated=rows["_simulated"],
    )


def _words(words: tuple[str, ...], *, first: int) -> dict[int, str]:
    return dict(enumerate(words, start=first)) | SAID


def as_kobo(frame: pd.DataFrame) -> bytes:
    """Return a CSV file as KoBoToolbox writes it: semicolons, UTF-8 with its mark."""
    return frame.to_csv(index=False, sep=";", lineterminator="\n").encode("utf-8-sig")


def _wave(name: str, what: str, make) -> Table:
    pair = "the fourth mentoring pair of IncluCities, language"
    return simulated(name, what, make, pilot=pair, written=as_kobo)


TABLES = (
    _wave(
        "inclucities-jelgava-start.csv",
        "240 learners drawn by lottery for a course or its waiting list, before the course: an "
        "export of KoBoToolbox with labels, two versions of the form, and several answers to a "
        "question both joined and apart",
        start,
    ),
    _wave(
        "inclucities-jelgava-end.csv",
        "the same learners after the course, several answers joined only; twelve "
        "submissions stand twice",
        end,
    ),
)
