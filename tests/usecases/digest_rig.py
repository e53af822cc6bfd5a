"""A bot of fakes for digests: time goes on, the clock looks, rows are worked off, and the channel is read."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import replace
from typing import Any

from bot.adapters.charts import PillowCharts
from bot.adapters.cron import SchedulerCron
from bot.adapters.slack_blocks import render
from bot.domain.cards import Message
from bot.domain.change import Action, Change, ChangeState, Intent
from bot.domain.commands import LookDigests, SendDigest, ShowDrift
from bot.domain.digest_cards import DriftReport
from bot.domain.drifting.incidents import Incident, IncidentSnooze, IncidentState, Past
from bot.domain.drifting.windows import Kind, Reading, Severity, Verdict
from bot.usecases.dispatch import Dispatcher
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.drift_memory import FakeDriftMemory
from tests.fakes.incident_log import FakeIncidentLog
from tests.fakes.retrains import FakeRetrains
from tests.support.slack_contract import check_message
from tests.usecases.fleet_files import POLICY, as_bytes
from tests.usecases.stop_rig import ANA, BEN, Rig

__all__ = ["ANA", "BEN", "DAY", "HOUR", "MONDAY", "DigestRig", "incident", "merged"]

HOUR, DAY = 3600.0, 86400.0
MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC).timestamp()
DAILY = POLICY + 'drift: {digests: [{name: ml, cron: "0 9 * * 1-5", channel: "#ml-deploys"}]}\n'


class DigestRig(Rig):
    """On Friday at noon nothing was ever sent; the digest was just declared."""

    def __init__(self, rules: str = DAILY, start: float = MONDAY - 2 * DAY - 21 * HOUR) -> None:
        super().__init__(FakeCheckout(as_bytes(_slackops_yaml=rules)), FakeClock(start))
        self.log, self.memory, self.retrains = FakeIncidentLog(), FakeDriftMemory(), FakeRetrains()
        self.ctx = replace(
            self.ctx,
            incident_log=self.log,
            drift_memory=self.memory,
            cron=SchedulerCron(),
            retrains=self.retrains,
            charts=PillowCharts(),
        )
        self.dispatcher = Dispatcher(self.ctx)
        self.look()

    def policy(self, rules: str) -> None:
        """The policy changes on the default branch."""
        self.checkout.change("main", {".slackops.yaml": rules.encode()}, "Policy")

    def look(self) -> None:
        """The clock looks, and what it put is worked off."""
        self.inbox.put(f"schedule:look_digests:{self.clock.now():.0f}", LookDigests())
        self.work()

    def work(self) -> None:
        """Every row about digests that is due is carried out."""
        while row := self.inbox.claim("w", 60):
            if isinstance(row.command, LookDigests | SendDigest):
                self.dispatcher(row)
            self.inbox.done(row)

    def at(self, moment: float) -> None:
        """It is that time, and the clock looks."""
        self.clock.time = moment
        self.look()

    def opens(self, *found: Incident) -> None:
        """Incidents as they are kept."""
        for one in found:
            self.log.save(None, [one])

    def digests(self) -> list[DriftReport]:
        """Those that the channel got; Slack takes each of them."""
        found = [sent.message for sent in self.chat.sent if isinstance(sent.message, DriftReport)]
        for one in found:
            check_message(render(one))
        return found

    def asked(self, model: str | None = None) -> Message:
        """What `/drift` answers."""
        self.ask(ShowDrift, f"k{model}{self.clock.now():.0f}", model=model)
        return self.whispered()


def incident(name: str, opened: float, score: float = 2.0, **more: Any) -> Incident:
    """An incident of `model/environment/kind`; an id of its own where ``id`` gives none."""
    model, environment, kind = name.split("/")
    past = tuple(
        Past(at=opened + HOUR * hour, monitor="evidently:daily", verdict=Verdict.BAD, score=score) for hour in range(3)
    )
    given: dict[str, Any] = {
        "id": f"01{zlib.crc32(name.encode()):024d}",
        "state": IncidentState.OPEN,
        "severity": Severity.WARNING,
        "channel": "#ml-deploys",
        "past": past,
        "score": score,
        "readings": (
            Reading(feature="amount", method="psi", value=0.4, threshold=0.2, verdict=Verdict.BAD, score=score),
        ),
    }
    given |= more
    return Incident(model=model, environment=environment, kind=Kind(kind), opened=opened, card=given["id"], **given)


def snoozed(name: str, opened: float, until: float) -> Incident:
    """One of which nothing is said for a while."""
    snooze = IncidentSnooze(until=until, since=opened, by=ANA, why="holiday")
    return incident(name, opened, state=IncidentState.SNOOZED, snooze=snooze)


def merged(model: str, at: float, environment: str = "production", asked: float | None = None) -> Change:
    """A change that was merged then."""
    intent = Intent(Action.PROMOTE, model, environment, "40", "41", None, ())
    return Change(
        f"01MERGED{at:018.0f}{model}"[:40],
        intent,
        (ANA,),
        None,
        at - HOUR if asked is None else asked,
        "b",
        f"branch-{model}-{at:.0f}",
        ChangeState.MERGED,
        7,
        merged_at=at,
    )
