"""Panels whose power can be worked out on paper."""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact.data import Panel
from impact.spec import Outcome


def lottery(each: int = 60, *, seed: int = 1) -> Panel:
    """Two groups of normal values, asked once."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": np.arange(2 * each),
            "wave": 1,
            "pilot": np.repeat([0, 1], each),
            "score": rng.normal(size=2 * each),
        }
    )
    return Panel.from_frame(
        frame,
        unit="id",
        period="wave",
        outcomes=["score"],
        kind="randomised",
        treated="pilot",
        starts=1,
    )


def waves(
    places: int = 24,
    each: int = 10,
    *,
    kind: str = "continuous",
    effect: float = 0.0,
    shift: float = 0.4,
    seed: int = 2,
    shuffled: bool = False,
    missing: float = 0.05,
) -> Panel:
    """Two waves of people in places, half of which have the pilot in the second."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(places), each)
    person = np.arange(places * each)
    lasting = rng.normal(size=len(person)) + 0.3 * rng.normal(size=places)[place]
    frames = []
    for wave in (1, 2):
        latent = lasting + rng.normal(size=len(person)) + 0.2 * rng.normal(size=places)[place]
        under = (place % 2) * (wave == 2)
        y = shift * wave + latent + effect * under
        if kind == "binary":
            y = (y > 0.5).astype(float)
        elif kind == "ordinal":
            y = np.clip(np.round(y + 2), 1, 5)
        frames.append(
            pd.DataFrame(
                {"id": person, "wave": wave, "place": place, "pilot": place % 2, "score": y}
            )
        )
    frame = pd.concat(frames, ignore_index=True)
    frame.loc[rng.random(len(frame)) < missing, "score"] = np.nan
    if shuffled:
        frame = frame.sample(frac=1, random_state=3)
    scales = {"ordinal": (1, 5)}
    outcome = Outcome.model_validate(
        {"column": "score", "kind": kind, "scale": scales.get(kind), "smallest_effect": 0.3}
    )
    return Panel.from_frame(
        frame,
        unit="id",
        period="wave",
        outcomes=[outcome],
        treated="pilot",
        starts=2,
        cluster="place",
    )


def few_places(places: int, each: int = 12, *, seed: int = 5) -> Panel:
    """One place with the pilot, others without it, and people in them."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(places), each)
    person = np.arange(len(place))
    course = 0.3 * rng.normal(size=places)
    frames = [
        pd.DataFrame(
            {
                "id": person,
                "wave": wave,
                "place": place,
                "pilot": (place == 0).astype(int),
                "score": rng.normal(size=len(person)) + course[place] * wave,
            }
        )
        for wave in (1, 2)
    ]
    return Panel.from_frame(
        pd.concat(frames),
        unit="id",
        period="wave",
        outcomes=["score"],
        treated="pilot",
        starts=2,
        cluster="place",
    )
