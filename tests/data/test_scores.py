"""Outcomes of several items: the score, why it is not there, and the items it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.data.scores import items_of
from impact.errors import DataError
from impact.spec.models import Outcome

Read = Callable[..., Panel]
ITEMS = ["home", "apart", "known"]
FRAME = pd.DataFrame(
    {
        "id": ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e"],
        "wave": [1, 2] * 5,
        "pilot": [1, 1, 0, 0, 1, 1, 0, 0, 0, 0],
        "home": ["1", "2", "3", "98", "5", "98", "1", "77", "2", "3"],
        "apart": ["5", "4", "3", "2", "", "98", "2", "77", "3", "3"],
        "known": ["2", "3", "", "99", "4", "", "3", "77", "3", "4"],
    }
)
MISSING = {"refused": [98], "not_known": [99], "not_asked": [77]}


def outcome(**keys: Any) -> list[dict[str, Any]]:
    score = {"items": ITEMS, "reverse": ["apart"], **keys}
    return [{"column": "belonging", "scale": [1, 5], "score": score}]


def test_a_score_is_the_mean_of_its_items_with_some_turned_round(read: Read) -> None:
    panel = read(FRAME, data={"missing": MISSING}, outcomes=outcome(answered=2))
    # 5 becomes 1, 4 becomes 2: by hand, over what was answered.
    due = [(1 + 1 + 2) / 3, (2 + 2 + 3) / 3, (3 + 3) / 2, np.nan]
    due += [(5 + 4) / 2, np.nan, (1 + 4 + 3) / 3, np.nan, (2 + 3 + 3) / 3, (3 + 3 + 4) / 3]
    np.testing.assert_allclose(panel.values["belonging"], due)
    # One refused and one not known: the first counts; two refused and one empty: refused.
    assert panel.answers["belonging"].tolist() == [
        *("given", "given", "given", "refused"),
        *("given", "refused", "given", "not_asked", "given", "given"),
    ]


def test_every_item_must_be_answered_unless_said(read: Read) -> None:
    panel = read(FRAME, data={"missing": MISSING}, outcomes=outcome())
    assert np.isnan(panel.values["belonging"]).tolist() == [0, 0, 1, 1, 1, 1, 0, 1, 0, 0]


def test_a_sum_has_the_scale_of_the_sum_and_stands_in_for_unanswered_items(read: Read) -> None:
    stated = outcome(of="sum", answered=2)
    stated[0]["scale"] = [3, 15]
    panel = read(FRAME, data={"missing": MISSING}, outcomes=stated)
    np.testing.assert_allclose(panel.values["belonging"][[0, 2, 4]], [4, 9, 13.5])


def test_the_items_stay_as_they_were_answered_and_can_be_had_turned(read: Read) -> None:
    panel = read(FRAME, data={"missing": MISSING}, outcomes=outcome(answered=2))
    assert panel.values["apart"].tolist()[:3] == [5, 4, 3]
    np.testing.assert_array_equal(items_of(panel, panel.primary)[0], [1, 1, 2])
    assert [one.column for one in panel.outcomes] == ["belonging"]
    with pytest.raises(ValueError, match="no score"):
        items_of(panel, Outcome.model_validate({"column": "home"}))


def test_an_item_off_its_scale_is_told_under_its_own_name(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read(FRAME.assign(known=["9"] * 10), data={"missing": MISSING}, outcomes=outcome())
    (fault,) = caught.value.faults
    assert fault.code == "outside-scale"
    assert fault.where == "data/toy.csv, column 'known'"


def test_a_missing_item_is_told_with_the_key_that_names_it(read: Read) -> None:
    with pytest.raises(DataError, match=r"no column 'known', which outcomes\.score\.items names"):
        read(FRAME.drop(columns="known"), outcomes=outcome())


def test_a_frame_may_have_scores_too() -> None:
    one = Outcome.model_validate(outcome()[0])
    panel = Panel.from_frame(
        FRAME,
        unit="id",
        period="wave",
        outcomes=one,
        treated="pilot",
        starts=2,
        missing=MISSING,
    )
    assert panel.values["belonging"].notna().sum() == 5
    assert set(ITEMS) <= set(panel.values)


def test_reasons_for_leaving_are_categories_and_never_free_text(read: Read) -> None:
    frame = FRAME.assign(
        why=["moved", "moved", "", "", "98", "98", "ill", "ill", "", ""], y=range(10)
    )
    data = {"missing": MISSING, "lost_because": "why"}
    panel = read(frame, data=data)
    assert panel.lost_because is not None
    assert panel.lost_because.cat.categories.tolist() == ["ill", "moved"]
    assert panel.lost_because.isna().tolist() == [0, 0, 1, 1, 1, 1, 0, 0, 1, 1]
    told = pd.concat([frame.assign(id=frame["id"] + str(n)) for n in range(8)])
    with pytest.raises(DataError, match="80 different texts stand here"):
        read(told.assign(why=[f"because of {n}" for n in range(80)]), data=data)
