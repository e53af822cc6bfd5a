"""The contract of what engines said, kept. The fake, SQLite, PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import SqlSignals
from bot.domain.signal import Phase, Signal
from bot.ports.signals import SignalLog, SignalRecord
from tests.fakes.signals import FakeSignals
from tests.support.store import BACKENDS, open_database

A, B = "a" * 40, "b" * 40


@pytest.fixture(params=["fake", *BACKENDS])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SignalLog]:
    if request.param == "fake":
        yield FakeSignals()
        return
    database = open_database(request.param, request, tmp_path)
    yield SqlSignals(database)
    database.close()


def record(
    at: float = 1.0,
    phase: Phase = Phase.HEALTHY,
    *,
    model: str = "churn",
    environment: str = "production",
    version: str | None = "42",
    revision: str | None = A,
    received: float = 10.0,
) -> SignalRecord:
    signal = Signal(
        source="argocd", application="argocd/churn", phase=phase, at=at, revision=revision, message="“ü” ok"
    )
    return SignalRecord(model, environment, signal, version, received)


def times(log: SignalLog, model: str = "churn", environment: str = "production", since: float = 0.0) -> list[float]:
    return [found.signal.at for found in log.of(model, environment, since)]


def test_a_record_comes_back_equal(log: SignalLog) -> None:
    full = record(1234567890.123456)
    assert log.add([full]) == 1
    assert log.of("churn", "production") == [full]
    assert log.of("churn", "staging") == []
    assert log.of("ltv", "production") == []


def test_the_same_signal_is_kept_once_for_each_target(log: SignalLog) -> None:
    assert log.add([record(), record(model="ltv"), record(environment="staging")]) == 3
    assert log.add([record(received=99.0), record(version="41"), record(model="ltv")]) == 0
    assert log.of("churn", "production") == [record()]


def test_the_same_signal_twice_in_one_call(log: SignalLog) -> None:
    assert log.add([record(), record(2.0), record()]) == 2
    assert log.add([]) == 0
    assert times(log) == [1.0, 2.0]


def test_another_time_phase_or_revision_is_another_signal(log: SignalLog) -> None:
    others = [record(2.0), record(phase=Phase.DEGRADED), record(revision=B), record(revision=None, version=None)]
    assert log.add([record(), *others]) == 5
    assert len(log.of("churn", "production")) == 5


def test_they_come_in_the_engine_s_order(log: SignalLog) -> None:
    for at in (3.0, 1.0, 2.5, 2.0):
        log.add([record(at, received=100 - at)])
    assert times(log) == [1.0, 2.0, 2.5, 3.0]
    assert times(log, since=2.0) == [2.0, 2.5, 3.0]
    assert times(log, since=4.0) == []


def test_the_newest_thousand(log: SignalLog) -> None:
    assert log.add([record(float(n), Phase.PROGRESSING) for n in range(1, 1205)]) == 1204
    assert times(log) == [float(n) for n in range(205, 1205)]


def test_a_flood_washes_away_neither_first_nor_last_of_health(log: SignalLog) -> None:
    old = [record(1.0, version="41"), record(2.0, Phase.DEGRADED, version="41"), record(3.0, version="41")]
    log.add([*old, record(4.0, Phase.SYNCING), *(record(float(n)) for n in range(5, 1205))])
    assert times(log) == [1.0, 2.0, 3.0, 5.0, *(float(n) for n in range(205, 1205))]
    assert times(log, since=3.5) == [5.0, *(float(n) for n in range(205, 1205))]


def test_forget_keeps_what_tells_which_version_was_healthy(log: SignalLog) -> None:
    told = [
        record(1.0, Phase.SYNCING),
        record(2.0, Phase.HEALTHY),
        record(3.0, Phase.HEALTHY),
        record(4.0, Phase.DEGRADED),
        record(5.0, Phase.DEGRADED),
        record(6.0, Phase.FAILED),
        record(2.5, Phase.HEALTHY, version="41", revision=B),
        record(7.0, Phase.ALERT, version=None, revision=None),
        record(1.0, Phase.HEALTHY, environment="staging"),
        record(8.0, Phase.PROGRESSING, received=1000.0),
    ]
    log.add(told)
    assert log.forget(10.0) == 0
    assert log.forget(11.0) == 4
    assert times(log) == [2.5, 3.0, 5.0, 6.0, 8.0]
    assert times(log, environment="staging") == [1.0]
    assert log.forget(11.0) == 0


def test_forget_keeps_the_newest_even_of_what_came_late(log: SignalLog) -> None:
    """The engine's time decides which is the newest, ours which is old enough to go."""
    log.add([record(5.0, received=1.0), record(2.0, received=500.0)])
    assert log.forget(1000.0) == 1
    assert times(log) == [5.0]


def test_what_was_forgotten_may_come_again(log: SignalLog) -> None:
    log.add([record(1.0, Phase.SYNCING)])
    assert log.forget(11.0) == 1
    assert log.add([record(1.0, Phase.SYNCING)]) == 1
