"""All pilots beside each other, and what several of them measured in the same way."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

import impact
from impact.disclosure import IndexEntry, Measured, Rule, index_entry, release, release_index
from impact.inference.meta import pool
from impact.report import render_index
from impact.report.portfolio import Portfolio, SharedOutcomes
from impact.report.shared import shared_outcomes
from impact.results import Effects, Sentence, from_payload


def measured(estimate: float, error: float = 0.1, **said: object) -> Measured:
    given = {
        "indicator": "belonging",
        "kind": "ordinal",
        "direction": "higher",
        "measured_in": "points",
        "scale": (1.0, 5.0),
        "outcome": "home",
        "role": "primary",
        "certainty": "low",
        "estimate": estimate,
        "std_error": error,
        "conf_low": estimate - 2 * error,
        "conf_high": estimate + 2 * error,
    }
    return Measured(**given | said)


def entry(pilot: str, *measures: Measured, **said: object) -> IndexEntry:
    given = {"sentence": Sentence("It rose."), "certainty": "low", "measures": measures}
    return IndexEntry(pilot, f"Pilot {pilot}", **given | said)


def of(*entries: IndexEntry) -> tuple:
    return shared_outcomes(release_index(entries))


THREE = [entry(pilot, measured(value)) for pilot, value in zip("abc", (0.1, 0.3, 0.5), strict=True)]


def test_an_outcome_of_three_pilots_is_shared_and_averaged() -> None:
    (one,) = of(*THREE)
    found = pool(np.array([0.1, 0.3, 0.5]), np.array([0.1, 0.1, 0.1]))
    rows = one.rows.set_index("what")
    assert rows.loc["difference", "estimate"].tolist() == [0.1, 0.3, 0.5]
    assert rows.loc["difference", "weight"].tolist() == pytest.approx([1 / 3] * 3)
    assert rows.loc["average", "conf_low"] == pytest.approx(found.conf_low)
    assert rows.loc["further", "conf_high"] == pytest.approx(found.predict_high)


def test_two_pilots_share_nothing() -> None:
    assert of(*THREE[:2]) == ()


@pytest.mark.parametrize(
    "other",
    [
        {"scale": (0.0, 10.0)},
        {"kind": "continuous"},
        {"measured_in": "steps"},
        {"indicator": "loneliness"},
        {"level": 0.9},
    ],
)
def test_what_is_measured_in_another_way_stands_on_no_common_axis(other: dict) -> None:
    assert of(*THREE[:2], entry("c", measured(0.5, **other))) == ()


def test_a_change_without_a_comparison_is_listed_and_not_averaged() -> None:
    before = entry("d", measured(0.9, certainty="no_comparison"))
    (one,) = of(*THREE, before)
    assert one.rows["what"].tolist()[:4] == ["difference"] * 3 + ["change"]
    assert one.summaries[0].pilots == ("a", "b", "c")
    assert "is no part of an average" in " ".join(map(str, one.sentences))
    (few,) = of(*THREE[:2], before)
    assert few.summaries == ()
    assert "No average is given" in str(few.sentences[-1])


def test_an_estimate_without_a_valid_error_is_listed_and_not_averaged() -> None:
    blank = measured(0.9, std_error=math.nan, conf_low=math.nan, conf_high=math.nan)
    (one,) = of(*THREE, entry("d", blank))
    assert len(one.pairs) == 4
    assert one.summaries[0].pilots == ("a", "b", "c")


def test_real_and_simulated_data_are_never_averaged_together() -> None:
    made = [replace(each, pilot=f"s{each.pilot}", simulated=True) for each in THREE]
    (one,) = of(*THREE, *made)
    assert [(s.simulated, s.pilots) for s in one.summaries] == [
        (False, ("a", "b", "c")),
        (True, ("sa", "sb", "sc")),
    ]
    (mixed,) = of(*THREE[:2], made[2])
    assert mixed.summaries == ()
    said = " ".join(map(str, one.sentences))
    assert "Real and simulated data are never averaged together." in said
    assert "says nothing about the cities" in said


def test_the_words_say_so_when_there_are_few_pilots() -> None:
    five = [entry(p, measured(v)) for p, v in zip("abcde", (0.1, 0.2, 0.3, 0.4, 0.6), strict=True)]
    (few,), (more,) = of(*five[:4]), of(*five)
    assert any("fewer than 5 pilots" in str(one) for one in few.sentences)
    assert not any("fewer than 5 pilots" in str(one) for one in more.sentences)


def test_a_failed_pilot_lends_no_number() -> None:
    assert of(*THREE[:2], replace(THREE[2], state="failed")) == ()


def test_the_gate_rounds_and_drops_what_is_missing() -> None:
    given = [entry("a", measured(0.123456789), measured(math.nan, indicator="loneliness"))]
    (kept,) = next(iter(release_index(given))).measures
    assert kept.estimate == Rule(10, guarded=True).round(0.123456789) != 0.123456789


def test_entries_that_did_not_pass_the_gate_are_refused() -> None:
    with pytest.raises(TypeError, match="ReleasedIndex"):
        shared_outcomes(THREE)  # type: ignore[arg-type]


def test_one_pilot_counts_once_by_its_primary_outcome() -> None:
    twice = entry("a", measured(0.9, role="secondary"), measured(0.1))
    (one,) = of(twice, *THREE[1:])
    assert one.rows["estimate"].tolist()[:3] == [0.1, 0.3, 0.5]


def test_shares_are_told_in_percentage_points() -> None:
    said = {"kind": "binary", "scale": (0.0, 1.0), "measured_in": "", "indicator": "employed"}
    pilots = [
        entry(p, measured(v, 0.05, **said)) for p, v in zip("abc", (0.1, 0.12, 0.2), strict=True)
    ]
    (one,) = of(*pilots)
    assert str(one.unit) == "percentage points"
    assert one.rows["estimate"].tolist()[:3] == pytest.approx([10, 12, 20])
    assert [str(line.estimate) for line in one.lines[:3]] == ["10.0", "12.0", "20.0"]


def test_the_page_shows_figure_words_and_numbers() -> None:
    tree = BeautifulSoup(render_index(THREE), "html.parser")
    section = tree.find(id="shared")
    assert section.h3.text == "Feels at home and part of the place"
    assert section.img["src"].startswith("data:image/png;base64,")
    assert "Pilot b: 0.30 (0.10 to 0.50)." in section.img["alt"]
    rows = section.select("tbody tr")
    assert [row.th.text.strip() for row in rows[:3]] == ["Pilot a", "Pilot b", "Pilot c"]
    assert "33%" in rows[0].text
    low, high = tree.select(".index.given tbody tr a")[0]["href"], rows[0].a["href"]
    assert low == high == "a.html"


def test_numbers_in_the_picture_the_words_and_the_table_agree() -> None:
    (one,) = of(*THREE)
    tree = BeautifulSoup(render_index(THREE), "html.parser").find(id="shared")
    average = tree.select("tbody tr")[3].find_all("td")
    estimate = average[0].text.split()[-1]
    assert f"Average: {estimate} (" in tree.img["alt"]
    assert any(f"the difference is {estimate};" in li.text for li in tree.find_all("li"))
    assert float(estimate) == round(one.summaries[0].pooled.mean, 2)


def test_the_plain_list_compares_nothing() -> None:
    assert (
        BeautifulSoup(render_index(THREE, compared=False), "html.parser").find(id="shared") is None
    )


def test_both_parts_travel_through_a_notebook_unchanged() -> None:
    pilots = impact.portfolio([each.to_payload() for each in THREE])
    for part in (pilots, impact.shared(pilots)):
        bundle = part._repr_mimebundle_()
        payload = json.loads(json.dumps(bundle["application/vnd.impact.part+json"]))
        back = from_payload(payload)
        assert isinstance(back, Portfolio | SharedOutcomes)
        assert back.to_payload() == part.to_payload()
    assert "Pilot a" in impact.shared(pilots)._repr_html_()


def test_entries_written_before_there_were_measures_are_read() -> None:
    old = {k: v for k, v in THREE[0].to_payload().items() if k != "measures"}
    assert impact.portfolio([old]).entries[0].measures == ()


def test_a_project_in_hand_gives_the_records_of_its_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "params").mkdir()
    for each in THREE:
        folder = tmp_path / "runs" / each.pilot
        folder.mkdir(parents=True)
        record = {"pilot": each.pilot, "entry": each.to_payload()}
        (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "runs" / "b" / "run.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path))
    assert [each.pilot for each in impact.portfolio().entries] == ["a", "c"]


def test_only_outcomes_of_the_catalogue_that_the_page_shows_are_measured(samples) -> None:
    parts = samples.PILOTS["did"]()
    released = release(parts, Rule.of(parts[0]))
    told = {"indicator": "volunteering", "kind": "binary", "direction": "higher"}
    told |= {"scale": (0.0, 1.0), "measured_in": None}
    (one,) = index_entry(released, indicators={"volunteering": told}).measures
    (effects,) = [part for part in released if isinstance(part, Effects)]
    shown = effects.headline("volunteering")
    told = (shown.estimate, shown.std_error)
    assert (one.estimate, one.std_error) == pytest.approx(told, rel=0, abs=0, nan_ok=True)
    assert (one.indicator, one.role, one.certainty) == ("volunteering", "primary", "low")
    assert index_entry(released).measures == ()
