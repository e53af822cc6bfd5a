"""A bot of fakes before pull requests and pushes that people make themselves."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.cards import ChangeCard
from bot.domain.change import Change
from bot.domain.commands import Command
from bot.domain.facts import Check, CheckState, MergeOutcome
from bot.ports import LinkedAccount, Row
from tests.fakes.forge import FakeForge
from tests.usecases.stop_rig import ANA, BEN, Rig

POLICY = """\
version: 1
defaults: {channel: "#ml-deploys"}
environments:
  staging: {}
  production:
    aliases: [prod]
    approvals: {required: 1}
    gates: [{check: "ci/*"}]
layouts:
  - {files: ["models/{model}/{environment}.yaml"], at: uri, value: "s3://models/{model}/{version}"}
"""
FRAUD, LTV = "models/fraud/production.yaml", "models/ltv/production.yaml"
FILES = {
    ".slackops.yaml": POLICY,
    "models/fraud/staging.yaml": "uri: s3://models/fraud/41\n",
    FRAUD: "uri: s3://models/fraud/40\n",
    LTV: "uri: s3://models/ltv/5\n",
}
GATES, APPROVALS = "slackops/gates", "slackops/approvals"


def uri(model: str, version: int) -> bytes:
    """What a target's file says."""
    return f"uri: s3://models/{model}/{version}\n".encode()


@dataclass
class HandRig(Rig):
    """Ana is linked to `ana`, Ben to `ben`; both may write, and so may `kim`, whom nobody linked."""

    policy: str = POLICY

    def __post_init__(self) -> None:
        super().__post_init__()
        files = {**FILES, ".slackops.yaml": self.policy}
        old = dict.fromkeys(self.checkout.commits[self.checkout.remote["main"]].files)
        self.checkout.change("main", {**old, **{path: text.encode() for path, text in files.items()}})
        self.checkout.fetch()
        for model in ("fraud", "ltv"):
            for _ in range(60):
                self.registry.add(model)
        self.ctx.links.save(LinkedAccount(BEN, "ben", "ben-token"))
        assert isinstance(self.ctx.forge, FakeForge)
        self.forge = self.ctx.forge
        self.forge.permissions = dict.fromkeys(("ana", "ben", "kim"), "write")
        self.forge.tokens = {"token": "ana", "ben-token": "ben"}
        self._keys = 0

    def run(self, command: Command) -> Row:
        """Carry out one row of its own."""
        self._keys += 1
        row = self.row(command, f"r{self._keys}")
        self.dispatcher(row)
        return row

    def drain(self) -> None:
        """Carry out everything that is due."""
        for _ in range(100):
            row = self.inbox.claim("w", 60)
            if row is None:
                return
            self.dispatcher(row)
            self.inbox.done(row)
        raise AssertionError("it goes on and on")

    def opened(self, files: dict[str, bytes | None], branch: str = "mine", login: str = "kim", ci: bool = True) -> int:
        """Somebody pushes a branch and opens a pull request."""
        head = self.checkout.change(branch, files, author=login)
        number = self.forge.open_by_hand(login, branch, "By hand")
        if ci:
            self.forge.set_check(head, Check("ci/test", CheckState.SUCCESS))
        return number

    def pushed(self, branch: str, files: dict[str, bytes | None]) -> str:
        """Somebody pushes once more; CI is green on it."""
        head = self.checkout.change(branch, files, author="kim")
        self.forge.set_check(head, Check("ci/test", CheckState.SUCCESS))
        return head

    def states(self, number: int) -> dict[str, str]:
        """Both statuses of a head."""
        return {name: one.state for name, one in self.forge.statuses(self.forge.pull(number).head).items()}

    def words(self, number: int) -> str:
        """What both statuses say."""
        return " | ".join(one.description for one in self.forge.statuses(self.forge.pull(number).head).values())

    def record(self, number: int) -> Change:
        """The record of a pull request."""
        found = self.changes.by_number(number)
        assert found is not None
        return found

    def cards(self) -> list[ChangeCard]:
        """Every card as it stands now."""
        return [sent.message for sent in self.chat.sent if isinstance(sent.message, ChangeCard)]

    def merged(self, number: int, method: str = "squash", login: str = "kim") -> MergeOutcome:
        """A person merges on the forge."""
        return self.forge.merge_by_hand(login, number, method)


__all__ = ["ANA", "APPROVALS", "BEN", "FRAUD", "GATES", "LTV", "POLICY", "HandRig", "uri"]
