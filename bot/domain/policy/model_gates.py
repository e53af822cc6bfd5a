"""What the policy asks of a version: its gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower"]
Mode = Literal["block", "warn"]
At = Literal["propose", "merge"]


@dataclass(frozen=True)
class Regression:
    """How much worse a metric may be: in the metric's own unit, or in per cent of the old value (1 % is 1.0)."""

    amount: float
    percent: bool


@dataclass(frozen=True)
class MetricGate:
    """A metric against ``threshold`` (the least it may be where higher is better, else the most) or against the
    deployed version's. Exactly one of the two is set. ``metric`` may be a pattern: then every match must pass."""

    name: str
    metric: str
    direction: Direction
    threshold: float | None
    against: Literal["deployed"] | None
    max_regression: Regression | None
    mode: Mode
    at: At


@dataclass(frozen=True)
class CheckGate:
    """The commit checks whose names match ``pattern``. Never matches `slackops/*`."""

    name: str
    pattern: str
    mode: Mode
    at: At


@dataclass(frozen=True)
class SoakGate:
    """The version must have stood in ``environment`` for ``seconds``: from healthy, or from its merge where no engine
    ever reported about that environment."""

    name: str
    environment: str
    seconds: float
    mode: Mode = "block"
    at: At = "merge"


Gate = MetricGate | CheckGate | SoakGate
