"""Several primary outcomes adjusted together."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from impact import did
from impact.data.panel import Panel
from impact.errors import DesignError
from impact.evidence import assess, methods
from impact.inference.multiplicity import benjamini_hochberg, holm
from impact.inference.sharpened import sharpened_q
from impact.spec.models import PilotSpec

NAMES = ("y", "z", "x")


def planned(given, *, names=NAMES, **analysis):
    """Give a panel a params file in which all outcomes are primary."""
    spec = PilotSpec.model_validate(
        {
            "pilot": "made-up",
            "data": {"path": "nowhere.csv", "unit": "id", "period": "wave"},
            "design": {"kind": given.design.kind, "treated": "pilot", "starts": 1},
            "outcomes": [{"column": name, "role": "primary"} for name in names],
            "analysis": {"methods": ["did"], **analysis},
        }
    )
    return replace(given, spec=spec, outcomes=spec.outcomes)


def towns(rng, count, treated, people=5, effect=(0.0, 0.0, 0.0)):
    """Draw three outcomes that move together within towns and people, two waves."""
    import pandas as pd

    person = np.repeat(np.arange(count * people), 2)
    wave, town = np.tile([0, 1], count * people), person // people
    shock = rng.normal(size=(count, 2))[town, wave]
    both = shock + rng.normal(size=len(person))
    pilot = (town < treated).astype(int)
    columns = {
        name: both + 0.7 * rng.normal(size=len(person)) + size * pilot * wave
        for name, size in zip(NAMES, effect, strict=True)
    }
    return pd.DataFrame({"id": person, "wave": wave, "town": town, "pilot": pilot, **columns})


def panel_of(rows, **said):
    given = {"unit": "id", "period": "wave", "treated": "pilot", "starts": 1, "cluster": "town"}
    return Panel.from_frame(rows, outcomes=list(NAMES), **{**given, **said})


def adjusted(given):
    return np.array([given.headline(name).details["p_adjusted"] for name in NAMES])


def stepped(t, draws):
    """Step down as Romano and Wolf write it; the data are one of the draws."""
    order, left, out = np.argsort(-t), list(range(len(t))), np.empty(len(t))
    highest = 0.0
    for at in order:
        highest = max(highest, (draws[:, left].max(axis=1) >= t[at] * (1 - 1e-9)).mean())
        out[at] = highest
        left.remove(at)
    return out


def bootstrapped(rows, name):
    """Fit every draw of eight towns again, the null imposed; return |t|, the data's first."""
    town = rows["town"].to_numpy()
    pilot, wave = rows["pilot"].to_numpy(), rows["wave"].to_numpy()
    X = np.column_stack([np.ones(len(rows)), pilot, wave, pilot * wave]).astype(float)
    y = rows[name].to_numpy()
    under = X[:, :3] @ np.linalg.lstsq(X[:, :3], y, rcond=None)[0]
    bread = np.linalg.inv(X.T @ X)
    found = []
    for signs in product([1.0, -1.0], repeat=8):
        drawn = under + (y - under) * np.array(signs)[town]
        beta = bread @ X.T @ drawn
        scores = np.array([X[town == g].T @ (drawn - X @ beta)[town == g] for g in range(8)])
        found.append(abs(beta[3]) / np.sqrt((bread @ scores.T @ scores @ bread)[3, 3]))
    return np.array(found)


@pytest.mark.parametrize("inference", ["auto", "wild_bootstrap", "cr1"])
def test_romano_wolf_is_every_draw_of_all_outcomes_fitted_again(inference):
    rows = towns(np.random.default_rng(3), 8, 4, effect=(1.5, 0.8, 0))
    given = planned(panel_of(rows), inference=inference, multiplicity="romano_wolf")
    effects = did.estimate(given)
    draws = np.column_stack([bootstrapped(rows, name) for name in NAMES])
    own = [float(effects.headline(name).p_value) for name in NAMES]
    expected = np.maximum(stepped(draws[0], draws), own)
    np.testing.assert_allclose(adjusted(effects), expected)


def test_an_outcome_that_is_not_seen_in_one_town_is_drawn_with_the_others():
    """Its other towns get the signs that they get for the other outcomes."""
    rows = towns(np.random.default_rng(3), 8, 4, effect=(1.5, 0.8, 0))
    part = rows.assign(z=rows["z"].where(rows["town"] != 2))
    given = planned(panel_of(part), inference="cr1", multiplicity="romano_wolf")
    effects = did.estimate(given)
    seen = part.dropna()
    draws = np.column_stack(
        [bootstrapped(rows, "y"), bootstrapped(seen, "z"), bootstrapped(rows, "x")]
    )
    own = [float(effects.headline(name).p_value) for name in NAMES]
    np.testing.assert_allclose(adjusted(effects), np.maximum(stepped(draws[0], draws), own))


def test_no_true_null_of_three_is_rejected_more_often_than_the_level():
    rng, draws = np.random.default_rng(11), 400
    found = np.empty((draws, 2))
    for at in range(draws):
        given = panel_of(towns(rng, 20, 10, people=2))
        effects = did.estimate(planned(given, multiplicity="romano_wolf", replications=199))
        p = np.array([float(effects.headline(name).p_value) for name in NAMES])
        found[at] = adjusted(effects).min(), holm(p).min()
        assert (adjusted(effects) >= p).all()
    share = (found <= 0.05).mean(axis=0)
    # Three standard errors of the simulation.
    assert share[0] <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)
    # What moves together costs less than Holm has it.
    assert found[:, 0].mean() < 0.85 * found[:, 1].mean()


