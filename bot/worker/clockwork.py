"""The clock: inserts rows at their times. The worker does the rest, so nothing is lost when a process dies in between.

Every replica runs it. The delivery key holds the fire time, rounded to the interval, so the same tick of several
replicas is one row, and no leader is needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.commands import (
    AnchorAudit,
    AskEngines,
    CheckMembers,
    LookDigests,
    PollCi,
    PollDrift,
    PollRegistry,
    Sweep,
)
from bot.errors import Transient
from bot.ports.ci import CiLog
from bot.ports.clock import Clock
from bot.ports.drift import DriftMemory, IncidentLog
from bot.ports.gates import Evaluations
from bot.ports.inbox import Inbox
from bot.ports.signals import SignalLog

KEPT = 7 * 86400.0
"""Finished rows are kept for a week, in seconds: GitHub lets people redeliver what is up to three days old."""
DAY = 86400.0
SIGNALS_KEPT = 30 * 86400.0
"""Signals are kept for a month; longer only those that tell which version was the last healthy one."""

CI_KEPT = 90 * DAY
"""What CI said of a branch is kept for three months after it moved last."""
EVALUATIONS_KEPT = 365 * DAY
"""The details page of a change that is over is kept for a year."""
DRIFT_KEPT = 365 * DAY
"""So long it is known when a run, a source or a digest had its last turn."""
INCIDENTS_KEPT = 365 * DAY
"""Incidents are kept for a year after their end, and so long what monitors said last."""


class Clockwork:
    """Puts a sweep into the inbox every ``interval`` seconds, and clears it of old finished rows once an hour.
    ``looked``: the registry was looked at before, so that a start may leave it for the next tick."""

    def __init__(  # noqa: PLR0913, PLR0917  (one line a store)
        self,
        inbox: Inbox,
        signals: SignalLog,
        clock: Clock,
        interval: float,
        ci_log: CiLog | None = None,
        evaluations: Evaluations | None = None,
        looked: Callable[[], bool] = lambda: False,
        drift_memory: DriftMemory | None = None,
        incident_log: IncidentLog | None = None,
    ) -> None:
        self._inbox, self._signals, self._clock, self._interval = inbox, signals, clock, interval
        self._ci_log, self._evaluations, self._looked = ci_log, evaluations, looked
        self._drift_memory = drift_memory
        self._incident_log = incident_log
        self._log = structlog.get_logger("clock")
        self._scheduler = BackgroundScheduler(timezone=dt.UTC, job_defaults={"coalesce": True, "max_instances": 1})
        self._every(interval, self.sweep)
        self._every(interval, self.ask_engines)
        self._every(interval, self.poll_registry, first=self.begin_registry)
        self._every(interval, self.poll_ci)
        self._every(interval, self.look_digests)
        self._every(interval, self.poll_drift)
        self._every(3600, self.clear)
        self._every(3600, self.check_members)
        self._every(3600, self.anchor_audit)

    def start(self) -> None:
        """Put the current sweep at once, so that a start converges at once; then one at each tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """No more ticks."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def sweep(self) -> None:
        """Put the sweep of the current interval, unless somebody has."""
        tick = int(self._clock.now() // self._interval * self._interval)
        self._inbox.put(f"schedule:sweep:{tick}", Sweep())

    def ask_engines(self) -> None:
        """Have the engines asked about what is watched, unless somebody has in this interval."""
        tick = int(self._clock.now() // self._interval * self._interval)
        self._inbox.put(f"schedule:ask_engines:{tick}", AskEngines())

    def poll_registry(self) -> None:
        """Have the registry looked at, unless somebody has in this interval."""
        tick = int(self._clock.now() // self._interval * self._interval)
        self._inbox.put(f"schedule:poll_registry:{tick}", PollRegistry())

    def begin_registry(self) -> None:
        """Have it looked at once where nothing is remembered: rules act on what happens from then on. After a restart
        the next tick finds it all, and MLflow's client, a second and 50 MiB, does not hold up the start."""
        if not self._looked():
            self.poll_registry()

    def poll_ci(self) -> None:
        """Have the CI of all repositories looked at, unless somebody has in this interval."""
        tick = int(self._clock.now() // self._interval * self._interval)
        self._inbox.put(f"schedule:poll_ci:{tick}", PollCi())

    def poll_drift(self) -> None:
        """Have declared sources and runs of drift looked at, unless somebody has in this interval."""
        tick = int(self._clock.now() // self._interval * self._interval)
        self._inbox.put(f"schedule:poll_drift:{tick}", PollDrift())

    def look_digests(self) -> None:
        """Have every digest looked at that may be due, unless somebody has in this interval."""
        tick = int(self._clock.now() // self._interval * self._interval)
        self._inbox.put(f"schedule:look_digests:{tick}", LookDigests())

    def anchor_audit(self) -> None:
        """Once a day, by UTC, have the head of the audit chain written into the state branch."""
        self._inbox.put(f"schedule:anchor_audit:{int(self._clock.now() // DAY)}", AnchorAudit())

    def check_members(self) -> None:
        """Have everybody who linked an account asked for, unless somebody has today."""
        self._inbox.put(f"schedule:check_members:{int(self._clock.now() // DAY)}", CheckMembers())

    def clear(self) -> None:
        """Forget finished rows that no sender will deliver again, and old signals that no rollback will ask for."""
        self._inbox.forget(self._clock.now() - KEPT)
        self._signals.forget(self._clock.now() - SIGNALS_KEPT)
        if self._ci_log is not None:
            self._ci_log.forget(self._clock.now() - CI_KEPT)
        if self._evaluations is not None:
            self._evaluations.forget(self._clock.now() - EVALUATIONS_KEPT)
        if self._drift_memory is not None:
            self._drift_memory.forget(self._clock.now() - DRIFT_KEPT)
        if self._incident_log is not None:
            self._incident_log.forget(self._clock.now() - INCIDENTS_KEPT)

    def _every(self, seconds: float, job: Callable[[], object], first: Callable[[], object] | None = None) -> None:
        """``first`` is done in place of it at the start."""
        todo = [first or job]

        def tick() -> None:
            try:
                (todo.pop() if todo else job)()
            except Transient as error:
                self._log.warning("tick_missed", error=str(error))

        now = dt.datetime.now(dt.UTC)
        trigger = IntervalTrigger(seconds=max(1, int(seconds)), start_date=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
        self._scheduler.add_job(tick, trigger, next_run_time=now, misfire_grace_time=None)
