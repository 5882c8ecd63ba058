"""The committed pilots: every design and every inference of theirs can be drawn again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import impact
from impact.data import Panel
from impact.power import detectable, planned

ROOT = Path(__file__).parents[2]
PILOTS = {
    "card-krueger-minimum-wage": "none",
    "catalonia-mentoring": "hc2",
    "inclucities-jelgava": "hc2",
    "includ-eu-regional-exchange": "cr2",
    "inclucities-livadia": "none",
    "kiel-mcclain-incinerator-adjusted": "classical",
    "mpdta-minimum-wage": "analytic",
    "nsw-training-did": "cr1",
    "organ-donors-california": "permutation",
    "romania-information-desks": "cr2",
    "slovenia-neighbourhoods": "cr2",
    "tilburg-integration": "cr2",
}


@cache
def panel_of(pilot: str) -> Panel:
    return impact.read_panel(impact.load_spec(ROOT / "params" / f"{pilot}.yml"))


@pytest.mark.parametrize(("pilot", "inference"), PILOTS.items())
def test_a_pilot_of_each_design_can_be_drawn_again(pilot: str, inference: str) -> None:
    panel = panel_of(pilot)
    found = detectable(panel, sample=1, draws=20)
    assert found.inference == inference
    assert found.failed == 0
    assert found.sample.units == len(panel.units)
    assert (found.detectable is None) == (inference == "none")
    if panel.primary.smallest_effect is not None:
        assert abs(found.effect or 0.0) == panel.primary.smallest_effect


def test_a_wish_that_things_get_fewer_looks_downwards() -> None:
    panel = panel_of("inclucities-saint-jean-de-la-ruelle")
    found = detectable(panel, outcome="unmet_medical_need", sample=1, draws=20)
    assert found.effect == -0.05


def test_several_primary_outcomes_are_said_to_ask_more() -> None:
    found = detectable(panel_of("tilburg-integration"), sample=1, draws=20)
    assert any("the level 0.975 shows the hardest case" in said for said in found.notes)


def test_a_higher_level_asks_for_larger_effects() -> None:
    panel = panel_of("nsw-training")
    plain, strict = (detectable(panel, level=level, draws=60) for level in (0.95, 0.99))
    assert strict.level == 0.99
    assert plain.detectable is not None
    assert strict.detectable is not None
    assert strict.detectable > plain.detectable


def test_what_the_first_wave_says_stands_in_for_data() -> None:
    spec = impact.load_spec(ROOT / "params" / "tilburg-integration.yml")
    found = planned(spec, baseline=True, correlation=0.4, draws=30)
    assert not found.from_data
    assert found.label == "Volunteered in the last three months"
    assert found.sample.clusters == 11
    assert found.effect == 0.05
