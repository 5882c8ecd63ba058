"""Every estimate of a pilot, and the published numbers beside it."""

from dataclasses import replace

import numpy as np
import pytest

from impact import did
from impact.data.panel import Panel
from impact.results import from_payload
from impact.spec.models import PilotSpec


def with_spec(given, *, outcomes=("y",), published=(), roles=None, **analysis):
    """Give a panel the params file that would have made it."""
    spec = PilotSpec.model_validate(
        {
            "pilot": "made-up",
            "data": {"path": "nowhere.csv", "unit": "id", "period": "wave"},
            "design": {"kind": given.design.kind, "treated": "pilot", "starts": 2},
            "outcomes": [
                {"column": name, "label": name.upper(), "role": (roles or {}).get(name, "primary")}
                for name in outcomes
            ],
            "analysis": analysis,
            "published": list(published),
        }
    )
    return replace(given, spec=spec, outcomes=spec.outcomes)


def lonely(make, panel, total=8, **said):
    rows = make(units=6 * total, clusters=total)
    return panel(rows.assign(pilot=(rows["town"] == 0).astype(int)), place="town", **said)


def listed(effects):
    return [(effect.role, effect.method) for effect in effects]


def test_did_over_several_periods_has_event_study_and_twfe_beside_it(frame, panel):
    effects = did.estimate(panel(frame))
    assert listed(effects) == [
        ("headline", "did"),
        ("alternative", "event_study"),
        ("alternative", "twfe"),
    ]
    assert effects.headline("y").estimate == did.did(panel(frame)).estimate


def test_units_seen_on_one_side_only_leave_the_headline_to_the_others(two_waves, panel, thin):
    given = panel(thin(two_waves), starts=1)
    effects = did.estimate(given)
    assert listed(effects) == [("headline", "did"), ("alternative", "did")]
    assert effects.headline("y").estimate == did.did(given, balanced=True).estimate
    assert effects.results[1].term == "ATT all rows"
    assert effects.results[1].estimate == did.did(given).estimate


def test_several_starts_show_twfe_beside_the_headline_only(cohorts):
    given = Panel.from_frame(
        cohorts, unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    assert listed(did.estimate(given)) == [
        ("headline", "callaway_santanna"),
        ("alternative", "twfe"),
    ]


def test_where_the_rule_declines_the_convention_stands_beside_it(make, panel):
    given = with_spec(lonely(make, panel), inference="cr1", methods=("did", "twfe"))
    effects = did.estimate(replace(given, other_cluster=given.unit))
    assert listed(effects) == [
        ("headline", "did"),
        ("alternative", "twfe"),
        ("convention", "did"),
        ("convention", "twfe"),
    ]
    headline, _, convention, _ = effects
    assert np.isnan(headline.p_value)
    assert np.isfinite(convention.p_value)
    assert convention.inference == "cr1"
    assert headline.estimate == convention.estimate
    assert "published source" in str(convention.notes[0])


def test_where_the_rule_tests_the_params_file_is_followed(frame, panel):
    effects = did.estimate(with_spec(panel(frame), inference="cr1", methods=("did",)))
    assert listed(effects) == [("headline", "did")]
    assert effects.headline("y").inference == "cr1"


def test_errors_over_rows_of_people_who_are_asked_again_stand_beside(frame, panel):
    effects = did.estimate(with_spec(panel(frame), inference="hc1", methods=("did",)))
    assert listed(effects) == [("headline", "did"), ("convention", "did")]
    headline, beside = effects
    assert headline.inference == did.choose(panel(frame)).inference != "hc1"
    assert beside.inference == "hc1"
    assert any("finer than these clusters" in str(reason) for reason in effects.reasons)


def test_a_method_that_does_not_fit_is_a_note_not_silence(frame, panel):
    effects = did.estimate(with_spec(panel(frame), methods=("did", "ancova")))
    assert listed(effects) == [("headline", "did")]
    assert any("ancova could not be shown" in str(n) for n in effects.headline("y").notes)


def test_twfe_asked_first_for_several_starts_is_shown_beside(cohorts):
    given = Panel.from_frame(
        cohorts, unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    spec = with_spec(given, methods=("twfe", "event_study")).spec
    effects = did.estimate(replace(given, spec=spec))
    assert listed(effects)[0] == ("headline", "callaway_santanna")
    assert any("misled" in str(reason) for reason in effects.reasons)


def test_primary_outcomes_carry_holms_adjusted_p(frame, panel):
    rows = frame.assign(z=frame["hours"], x=frame["age"] + frame["hours"] * frame["wave"])
    given = panel(rows, outcomes=["y", "z", "x"])
    effects = did.estimate(
        with_spec(given, outcomes=("y", "z", "x"), roles={"x": "secondary"}, methods=("did",))
    )
    p = [float(effects.headline(name).p_value) for name in ("y", "z")]
    adjusted = [effects.headline(name).details["p_adjusted"] for name in ("y", "z")]
    small, large = sorted(p)
    assert sorted(adjusted) == pytest.approx([2 * small, max(2 * small, large)])
    assert "p_adjusted" not in effects.headline("x").details


def test_published_numbers_stand_beside_the_convention(make, panel):
    number = {"outcome": "y", "method": "did", "estimate": 1.25, "std_error": 0.5, "source": "T1"}
    absent = {"outcome": "y", "method": "callaway_santanna", "estimate": 2, "source": "T2"}
    given = with_spec(lonely(make, panel), inference="cr1", published=[number, absent])
    given = replace(given, other_cluster=given.unit)
    effects = did.estimate(given)
    rows = did.replicate(given, effects).to_frame()
    convention = next(e for e in effects if (e.role, e.method) == ("convention", "did"))
    assert rows["ours"][0] == convention.estimate
    assert rows["ours_std_error"][0] == convention.std_error
    assert (rows["published"][0], rows["label"][0], rows["source"][0]) == (1.25, "Y", "T1")
    assert np.isnan(rows["ours"][1])
    assert rows["inference"][1] == ""


def test_effects_and_replications_travel_to_the_last_digit(frame, panel, thin):
    effects = did.estimate(panel(thin(frame), cluster="town"))
    back = from_payload({"part": "effects", **effects.to_payload()})
    assert back.to_frame().equals(effects.to_frame())


def test_importing_did_loads_neither_statsmodels_nor_a_plot():
    import subprocess
    import sys

    code = "import sys, impact.did; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"statsmodels", "matplotlib", "seaborn"} & set(done.stdout.split())


def test_why_a_method_does_not_fit_stays_off_the_page(frame, panel):
    headline = did.estimate(with_spec(panel(frame), methods=("did", "ancova"))).headline("y")
    assert "ancova" in headline.details["not_shown"]["ancova"]
    assert headline.details["not_shown"]["ancova"] not in " ".join(map(str, headline.notes))
