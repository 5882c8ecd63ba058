"""CR2 within cohorts: the errors of staggered effects with few clusters."""

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.did.callaway_santanna import callaway_santanna
from impact.did.read_adoption import read_adoption
from impact.did.within_cohorts import strata


def made(starts, *, sizes=None, periods=4, seed=0):
    """Draw towns that start as told, 0 for never, with so many people each."""
    rng = np.random.default_rng(seed)
    sizes = [6] * len(starts) if sizes is None else sizes
    town = np.repeat(np.arange(len(starts)), sizes)
    person, wave = (part.ravel() for part in np.indices((len(town), periods)))
    return pd.DataFrame(
        {
            "id": person,
            "wave": wave,
            "town": [f"t{k:03d}" for k in town[person]],
            "first": np.asarray(starts)[town[person]],
            "y": rng.normal(size=(len(starts), periods))[town[person], wave]
            + rng.normal(size=len(person)),
        }
    )


def panel(frame):
    return Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], first_treated="first", cluster="town"
    )


def test_one_cohort_of_equal_towns_has_the_error_of_two_means():
    """Each town's change is one number; two samples of them are compared."""
    frame = made([2] * 5 + [0] * 7, periods=3)
    effect = callaway_santanna(panel(frame), errors="cr2")
    means = frame.groupby(["town", "wave"])["y"].mean().unstack()
    change = means[2] - means[1]
    one, other = change.iloc[:5], change.iloc[5:]
    assert effect.inference == "cr2"
    assert effect.estimate == pytest.approx(one.mean() - other.mean(), rel=1e-12)
    parts = one.var() / 5, other.var() / 7
    assert effect.std_error == pytest.approx(np.sqrt(sum(parts)), rel=1e-12)
    welch = sum(parts) ** 2 / (parts[0] ** 2 / 4 + parts[1] ** 2 / 6)
    alike = (1 / 5 + 1 / 7) ** 2 / (1 / 5**2 / 4 + 1 / 7**2 / 6)
    assert effect.details["dof"] == pytest.approx(min(welch, alike), rel=1e-9)


def test_what_a_whole_cohort_gained_leaves_its_error_alone():
    frame = made([1] * 4 + [2] * 4 + [0] * 6)
    gained = np.select([frame["first"] == 1, frame["first"] == 2], [5.0, -3.0], 0.0)
    under = (frame["first"] > 0) & (frame["wave"] >= frame["first"])
    moved = frame.assign(y=frame["y"] + gained * under)
    still, other = (callaway_santanna(panel(one), errors="cr2") for one in (frame, moved))
    assert other.estimate == pytest.approx(still.estimate + 1.0, rel=1e-9)
    assert other.std_error == pytest.approx(still.std_error, rel=1e-9)
    assert callaway_santanna(panel(moved)).std_error > callaway_santanna(panel(frame)).std_error


@pytest.mark.parametrize(
    ("starts", "groups"),
    [
        ([1] * 3 + [2] * 4 + [0] * 3, [0] * 3 + [1] * 4 + [2] * 3),
        ([1, 1, 2, 3, 3, 3, 0, 0, 0], [0, 0, 0, 1, 1, 1, 2, 2, 2]),
        ([1, 1, 1, 2, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1]),
        ([1, 1, 1, 2, 2, 2, 3, 3, 3], [0, 0, 0, 1, 1, 1, 2, 2, 2]),
        ([1, 1, 1, 2, 2, 2, 3], [0, 0, 0, 1, 1, 1, 1]),
    ],
)
def test_cohorts_of_fewer_than_three_towns_are_read_with_their_neighbours(starts, groups):
    data = read_adoption(panel(made(starts)), "y", (), cluster="assignment")
    found, _ = strata(data)
    order = np.unique(found, return_index=True)[1]
    rank = np.argsort(np.argsort(order))
    assert rank[found].tolist() == np.unique(groups, return_inverse=True)[1].tolist()


def test_a_cohort_of_one_town_is_tested_in_the_mean_and_not_by_itself():
    frame = made([1, 2, 3] + [0] * 5, periods=5)
    effect = callaway_santanna(panel(frame), errors="cr2")
    rows = effect.to_frame().set_index("term")
    assert np.isfinite(rows.loc["ATT", ["std_error", "p_value", "conf_low"]].astype(float)).all()
    assert np.isnan(rows.loc["group:1", "p_value"])
    assert any("group:1" in str(note) for note in effect.notes)


def test_two_cohorts_of_one_town_each_are_not_tested():
    effect = callaway_santanna(panel(made([1, 2] + [0] * 5)), errors="cr2")
    assert np.isnan(effect.p_value)


def test_towns_of_unlike_sizes_have_fewer_degrees_of_freedom():
    starts = [1] * 4 + [2] * 4 + [0] * 8
    like = callaway_santanna(panel(made(starts)), errors="cr2")
    unlike = callaway_santanna(panel(made(starts, sizes=[60] + [4] * 15)), errors="cr2")
    assert unlike.details["dof"] < 0.7 * like.details["dof"]


def test_units_that_are_clusters_have_the_same_error_in_any_order():
    """Where every unit is a cluster of its own, its influence still meets its own cohort."""
    frame = made([2] * 6 + [0] * 7 + [3] * 5, sizes=[1] * 18)
    frame["town"] = frame["id"].astype(str).str.zfill(3)
    turned = frame.assign(town=[f"{100 - int(town):03d}" for town in frame["town"]])
    turned["id"] = 100 - turned["id"]
    errors = [callaway_santanna(panel(one), errors="cr2").rows for one in (frame, turned)]
    assert errors[1]["std_error"].to_numpy() == pytest.approx(
        errors[0]["std_error"].to_numpy(), rel=1e-9
    )
    assert (errors[0]["n_clusters"] == 18).all()


def test_one_cohort_of_single_units_has_the_error_of_two_means_whatever_comes_first():
    frame = made([0] * 7 + [2] * 5, sizes=[1] * 12, periods=3)
    effect = callaway_santanna(panel(frame.assign(town=frame["id"].astype(str))), errors="cr2")
    means = frame.pivot_table(index="id", columns="wave", values="y")
    change = means[2] - means[1]
    parts = change.iloc[7:].var() / 5, change.iloc[:7].var() / 7
    assert effect.std_error == pytest.approx(np.sqrt(sum(parts)), rel=1e-12)
