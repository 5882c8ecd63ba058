"""Seeded small pilots as evaluators hold them: records, and the keys of a params file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from attack.scores import ITEMS, LOOSE, with_score
from impact.spec.catalogue import catalogue

__all__ = ["REFUSED", "UNKNOWN", "Pilot", "pilot"]

REFUSED, UNKNOWN = -98, -99
KINDS = ("did", "staggered", "before_after", "randomised", "cross_sections")
NATIONS = ("Syria", "Eritrea", "Turkey", "Chad", "Laos")
INDICATORS = {"binary": "registered_gp", "ordinal": "satisfaction"}
REASONS = ("moved away", "found work", "ill")


@dataclass(frozen=True, eq=False)
class Pilot:
    """A pilot's records and keys, and the records of its next edition."""

    seed: int
    keys: Mapping[str, Any]
    records: pd.DataFrame
    later: pd.DataFrame | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def minimum(self) -> int:
        """The smallest group that is shown."""
        return int(self.keys["report"]["minimum_cell"])

    @property
    def indicators(self) -> dict[str, str]:
        """Return by the label of an indicator which outcome measures it."""
        told = {one.get("indicator"): one["column"] for one in self.keys["outcomes"]}
        known = {key: one.label for key, one in catalogue().items()}
        return {known[key]: column for key, column in told.items() if key}

    @property
    def scales(self) -> dict[str, tuple[int, int]]:
        """Return the scale of every outcome that has one, as the page's codebook tells it."""
        told = {o["column"]: o.get("scale") for o in self.keys["outcomes"]}
        known = {name: (int(s[0]), int(s[1])) for name, s in told.items() if s}
        return known | {n: (0, 1) for n, kind in self.kinds.items() if kind == "binary"}

    @property
    def parts(self) -> dict[str, int]:
        """Return of how many whole numbers each score is the mean; zero where they differ."""
        whole = {
            one["column"]: len(ITEMS) if one["score"]["of"] == "mean" else 1
            for one in self.keys["outcomes"]
            if "score" in one
        }
        return {name: 0 if self.kinds[name] == LOOSE else by for name, by in whole.items()}

    @property
    def written(self) -> pd.DataFrame:
        """The records as their file has them: a score is made of its items."""
        return self.records.drop(columns=list(self.parts))

    def edition(self, number: int) -> Pilot:
        """Return the pilot with the records of its first or of its second edition."""
        if number == 0 or self.later is None:
            return self
        return replace(self, records=self.later)


def pilot(seed: int) -> Pilot:
    """Return the pilot of that number: the same records and keys every time."""
    rng = np.random.default_rng([seed, 20_260_711])
    kind = str(rng.choice(KINDS, p=[0.35, 0.15, 0.12, 0.23, 0.15]))
    people = round(float(np.exp(rng.uniform(np.log(12), np.log(151)))))
    waves = int(rng.integers(1, 4) if kind == "randomised" else rng.integers(2, 6))
    if kind == "staggered":
        waves = max(waves, 3)
    kinds = _outcomes(rng)
    frame = _people(rng, kind, people, waves)
    frame = frame.sort_values(["w", "id"], ignore_index=True)
    for name, what in kinds.items():
        frame[name] = _answers(rng, frame, what)
    keys = _keys(rng, kind, waves, kinds, seed)
    name = f"y{len(kinds) + 1}"
    if score := with_score(seed, frame, name, (REFUSED, UNKNOWN)):
        kinds[name] = score[0]
        keys["outcomes"].append(score[1])
    later = None
    if rng.random() < 0.4:
        gone = rng.choice(people, size=min(people - 8, int(rng.integers(1, 7))), replace=False)
        whole, frame, later = frame, frame, frame[~frame["id"].isin(gone)]
        if rng.random() < 0.5:  # the next edition has a few people more
            frame, later = later, whole
        later = later.reset_index(drop=True)
    return Pilot(seed, keys, frame.reset_index(drop=True), later, kinds)


def _outcomes(rng: np.random.Generator) -> dict[str, str]:
    kinds = ("binary", "ordinal", "count", "continuous")
    found = rng.choice(kinds, size=int(rng.integers(1, 4)), p=[0.4, 0.3, 0.15, 0.15])
    return {f"y{at}": str(kind) for at, kind in enumerate(found, 1)}


