"""Cronbach's alpha, beside pingouin's, and the item table beside pandas'."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pingouin
import pytest

import impact
from impact.data.table import Described
from impact.describe import cronbach_alpha, reliability
from impact.spec.models import Design, Outcome

ITEMS = ["a", "b", "c", "d"]
DID = Design(kind="did", treated="t", starts=2)


def belonging(**score):
    said = {"items": ITEMS, "reverse": ["c"], **score}
    return Outcome(
        column="belonging", label="Belonging", scale=(1, 5), score=said, kind="continuous"
    )


@pytest.fixture
def answers():
    """Return 120 people's answers to four items in two waves, the third turned round."""
    rng = np.random.default_rng(21)
    frame = pd.MultiIndex.from_product([range(120), (1, 2)], names=["unit", "period"])
    frame = frame.to_frame(index=False)
    frame["start"] = np.where(frame["unit"] < 60, 2.0, np.inf)
    felt = rng.normal(3, 1, len(frame))
    for item in ITEMS:
        frame[item] = np.clip(np.round(felt + rng.normal(0, 0.8, len(frame))), 1, 5)
    frame["belonging"] = frame[ITEMS].mean(axis=1)
    frame["c"] = 6 - frame["c"]
    return frame


def panel_of(make, frame, outcome):
    items = make(frame, design=DID, outcomes=[outcome], covariates=tuple(ITEMS))
    return replace(items, covariates=())


def told(table, period, category=""):
    cells = table.cells.query("period == @period and category == @category")
    return cells.set_index("statistic")["value"]


def test_alpha_and_its_interval_are_pingouins(make, answers):
    table = reliability(panel_of(make, answers, belonging()))
    for period in (1, 2):
        items = answers.loc[answers["period"] == period, ITEMS].assign(c=lambda f: 6 - f["c"])
        alpha, (low, high) = pingouin.cronbach_alpha(data=items)
        cells = told(table, str(period))
        assert cells["alpha"] == pytest.approx(alpha, rel=1e-12)
        assert (round(cells["alpha_low"], 3), round(cells["alpha_high"], 3)) == (low, high)
        assert cells["n"] == 120


def test_people_who_skipped_an_item_are_left_out(make, answers):
    answers.loc[::7, "b"] = np.nan
    items = answers.loc[answers["period"] == 2, ITEMS].assign(c=lambda f: 6 - f["c"])
    alpha, _ = pingouin.cronbach_alpha(data=items, nan_policy="listwise")
    table = reliability(panel_of(make, answers, belonging()))
    assert told(table, "2")["alpha"] == pytest.approx(alpha, rel=1e-12)
    assert told(table, "2")["n"] == items.dropna().shape[0]


def test_an_item_has_its_mean_its_tie_to_the_rest_and_alpha_without_it(make, answers):
    table = reliability(panel_of(make, answers, belonging()))
    raw = answers.loc[answers["period"] == 1, ITEMS]
    items = raw.assign(c=6 - raw["c"])
    for item in ITEMS:
        cells = told(table, "1", f"belonging: {item}")
        rest = items.drop(columns=item)
        assert cells["mean"] == pytest.approx(raw[item].mean())
        assert cells["sd"] == pytest.approx(raw[item].std())
        assert cells["item_rest"] == pytest.approx(items[item].corr(rest.sum(axis=1)))
        without, _ = pingouin.cronbach_alpha(data=rest)
        assert cells["alpha_without"] == pytest.approx(without, rel=1e-12)


def test_items_of_a_sum_are_turned_on_their_own_scale(make, answers):
    total = belonging(of="sum").model_copy(update={"scale": (4.0, 20.0)})
    table = reliability(panel_of(make, answers, total))
    mean = reliability(panel_of(make, answers, belonging()))
    assert told(table, "1")["alpha"] == told(mean, "1")["alpha"]


def test_a_few_with_a_score_and_not_all_items_are_what_the_items_rest_on(make, answers):
    answers.loc[(answers["unit"] < 3) & (answers["period"] == 1), "a"] = np.nan
    table = reliability(panel_of(make, answers, belonging(answered=3)))
    base = table.cells.groupby("period")["base"].max()
    assert (base["1"], base["2"]) == (3, 120)


def test_a_score_of_a_file_is_read_turned_and_told(answers, tmp_path):
    path = tmp_path / "answers.csv"
    answers.assign(t=(answers["unit"] < 60).astype(int)).to_csv(path, index=False)
    score = {"items": ITEMS, "reverse": ["c"]}
    spec = impact.PilotSpec.model_validate(
        {
            "pilot": "a-pilot",
            "data": {"path": str(path), "unit": "unit", "period": "period"},
            "design": {"kind": "did", "treated": "t", "starts": 2},
            "outcomes": [{"column": "at_home", "label": "x", "scale": [1, 5], "score": score}],
        }
    )
    panel = impact.read_panel(spec)
    items = answers.loc[answers["period"] == 2, ITEMS].assign(c=lambda f: 6 - f["c"])
    alpha, _ = pingouin.cronbach_alpha(data=items)
    assert told(impact.reliability(panel), "2")["alpha"] == pytest.approx(alpha, rel=1e-12)
    assert panel.values["at_home"].mean() == pytest.approx(
        answers[ITEMS].assign(c=lambda f: 6 - f["c"]).mean(axis=1).mean()
    )


def test_items_are_called_what_the_file_calls_them(make, answers):
    panel = panel_of(make, answers, belonging())
    words = {"a": Described("I feel at home here")}
    table = reliability(replace(panel, described=words))
    assert table.labels["belonging: a"] == "I feel at home here"
    assert table.labels["belonging: b"] == "b"


def test_without_a_score_there_is_a_sentence(make, records, score, did):
    table = reliability(make(records, design=did, outcomes=[score]))
    assert table.cells.empty
    assert "no reliability" in str(table.notes[0])


def test_answers_that_never_vary_have_no_alpha():
    assert np.isnan(cronbach_alpha(np.ones((20, 3))).value)
    assert np.isnan(cronbach_alpha(np.ones((1, 3))).value)
