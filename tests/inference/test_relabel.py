"""Assignments of labels: all of them, or draws."""

from itertools import permutations

import numpy as np
import pytest

from impact.inference.permutation import judged
from impact.inference.relabel import relabelled
from impact.inference.unequal import Cells, permute_unequal


@pytest.mark.parametrize("labels", [[0, 1, 1], [2, 0, 1, 0], [0, 0, 0, 1, 1, 2]])
def test_all_assignments_are_listed_once_the_given_one_first(labels):
    found = relabelled(np.array(labels))
    every = set(permutations(labels))
    assert found.enumerated
    assert found.possible == len(found.labels) == len(every)
    assert {tuple(row) for row in found.labels.tolist()} == every
    assert found.labels[0].tolist() == labels


def test_draws_keep_the_number_of_each_label_and_depend_on_the_seed_alone():
    labels = np.repeat([0, 1, 2], [20, 3, 2])
    found, again = (relabelled(labels, replications=50, seed=4) for _ in range(2))
    assert not found.enumerated
    assert found.labels.shape == (51, 25)
    assert (found.labels[0] == labels).all()
    assert (np.sort(found.labels, axis=1) == labels).all()
    np.testing.assert_array_equal(found.labels, again.labels)
    assert (relabelled(labels, replications=50, seed=5).labels != found.labels).any()


def test_what_is_judged_is_what_a_permutation_of_two_groups_finds():
    change = np.random.default_rng(1).normal(size=7)
    treated = np.arange(7) < 2

    def means(drawn):
        inside, share = drawn @ change / 2, drawn @ treated.astype(float) / 2
        return inside - (~drawn) @ change / 5, share - (~drawn) @ treated.astype(float) / 5

    one = np.ones((7, 1))
    theirs = permute_unequal(Cells(change[:, None], one, one, np.ones(1)), treated, level=0.9)
    labels = relabelled(treated.astype(int)).labels.astype(bool)
    ours = judged(*means(labels), 21, True, level=0.9)
    assert ours.p_value == pytest.approx(theirs.p_value)
    assert (ours.conf_low, ours.conf_high) == pytest.approx((theirs.conf_low, theirs.conf_high))
