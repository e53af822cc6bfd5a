"""A bot of fakes that trains models again: one engine by each name, an incident that is open, a policy."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.change import Change
from bot.domain.commands import Command, LookIncident, Origin, Retrain
from bot.domain.drifting.incidents import Incident, IncidentState
from bot.domain.drifting.windows import Kind, Severity
from bot.domain.people import Person
from bot.domain.retraining import Retraining, RetrainState
from bot.errors import Fatal, LeaseLost, Refused, Transient
from bot.ports import Row
from tests.fakes.incident_log import FakeIncidentLog
from tests.fakes.retrains import FakeRetrainer, FakeRetrains
from tests.usecases.hand_rig import ANA, BEN, HandRig

POLICY = """\
version: 1
defaults: {{channel: "#ml-deploys"}}
environments:
  staging: {{approvals: {{required: 1}}}}
  production: {{aliases: [prod], approvals: {{required: 1}}}}
layouts:
  - {{files: ["models/{{model}}/{{environment}}.yaml"], at: uri, value: "s3://models/{{model}}/{{version}}"}}
roles: {{promote: ["slack:U0ANA"]}}
models: {{fraud: {{owners: ["slack:U0BEN"]}}}}
retrain: {retrain}
"""
PLAIN = "{fraud: {github: {repo: acme/fraud, workflow: train.yml}}}"
INCIDENT = "01INCIDENT0000000000000001"


@dataclass
class RetrainRig(HandRig):
    """fraud serves 40 in production and has 102 versions; ``incident`` is open there."""

    retrain: str = PLAIN

    def __post_init__(self) -> None:
        self.policy = POLICY.format(retrain=self.retrain)
        super().__post_init__()
        self.engine, self.retrains = FakeRetrainer(), FakeRetrains()
        self.incidents = FakeIncidentLog()
        engines = dict.fromkeys(("github", "airflow", "kubeflow", "webhook"), self.engine)
        more: dict[str, Any] = {"retrains": self.retrains, "retrainers": engines, "incident_log": self.incidents}
        self.dispatcher.ctx = self.ctx = replace(self.ctx, **more)
        self.incidents.save(None, [self._incident()])

    def _incident(self) -> Incident:
        return Incident(
            id=INCIDENT,
            model="fraud",
            environment="production",
            kind=Kind.DRIFT,
            state=IncidentState.OPEN,
            severity=Severity.WARNING,
            opened=self.clock.now(),
            channel="#ml-deploys",
            card=INCIDENT,
        )

    def click(self, key: str = "k1", by: Person = ANA, attempt: int = 1, **fields: Any) -> Row:
        """Somebody submits the form of Retrain; the row is carried out, whatever it raises."""
        row = replace(self.row(self.command(by, **fields), key), attempt=attempt)
        self.dispatcher(row)
        return row

    def command(self, by: Person = ANA, **fields: Any) -> Retrain:
        """What the form says."""
        known = {"model": "fraud", "environment": "production", "reason": "country drifts"}
        return Retrain(by=by, origin=Origin(channel="C0DEPLOYS"), **(known | fields))

    def only(self) -> Retraining:
        """The one that was asked for."""
        [one] = self.retrains.of("fraud")
        return one

    def pass_time(self, seconds: float, step: float = 60.0) -> None:
        """Time goes by, and what is due is done when it is due."""
        until = self.clock.time + seconds
        while self.clock.time < until:
            self.clock.time = min(until, self.clock.time + step)
            self.drain_quietly()

    def ended(self, state: RetrainState = RetrainState.SUCCEEDED, **more: str | None) -> None:
        """The engine is done after ten minutes, and that is seen."""
        self.pass_time(600)
        self.engine.ends(self.only().id, state, **more)
        self.pass_time(1200)

    def drain_quietly(self) -> None:
        """What is due, but for changes that only the real forge could take further, and the incident's own card."""
        for _ in range(200):
            row = self.inbox.claim("w", 60)
            if row is None:
                return
            if not isinstance(row.command, LookIncident):
                with suppress(Fatal):
                    self.dispatcher(row)
            self.inbox.done(row)
        raise AssertionError("it goes on and on")

    def tries(self, row: Row) -> Exception | None:
        """Carry a row out; what it raised, where it is tried again."""
        try:
            self.dispatcher(row)
        except (Transient, Fatal, LeaseLost, Refused) as error:
            return error
        return None

    def proposals(self) -> list[tuple[str, str, str]]:
        """Model, environment and version of every open change."""
        found: list[Change] = self.changes.all_open()
        return [(one.intent.model, one.intent.environment, one.intent.to) for one in found]

    def news(self) -> list[str]:
        """What the incident is to tell."""
        found = self.incidents.get(INCIDENT)
        return [one.words for one in found.news] if found else []

    def deeds(self) -> list[str]:
        """What the audit says was done, about retraining."""
        return [row.entry.what for row in self.audit.rows() if row.entry.what.startswith("retrain")]

    def waiting(self, kind: type[Command]) -> int:
        """Rows of a kind that were ever put."""
        name = kind.model_fields["kind"].default
        return sum(f'"kind":"{name}"'.encode() in record.body for record in self.inbox.records)


__all__ = ["ANA", "BEN", "INCIDENT", "RetrainRig"]
