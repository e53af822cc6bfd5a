"""A bot of fakes for CI: one repository that trains a model, one that the policy lists, and the deployment repo."""

from __future__ import annotations

from typing import Any

from bot.domain.cards import Message
from bot.domain.ci_cards import CiCard, CiDigest
from bot.domain.commands import Command, LookCi, PollCi
from bot.domain.people import Person
from bot.domain.subscription_cards import Subscribed
from bot.ports import LinkedAccount, Subscription
from bot.usecases.context import Context
from bot.usecases.dispatch import Dispatcher
from tests.fakes.chat import Channel, FakeChat, Sent
from tests.fakes.checkout import FakeCheckout
from tests.fakes.ci import FakeCi, FakeCiLog
from tests.fakes.clock import FakeClock
from tests.fakes.forge import FakeForge
from tests.fakes.inbox import FakeInbox
from tests.fakes.records import FakeChanges, FakeLinks, FakePosts
from tests.fakes.registry import FakeRegistry
from tests.fakes.signals import FakeSignals
from tests.fakes.subscriptions import FakeSubscriptions
from tests.usecases.fleet_files import as_bytes

ANA, BEN = (Person(team="T0SANDBOX", user=user) for user in ("U0ANA", "U0BEN"))
NOW = 1_798_000_000.0
TRAINING, TOOLS = "acme/fraud-training", "acme/tools"
C1, C2, C3, C4 = (letter * 40 for letter in "1234")
RULES = """
version: 1
environments:
  production: {approvals: {required: 0}}
defaults: {channel: "#ml-deploys"}
models:
  fraud:
    owners: ["slack:U0ANA"]
    repo: acme/fraud-training
    channel: "#fraud"
    targets:
      production: [{files: [fraud.yaml], at: v, value: "{version}"}]
roles: {promote: ["slack:U0ANA"]}
alerts: {ci: {repos: [acme/tools], many: 2, within: 15m}}
"""


class CiRig:
    """Results come in, rows are worked off, and what the chat shows is looked at."""

    def __init__(self, rules: str = RULES) -> None:
        self.checkout = FakeCheckout(as_bytes(_slackops_yaml=rules) | {"fraud.yaml": b"v: 41\n"})
        self.checkout.fetch()
        self.clock = FakeClock(NOW)
        members = frozenset({"U0ANA", "U0BEN"})
        named = (Channel("C0DEPLOYS", "ml-deploys", members), Channel("C0FRAUD", "fraud", members))
        self.chat = FakeChat(self.clock, list(named))
        self.inbox, self.changes, self.posts = FakeInbox(self.clock), FakeChanges(), FakePosts()
        self.audit = self.changes.audit
        self.forge = FakeForge(self.checkout)
        self.ci, self.log = FakeCi(self.forge.between), FakeCiLog()
        self.subscriptions = FakeSubscriptions()
        self.ctx = Context(
            inbox=self.inbox,
            changes=self.changes,
            links=FakeLinks(LinkedAccount(ANA, "ana", "token")),
            posts=self.posts,
            checkout=self.checkout,
            forge=self.forge,
            registry=FakeRegistry(),
            chat=self.chat,
            clock=self.clock,
            signals=FakeSignals(),
            audit=self.audit,
            ci=self.ci,
            ci_log=self.log,
            subscriptions=self.subscriptions,
        )
        self.dispatcher = Dispatcher(self.ctx)
        self._count = 0

    def push(self, *shas: str, repo: str = TRAINING, **who: str) -> None:
        """New commits."""
        self.ci.push(repo, *shas, **who)

    def ends(self, sha: str, gate: str, state: str, repo: str = TRAINING, *, told: bool = True, **more: Any) -> None:
        """A check ends, a second after the last one; its webhook comes, and is worked off."""
        self.clock.tick(1)
        self.ci.result(repo, sha, gate, state, more.pop("at", self.clock.now()), **more)
        if told:
            self.hook(sha, repo)

    def hook(self, sha: str, repo: str = TRAINING) -> None:
        """A webhook about the commit, and all that follows at once."""
        self._count += 1
        self.inbox.put(f"github:{self._count}:ci", LookCi(repo=repo, sha=sha))
        self.drain()

    def poll(self) -> None:
        """The clock's look."""
        self._count += 1
        self.inbox.put(f"schedule:poll_ci:{self._count}", PollCi())
        self.drain()

    def ask(self, command: Command) -> None:
        """What a person asks for."""
        self._count += 1
        self.inbox.put(f"slack:{self._count}", command)
        self.drain()

    def drain(self, seconds: float = 3.0) -> None:
        """Work off what is due now, and what is due within so many seconds."""
        self._work()
        self.clock.tick(seconds)
        self._work()

    def _work(self) -> None:
        while (row := self.inbox.claim("w", 60)) is not None:
            self.dispatcher(row)
            self.inbox.done(row)

    def hears(self, *channels: str, model: str = "fraud") -> None:
        """These channels subscribed to the CI of a model."""
        self.subscriptions.add([Subscription(channel, model, "ci", str(ANA), NOW) for channel in channels])

    def news(self) -> list[tuple[str, str]]:
        """What subscribers heard, and where."""
        told = [(one.posted.channel, one.message) for one in self.chat.sent]
        return [(where, said.text) for where, said in told if isinstance(said, Subscribed)]

    def cards(self) -> list[CiCard]:
        """Every card, oldest first, as it stands."""
        return [one.message for one in self.chat.sent if isinstance(one.message, CiCard)]

    def digests(self) -> list[CiDigest]:
        return [one.message for one in self.chat.sent if isinstance(one.message, CiDigest)]

    def replies(self) -> list[Message]:
        """What was said in threads."""
        return [one.message for one in self.chat.sent if one.thread is not None]

    def sent(self) -> list[Sent]:
        return self.chat.sent

    def states(self, index: int = 0) -> dict[str, bool]:
        """The gates of a card: does it fail?"""
        return {one.gate: one.failing for one in self.cards()[index].gates}
