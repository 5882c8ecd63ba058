"""Certainty falls by what was lost on the outcome itself, not on any other one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import impact
from impact.data import Panel
from impact.evidence.certainty import LEVELS
from impact.evidence.facts import facts
from impact.evidence.sections import limits, rivals
from impact.spec.models import Design, Outcome

MANY = "Many people could not be followed to the end."
UNEVEN = "More people were lost in one group than in the other."
OUTCOMES = (Outcome(column="job", role="primary"), Outcome(column="trust", role="primary"))


def lottery(with_pilot: int, without: int) -> Panel:
    """Draw lots among 60 and 60; so many do not say in the end whether they work."""
    rng = np.random.default_rng(11)
    rows = []
    for i in range(120):
        silent = i < with_pilot or 60 <= i < 60 + without
        for w in (1, 2):
            job = np.nan if silent and w == 2 else rng.normal(5 + 3 * (i < 60) * (w == 2), 1)
            trust = rng.normal(5 + 3 * (i < 60) * (w == 2), 1)
            rows.append((i, w, int(i < 60), job, trust))
    frame = pd.DataFrame(rows, columns=["id", "w", "t", "job", "trust"])
    design = Design(kind="randomised", treated="t", starts=2)
    return Panel.from_frame(frame, unit="id", period="w", outcomes=OUTCOMES, design=design)


CASES = [((40, 0), MANY), ((12, 0), UNEVEN), ((5, 3), None), ((30, 30), MANY)]


@pytest.mark.parametrize(("silent", "reason"), CASES)
def test_who_is_silent_on_one_outcome_lowers_the_certainty_of_that_one_alone(
    silent: tuple[int, int], reason: str | None
) -> None:
    panel = lottery(*silent)
    effects = impact.estimate(panel)
    found = {finding.outcome: finding for finding in impact.assess(effects, panel)}
    said = {name: [str(one) for one in finding.reasons] for name, finding in found.items()}
    assert not {MANY, UNEVEN} & set(said["trust"])
    # A decisive lottery that kept its people is high; without them moderate, and a step down.
    assert found["trust"].certainty == "high"
    if reason is None:
        assert found["job"].certainty == "high"
    else:
        assert reason in said["job"]
        assert LEVELS.index(found["job"].certainty) == LEVELS.index("high") - 2


def test_the_facts_of_an_outcome_are_its_own() -> None:
    panel = lottery(40, 0)
    effects = impact.estimate(panel)
    known = {e.outcome: facts(panel, e, effects) for e in effects if e.role == "headline"}
    assert (known["job"].attrition, known["job"].attrition_gap) == (40 / 120, 40 / 60)
    assert (known["trust"].attrition, known["trust"].attrition_gap) == (0.0, 0.0)


def test_the_page_names_the_lost_as_a_rival_and_a_limit_whichever_outcome_they_are_lost_on() -> (
    None
):
    panel = lottery(40, 0)
    effects = impact.estimate(panel)
    assert any("People lost" in str(said) for said in rivals(panel).sentences)
    assert any("could not be followed" in str(said) for said in limits(panel, effects).sentences)
    nobody = lottery(0, 0)
    assert not any("People lost" in str(said) for said in rivals(nobody).sentences)