def _people(rng: np.random.Generator, kind: str, people: int, waves: int) -> pd.DataFrame:
    """Return a row a person and wave; some leave before the end, and say why."""
    group = (rng.permutation(people) < people * rng.uniform(0.3, 0.7)).astype(int)
    shares = rng.dirichlet([3, 1, 0.6, 0.25, 0.25])
    each = pd.DataFrame({"id": np.arange(people), "t": group})
    each["cohort"] = np.where(group == 1, rng.integers(2, max(waves, 2) + 1, people), 0)
    each["female"] = (rng.random(people) < rng.uniform(0.15, 0.6)).astype(int)
    each["nation"] = rng.choice(NATIONS, size=people, p=shares)
    each["age"] = rng.integers(18, 66, people)
    each["district"] = [f"D{one}" for one in rng.integers(1, int(rng.integers(3, 9)), people)]
    each["heft"] = np.round(rng.uniform(0.5, 2, people), 2)
    each["leaves"] = np.where(rng.random(people) < rng.uniform(0, 0.25), 1, 0)
    each["until"] = np.where(each["leaves"] == 1, rng.integers(1, waves + 1, people), waves)
    each["why"] = np.where(each["until"] < waves, rng.choice(REASONS, people), "")
    frame = each.merge(pd.DataFrame({"w": np.arange(1, waves + 1)}), how="cross")
    if kind == "cross_sections":
        frame = frame[rng.random(len(frame)) < 0.8].copy()
        frame["why"] = ""
    else:
        frame = frame[frame["w"] <= frame["until"]].copy()
    return frame.drop(columns=["leaves", "until"])


def _answers(rng: np.random.Generator, frame: pd.DataFrame, what: str) -> np.ndarray:
    """Return answers with an effect, some refused, not known or missing."""
    taste = rng.normal(0, 1, int(frame["id"].max()) + 1)[frame["id"]]
    lift = rng.uniform(-0.3, 0.9) * frame["t"] * (frame["w"] > 1)
    latent = taste + lift + 0.1 * frame["w"] + rng.normal(0, 0.7, len(frame))
    if what == "binary":
        values = (latent > rng.uniform(-1, 1.6)).astype(float)
    elif what == "ordinal":
        values = np.clip(np.round(3 + 1.2 * latent), 1, 5)
    elif what == "count":
        values = rng.poisson(np.exp(0.6 + 0.4 * np.clip(latent, -3, 3))).astype(float)
    else:
        values = np.round(1500 + 400 * latent + 800 * (rng.random(len(frame)) < 0.02), 1)
    values = np.array(values, dtype=float)
    if rng.random() < 0.7:
        draw = rng.random(len(frame))
        part = rng.uniform(0, 0.08)
        values = np.where(draw < part, float(REFUSED), values)
        values = np.where((draw >= part) & (draw < 1.7 * part), float(UNKNOWN), values)
        values = np.where((draw >= 1.7 * part) & (draw < 2.2 * part), np.nan, values)
    return values


def _keys(
    rng: np.random.Generator, kind: str, waves: int, kinds: Mapping[str, str], seed: int
) -> dict[str, Any]:
    start = int(rng.integers(2, waves + 1)) if waves > 1 else 1
    data: dict[str, Any] = {"missing": {"refused": [REFUSED], "not_known": [UNKNOWN]}}
    data["unit"] = "id"
    if waves > 1:
        data["period"] = "w"
    if kind not in ("cross_sections", "randomised") and rng.random() < 0.6:
        data["lost_because"] = "why"
    if rng.random() < 0.1:
        data["weight"] = "heft"
    design: dict[str, Any] = {"kind": "did" if kind == "cross_sections" else kind}
    if kind == "cross_sections":
        design["sample"] = "cross_sections"
    if kind == "staggered":
        design["first_treated"] = "cohort"
    elif kind != "before_after":
        design["treated"] = "t"
    if kind != "staggered" and waves > 1:
        design["starts"] = start
    if rng.random() < 0.3:
        design["place"] = "district"
    if rng.random() < 0.2:
        design |= {"eligible": 300 + seed % 57, "enrolled": 200 + seed % 31}
    outcomes = []
    for name, what in kinds.items():
        one: dict[str, Any] = {"column": name, "label": f"Outcome {name}", "kind": what}
        one["direction"] = "higher"
        if what == "ordinal":
            one["scale"] = [1, 5]
        if rng.random() < 0.4:
            one["smallest_effect"] = {"binary": 0.1, "continuous": 50.0}.get(what, 0.3)
        outcomes.append(one)
    keys: dict[str, Any] = {"pilot": f"pilot-{seed}", "data": data, "design": design}
    keys["outcomes"] = outcomes
    keys["covariates"] = [c for c in ("female", "nation", "age") if rng.random() < 0.5]
    keys["subgroups"] = [c for c in ("female", "nation") if rng.random() < 0.4]
    if rng.random() < 0.4:
        keys["about"] = {"title": f"Pilot {seed}", "cost": {"amount": 21_000 + 7 * seed}}
    for what, indicator in INDICATORS.items():
        named = [one for one in outcomes if one["kind"] == what]
        if named and seed % 2:
            named[0]["indicator"] = indicator
    keys["report"] = {"minimum_cell": 10 if rng.random() < 0.85 else 5}
    return keys
