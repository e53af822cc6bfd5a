"""What the policy says of drift: sources, runs, incidents, digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.drifting.measuring import DriftRun

Promotions = Literal["warn", "block", "quorum", "ignore"]


@dataclass(frozen=True)
class SourceRule:
    """Where a monitor leaves what it found. ``place`` may hold {model} and {environment}, which are read out of paths.
    ``model`` and ``environment`` are given where the reports do not tell them."""

    name: str
    type: Literal["evidently", "nannyml", "whylogs", "json", "mlflow"]
    place: str = ""
    model: str = ""
    environment: str = ""
    metrics: tuple[str, ...] = ()
    """MLflow only: patterns with `*` of metric names, such as `drift.psi.*`."""
    limits: Mapping[str, float] = field(default_factory=dict, hash=False)
    """By pattern, in the place of ``threshold``."""
    experiment: str = ""
    threshold: float | None = None
    share: float | None = None
    every: float = 900.0


@dataclass(frozen=True)
class RunRule:
    """A declared run for all models that ``models`` name, by name or by a pattern with `*`. ``run`` has no model yet,
    and its environment is as it was written, an alias perhaps or one with regions: ``bot.domain.drifting.declared``
    makes one run each of it."""

    models: tuple[str, ...]
    run: DriftRun


@dataclass(frozen=True)
class IncidentRule:
    """``opens`` and ``closes``: so many of the last so many windows. ``worsens``: by which factor drift is worse.
    ``critical``: the score from which an incident is critical. ``promotions``: what an open one means for them."""

    opens: tuple[int, int] = (2, 3)
    closes: tuple[int, int] = (3, 3)
    worsens: float = 1.5
    critical: float = 3.0
    promotions: Promotions = "warn"


@dataclass(frozen=True)
class DigestRule:
    """``name`` is what tells it from others. The subject is everything, or what ``models``, ``owner`` or
    ``environment`` narrow it to. ``empty``: what is said when there is nothing to say."""

    name: str
    cron: str
    timezone: str = "UTC"
    channel: str = ""
    models: tuple[str, ...] = ()
    owner: str = ""
    environment: str = ""
    empty: Literal["line", "none"] = "line"


@dataclass(frozen=True)
class DriftPolicy:
    """Everything together."""

    sources: tuple[SourceRule, ...] = ()
    runs: tuple[RunRule, ...] = ()
    incident: IncidentRule = IncidentRule()
    digests: tuple[DigestRule, ...] = ()
