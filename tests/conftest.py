"""Rules for every test: the global random state is nobody's, and no test leaves the project."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def the_global_random_state_is_left_alone() -> Iterator[None]:
    """Fail a test whose code touches the global random state."""
    legacy = np.random.get_state(legacy=False)  # noqa: NPY002
    standard = random.getstate()
    yield
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    assert (legacy["state"]["key"] == after["state"]["key"]).all(), "numpy's global state changed"
    assert legacy["state"]["pos"] == after["state"]["pos"], "numpy's global state changed"
    assert standard == random.getstate(), "the global random state changed"
