"""What a worker of a cluster passes on at once, and what travels with its answer."""

from __future__ import annotations

import gc
import json
import queue
from typing import Any

import pytest

from impact.batch import relay
from impact.batch.relay import TOPIC, Relay, Told


def cell(number: int) -> dict[str, Any]:
    return {"event": "cell", "cell": number, "cells": 9}


def use(count: int) -> dict[str, Any]:
    return {"event": "use", "bytes": count}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    now = {"time": 50.0}
    monkeypatch.setattr(relay.time, "monotonic", lambda: now["time"])
    return now


def test_cells_are_passed_on_now_and_then_and_the_newest_of_them_counts(
    clock: dict[str, float],
) -> None:
    sent: list[dict[str, str]] = []
    told = Told("mark", sent.append)
    for number in (1, 2, 3):
        told(cell(number))
    assert [json.loads(one["line"])["cell"] for one in sent] == [1]
    clock["time"] += 2
    told(use(5))
    assert [json.loads(one["line"]) for one in sent[1:]] == [cell(3), use(5)]
    assert {one["who"] for one in sent} == {"mark"}
    assert told.left == []
    told(cell(4))
    assert told.left == [cell(4)]


def test_what_others_depend_on_travels_with_the_answer_alone(clock: dict[str, float]) -> None:
    sent: list[dict[str, str]] = []
    told = Told("mark", sent.append)
    known = {"event": "known", "seed": 1}
    told(known)
    assert sent == []
    assert told.left == [known]


def test_where_nobody_listens_the_last_cell_travels_with_the_answer() -> None:
    told = Told("")
    for number in (1, 2):
        told(cell(number))
    told(use(5))
    assert told.left == [cell(2)]


class Client:
    """Stands in for one of Dask's: remembers who listens to what."""

    def __init__(self) -> None:
        self.topics: dict[str, Any] = {}

    def subscribe_topic(self, topic: str, handler: Any) -> None:
        self.topics[topic] = handler


class Asked:
    def __init__(self, token: str) -> None:
        self.token = token
        self.busy = True
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()


def test_a_message_reaches_whoever_asked_as_long_as_they_wait() -> None:
    client = Client()
    brings: Any = Relay(client)
    one, other = Asked("one"), Asked("other")
    brings.add(one)
    brings.add(other)
    heard = client.topics[TOPIC]
    heard((0.0, {"who": "one", "line": "first"}))
    heard((0.0, {"who": "of another batch", "line": "lost"}))
    one.busy = False
    heard((0.0, {"who": "one", "line": "too late"}))
    assert one.lines.get_nowait() == "first"
    assert one.lines.empty()
    assert other.lines.empty()
    del other
    gc.collect()
    heard((0.0, {"who": "other", "line": "nobody"}))
