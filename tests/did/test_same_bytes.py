"""The same bytes again: under any hash seed, and the same numbers on any number of threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).with_name("every_estimator.py")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# Five hash seeds on one thread, and two threads.
WAYS = [(seed, 1) for seed in range(5)] + [(0, 2)]


def printed(way: tuple[int, int]) -> str:
    """Return every case's result as JSON, from a process of its own."""
    seed, threads = way
    said = {"PYTHONHASHSEED": str(seed), **dict.fromkeys(THREADS, str(threads))}
    ran = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env=os.environ | said,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


@pytest.fixture(scope="module")
def outputs() -> dict[tuple[int, int], str]:
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(WAYS, pool.map(printed, WAYS), strict=True))


def leaves(value: object, at: str = "") -> list[tuple[str, object]]:
    """Return what stands in a result, with where it stands."""
    if isinstance(value, dict):
        return [leaf for key, part in value.items() for leaf in leaves(part, f"{at}.{key}")]
    if isinstance(value, list):
        return [leaf for key, part in enumerate(value) for leaf in leaves(part, f"{at}.{key}")]
    return [(at, value)]


def test_every_case_is_printed(outputs, every):
    names = [line.split("\t")[0] for line in outputs[0, 1].splitlines()]
    assert names == [case.name for case in every.CASES]


@pytest.mark.parametrize("seed", range(1, 5))
def test_bytes_do_not_depend_on_the_hash_seed(outputs, seed):
    pairs = zip(outputs[0, 1].splitlines(), outputs[seed, 1].splitlines(), strict=True)
    assert [one.split("\t")[0] for one, two in pairs if one != two] == []


def test_numbers_do_not_depend_on_the_number_of_threads(outputs):
    for one, two in zip(outputs[0, 1].splitlines(), outputs[0, 2].splitlines(), strict=True):
        name, known = one.split("\t")
        ours, theirs = leaves(json.loads(known)), leaves(json.loads(two.split("\t")[1]))
        assert [at for at, _ in ours] == [at for at, _ in theirs], name
        for (at, left), (_, right) in zip(ours, theirs, strict=True):
            if isinstance(left, float) and isinstance(right, float):
                # Sums of thousands of terms in another order: what cancels is left at 1e-12.
                np.testing.assert_allclose(right, left, rtol=1e-9, atol=1e-12, err_msg=name + at)
            else:
                assert left == right, name + at