def test_outcomes_that_are_permuted_are_adjusted_by_the_same_assignments():
    rows = towns(np.random.default_rng(8), 20, 1, effect=(4, 3, 0))
    effects = did.estimate(
        planned(panel_of(rows, place="town"), multiplicity="romano_wolf", seed=1)
    )
    assert {effect.inference for effect in effects} == {"permutation"}
    change = rows.pivot(index="id", columns="wave", values=list(NAMES))
    moved = np.column_stack([change[name][1] - change[name][0] for name in NAMES])
    town = moved.reshape(20, 5, 3).mean(axis=1)
    apart = np.abs(town - (town.sum(axis=0) - town) / 19)
    apart /= np.sqrt((apart**2).mean(axis=0))
    np.testing.assert_allclose(adjusted(effects), stepped(apart[0], apart))


def test_outcomes_of_different_places_are_not_permuted_together():
    rows = towns(np.random.default_rng(8), 21, 1)
    part = rows.assign(z=rows["z"].where(rows["town"] != 20))
    with pytest.raises(DesignError, match=r"not all of them are known .* holm"):
        did.estimate(planned(panel_of(part, place="town"), multiplicity="romano_wolf"))


def test_a_method_that_is_no_regression_has_no_draws_for_several_outcomes():
    given = panel_of(towns(np.random.default_rng(8), 12, 6))
    asked = planned(given, multiplicity="romano_wolf", methods=["callaway_santanna"])
    with pytest.raises(DesignError, match="callaway_santanna is none; take multiplicity: holm"):
        did.estimate(asked)


@pytest.mark.parametrize(
    ("rule", "by_hand"), [("holm", holm), ("bh", benjamini_hochberg), ("sharpened", sharpened_q)]
)
def test_the_rule_is_the_params_files_and_is_said_with_its_number(rule, by_hand):
    rows = towns(np.random.default_rng(5), 12, 6, effect=(1.2, 0.5, 0))
    effects = did.estimate(planned(panel_of(rows), multiplicity=rule))
    p = np.array([float(effects.headline(name).p_value) for name in NAMES])
    np.testing.assert_allclose(adjusted(effects), by_hand(p))
    for name, value in zip(NAMES, by_hand(p), strict=True):
        said = " ".join(str(note) for note in effects.headline(name).notes)
        assert f"“{name}”" in said
        assert "the 3 primary outcomes" in said
        assert (f"{value:.3f}" if value >= 0.001 else "under 0.001") in said


def test_the_page_says_the_adjusted_number_of_every_primary_outcome():
    rows = towns(np.random.default_rng(5), 12, 6, effect=(1.2, 0.5, 0))
    given = planned(panel_of(rows), multiplicity="romano_wolf")
    effects = did.estimate(given)
    said = [str(one) for one in methods(given, effects).sentences]
    for name, value in zip(NAMES, adjusted(effects), strict=True):
        assert any(f"“{name}”" in one and f"{value:.3f}" in one for one in said), name
    assert sum("adjusted together (Romano and Wolf 2005)" in one for one in said) == 1


def test_an_outcome_that_cannot_be_tested_stays_in_the_familys_count():
    rows = towns(np.random.default_rng(5), 12, 6, effect=(1.2, 0.5, 0))
    flat = rows.assign(x=rows["pilot"] * rows["wave"] * 1.0)
    for rule in ("romano_wolf", "holm"):
        effects = did.estimate(planned(panel_of(flat), multiplicity=rule))
        assert np.isnan(adjusted(effects)[2])
        assert np.isfinite(adjusted(effects)[:2]).all()
        assert "the 3 primary outcomes" in " ".join(map(str, effects.headline("y").notes))
    p = np.array([float(effects.headline(name).p_value) for name in NAMES[:2]])
    np.testing.assert_allclose(adjusted(effects)[:2], holm(np.append(p, 1.0))[:2])


def test_with_the_untested_in_its_count_romano_and_wolf_use_the_rest_of_the_level():
    rows = towns(np.random.default_rng(5), 12, 6, effect=(0.7, 0.5, 0))
    flat = rows.assign(x=rows["pilot"] * rows["wave"] * 1.0)
    three = adjusted(did.estimate(planned(panel_of(flat), multiplicity="romano_wolf")))
    two = planned(panel_of(flat), multiplicity="romano_wolf")
    two = replace(two, outcomes=two.outcomes[:2])
    alone = adjusted_of(did.estimate(two), NAMES[:2])
    np.testing.assert_allclose(three[:2], np.minimum(alone * 3 / 2, 1))


def adjusted_of(effects, names):
    return np.array([effects.headline(name).details["p_adjusted"] for name in names])


def test_the_sentence_is_as_clear_as_the_adjusted_p_value():
    turned = 0
    for seed in range(12):
        rows = towns(np.random.default_rng(seed), 12, 6, effect=(0.9, 0.6, 0.0))
        given = planned(panel_of(rows), multiplicity="holm")
        effects = did.estimate(given)
        for finding in assess(effects, given):
            effect = effects.headline(finding.outcome)
            rejects = effect.details["p_adjusted"] <= 0.05
            assert (finding.conf_low > 0 or finding.conf_high < 0) == rejects
            assert finding.size.startswith("unclear") != rejects
            turned += float(effect.p_value) <= 0.05 < effect.details["p_adjusted"]
    # The samples hold outcomes that are clear alone and not together.
    assert turned > 0
