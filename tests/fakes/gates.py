"""What lies outside of gates, in memory: other people's verdicts, and open incidents."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.domain.gating import Answer, OpenIncident
from bot.errors import SlackOpsError


@dataclass
class FakeGateCalls:
    """The GateCalls port: answers what ``says`` holds by address, and keeps what it was told."""

    says: dict[str, Answer] = field(default_factory=dict)
    told: list[tuple[str, dict[str, Any], float]] = field(default_factory=list)

    def ask(self, url: str, body: bytes, timeout: float) -> Answer:
        self.told.append((url, json.loads(body), timeout))
        return self.says.get(url, Answer("unknown", "no answer (ConnectError)"))


@dataclass
class FakeIncidents:
    """The Incidents port: what ``are`` holds by model and environment; ``down`` is raised by every call."""

    are: dict[tuple[str, str], list[OpenIncident]] = field(default_factory=dict)
    down: SlackOpsError | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def open(self, model: str, environment: str) -> tuple[OpenIncident, ...]:
        self.asked.append((model, environment))
        if self.down is not None:
            raise self.down
        return tuple(sorted(self.are.get((model, environment), ()), key=lambda one: one.since))
