"""A bot of fakes for what people freeze and ban: the dispatcher over ports in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.domain.cards import Message
from bot.domain.change import Action, Change, ChangeState, Intent
from bot.domain.commands import Command, Origin, Reconcile
from bot.domain.people import Person
from bot.domain.state_files import BRANCH
from bot.ports import LinkedAccount, Row
from bot.usecases.context import Context
from bot.usecases.dispatch import Dispatcher
from tests.fakes.chat import Channel, FakeChat
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.forge import FakeForge
from tests.fakes.inbox import FakeInbox
from tests.fakes.records import FakeChanges, FakeLinks, FakePosts
from tests.fakes.registry import FakeRegistry
from tests.fakes.signals import FakeSignals
from tests.usecases.fleet_files import POLICY, as_bytes

ANA, BEN = (Person(team="T0SANDBOX", user=user) for user in ("U0ANA", "U0BEN"))
NOW = 1_798_000_000.0  # 2026-12-23T04:26:40Z
RULES = POLICY.replace('roles: {promote: ["slack:U0ANA"]', 'roles: {freeze: ["slack:U0ANA"], ban: ["slack:U0ANA"]')


@dataclass
class Rig:
    """``checkout`` is shared by several bots where a race is played."""

    checkout: FakeCheckout = field(default_factory=lambda: FakeCheckout(as_bytes(_slackops_yaml=RULES)))
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    def __post_init__(self) -> None:
        self.checkout.fetch()
        self.chat = FakeChat(self.clock, [Channel("C0DEPLOYS", "ml-deploys", frozenset({"U0ANA"}))])
        self.inbox, self.changes, self.posts = FakeInbox(self.clock), FakeChanges(), FakePosts()
        self.audit = self.changes.audit
        self.registry = FakeRegistry()
        for _ in range(42):
            self.registry.add("fraud")
        self.ctx = Context(
            inbox=self.inbox,
            changes=self.changes,
            links=FakeLinks(LinkedAccount(ANA, "ana", "token")),
            posts=self.posts,
            checkout=self.checkout,
            forge=FakeForge(self.checkout),
            registry=self.registry,
            chat=self.chat,
            clock=self.clock,
            signals=FakeSignals(),
            audit=self.audit,
        )
        self.dispatcher = Dispatcher(self.ctx)

    def row(self, command: Command, key: str = "k1") -> Row:
        """The command, written down and claimed."""
        return Row(f"01{key:0>24}", key, command, 1, self.clock.now())

    def ask(self, kind: type[Any], key: str = "k1", by: Person = ANA, **fields: Any) -> Row:
        """Carry out what a person asks for."""
        row = self.row(kind(by=by, origin=Origin(channel="C0DEPLOYS"), **fields), key)
        self.dispatcher(row)
        return row

    def file(self, name: str) -> Any:
        """A file of the state branch, as JSON; None where there is none."""
        head = self.checkout.remote.get(BRANCH)
        data = self.checkout.read(head, [name]).get(name) if head else None
        return None if data is None else json.loads(data)

    def commits(self) -> list[str]:
        """The messages of the state branch, newest first."""
        found, at = [], self.checkout.remote.get(BRANCH)
        while at:
            commit = self.checkout.commits[at]
            found.append(commit.message)
            at = commit.parents[0] if commit.parents else None
        return found

    def told(self) -> list[Message]:
        """What the channel was told."""
        return [sent.message for sent in self.chat.sent]

    def whispered(self) -> Message:
        """The last thing that only one person saw."""
        return self.chat.whispers[-1].message

    def open_change(self, number: int, model: str = "fraud", to: str = "42", environment: str = "production") -> Change:
        """A change that waits."""
        intent = Intent(Action.PROMOTE, model, environment, "40", to, None, ())
        change = Change(
            f"01CHANGE{number:018d}", intent, (ANA,), None, NOW, "b", f"branch{number}", ChangeState.OPEN, number
        )
        self.changes.add(change)
        return change

    def to_reconcile(self) -> list[int]:
        """Pull requests that are to be looked at, in the order in which that was asked for."""
        rows = []
        while row := self.inbox.claim("w", 60):
            rows.append(row)
            self.inbox.done(row)
        return [row.command.number for row in rows if isinstance(row.command, Reconcile)]
