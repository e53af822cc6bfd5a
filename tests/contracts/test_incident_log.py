"""The contract of what is remembered of drift: the fake and the databases answer alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.store_sql import SqlAudit, SqlIncidentLog
from bot.domain.audit import AuditEntry
from bot.domain.drifting.incidents import Incident, IncidentSnooze, IncidentState, Note, Past, Track, Word
from bot.domain.drifting.telling import with_news
from bot.domain.drifting.windows import Kind, Reading, Severity, Shape, Verdict, Window
from bot.domain.people import Person
from bot.errors import Stale
from bot.ports import Audit, IncidentLog
from tests.fakes.incident_log import FakeIncidentLog
from tests.support.store import BACKENDS, open_database

ANA = Person(team="T", user="U1")
PAST = Past(at=5.0, monitor="json:m", verdict=Verdict.BAD, score=1.5)
Logs = tuple[IncidentLog, Audit]


@pytest.fixture(params=["fake", *BACKENDS])
def logs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Logs]:
    if request.param == "fake":
        fake = FakeIncidentLog()
        yield fake, fake.audit
        return
    database = open_database(request.param, request, tmp_path)
    yield SqlIncidentLog(database), SqlAudit(database)
    database.close()


@pytest.fixture
def log(logs: Logs) -> IncidentLog:
    return logs[0]


def incident(name: str, opened: float = 10.0, **more: Any) -> Incident:
    given: dict[str, Any] = {"model": "fraud", "environment": "production", "kind": Kind.DRIFT, "card": name}
    given |= {"state": IncidentState.OPEN, "severity": Severity.WARNING, "channel": "#ml", "opened": opened}
    return Incident(id=name, **(given | more))


def over(name: str, resolved: float, opened: float = 10.0, **more: Any) -> Incident:
    return incident(name, opened, state=IncidentState.RESOLVED, resolved=resolved, **more)


def track(model: str = "fraud", kind: Kind = Kind.DRIFT, **more: Any) -> Track:
    return Track(model=model, environment="production", kind=kind, **more)


def names(found: list[Incident]) -> list[str]:
    return [one.id for one in found]


def test_what_is_saved_is_read_again_whole(log: IncidentLog) -> None:
    reading = Reading(feature="é ✓", method="psi", value=0.3, threshold=0.2, verdict=Verdict.BAD, score=1.5)
    shape = Shape(feature="é ✓", edges=(0.0, 1.0), reference=(1.0,), current=(1.0,))
    window = Window(
        source="json", monitor="m", model="fraud", environment="production", kind=Kind.DRIFT, at=5.0,
        verdict=Verdict.BAD, readings=(reading,), shapes=(shape,), total=1, bad=1,
    )  # fmt: skip
    kept = track(past=(PAST,), newest={"json:m": window}, notes=(Note(monitor="json:m", at=5.0, words="new: x"),), at=6)
    whole = incident(
        "A", readings=(reading,), shapes=(shape,), owner=ANA, past=(PAST,), notes=kept.notes,
        snooze=IncidentSnooze(until=99.0, since=11.0, by=ANA, why="known", score=1.5),
        says=(Word(monitor="json:m", verdict=Verdict.BAD, at=5.0, score=1.5, since=5.0),), bounces=(1.0, 2.0),
    )  # fmt: skip
    whole = with_news(whole, "taken", 12.0, by=ANA)
    log.save(kept, [whole])
    assert log.track("fraud", "production", Kind.DRIFT) == kept.model_copy(update={"revision": 1})
    assert log.get("A") == whole.model_copy(update={"revision": 1})
    bare: dict[str, Any] = {"past": (), "readings": (), "shapes": (), "says": (), "notes": ()}
    assert log.since(0.0) == [whole.model_copy(update={"revision": 1, **bare})]
    assert log.get("B") is None
    assert log.track("fraud", "production", Kind.SERVICE) is None


def test_whoever_read_before_somebody_else_wrote_is_stale_and_nothing_is_written(logs: Logs) -> None:
    log, audit = logs
    log.save(track(at=1.0), [incident("A")], AuditEntry("k1", "incident opened", 1.0, "slackops"))
    kept, one = log.track("fraud", "production", Kind.DRIFT), log.get("A")
    assert kept and one
    log.save(kept, [one])
    entry = AuditEntry("k2", "incident resolved", 2.0, "slackops")
    with pytest.raises(Stale):
        log.save(kept.model_copy(update={"at": 9.0}), [], entry)
    with pytest.raises(Stale):
        log.save(None, [incident("C", kind=Kind.SERVICE), one.model_copy(update={"message": "late"})], entry)
    found = log.get("A")
    assert found and (found.message, found.revision) == ("", 2)
    assert log.get("C") is None
    assert [row.entry.key for row in audit.rows()] == ["k1"]
    with pytest.raises(Stale):
        log.save(track(at=1.0))  # as if it had never been there


def test_one_open_incident_of_a_model_environment_and_kind(log: IncidentLog) -> None:
    log.save(None, [incident("A")])
    for other in (incident("B"), incident("A")):
        with pytest.raises(Stale):
            log.save(None, [other])
    log.save(None, [incident("B", kind=Kind.SERVICE), incident("C", environment="staging")])
    one = log.get("A")
    assert one
    closed = one.model_copy(update={"state": IncidentState.RESOLVED, "resolved": 20.0})
    log.save(None, [incident("D", 30.0), closed])
    last = log.last("fraud", "production", Kind.DRIFT)
    assert last and last.id == "D"
    assert log.last("fraud", "production", Kind.PERFORMANCE) is None


def test_what_is_looked_up(log: IncidentLog) -> None:
    log.save(None, [over("A", resolved=50.0, card="A"), incident("B", 60.0, card="A")])
    log.save(None, [incident("C", 55.0, kind=Kind.SERVICE, storm="s1"), over("D", 20.0, kind=Kind.SERVICE, storm="s1")])
    log.save(None, [incident("E", 70.0, model="churn"), incident("F", 40.0, environment="staging")])
    assert names(log.open()) == ["F", "C", "B", "E"]
    assert names(log.open("fraud")) == ["F", "C", "B"]
    assert names(log.open("fraud", "production")) == ["C", "B"]
    assert names(log.open(environment="production")) == ["C", "B", "E"]
    assert names(log.since(50.0)) == ["A", "F", "C", "B", "E"]
    assert names(log.of_card("A")) == ["A", "B"]
    assert names(log.of_storm("s1")) == ["D", "C"]
    assert log.of_storm("") == []
    log.save(None, [incident("G", 80.0, model="ltv", channel="#elsewhere")])
    assert names(log.recent("#ml", 40.0, 1e9, 3)) == ["E", "B", "C"]
    assert names(log.recent("#ml", 20.0, 60.0, 2)) == ["B", "C"]
    assert (log.storm_size("s1"), log.storm_size("s2"), log.storm_size("")) == (2, 0, 0)
    assert names(log.recent("#elsewhere", 0.0, 1e9, 9)) == ["G"]


def test_tracks_in_order(log: IncidentLog) -> None:
    for one in (track(), track(kind=Kind.DATA_QUALITY), track("churn")):
        log.save(one)
    assert [(one.model, one.kind.value) for one in log.tracks()] == [
        ("churn", "drift"), ("fraud", "data_quality"), ("fraud", "drift"),
    ]  # fmt: skip
    assert [one.model for one in log.tracks("churn")] == ["churn"]


def test_what_is_old_is_forgotten_but_nothing_of_what_is_open(log: IncidentLog) -> None:
    log.save(track(at=5.0), [incident("A", 1.0)])
    log.save(track("churn", at=5.0), [over("B", 20.0, model="churn")])
    log.save(track("ltv", at=60.0), [over("C", 60.0, model="ltv")])
    assert log.forget(50.0) == 2
    assert [one.model for one in log.tracks()] == ["fraud", "ltv"]
    assert names(log.since(0.0)) == ["A", "C"]
    assert log.forget(50.0) == 0
