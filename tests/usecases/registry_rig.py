"""A bot of fakes that remembers what the registry said, and a policy with rules that propose."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from bot.domain.change import Change
from bot.domain.commands import LookRegistry, PollRegistry
from bot.domain.registry_cards import RegistryNews
from bot.errors import Fatal
from tests.fakes.registry_memory import FakeRegistryMemory
from tests.usecases.hand_rig import HandRig

POLICY = """\
version: 1
defaults: {{channel: "#ml-deploys"}}
environments:
  staging: {{}}
  production:
    aliases: [prod]
    approvals: {{required: 1}}
    on_healthy: {{alias: champion}}
layouts:
  - {{files: ["models/{{model}}/{{environment}}.yaml"], at: uri, value: "s3://models/{{model}}/{{version}}"}}
roles: {{promote: ["slack:U0BEN"], ban: ["slack:U0ANA"]}}
models:
  ltv: {{owners: ["slack:U0BEN"]}}
propose: {propose}
"""
CHALLENGER = "[{on: alias, alias: challenger, to: production}]"


@dataclass
class RegistryRig(HandRig):
    """fraud has 102 versions, ltv 60. Pinned are fraud 40 in production and 41 in
    staging, ltv 5 in production. Nothing was looked at yet."""

    propose: str = CHALLENGER

    def __post_init__(self) -> None:
        self.policy = POLICY.format(propose=self.propose)
        super().__post_init__()
        self.memory = FakeRegistryMemory()
        self.dispatcher.ctx = self.ctx = replace(self.ctx, registry_memory=self.memory)

    def drain(self) -> None:
        """As it is, but for changes that are only recorded: the forge knows no pull request of theirs."""
        for _ in range(200):
            row = self.inbox.claim("w", 60)
            if row is None:
                return
            with suppress(Fatal):
                self.dispatcher(row)
            self.inbox.done(row)
        raise AssertionError("it goes on and on")

    def begun(self) -> RegistryRig:
        """The clock has had every model looked at."""
        self.poll()
        return self

    def poll(self) -> None:
        """A tick of the clock, and what follows."""
        self.run(PollRegistry())
        self.drain()

    def look(self, model: str = "fraud") -> None:
        """A webhook, and what follows."""
        self.run(LookRegistry(model=model))
        self.drain()

    def later(self, seconds: float) -> None:
        """Time goes by, and what is due then happens."""
        self.clock.time += seconds
        self.drain()

    def news(self) -> list[RegistryNews]:
        """What channels were told of the registry, as it stands now."""
        return [sent.message for sent in self.chat.sent if isinstance(sent.message, RegistryNews)]

    def opened_changes(self) -> list[tuple[str, str, str]]:
        """Model, environment and version of every open change."""
        found = [one.intent for one in self.changes.all_open()]
        return [(intent.model, intent.environment, intent.to) for intent in found]

    def only(self) -> Change:
        """The one that is open."""
        [change] = self.changes.all_open()
        return change

    def change_policy(self, old: str, new: str) -> None:
        """Somebody merges another policy."""
        text = self.checkout.read(self.checkout.remote["main"], [".slackops.yaml"])[".slackops.yaml"].decode()
        assert old in text
        self.checkout.change("main", {".slackops.yaml": text.replace(old, new).encode()})
        self.checkout.fetch()
