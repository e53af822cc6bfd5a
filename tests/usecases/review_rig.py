"""A bot of fakes before one promotion that waits for approvals."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.adapters.attest import HmacAttest
from bot.domain.approvals import Tally
from bot.domain.cards import Refusal
from bot.domain.change import Change
from bot.domain.commands import Promote, Reconcile, Review
from bot.domain.facts import ForgeReview
from bot.domain.people import Person
from bot.usecases.observe import snapshot
from tests.usecases.hand_rig import HandRig
from tests.usecases.stop_rig import ANA

KEYS = ("zcTzV3Wd2bH5vJ0oYb7ePq2d1m0m8kQv3xkS0wq1q1A=", "b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleTA=")
CAROL, KIM = (Person(team="T0SANDBOX", user=user) for user in ("U0CAROL", "U0KIM"))
POLICY = """\
version: 1
environments:
  staging: {{}}
  production:
    approvals: {approvals}
layouts:
  - {{files: ["models/{{model}}/{{environment}}.yaml"], at: uri, value: "s3://models/{{model}}/{{version}}"}}
models:
  fraud: {{owners: ["slack:@fraud"]}}
"""


@dataclass
class ReviewRig(HandRig):
    """Ana asked for fraud 42 in production; Ben is linked, Carol and Kim have no account."""

    approvals: str = "{required: 1}"

    def __post_init__(self) -> None:
        self.policy = POLICY.format(approvals=self.approvals)
        super().__post_init__()
        attest = HmacAttest(KEYS)
        self.dispatcher.ctx = self.ctx = replace(self.ctx, attest=attest)
        self.chat.groups = {"S0FRAUD": frozenset({"U0BEN", "U0CAROL"})}
        self.chat.handles = {"fraud": "S0FRAUD"}
        self.run(Promote(by=ANA, model="fraud", version="42", environment="production"))
        self.drain()
        self.number = self.change.number or 0

    @property
    def change(self) -> Change:
        """As it is recorded now."""
        return (
            self.changes.merged_for("fraud", "production")[0]
            if not self.changes.all_open()
            else self.changes.all_open()[0]
        )

    def click(self, by: Person, verdict: str = "approve", comment: str | None = None) -> None:
        """Approve or Request changes, on the card as it is."""
        change = self.change
        self.run(Review(by=by, change=change.id, digest=change.intent.digest, verdict=verdict, comment=comment))

    def tally(self) -> Tally:
        """How far it is."""
        return snapshot(self.ctx, self.dispatcher.repo, self.change, self.forge.pull(self.number)).tally

    def status(self) -> str:
        """What `slackops/approvals` says once it was looked at."""
        self.run(Reconcile(number=self.number))
        found = self.forge.statuses(self.forge.pull(self.number).head)
        return f"{found['slackops/approvals'].state}: {found['slackops/approvals'].description}"

    def reviews(self) -> list[ForgeReview]:
        """On the forge."""
        return self.forge.reviews(self.number)

    def refused(self) -> Refusal:
        """The last thing that one person was told."""
        said = self.whispered()
        assert isinstance(said, Refusal), said
        return said
