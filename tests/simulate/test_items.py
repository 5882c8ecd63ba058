"""Items that are drawn behind a score give the score back, and hang together as was asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from impact import simulate
from impact.errors import DesignError

NAMES = ["understands", "speaks", "reads", "hard"]
RATING = pd.Series(np.random.default_rng(3).uniform(1, 5, 4000).round(2))


def drawn(score: pd.Series, **how: object) -> pd.DataFrame:
    told = {"items": NAMES, "scale": (1, 5), "reverse": ["hard"], **how}
    answers = simulate.answers_behind(score, **told).astype(float)
    return answers.assign(hard=6 - answers["hard"])


def alpha(answers: pd.DataFrame) -> float:
    k = answers.shape[1]
    return k / (k - 1) * (1 - answers.var().sum() / answers.sum(axis=1).var())


def test_the_mean_of_the_items_is_the_score_up_to_a_point_between_them() -> None:
    off = drawn(RATING).mean(axis=1) - RATING
    assert off.abs().max() < 1 / len(NAMES)
    # rounding has an SD of at most 1/8: five standard errors of its mean over 4,000 rows
    assert abs(off.mean()) < 5 * 0.125 / np.sqrt(4000)


def test_a_score_that_needs_no_rounding_comes_back_exactly() -> None:
    whole = pd.Series([1.0, 2.25, 3.5, 4.75, 5.0] * 40)
    assert drawn(whole).mean(axis=1).tolist() == whole.tolist()


def test_answers_are_whole_and_on_the_scale_whatever_lies_apart() -> None:
    answers = drawn(RATING, apart=6.0)
    assert answers.isin([1, 2, 3, 4, 5]).all(axis=None)
    assert answers.nunique(axis=1).max() == 4


def test_the_further_answers_lie_apart_the_less_they_hang_together() -> None:
    together, apart, far = (alpha(drawn(RATING, apart=by)) for by in (0.0, 1.0, 4.0))
    assert together > apart > far
    assert together > 0.95


def test_whoever_has_no_score_answered_no_item() -> None:
    score = pd.Series([2.0, np.nan, 4.0], index=[7, 8, 9])
    answers = drawn(score)
    assert answers.index.tolist() == [7, 8, 9]
    assert answers.isna().all(axis=1).tolist() == [False, True, False]


def test_the_same_seed_gives_the_same_answers() -> None:
    pd.testing.assert_frame_equal(drawn(RATING, seed=4), drawn(RATING, seed=4))
    assert not drawn(RATING, seed=4).equals(drawn(RATING, seed=5))


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(DesignError) as told:
        drawn(pd.Series([0.5, 3.0]), reverse=["easy"])
    said = str(told.value)
    assert "easy is none of the items" in said
    assert "leaves the scale of 1 to 5" in said
