"""Every committed pilot, cell by cell, to a page whose words and numbers hold."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from impact.disclosure import Release
from impact.report.page import released_page, render_release
from impact.results import Finding, Findings, Part, Status

ROOT = Path(__file__).parents[1]
PILOTS = sorted((ROOT / "params").glob("*.yml"))
FORBIDDEN = re.compile(
    r"\b(significant\w*|no effect|prove[sn]?|promising|trends?)\b", re.IGNORECASE
)
NUMBER = re.compile(r"−?\d[\d,]*(?:\.\d+)?")
DOWN = re.compile(r"\b(fewer|less|shorter)\b")
ADJUSTED = "Allowing for the"
MAIN = "(our main estimate)"
pytestmark = pytest.mark.slow
each_pilot = pytest.mark.parametrize("params", PILOTS, ids=lambda path: path.stem)
PartsOf = Callable[[Path], tuple[Part, ...]]


@pytest.fixture(scope="module")
def released_of(parts_of: PartsOf) -> Callable[[Path], Release]:
    return cache(lambda params: released_page(parts_of(params)))


@pytest.fixture(scope="module")
def page_of(released_of: Callable[[Path], Release]) -> Callable[[Path], BeautifulSoup]:
    return cache(lambda p: BeautifulSoup(render_release(released_of(p)), "html.parser"))


@each_pilot
def test_every_pilot_runs_to_a_page_whose_findings_use_no_word_that_misleads(
    params: Path, parts_of: PartsOf, page_of: Callable[[Path], BeautifulSoup]
) -> None:
    parts = parts_of(params)
    (status,) = [part for part in parts if isinstance(part, Status)]
    assert status.pilot == params.stem
    assert page_of(params).h1
    findings = [part for part in parts if isinstance(part, Finding)]
    findings += [one for part in parts if isinstance(part, Findings) for one in part]
    for finding in findings:
        said = [finding.sentence, finding.effect, *filter(None, [finding.span]), *finding.reasons]
        assert not [str(one) for one in said if FORBIDDEN.search(str(one))]
    first = _one(page_of(params), ".first")
    assert not FORBIDDEN.search(first.get_text(" "))


@each_pilot
def test_the_same_data_are_released_as_they_were(
    params: Path, parts_of: PartsOf, released_of: Callable[[Path], Release]
) -> None:
    """What the first edition told is known, and so a second one of the same data tells the same."""
    first = released_of(params)
    second = released_page(parts_of(params), before=json.loads(json.dumps(first.edition)))
    assert [one.to_payload() for one in second] == [one.to_payload() for one in first]
    assert second.edition == first.edition


@each_pilot
def test_the_headline_agrees_with_its_table(
    params: Path, page_of: Callable[[Path], BeautifulSoup]
) -> None:
    """Both are read from the page: the amount and its range, and the main estimate's row."""
    page = page_of(params)
    card = _one(page, ".size .amount").get_text(" ", strip=True)
    row = _main_row(page)
    if row is None:
        assert card.startswith("Not shown")
        return
    assert not card.startswith("Not shown"), "the table tells what the headline does not"
    estimate, low, high = row
    assert _tells(card, estimate, card), (card, estimate)
    if abs(estimate) > _half(NUMBER.findall(card)[0]):
        assert bool(DOWN.search(card)) == (estimate < 0), (card, estimate)
    fits = _one(page, ".size p:not([class])").get_text(" ", strip=True)
    assert bool(NUMBER.search(fits)) == math.isfinite(low), (fits, low)
    if ADJUSTED in fits:  # the table's intervals are each for itself, and so narrower
        reach = max(_number(told) for told in NUMBER.findall(fits)[1:])
        assert reach > 100 * max(abs(low), abs(high))
        return
    for end in (low, high) if math.isfinite(low) else ():
        assert _tells(fits, end, card), (fits, end)


def _one(page: BeautifulSoup, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, f"the page has no {selector}"
    return found


def _main_row(page: BeautifulSoup) -> tuple[float, float, float] | None:
    """Return the headline's estimate and interval as the table of all estimates tells them."""
    for line in page.select("#effects table tbody tr"):
        name, *cells = [cell.get_text(" ", strip=True) for cell in line.find_all(["th", "td"])]
        if MAIN in name:
            if not NUMBER.search(cells[0]):
                return None
            numbers = [_number(found) for found in NUMBER.findall(cells[2])]
            low, high = numbers if len(numbers) == 2 else (math.nan, math.nan)
            return _number(cells[0]), low, high
    return None


def _number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def _tells(text: str, value: float, card: str) -> bool:
    """Whether a text holds the value, to as many digits as it tells, in the card's unit."""
    shown = abs(value)
    if "in 100" in card:
        shown *= 100
    elif "per cent" in card:
        shown = abs(100 * math.expm1(value))
    return any(abs(_number(told) - shown) <= _half(told) for told in NUMBER.findall(text))


def _half(told: str) -> float:
    """Return half of the last place that a number tells, with the table's own rounding."""
    digits = told.replace(",", "").replace("−", "")
    places = len(digits.partition(".")[2])
    zeros = len(digits) - len(digits.rstrip("0")) if not places else 0
    return 0.5 * 10 ** (zeros - places) * 1.02 + 1e-9
