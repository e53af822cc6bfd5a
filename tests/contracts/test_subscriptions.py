"""The contract of subscriptions: the fake and the databases answer alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import SqlSubscriptions
from bot.ports import Subscription, Subscriptions
from tests.fakes.subscriptions import FakeSubscriptions
from tests.support.store import BACKENDS, open_database


@pytest.fixture(params=["fake", *BACKENDS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subscriptions]:
    if request.param == "fake":
        yield FakeSubscriptions()
        return
    database = open_database(request.param, request, tmp_path)
    yield SqlSubscriptions(database)
    database.close()


def one(channel: str = "C1", subject: str = "churn", event: str = "live") -> Subscription:
    return Subscription(channel, subject, event, "T1/UANA", 1.0)  # type: ignore[arg-type]


def test_each_once(store: Subscriptions) -> None:
    assert store.add([one(), one(event="ci")]) == 2
    assert store.add([one(), one(subject="ltv")]) == 1
    assert store.of_channel("C1") == [one(event="ci"), one(), one(subject="ltv")]
    assert store.of_channel("C2") == []


def test_channels_by_subject_and_event(store: Subscriptions) -> None:
    store.add([one(), one(subject="production"), one("C0", "production"), one("C3", "production", "ci")])
    assert store.channels(["churn", "production"], "live") == ["C0", "C1"]
    assert store.channels(["churn"], "ci") == []
    assert store.channels([], "live") == []


@pytest.mark.parametrize(("events", "gone", "left"), [((), 2, ["ltv"]), (("ci",), 1, ["churn", "ltv"])])
def test_removed(store: Subscriptions, events: tuple[str, ...], gone: int, left: list[str]) -> None:
    store.add([one(), one(event="ci"), one(subject="ltv"), one("C2")])
    assert store.remove("C1", "churn", events) == gone  # type: ignore[arg-type]
    assert sorted({each.subject for each in store.of_channel("C1")}) == left
    assert store.of_channel("C2") == [one("C2")]
    assert store.remove("C1", "nothing") == 0
