"""A bot of fakes for incidents in Slack: incidents as they are kept, looks at their cards, and what people click."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.adapters.slack_blocks import render
from bot.domain.cards import Message
from bot.domain.chart import Chart
from bot.domain.commands import Command, LookIncident
from bot.domain.drifting.incidents import Incident, IncidentState, Past, Word
from bot.domain.drifting.telling import with_news
from bot.domain.drifting.windows import Kind, Reading, Severity, Shape, Verdict
from bot.domain.incident_cards import FeatureTable, IncidentCard
from bot.domain.notice_cards import ThreadEvent, ThreadNews
from bot.usecases.dispatch import Dispatcher
from tests.fakes.chat import Channel, Sent
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.incident_log import FakeIncidentLog
from tests.fakes.retrains import FakeRetrains
from tests.support.slack_contract import check_message
from tests.usecases.fleet_files import as_bytes
from tests.usecases.stop_rig import ANA, BEN, NOW, Rig

__all__ = ["ANA", "BEN", "HOUR", "NOW", "IncidentRig", "incident"]

HOUR = 3600.0
RULES = """
version: 1
roles: {promote: ["slack:U0ANA"], rollback: ["slack:U0ANA"]}
environments:
  production: {aliases: [prod], channel: "#fraud", approvals: {required: 0}}
defaults: {channel: "#ml-deploys"}
models:
  fraud:
    owners: ["slack:U0BEN"]
    targets:
      production: [{files: [fraud.yaml], at: v, value: "{version}"}]
"""
READINGS = (
    Reading(feature="country", method="psi", value=0.42, threshold=0.2, verdict=Verdict.BAD, score=2.1),
    Reading(feature="age", method="psi", value=0.1, threshold=0.2, verdict=Verdict.FINE, score=0.5),
    Reading(feature="amount", method="psi", value=0.6, threshold=0.2, verdict=Verdict.BAD, score=3.0),
)
SHAPES = (Shape(feature="amount", edges=(0, 1, 2), reference=(0.9, 0.1), current=(0.1, 0.9)),)
MEMBERS = frozenset({"U0ANA", "U0BEN"})


class Drawn:
    """Charts that nobody needs to look at."""

    def png(self, chart: Chart) -> bytes | None:
        return b"png" if chart else None


class IncidentRig(Rig):
    """`fraud` in production went from 40 to 41; its cards go to #fraud."""

    def __init__(self) -> None:
        checkout = FakeCheckout(as_bytes(_slackops_yaml=RULES) | {"fraud.yaml": b"v: 40\n"})
        checkout.change("main", {"fraud.yaml": b"v: 41\n"}, "Go on")
        super().__init__(checkout, FakeClock(NOW))
        self.chat.channels = [Channel("C0DEPLOYS", "ml-deploys", MEMBERS), Channel("C0FRAUD", "fraud", MEMBERS)]
        self.log, self.retrains = FakeIncidentLog(self.audit), FakeRetrains()
        self.ctx = replace(self.ctx, incident_log=self.log, charts=Drawn(), retrains=self.retrains)
        self.dispatcher = Dispatcher(self.ctx)
        self._count = 0

    def keeps(self, *found: Incident) -> None:
        """Incidents as they are written down, each in the place of what was known of it."""
        for one in found:
            known = self.log.get(one.id)
            self.log.save(None, [one.model_copy(update={"revision": known.revision if known else 0})])

    def look(self, which: str = "01A") -> None:
        """A look at a card, and all that follows at once."""
        self._count += 1
        self.inbox.put(f"look:{self._count}", LookIncident(incident=which))
        self.work()

    def work(self, seconds: float = 0.0) -> None:
        """What is due within so many seconds is carried out."""
        self.clock.tick(seconds)
        while (row := self.inbox.claim("w", 60)) is not None:
            self.dispatcher(row)
            self.inbox.done(row)

    def click(self, kind: type[Any], **fields: Any) -> None:
        """What a person asks for, and all that follows at once."""
        self._count += 1
        self.ask(kind, f"slack:{self._count}", **fields)
        self.work()

    def put(self, command: Command, key: str) -> None:
        """A row, and all that follows at once."""
        self.inbox.put(key, command)
        self.work()

    def cards(self) -> list[Sent]:
        """Every card, the oldest first; Slack takes each of them as it stands."""
        found = [sent for sent in self.chat.sent if isinstance(sent.message, IncidentCard)]
        for sent in found:
            check_message(render(sent.message))
        return found

    def card(self) -> IncidentCard:
        """The only one."""
        [sent] = self.cards()
        assert isinstance(sent.message, IncidentCard)
        return sent.message

    def sent_all(self) -> list[Sent]:
        """Every message, wherever it stands."""
        return self.chat.sent

    def replies(self) -> list[Sent]:
        """What was said in threads."""
        found = [sent for sent in self.chat.sent if sent.thread is not None]
        for sent in found:
            check_message(render(sent.message))
        return found

    def said(self) -> list[str]:
        """The words of the replies."""
        return [_words(sent.message) for sent in self.replies()]

    def known(self, which: str = "01A") -> Incident:
        """What is written down."""
        found = self.log.get(which)
        assert found is not None
        return found


def _words(message: Message) -> str:
    match message:
        case ThreadNews():
            return message.headline
        case ThreadEvent():
            return message.text
        case FeatureTable():
            return message.title
        case _:
            raise AssertionError(message)


def incident(name: str = "01A", kind: Kind = Kind.DRIFT, **more: Any) -> Incident:
    """An open incident of `fraud` in production, of which is to be told that it opened."""
    given: dict[str, Any] = {
        "model": "fraud",
        "environment": "production",
        "state": IncidentState.OPEN,
        "severity": Severity.WARNING,
        "opened": NOW - HOUR,
        "at": NOW - 60,
        "channel": "#fraud",
        "card": name,
        "past": tuple(_past(at) for at in range(3)),
        "readings": READINGS,
        "shapes": SHAPES,
        "total": 3,
        "bad": 2,
        "score": 3.0,
        "says": (Word(monitor="evidently:weekly", verdict=Verdict.BAD, at=NOW - 60, score=3.0, since=NOW - HOUR),),
    }
    return with_news(Incident(id=name, kind=kind, **(given | more)), "opened", NOW - HOUR)


def _past(hour: int) -> Past:
    return Past(at=NOW - 3 * HOUR + hour * HOUR, monitor="evidently:weekly", verdict=Verdict.BAD, score=1.0 + hour)
