"""The contract of what is remembered of CI: the fake and the databases answer alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import SqlCiLog
from bot.domain.ci_branch import Alert, AlertGate, CiBranch, CiNews, GateStanding, Snooze, Suspect
from bot.ports import CiLog
from tests.fakes.ci import FakeCiLog
from tests.support.store import BACKENDS, open_database

SHA = "a" * 40


@pytest.fixture(params=["fake", *BACKENDS])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CiLog]:
    if request.param == "fake":
        yield FakeCiLog()
        return
    database = open_database(request.param, request, tmp_path)
    yield SqlCiLog(database)
    database.close()


def branch(name: str = "main", at: float = 10.0, *, failing: bool = False, main: bool = True) -> CiBranch:
    standing = GateStanding("unit", failing, SHA, at, "b" * 40, SHA, SHA, (1.0, 2.0), damped=True)
    gate = AlertGate("unit", failing, SHA, at, 3, "sum ✓", "x:1 é", "https://x", flapping=True, dressed=True)
    alert = Alert(SHA, at, "b" * 40, (gate,), ("#a",), (Suspect(SHA, "s", "ana", "ana"),), 2, "https://c", asked=True)
    news = (CiNews(SHA, "back", ("unit",), SHA, at),)
    snoozes = {"unit": Snooze(99.0, "slack:T/U", "known")}
    return CiBranch("a/b", name, at, main, {"unit": standing}, {SHA: alert}, snoozes, (SHA,), (SHA,), news)


def test_what_is_saved_is_read_again_whole(log: CiLog) -> None:
    assert log.get("a/b", "main") is None
    log.save(branch())
    found = log.get("a/b", "main")
    assert found == branch()
    assert found is not None
    assert (found.gates, found.alerts, found.snoozes) == (branch().gates, branch().alerts, branch().snoozes)
    log.save(branch(at=11.0).settled())
    assert log.get("a/b", "main") == branch(at=11.0).settled()


def test_branches_of_a_repository_the_newest_first(log: CiLog) -> None:
    for name, at in (("main", 10.0), ("x", 30.0), ("y", 20.0)):
        log.save(branch(name, at))
    assert [one.branch for one in log.of("a/b")] == ["x", "y", "main"]
    assert log.of("a/c") == []


def test_what_is_old_is_forgotten_but_not_what_fails_on_a_default_branch(log: CiLog) -> None:
    log.save(branch("old"))
    log.save(branch("red", failing=True))
    log.save(branch("of a change", failing=True, main=False))
    log.save(branch("new", at=50.0))
    assert log.forget(40.0) == 2
    assert {one.branch for one in log.of("a/b")} == {"red", "new"}
    assert log.forget(40.0) == 0
