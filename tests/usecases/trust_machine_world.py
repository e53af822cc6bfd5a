"""The world of the trust machine: one model in one environment, its people, their accounts, and a policy as facts."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from typing import Any

import structlog

from bot.domain.change import Change
from bot.domain.commands import Command, Origin
from bot.domain.people import Person
from bot.domain.state_files import BRANCH
from bot.errors import ForgeUnavailable
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.dispatch import Dispatcher
from bot.worker.attempts import Attempts
from tests.fakes.chat import Channel, FakeChat
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox
from tests.fakes.links import FakeLinks
from tests.fakes.records import FakeChanges, FakePosts
from tests.fakes.registry import FakeRegistry
from tests.fakes.signals import FakeSignals
from tests.usecases.trust_machine_ports import Killed, NumberedForge, QuickCheckout, Wire, linked
from tests.usecases.trust_machine_rules import MODEL, PATH, Rules

USERS = ("U0ANA", "U0BEN", "U0CHLOE", "U0DAN", "U0EVE")
PEOPLE = tuple(Person(team="T0SANDBOX", user=user) for user in USERS)
ANA, BEN, CHLOE, DAN, EVE = PEOPLE
ACCOUNTS = {1: "ana", 2: "ben", 3: "chloe", 4: "dan", 5: "eve", 6: "ana-two", 7: "ci-robot", 8: "gus"}
READERS = {8}
NOW = 1_798_000_000.0
VERSIONS = 5
METRICS = {1: 0.90, 2: 0.91, 3: 0.92, 4: 0.95, 5: 0.80}
LEASE = 60.0
MEANWHILE = ("forge.statuses", "checkout.fetch", "chat.update")
"""Calls during which somebody else may act: everything up to the last look before a merge."""


def manifest(version: object) -> bytes:
    """The file that pins a version."""
    return f'uri: "s3://models/{MODEL}/{version}"  # pinned\n'.encode()


def version_in(data: bytes | None) -> str | None:
    """The version that a manifest pins."""
    found = re.fullmatch(rb'uri: "s3://models/fraud/(\d+)"  # pinned\n(?:# .*\n)*', data or b"")
    return found.group(1).decode() if found else None


class Quiet:
    """Says nothing of rows that fail, which they do here all the time."""

    def __call__(self, _logger: Any, _name: str, _event: MutableMapping[str, Any]) -> str:
        raise structlog.DropEvent


class World:
    """The real use cases over fakes; rows are carried out one by one, by a worker that may be killed."""

    def __init__(self) -> None:
        self.rules, self.count = Rules(), 0
        self.policies: dict[bytes, Rules | None] = {self.rules.text(): self.rules}
        self.clock = FakeClock(NOW)
        self.checkout = QuickCheckout({".slackops.yaml": self.rules.text(), PATH: manifest(1)})
        for version in (2, 3):
            self.checkout.change("main", {PATH: manifest(version)}, f"Move to {version}", author="kim")
        self.checkout.fetch()
        self.forge = NumberedForge(self.checkout, logins=dict(ACCOUNTS))
        self.forge.permissions = {name: "read" if n in READERS else "write" for n, name in ACCOUNTS.items()}
        self.forge.teams = {"acme/leads": {"ben", "ana-two", "ci-robot", "gus"}}
        self.chat = FakeChat(self.clock, [Channel("C0ML", "ml", frozenset(USERS))])
        self.chat.handles, self.chat.groups = (
            {"leads": "S0LEADS"},
            {"S0LEADS": frozenset({"U0BEN", "U0CHLOE", "U0ANA"})},
        )
        self.inbox, self.changes, self.posts, self.links = (
            FakeInbox(self.clock),
            FakeChanges(),
            FakePosts(),
            FakeLinks(),
        )
        self.registry = FakeRegistry()
        for version in range(1, VERSIONS + 1):
            self.registry.add(MODEL, metrics={"roc_auc": METRICS[version]})
        self.asked: dict[str, Person] = {}
        self.known: dict[Person, set[int]] = {person: set() for person in PEOPLE}
        self.rolled_back: set[str] = set()
        self.pushed: dict[str, int] = {}
        self.merges, self.crimes = 0, list[str]()
        for person, account in zip((ANA, BEN, CHLOE, EVE), (1, 2, 3, 5), strict=True):
            self.link(person, account)
        self.fault: tuple[int, str] | None = None
        self.meanwhile: tuple[str, int, Callable[[], None]] | None = None
        self.plain = Context(
            inbox=self.inbox, changes=self.changes, links=self.links, posts=self.posts, checkout=self.checkout,
            forge=self.forge, registry=self.registry, chat=self.chat, clock=self.clock, signals=FakeSignals(),
            audit=self.changes.audit,
        )  # fmt: skip
        self.forge.landed = self._landed
        self.start()

    def _landed(self, number: int, commit: str) -> None:
        change = self.changes.by_number(number)
        if change and change.intent.action == "rollback":
            self.rolled_back.add(commit)

    def start(self) -> None:
        """A new process."""
        wired: dict[str, Any] = {
            name: Wire(getattr(self.plain, name), name, self._pulled)
            for name in ("inbox", "changes", "posts", "checkout", "forge", "registry", "chat")
        }
        dispatcher = Dispatcher(replace(self.plain, **wired))
        self.attempts = Attempts(
            self.inbox, dispatcher, dispatcher.gave_up, lease=LEASE, draw=lambda: 0.0, wait=lambda _: None
        )
        self.attempts._log = structlog.wrap_logger(structlog.ReturnLogger(), processors=[Quiet()])

    # what happens at a port

    def _pulled(self, call: str, after: bool) -> None:
        if self.meanwhile and not after and call == self.meanwhile[0]:
            name, left, act = self.meanwhile
            self.meanwhile = (name, left - 1, act) if left else None
            if not left:
                act()
        if self.fault:
            left, how = self.fault
            if after == how.endswith("after"):
                self.fault = (left - 1, how) if left else None
                if not left:
                    raise Killed if how.startswith("kill") else ForgeUnavailable("injected")

    # what the worker does

    def put(self, command: Command) -> str:
        """Write a command down under a key of its own; the id of its row."""
        self.count += 1
        made = self.inbox.put(f"k{self.count}", command)
        assert made
        return made

    def work(self, most: int = 200) -> int:
        """Carry out what is due; how many rows it were. A process that is killed is started again a minute later."""
        for done in range(most):
            row = self.inbox.claim("w", LEASE)
            if row is None:
                return done
            try:
                self.attempts(row)
            except Killed:
                self.clock.tick(LEASE + 1)
                self.start()
        return most

    # what people and the forge do

    def by(self, person: Person, kind: Any, **fields: Any) -> str:
        """A person asks for something."""
        return self.put(kind(by=person, origin=Origin(channel="C0ML"), **fields))

    def at_once(self, person: Person, kind: Any, **fields: Any) -> None:
        """Another worker carries it out right now, undisturbed."""
        self.count += 1
        command = kind(by=person, origin=Origin(channel="C0ML"), **fields)
        Dispatcher(self.plain)(Row(f"01AT{self.count:0>22}", f"at{self.count}", command, 1, self.clock.now()))

    def link(self, person: Person, account: int) -> None:
        """The person proves to hold the account; it stands for them from now on."""
        self.links.save(linked(self.forge, person, account))
        self.known[person].add(account)

    def push_policy(self, rules: Rules | None) -> None:
        """Another policy on main; None: one that cannot be read."""
        self.count += 1
        text = f"version: 1\nnonsense: {self.count}\n".encode()
        if rules is not None:
            self.rules = replace(rules, note=self.count)
            text = self.rules.text()
        self.policies[text] = self.rules if rules is not None else None
        self.checkout.change("main", {".slackops.yaml": text}, "Policy", author="kim")

    def calm(self, rules: Rules) -> None:
        """A policy that can be read, a registry that answers, nothing frozen, everybody in their place."""
        self.push_policy(rules)
        self.registry.down = self.fault = self.meanwhile = None
        self.checkout.remote.pop(BRANCH, None)
        for person in PEOPLE:
            self.links.remove(person)
        for account in (1, 2, 3, 5, 6):
            self.forge.permissions[self.forge.logins[account]] = "write"
        for person, account in zip((ANA, BEN, CHLOE, EVE), (1, 2, 3, 5), strict=True):
            self.link(person, account)
        self.forge.teams["acme/leads"] |= {self.forge.logins[2]}
        self.chat.groups["S0LEADS"] |= {"U0BEN", "U0CHLOE"}

    def open(self) -> list[Change]:
        """Changes with a pull request that may still be merged."""
        return [change for change in self.changes.all_open() if change.number is not None]

    def deployed(self, commit: str | None = None) -> str | None:
        """The version that main pins."""
        return version_in(self.checkout.commits[commit or self.checkout.remote["main"]].files.get(PATH))
