"""The clock puts one sweep a tick, whoever else does."""

from __future__ import annotations

import threading

import pytest

from bot.domain.commands import Sweep
from bot.domain.drifting.incidents import IncidentState
from bot.worker import Clockwork
from bot.worker.clockwork import DRIFT_KEPT, EVALUATIONS_KEPT, INCIDENTS_KEPT, KEPT
from tests.fakes.clock import FakeClock
from tests.fakes.drift_memory import FakeDriftMemory
from tests.fakes.evaluations import FakeEvaluations
from tests.fakes.inbox import FakeInbox
from tests.fakes.incident_log import FakeIncidentLog
from tests.fakes.signals import FakeSignals
from tests.usecases.incident_rig import incident


def test_one_sweep_a_tick_whatever_the_number_of_replicas() -> None:
    clock = FakeClock(1_800_000_030)
    inbox = FakeInbox(clock)
    replicas = [Clockwork(inbox, FakeSignals(), clock, 60) for _ in range(3)]
    for _ in range(2):
        for replica in replicas:
            replica.sweep()
            replica.ask_engines()
        clock.tick(60)
    ticks = [f"schedule:{kind}:{at}" for at in (1800000000, 1800000060) for kind in ("sweep", "ask_engines")]
    assert [r.key for r in inbox.records] == ticks


def test_start_sweeps_at_once() -> None:
    put = threading.Semaphore(0)
    inbox = FakeInbox(FakeClock(), on_put=put.release)
    clockwork = Clockwork(inbox, FakeSignals(), inbox.clock, 3600)
    clockwork.start()
    for _ in range(8):
        assert put.acquire(timeout=5)
    clockwork.stop()
    assert {record.key.split(":")[1] for record in inbox.records} == {
        "sweep",
        "ask_engines",
        "anchor_audit",
        "check_members",
        "look_digests",
        "poll_ci",
        "poll_drift",
        "poll_registry",
    }


def test_the_audit_chain_is_anchored_once_a_day() -> None:
    clock = FakeClock(1_800_000_030)
    inbox = FakeInbox(clock)
    replicas = [Clockwork(inbox, FakeSignals(), clock, 60) for _ in range(2)]
    for hour in range(30):
        for replica in replicas:
            replica.anchor_audit()
        clock.tick(3600 if hour else 0)
    days = [int((1_800_000_030 + 3600 * hour) // 86400) for hour in range(30)]
    assert [record.key for record in inbox.records] == [f"schedule:anchor_audit:{day}" for day in dict.fromkeys(days)]


def test_a_store_that_is_down_does_not_stop_the_clock() -> None:
    up = threading.Event()
    inbox = FakeInbox(FakeClock(), on_put=up.set)
    inbox.down = True
    clockwork = Clockwork(inbox, FakeSignals(), inbox.clock, 1)
    clockwork.start()
    inbox.down = False
    assert up.wait(5)
    clockwork.stop()


def test_old_finished_rows_are_forgotten() -> None:
    clock = FakeClock()
    inbox = FakeInbox(clock)
    inbox.put("k", Sweep())
    row = inbox.claim("w", 30)
    assert row is not None
    inbox.done(row)
    clockwork = Clockwork(inbox, FakeSignals(), clock, 60)
    clock.tick(KEPT)
    clockwork.clear()
    assert len(inbox.records) == 1
    clock.tick(1)
    clockwork.clear()
    assert inbox.records == []


def test_details_of_what_is_over_are_forgotten_after_a_year() -> None:
    clock, kept = FakeClock(), FakeEvaluations({"open"}.__contains__)
    clockwork = Clockwork(FakeInbox(clock), FakeSignals(), clock, 60, evaluations=kept)
    for name in ("ended", "open"):
        kept.save(name, clock.now(), "{}")
    clock.tick(EVALUATIONS_KEPT)
    clockwork.clear()
    assert kept.get("ended")
    clock.tick(1)
    clockwork.clear()
    assert (kept.get("ended"), kept.get("open") is not None) == (None, True)


@pytest.mark.parametrize(("looked", "polls"), [(False, 1), (True, 0)], ids=["new", "restart"])
def test_a_restart_leaves_the_registry_for_the_next_tick(looked: bool, polls: int) -> None:
    put = threading.Semaphore(0)
    inbox = FakeInbox(FakeClock(), on_put=put.release)
    clockwork = Clockwork(inbox, FakeSignals(), inbox.clock, 3600, looked=lambda: looked)
    clockwork.start()
    for _ in range(5 + polls):
        assert put.acquire(timeout=5)
    clockwork.stop()
    assert sum(record.key.startswith("schedule:poll_registry:") for record in inbox.records) == polls
    clockwork.poll_registry()
    assert any(record.key.startswith("schedule:poll_registry:") for record in inbox.records)


def test_what_runs_did_is_forgotten_after_a_year() -> None:
    clock, memory = FakeClock(), FakeDriftMemory()
    clockwork = Clockwork(FakeInbox(clock), FakeSignals(), clock, 60, drift_memory=memory)
    memory.save("drift-run:scores", clock.now())
    clock.tick(DRIFT_KEPT)
    clockwork.clear()
    assert memory.get("drift-run:scores")
    clock.tick(1)
    clockwork.clear()
    assert memory.get("drift-run:scores") is None


def test_incidents_are_forgotten_a_year_after_their_end() -> None:
    clock, log = FakeClock(), FakeIncidentLog()
    clockwork = Clockwork(FakeInbox(clock), FakeSignals(), clock, 60, incident_log=log)
    log.save(None, [incident("01A", state=IncidentState.RESOLVED, resolved=clock.now()), incident("01B")])
    clock.tick(INCIDENTS_KEPT)
    clockwork.clear()
    assert log.get("01A")
    clock.tick(1)
    clockwork.clear()
    assert (log.get("01A"), log.get("01B") is not None) == (None, True)
