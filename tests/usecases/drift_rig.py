"""A bot of fakes that measures drift by itself, and reads what monitors leave."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.adapters.cron import SchedulerCron
from bot.domain.commands import PollDrift, TakeDrift
from bot.domain.drifting.windows import Window
from bot.domain.registry_cards import RegistryNews
from bot.ports import Row
from tests.fakes.drift_files import FakeDriftFiles
from tests.fakes.drift_memory import FakeDriftMemory
from tests.fakes.measuring import FakeMeasuring
from tests.fakes.metric_runs import FakeMetricRuns
from tests.usecases.hand_rig import HandRig

POLICY = """\
version: 1
defaults: {{channel: "#ml-deploys"}}
environments: {{staging: {{}}, production: {{aliases: [prod]}}}}
layouts:
  - {{files: ["models/{{model}}/{{environment}}.yaml"], at: uri, value: "s3://models/{{model}}/{{version}}"}}
models: {{fraud: {{primary_metric: auc}}}}
drift:
  runs: {runs}
  sources: {sources}
"""
DATA = "reference: {path: /ref.parquet}, current: {path: '/{model}.parquet'}"
RUN = f"[{{name: scores, model: fraud, environment: prod, {DATA}, every: 1h}}]"


@dataclass
class DriftRig(HandRig):
    """fraud is at 40 in production and 41 in staging, ltv at 5 in production. What is handed in stays in the inbox."""

    runs: str = RUN
    sources: str = "[]"

    def __post_init__(self) -> None:
        self.policy = POLICY.format(runs=self.runs, sources=self.sources)
        super().__post_init__()
        self.memory, self.measuring = FakeDriftMemory(), FakeMeasuring(amount=0.5)
        self.files, self.tracking = FakeDriftFiles(), FakeMetricRuns()
        self.dispatcher.ctx = self.ctx = replace(
            self.ctx,
            drift_memory=self.memory,
            measuring=self.measuring,
            drift_files=self.files,
            metric_runs=self.tracking,
            cron=SchedulerCron(),
        )
        self.carried: list[Row] = []

    def tick(self, seconds: float = 0.0) -> None:
        """Time goes by, the clock ticks, and what follows happens, but for what is handed in."""
        self.clock.time += seconds
        self.run(PollDrift())
        while (row := self.inbox.claim("w", 60)) is not None:
            self.inbox.done(row)
            if not isinstance(row.command, TakeDrift):
                self.dispatcher(row)
            self.carried.append(row)

    def windows(self) -> list[Window]:
        """What was handed in, in order."""
        found = [row.command for row in self.carried if isinstance(row.command, TakeDrift)]
        return [window for command in found for window in command.windows]

    def keys(self, kind: str) -> list[str]:
        """The keys of the rows of this kind that were carried out."""
        return [row.key for row in self.carried if row.command.kind == kind]

    def said(self) -> list[str]:
        """The headlines and texts of what the channel was told."""
        news = [one for one in self.told() if isinstance(one, RegistryNews)]
        return [f"{one.headline}: {one.text}" for one in news]
