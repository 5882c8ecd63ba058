"""What the methods say of errors, degrees of freedom, covariates and passed pre-tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from impact import Panel, assess, did, methods
from impact.data.table import Described
from impact.did.pre_power import findable_slope
from impact.did.sensitivity import course_of
from impact.evidence.how_made import degrees_said, errors_said, held_equal, names_said


def people(seed: int, *, towns: int = 12, waves: int = 2, each: int = 10) -> pd.DataFrame:
    """Return people of towns over some waves, half of the towns with the pilot from wave 2 on."""
    rng = np.random.default_rng(seed)
    n = towns * each
    town = np.arange(n) % towns
    start = waves // 2 + 1
    wave = np.arange(1, waves + 1)
    age = rng.normal(size=n)
    y = rng.normal(size=n)[:, None] + 0.2 * age[:, None] * wave
    y = y + 0.4 * rng.normal(size=(towns, waves))[town] + rng.normal(size=(n, waves))
    return pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), waves),
            "wave": np.tile(wave, n),
            "town": np.repeat(town, waves),
            "pilot": np.repeat((town < towns // 2).astype(int), waves),
            "start": np.repeat(np.where(town < towns // 2, start, 0.0), waves),
            "age": np.repeat(age, waves),
            "hours": rng.normal(size=n * waves),
            "y": y.ravel(),
        }
    )


def panel_of(frame: pd.DataFrame, **said: object) -> Panel:
    given = {"treated": "pilot", "starts": frame["wave"].max() // 2 + 1, **said}
    if given.get("first_treated"):
        given = {name: value for name, value in given.items() if name not in ("treated", "starts")}
    return Panel.from_frame(frame, unit="id", period="wave", outcomes="y", **given)


def joined(sentences: object) -> str:
    return " ".join(map(str, sentences))


LEVELS = [
    ({"place": "town"}, "place", "clustered by place"),
    ({"cluster": "town"}, "assignment", "clustered by the unit of assignment"),
    ({}, "assignment", "clustered by unit "),
    ({"cluster": "town"}, "unit", "clustered by unit "),
    ({}, "town", "clustered by “town”"),
]


@pytest.mark.parametrize("kind", ["cr1", "cr2"])
@pytest.mark.parametrize(("said", "level", "expected"), LEVELS)
def test_errors_name_the_level_at_which_clusters_are_counted(kind, said, level, expected):
    frame = people(1)
    extra = {"covariates": ["town"]} if level == "town" else {}
    given = panel_of(frame, **said, **extra)
    effect = did.did(given, inference=kind, cluster=level)
    assert expected in joined(errors_said(given, effect))


def test_a_permutation_says_what_is_permuted_and_whether_all_choices_are_looked_at():
    given = panel_of(people(1, towns=6), place="town", cluster="town")
    effect = did.did(given, inference="permutation", cluster="place")
    assert "every other choice of as many places" in joined(errors_said(given, effect))
    alone = panel_of(people(1))
    drawn = did.did(alone, inference="permutation", cluster="unit")
    said = joined(errors_said(alone, drawn))
    assert "other units" in said
    assert "drawn at random" in said


def test_where_nothing_is_tested_the_reason_that_is_given_is_pointed_to():
    frame = people(1, towns=6)
    frame["pilot"] = (frame["town"] == 0).astype(int)
    given = panel_of(frame, place="town", cluster="town")
    effects = did.estimate(given)
    assert effects.headline("y").inference == "none"
    said = joined(methods(given, effects).sentences)
    assert "for the reason that is given" in said
    assert "Only one place was treated" in said


def test_both_degrees_of_freedom_are_printed_for_places():
    frame = people(2, towns=11)
    frame = frame[(frame["town"] != 0) | (frame["id"] % 3 == 0)]
    given = panel_of(frame, place="town", cluster="town")
    effect = did.estimate(given).headline("y")
    plain = did.did(given, inference="cr2", cluster="place").details["dof"][0]
    (said,) = degrees_said(given, effect)
    assert said.values == {
        "satterthwaite": f"{plain:.1f}",
        "dof": f"{effect.details['dof'][0]:.1f}",
    }
    assert effect.details["dof"][0] <= plain


def test_where_clusters_may_be_people_no_degrees_of_freedom_are_printed():
    given = panel_of(people(2, towns=4, each=6))
    effect = did.estimate(given).headline("y")
    assert effect.inference == "cr2"
    assert not any(one.values for one in degrees_said(given, effect))


COVARIATES = [
    ("did", {}, ["age"], "alike at the start in age"),
    ("did", {}, ["hours"], "as recorded each time"),
    ("did", {"sample": "cross_sections"}, ["age"], "adjusted for what differed"),
    ("twfe", {}, ["hours"], "changed within units in: hours"),
    ("twfe", {"sample": "cross_sections"}, ["hours"], "adjusted for what differed"),
    ("callaway_santanna", {"first_treated": "start"}, ["age"], "the earlier of two periods"),
]


@pytest.mark.parametrize(("method", "said", "columns", "expected"), COVARIATES)
def test_what_covariates_do_is_said_as_the_method_has_it(method, said, columns, expected):
    given = panel_of(people(3), covariates=columns, **said)
    effect = getattr(did, method)(given)
    assert expected in joined(held_equal(given, effect))


def test_what_has_a_label_is_named_by_it():
    labels = {"age": Described(label="age in years"), "town": Described(label="Town of birth")}
    given = replace(panel_of(people(3), covariates=["age"]), described=labels)
    assert "alike at the start in Age in years are compared" in joined(
        held_equal(given, did.did(given))
    )
    assert names_said(given, ["town", "hours=some", "hours=many"]) == "Town of birth, hours"


def test_without_covariates_nothing_is_said_of_them():
    given = panel_of(people(3))
    assert held_equal(given, did.did(given)) == []


def test_a_passed_pre_test_is_said_with_what_it_would_have_found():
    given = panel_of(people(4, waves=6, towns=120, each=2), cluster="town", place="town")
    effects = did.estimate(given)
    (finding,) = assess(effects, given)
    said = joined(finding.reasons)
    assert "found no difference between the groups" in said
    assert "in 80 of 100 cases" in said


def test_the_slope_is_found_in_80_of_100_draws():
    given = panel_of(people(4, waves=6, towns=120, each=2), cluster="town", place="town")
    effects = did.estimate(given)
    headline = effects.headline("y")
    slope = findable_slope(given, effects, headline)
    course = course_of(given, effects, headline)
    before = course.vcov[: course.n_pre, : course.n_pre]
    line = slope * np.arange(-course.n_pre, 0)
    draws = np.random.default_rng(1).multivariate_normal(line, before, size=20_000)
    wald = np.einsum("ij,jk,ik->i", draws, np.linalg.inv(before), draws)
    found = (wald > stats.chi2.ppf(0.95, course.n_pre)).mean()
    # Two errors of a share of 20,000 draws.
    assert found == pytest.approx(0.8, abs=0.006)


def test_an_untested_course_before_is_no_comfort():
    given = panel_of(people(5))
    effects = did.estimate(given)
    (finding,) = assess(effects, given)
    assert "80 of 100" not in joined(finding.reasons)
