"""HTTP gates are asked at the same time, and nobody waits for one that never answers."""

from __future__ import annotations

import threading

import pytest

from bot.domain.gating import Answer
from bot.domain.policy import HttpGate
from bot.usecases import gate_answers
from bot.usecases.gate_answers import answers

GOOD = Answer("pass", "")


def gate(name: str, timeout: float = 10.0) -> HttpGate:
    return HttpGate(name, f"https://gates.example/{name}", timeout, "block", "merge")


class Calls:
    """Those of ``stuck`` answer when ``free`` is set; the others wait for ``together`` of them to be there."""

    def __init__(self, together: int, *stuck: str) -> None:
        self.all, self.stuck, self.free = threading.Barrier(together), stuck, threading.Event()
        self.timeouts: dict[str, float] = {}

    def ask(self, url: str, body: bytes, timeout: float) -> Answer:
        name = url.rpartition("/")[2]
        assert body == name.encode()
        self.timeouts[name] = timeout
        if name in self.stuck:
            self.free.wait(30)
        else:
            self.all.wait(30)
        return GOOD


def test_at_the_same_time() -> None:
    gates = [gate(name) for name in "abcd"]
    assert answers(Calls(4), gates, lambda one: one.name.encode()) == dict.fromkeys("abcd", GOOD)


def test_none_costs_nothing() -> None:
    assert answers(Calls(1), [], lambda one: one.name.encode()) == {}


def test_no_gate_gets_more_than_the_total() -> None:
    calls = Calls(2)
    answers(calls, [gate("a", 60.0), gate("b", 5.0)], lambda one: one.name.encode(), 30.0)
    assert calls.timeouts == {"a": 30.0, "b": 5.0}


def test_one_that_never_answers_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_answers, "SLACK_SECONDS", 0.0)
    calls = Calls(1, "b")
    try:
        found = answers(calls, [gate("b")], lambda one: one.name.encode(), 0.1)
    finally:
        calls.free.set()
    assert found == {"b": Answer("unknown", "no answer within 0.1 s")}


def test_more_than_are_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those whose turn never came are unknown too."""
    monkeypatch.setattr(gate_answers, "SLACK_SECONDS", 0.0)
    monkeypatch.setattr(gate_answers, "AT_ONCE", 1)
    calls = Calls(1, "a", "b")
    try:
        found = answers(calls, [gate("a"), gate("b")], lambda one: one.name.encode(), 0.1)
    finally:
        calls.free.set()
    assert {one.state for one in found.values()} == {"unknown"}
