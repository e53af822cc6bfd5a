"""A bot of fakes before one promotion of two versions that differ in everything."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.chart import Chart
from bot.domain.commands import Reconcile
from bot.domain.comparison_card import ComparisonCard
from bot.domain.facts import ModelVersion
from bot.errors import SlackOpsError
from bot.usecases.version_facts import VersionFacts
from tests.domain.comparing_facts import BASE, COMMITS, HEAD, NEEDS, NEW, OLD
from tests.fakes.chat import Sent
from tests.usecases.review_rig import ReviewRig

TRAINING = "acme/training"


@dataclass
class FakeCharts:
    """Notes what it is to draw; ``there`` is False without the extra."""

    drawn: list[Chart] = field(default_factory=list)
    there: bool = True

    def png(self, chart: Chart) -> bytes | None:
        self.drawn.append(chart)
        return b"PNG" if self.there else None


class Counting:
    """A port that counts the calls of one method, and may be told to fail."""

    def __init__(self, port: Any, method: str) -> None:
        self._port, self._method = port, method
        self.calls: list[Any] = []
        self.fails: SlackOpsError | None = None

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._counted if name == self._method else found

    def _counted(self, *args: Any) -> Any:
        self.calls.append(args)
        if self.fails is not None:
            raise self.fails
        return getattr(self._port, self._method)(*args)


@dataclass
class ComparingRig(ReviewRig):
    """fraud 40 → 42 in production is open, and the registry has come to know of both."""

    metrics: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        head = self.checkout.commits[self.checkout.remote["main"]]
        policy = self.policy.replace(
            "models:\n  fraud: {", f"models:\n  fraud: {{primary_metric: roc_auc, repo: {TRAINING}, "
        )
        self.checkout.change("main", {**dict(head.files), ".slackops.yaml": policy.encode()}, "Policy")
        self.checkout.fetch()
        self.charts = FakeCharts()
        self.registered = self.registry
        self.asked = Counting(self.forge, "compare")
        self.needed = Counting(self.registry, "requirements")
        self.dispatcher.ctx = self.ctx = replace(
            self.ctx, charts=self.charts, forge=self.asked, registry=self.needed, version_facts=VersionFacts()
        )
        self.forge.between[TRAINING, BASE, HEAD] = COMMITS
        self.registry.needs = {("fraud", "40"): NEEDS[0], ("fraud", "42"): NEEDS[1]}
        if self.metrics:
            self.log("100", replace(OLD, metrics={"roc_auc": 0.93}))
            self.log("40", OLD)
            self.log("42", NEW)

    def log(self, number: str, like: ModelVersion) -> None:
        """The registry has these facts of a version of fraud."""
        have = self.registered._versions["fraud"]
        have[:] = [replace(like, version=number) if one.version == number else one for one in have]

    def look(self) -> list[str]:
        """Reconcile; what was written to the forge by that."""
        before = len(self.forge.writes)
        self.run(Reconcile(number=self.number))
        return self.forge.writes[before:]

    def body(self) -> str:
        return self.forge.pull(self.number).body

    def tables(self) -> list[Sent]:
        """The comparisons in the thread."""
        return [sent for sent in self.chat.sent if isinstance(sent.message, ComparisonCard)]
