"""Every note and name that a description writes is one that a translator gets to see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.locale.gathered import bare, gathered

import impact
from impact import describe
from impact.describe.cells import GROUPS, ROWS
from impact.describe.flow import LOST_ON, NO_REASON

ROOT = Path(__file__).parents[2]
PILOTS = ("crete-mediation", "slovenia-neighbourhoods", "tilburg-integration", "nsw-training")
TABLES = ("balance", "changes", "comparison", "distribution", "flow", "leavers", "participants",
          "quality", "reliability", "subgroups", "totals", "trends")  # fmt: skip
TONGUE = gathered()


def panel_of(pilot):
    return impact.read_panel(impact.load_spec(ROOT / "params" / f"{pilot}.yml"))


def ours(key, panel):
    """Return whether the package names this itself; outcomes and reasons are the user's."""
    if key.startswith(("group:", LOST_ON)) or key in (NO_REASON, *ROWS):
        return True
    users = {one.column for one in panel.outcomes}
    return key not in users and not key.startswith(NO_REASON)


@pytest.mark.parametrize("pilot", PILOTS)
def test_every_note_is_gathered(pilot):
    panel = panel_of(pilot)
    said = [note for name in TABLES for note in getattr(describe, name)(panel).notes]
    said += [one for pair in describe.codebook(panel).facts for one in pair]
    assert len(said) > 15
    assert [text for one in said for text in bare(one, TONGUE)] == []


@pytest.mark.parametrize("pilot", PILOTS)
def test_every_name_in_the_flow_is_gathered(pilot):
    panel = panel_of(pilot)
    named = {k: text for k, text in describe.flow(panel).labels.items() if ours(k, panel)}
    assert len(named) > 4
    assert [text for text in named.values() if not TONGUE.gettext(text).startswith("⟦")] == []


def test_every_name_of_a_group_or_of_rows_is_gathered():
    names = [*GROUPS.values(), *ROWS.values()]
    assert [text for text in names if not TONGUE.gettext(text).startswith("⟦")] == []


def test_every_reason_for_which_rows_are_not_used_has_a_name():
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/impact/data").glob("*.py"))
    reasons = re.findall(r'"((?:dropped|made|folded): [^"…]+)"', source)
    assert len(reasons) == 8
    assert set(reasons) <= set(ROWS)
