"""The same people as a tidy file and as KoBoToolbox exports it: two waves, two versions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

SERVICES = ("health", "housing", "language")
SPEC: dict[str, Any] = {
    "pilot": "toy",
    "data": {
        "path": "data/tidy.csv",
        "unit": "person_id",
        "period": "wave",
        "weight": "weight",
        "lost_because": "reason",
        "missing": {"refused": [98], "not_known": [99]},
    },
    "design": {"kind": "did", "treated": "in_pilot", "starts": 2, "place": "town"},
    "outcomes": [
        {"column": "volunteering", "kind": "binary", "role": "primary"},
        {"column": "services/health", "kind": "binary", "role": "secondary"},
        {
            "column": "belonging",
            "scale": [1, 5],
            "role": "secondary",
            "score": {"items": ["home", "apart", "known"], "reverse": ["apart"], "answered": 2},
        },
    ],
    "covariates": ["age", "gender"],
}
KOBO: dict[str, Any] = {
    "path": None,
    "waves": {1: "data/baseline.csv", 2: "data/endline.csv"},
    "codes": {"volunteering": {"Yes": 1, "No": 0}},
    "select_multiple": ["services"],
}


def tidy(n: int = 60, seed: int = 4) -> pd.DataFrame:
    """Return one row a person and wave, as texts; a sixth are not seen again."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(n), 2)
    frame = pd.DataFrame(
        {
            "person_id": [f"NL-{at:03d}" for at in who],
            "wave": np.tile([1, 2], n),
            "in_pilot": who % 2,
            "town": np.array(["Tilburg", "Breda", "Goirle"])[who % 3],
            "age": 20 + who % 37,
            "gender": np.array(["woman", "man"])[(who // 2) % 2],
            "weight": 1 + (who % 4) / 4,
            "reason": np.where(who % 6 == 5, "moved", ""),
            "volunteering": rng.choice([0, 1, 98], 2 * n, p=[0.5, 0.45, 0.05]),
        }
    ).astype(str)
    for item in ("home", "apart", "known"):
        frame[item] = rng.choice(["1", "2", "3", "4", "5", "99", ""], 2 * n)
    asked = rng.random(2 * n) > 0.1
    for service in SERVICES:
        frame[f"services/{service}"] = np.where(asked, rng.integers(0, 2, 2 * n).astype(str), "")
    return frame[~((who % 6 == 5) & (frame["wave"] == "2"))].reset_index(drop=True)


def export(
    frame: pd.DataFrame, wave: int, *, dummies: bool = True, joined: bool = True
) -> pd.DataFrame:
    """Return what KoBoToolbox exports of a wave: groups, versions, its own columns."""
    rows = frame[frame["wave"] == str(wave)].sample(frac=1, random_state=wave)
    rows = rows.reset_index(drop=True)
    n, first = len(rows), np.arange(len(rows)) < len(rows) // 2
    words = rows["volunteering"].replace({"1": "Yes", "0": "No"})
    out = {
        "start": "2021-03-01T09:00:00.000+01:00",
        "end": "2021-03-01T09:40:00.000+01:00",
        "deviceid": "collect:XyZ",
        "enumerator_name": "A. Interviewer",
        "intro/person_id": rows["person_id"],
        # The question moved to another group between two versions of the form.
        "life/volunteering": np.where(first, words, ""),
        "participation/volunteering": np.where(first, "", words),
        **{f"life/{item}": rows[item] for item in ("home", "apart", "known")},
    }
    if wave == 1:
        about = ("in_pilot", "town", "age", "gender", "weight", "reason")
        out |= {f"intro/{name}": rows[name] for name in about}
    if joined:
        chosen = [
            " ".join(s for s in SERVICES if rows.loc[at, f"services/{s}"] == "1") for at in range(n)
        ]
        nothing = np.array([said if said else "none" for said in chosen], dtype=object)
        out["use/services"] = np.where(rows["services/health"] == "", "", nothing)
    if dummies:
        out |= {f"use/services/{s}": rows[f"services/{s}"] for s in SERVICES}
    out |= {
        "life/services_other": "my neighbour's car",
        "contact/phone": "+31 6 12345678",
        "contact/e-mail": "someone@example.org",
        "_location_latitude": "51.56",
        "_location_longitude": "5.09",
        "_geolocation": "[51.56, 5.09]",
        "_id": [str(1000 * wave + at) for at in range(n)],
        "_uuid": [f"uuid-{wave}-{at}" for at in range(n)],
        "_submission_time": "2021-03-01T09:41:00",
        "__version__": np.where(first, "vA", "vB"),
        "_index": [str(at + 1) for at in range(n)],
    }
    return pd.DataFrame(out)
