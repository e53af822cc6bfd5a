"""A registry that hangs costs a few rows their time, and not every row of the inbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from bot.adapters.mlflow_registry.client import IN_A_ROW, LateClient
from bot.errors import Reason, Refused, RegistryUnavailable


class Hung:
    """A client of a server that hangs until ``freed``; its clock stands until it is moved."""

    def __init__(self) -> None:
        self.freed, self.asked, self.now = threading.Event(), 0, 100.0
        self.client = LateClient("unused", None, timeout=30.0)
        nothing: Any = object()
        self.client._client = nothing

    def hang(self, _: Any) -> None:
        self.asked += 1
        self.freed.wait(10)

    def refused(self, _: Any) -> NoReturn:
        raise Refused(Reason.UNKNOWN_VERSION, "No such version.", "Register it.")

    def unanswered(self, times: int = IN_A_ROW) -> None:
        self.client._timeout = 0.02
        for _ in range(times):
            with pytest.raises(RegistryUnavailable, match="no answer within"):
                self.client.call("version 1 of a", self.hang)
        self.client._timeout = 30.0


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hung]:
    made = Hung()
    monkeypatch.setattr("bot.adapters.mlflow_registry.client.time.monotonic", lambda: made.now)
    yield made
    made.freed.set()


def test_after_some_in_a_row_nobody_waits_for_it(hung: Hung) -> None:
    hung.unanswered()
    for _ in range(100):
        with pytest.raises(RegistryUnavailable, match="not asked"):
            hung.client.call("version 1 of a", hung.hang)
    assert hung.client.attempt(lambda _: "there") is None
    assert hung.asked == IN_A_ROW


def test_it_is_asked_again_in_a_while(hung: Hung) -> None:
    hung.unanswered()
    hung.now += 1.0
    assert hung.client.call("version 1 of a", lambda _: "found") == "found"
    hung.unanswered(1)
    assert hung.client.call("version 1 of a", lambda _: "found") == "found"


def test_an_answer_in_between_ends_the_row(hung: Hung) -> None:
    """No is an answer too."""
    hung.unanswered(IN_A_ROW - 1)
    with pytest.raises(Refused):
        hung.client.call("version 9 of a", hung.refused)
    hung.unanswered(IN_A_ROW - 1)
    assert hung.client.call("version 1 of a", lambda _: "found") == "found"
