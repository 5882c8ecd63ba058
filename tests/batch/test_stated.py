"""The rule of a page comes from params and data, and a laxer page does not outlive it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from impact.batch.duties import check
from impact.batch.stated import stricter

Make = Callable[..., Any]
CARD = {"simulated": False, "invented": False, "guarded": True, "minimum_cell": 10}


def checked(made: Any, pilot: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a check tells on the way, and what it answers."""
    events: list[dict[str, Any]] = []
    answer = check(events.append, params=str(made.params(pilot)), root=str(made.root))
    return events[0], answer


def test_a_check_answers_the_rule_that_params_and_data_state(small: Make) -> None:
    made = small("alpha")
    rule = {"simulated": False, "invented": False, "unit_is": "place", "guarded": False}
    assert checked(made, "alpha")[1] == {"rule": {**rule, "minimum_cell": 10}}
    with made.params("alpha").open("a") as file:
        file.write("report: {minimum_cell: 25}\n")
    params = made.params("alpha")
    params.write_text(params.read_text().replace("unit_is: place", "unit_is: household"))
    data = made.root / "data" / "alpha.csv"
    head, *rows = data.read_text().splitlines()
    data.write_text("\n".join([f"{head},_simulated", *(f"{row},1" for row in rows)]) + "\n")
    known, answer = checked(made, "alpha")
    rule = {"simulated": True, "invented": False, "unit_is": "household", "guarded": True}
    assert answer == {"rule": {**rule, "minimum_cell": 25}}
    assert known["card"]["guarded"]
    assert known["card"]["minimum_cell"] == 25


def test_what_is_kept_of_an_address_does_not_let_one_in(small: Make) -> None:
    made = small("alpha")
    text = made.params("alpha").read_text()
    url = "https://anna:secret@no-such-host.invalid/x.csv?token=t0"
    made.params("alpha").write_text(text.replace("data/alpha.csv", f'"{url}"'))
    events: list[dict[str, Any]] = []
    with pytest.raises(Exception, match="there is no such host"):
        check(events.append, params=str(made.params("alpha")), root=str(made.root))
    assert events[0]["data"] == ["https://no-such-host.invalid/…"]
    assert events[0]["marks"] == [""]


@pytest.mark.parametrize(
    ("now", "then", "due"),
    [
        ({}, {}, False),
        ({"minimum_cell": 20}, {}, True),
        ({"minimum_cell": 5}, {}, False),
        ({"minimum_cell": 20, "guarded": False}, {"guarded": False}, False),
        ({}, {"guarded": False}, True),
        ({"guarded": False}, {}, False),
        ({"simulated": True}, {}, True),
        ({"simulated": True}, {"simulated": True}, False),
        ({"invented": True}, {}, True),
    ],
)
def test_a_rule_is_stricter_when_it_hides_or_marks_more(
    now: dict[str, Any], then: dict[str, Any], due: bool
) -> None:
    assert stricter(CARD | now, CARD | then) is due


def test_a_params_file_that_cannot_be_read_states_no_stricter_rule() -> None:
    assert not stricter({}, CARD)


@pytest.mark.slow
def test_a_page_goes_when_its_rule_became_stricter_and_the_new_run_fails(small: Make) -> None:
    made = small("alpha", "beta")
    assert made.impact("run").returncode == 0
    for pilot in ("alpha", "beta"):
        # The stand-in's status still says that the units are places.
        params = made.params(pilot)
        stricter_or_not = "unit_is: person" if pilot == "alpha" else "unit_is: place, weight: w"
        params.write_text(params.read_text().replace("unit_is: place", stricter_or_not))
    ran = made.impact("run")
    assert ran.returncode == 1
    assert "the notebook states another 'unit_is' than params and data say" in ran.stdout
    assert made.published() == {"beta.html", "index.html", "estimates.csv"}
    index = made.project.index.read_text()
    assert "Pilot alpha" in index
    assert "alpha.html" not in index
    assert "beta.html" in index
    assert "alpha" not in made.project.estimates.read_text()
    assert "beta" in made.project.estimates.read_text()
