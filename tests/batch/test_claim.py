"""Who may write to a store, and who has to wait."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import time

import pytest

from impact.batch import claim
from impact.batch.claim import Claim
from impact.batch.store import Store
from impact.errors import RunError


@pytest.fixture
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(claim, "PAUSE", 0.01)
    return Store(f"memory://claims/{re.sub(r'[^a-z]', '-', request.node.name)}")


def left_behind(store: Store, minutes: float, process: str = "elsewhere 1") -> None:
    seen = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes)).isoformat()
    told = {"owner": "other", "since": seen, "seen": seen, "process": process}
    store.put(".lock.json", json.dumps(told).encode())


def test_a_second_writer_is_refused_as_long_as_the_first_one_writes(store: Store) -> None:
    with (
        Claim(store).held(),
        pytest.raises(RunError, match=r"another 'impact run' \(since .*, last seen 0 min ago\)"),
        Claim(store).held(),
    ):
        pass
    with Claim(store).held():
        assert store.names() == {".lock.json"}
    assert store.names() == set()


def test_what_a_killed_writer_left_is_taken_over_after_ten_minutes(store: Store) -> None:
    left_behind(store, 9)
    with pytest.raises(RunError, match="last seen 9 min ago"), Claim(store).held():
        pass
    left_behind(store, 11)
    with Claim(store).held() as held:
        assert held is None
        assert json.loads(store.read(".lock.json") or b"")["owner"] != "other"


def test_a_lock_of_a_process_of_this_machine_that_has_ended_holds_nobody_up(store: Store) -> None:
    with Claim(store).held():
        where = json.loads(store.read(".lock.json") or b"")["process"].split()[0]
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left_behind(store, 0, f"{where} {os.getpid()}")
    with pytest.raises(RunError, match="another 'impact run'"), Claim(store).held():
        pass
    left_behind(store, 0, f"{where} {ended.pid}")
    with Claim(store).held():
        assert json.loads(store.read(".lock.json") or b"")["owner"] != "other"


def test_a_lock_that_cannot_be_read_is_of_nobody(store: Store) -> None:
    store.put(".lock.json", b"half a")
    with Claim(store).held():
        assert json.loads(store.read(".lock.json") or b"")["since"]


def test_whoever_was_taken_over_sends_nothing_and_leaves_the_lock(store: Store) -> None:
    first = Claim(store)
    with first.held():
        first.check()
        left_behind(store, 0)
        with pytest.raises(RunError, match="another 'impact run' writes there now"):
            first.check()
    assert json.loads(store.read(".lock.json") or b"")["owner"] == "other"


def test_a_lock_that_was_taken_away_is_put_back(store: Store) -> None:
    mine = Claim(store)
    with mine.held():
        store.drop(".lock.json")
        mine.check()
        assert store.names() == {".lock.json"}


def test_the_writer_says_again_and_again_that_it_lives(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "AGAIN", 0.01)
    mine = Claim(store)
    with mine.held():
        mine_then = json.loads(store.read(".lock.json") or b"")
        store.put(".lock.json", json.dumps(mine_then | {"seen": "long ago"}).encode())
        until = dt.datetime.now() + dt.timedelta(seconds=10)
        while b"long ago" in (store.read(".lock.json") or b"") and dt.datetime.now() < until:
            time.sleep(0.01)
        assert b"long ago" not in (store.read(".lock.json") or b"")
