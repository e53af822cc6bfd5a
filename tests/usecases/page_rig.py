"""A bot of fakes that has details pages, before one change with gates that waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from bot.domain.commands import Reconcile
from bot.domain.details import Details
from bot.ports.details import Ended, Page
from bot.usecases.context import Context
from bot.usecases.details import DetailsShown
from tests.fakes.evaluations import FakeEvaluations
from tests.usecases.hand_rig import GATES
from tests.usecases.review_rig import ReviewRig

GATED = """\
version: 1
defaults: {{expire: 90d}}
environments:
  staging: {{}}
  production:
    approvals: {approvals}
    gates:
      - {{metric: auc, threshold: 0.9}}
      - {{check: "ci/*", mode: warn}}
      - {{tag: validated, mode: warn}}
layouts:
  - {{files: ["models/{{model}}/{{environment}}.yaml"], at: uri, value: "s3://models/{{model}}/{{version}}"}}
models:
  fraud: {{owners: ["slack:@fraud"]}}
"""


@dataclass
class PageRig(ReviewRig):
    """Fraud 42 waits in production, by a gate on `auc`; the bot has pages."""

    approvals: str = "{required: 1}"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.evaluations = FakeEvaluations()
        self.dispatcher.ctx = self.ctx = replace(self.ctx, evaluations=self.evaluations, public_url="https://bot.test/")
        self.push({".slackops.yaml": GATED.format(approvals=self.approvals).encode()})
        self.measure(0.95)
        self.look()

    def push(self, files: dict[str, bytes | None]) -> None:
        """Somebody pushes to the default branch."""
        self.checkout.change("main", files)

    def measure(self, auc: float) -> None:
        """The registry tells another value of the candidate's metric."""
        have = self.registry._versions["fraud"]
        have[:] = [replace(one, metrics={"auc": auc}) if one.version == "42" else one for one in have]

    def look(self) -> None:
        """One reconcile."""
        self.run(Reconcile(number=self.number))

    @property
    def page(self) -> Details:
        """As somebody sees it who follows the status's link."""
        found = self.follow(self.link)
        assert isinstance(found, Page), found
        return found.details

    @property
    def link(self) -> str:
        """Where `slackops/gates` leads."""
        return self.forge.statuses(self.forge.pull(self.number).head)[GATES].url or ""

    def follow(self, url: str) -> Page | Ended | None:
        """Open a link."""
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        pages = DetailsShown(without_outside(self.ctx))
        return pages.page(parts.path.rpartition("/")[2], query.get("e", ""), query.get("s", ""))


class _Nobody:
    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"a page asked for {name}")


def without_outside(ctx: Context) -> Context:
    """A page is served from the store: nothing else may be asked."""
    nobody = _Nobody()
    outside = dict.fromkeys(("forge", "checkout", "registry", "chat", "inbox", "changes", "posts"), nobody)
    return replace(ctx, **outside)  # type: ignore[arg-type]
