"""What the rule picks holds its level: a small version of `make calibrate`."""

import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
DRAWS = 400
SLOW = ("wild bootstrap",)
PICKED = {
    "2×2, 6 clusters": "cr2",
    "2×2, 20 clusters": "cr2",
    "one town of half the treated": "cr2",
    "unequal sizes, three small treated": "cr2",
    "skewed outcome, 10 clusters": "cr2",
    "attrition that goes with the level, uneven": "cr2",
    "lottery, 5 in 100 have it": "permutation",
    "lottery with a baseline, far-out values": "permutation",
    "people, rare changes, 10 and 90": "permutation",
    "lottery, 5 in 100 have it, groups of one size": "hc2",
    "one treated place of 20, a covariate": "permutation",
    "one treated place of 40, one of its people compared": "none",
    "staggered, all reached, the last cohort two places": "none",
    "staggered, all reached, the last cohort three places": "cr2",
    "one treated place of 8": "none",
    "one treated place of 20": "permutation",
    "one treated place of 20, the smallest, 1 to 10": "permutation",
    "staggered, effects differ": "cr2",
    "staggered, few treated": "cr2",
    "18 people, before and after (a change, no effect)": "hc2",
}


@pytest.fixture
def calibration(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import calibration.designs
    import calibration.study

    return calibration


def slack(share):
    """Return three and a half standard errors of a simulated share."""
    return 3.5 * np.sqrt(share * (1 - share) / DRAWS)


@pytest.mark.parametrize("name", PICKED)
def test_the_rule_holds_its_level_covers_and_finds_what_others_find(calibration, name):
    found = calibration.study.study(calibration.designs.case_named(name), DRAWS, without=SLOW)
    # Where it depends on the outcome, the commonest comes first.
    assert found.inference.split()[0] == PICKED[name]
    if found.auto is None:
        assert not found.misses
        return
    assert found.auto.size <= 0.06 + slack(0.06)
    assert found.auto.coverage >= 0.94 - slack(0.94)
    if found.case.ample:
        assert found.auto.power >= 0.8 * found.best[1].power - slack(0.8)


def test_a_rule_that_misses_is_told(calibration):
    study, case = calibration.study, calibration.designs.case_named("2×2, 20 clusters")
    best = {"permutation": study.Rates(0.05, 0.95, 0.8)}
    bad = study.Finding(case, "did", "cr1", study.Rates(0.08, 0.92, 0.5), best)
    assert [miss.split()[0] for miss in bad.misses] == ["size", "coverage", "power"]
    assert study.Finding(case, "did", "none", None, best).misses
    assert not study.Finding(case, "did", "cr2", study.Rates(0.05, 0.95, 0.7), best).misses


def test_the_designs_that_the_rule_is_judged_on_are_all_in_the_table(calibration):
    page = (ROOT / "benchmarks" / "CALIBRATION.md").read_text(encoding="utf-8")
    # A second table, of event times, follows.
    page = page.split("## Several starts")[0]
    rows = [line.split(" | ") for line in page.splitlines() if re.match(r"\| .* \d", line)]
    assert [row[0].removeprefix("| ") for row in rows] == [
        case.name for case in calibration.designs.DESIGNS
    ]
    assert {row[-2] for row in rows} == {"10,000"}
    assert "Missed" not in page
