"""The contract of what engines said, kept. The fake, SQLite, PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bot.adapters.store_sql import Database, SqlSignals, migrate
from bot.domain.signal import Phase, Signal
from bot.domain.troubles import troubles
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
    application: str = "argocd/churn",
) -> SignalRecord:
    signal = Signal(source="argocd", application=application, phase=phase, at=at, revision=revision, message="“ü” ok")
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


def alert(at: float, phase: Phase = Phase.ALERT, name: str = "Drift/1", received: float = 10.0) -> SignalRecord:
    return record(at, phase, version=None, revision=None, application=name, received=received)


def test_a_flood_washes_away_no_alert_that_still_fires(log: SignalLog) -> None:
    """Whether something is wrong now is told by the last word of each alert and application, however old."""
    log.add([alert(1.0), alert(2.0, name="Slow/2"), alert(3.0, Phase.CALM, "Slow/2"), alert(0.5)])
    bad = [record(n, phase, version=None) for n, phase in ((4.0, Phase.FAILED), (5.0, Phase.SYNCED))]
    log.add([*bad, *(record(float(n), Phase.PROGRESSING) for n in range(10, 1210))])
    told = [(one.signal.application, one.signal.phase) for one in log.of("churn", "production")[:4]]
    assert told == [
        ("Drift/1", Phase.ALERT),
        ("Slow/2", Phase.CALM),
        ("argocd/churn", Phase.FAILED),
        ("argocd/churn", Phase.SYNCED),
    ]
    assert [one.kind for one in troubles(one.signal for one in log.of("churn", "production"))] == ["health"]


def test_what_other_alerts_said_washes_away_no_alert_that_still_fires(log: SignalLog) -> None:
    log.add([alert(1.0)])
    log.add([alert(float(n), Phase.CALM, f"Pod/{n}") for n in range(10, 2210)])
    assert log.of("churn", "production")[0] == alert(1.0)
    assert len(log.of("churn", "production")) <= 2_001


def test_an_alert_that_is_told_again_is_not_forgotten(log: SignalLog) -> None:
    """Its sender repeats it while it fires; what nobody repeated for so long, nobody resolves either."""
    log.add([alert(1.0), alert(2.0, name="Slow/2")])
    assert log.add([alert(1.0, received=50.0)]) == 0
    assert log.forget(40.0) == 1
    assert [one.signal.application for one in log.of("churn", "production")] == ["Drift/1"]
    assert log.add([alert(1.0, received=45.0)]) == 0
    assert log.forget(48.0) == 0
    assert log.forget(51.0) == 1


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


def test_signals_of_the_first_releases_know_whose_they_are(tmp_path: Path) -> None:
    old = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__code__.co_filename).parent / "migrations"))
    columns = "model, environment, key, at, received, phase, version, body"
    body = alert(1.0).signal.model_dump_json()
    with old.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        row = text(f"INSERT INTO signals ({columns}) VALUES ('churn', 'production', 'k', 1, 10, 'alert', NULL, :body)")
        connection.execute(row, {"body": body})
    migrate(old)
    log = SqlSignals(old)
    log.add([record(float(n), Phase.PROGRESSING) for n in range(10, 1210)])
    assert log.of("churn", "production")[0] == alert(1.0)
    with old.read() as connection:
        assert connection.execute(text("SELECT story FROM signals WHERE key = 'k'")).scalar() == "argocd:Drift/1"
    old.close()
