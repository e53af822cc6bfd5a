"""What every use case works with: the ports, and the few numbers that the installation sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.ports import (
    Attest,
    Audit,
    Changes,
    Charts,
    Chat,
    Checkout,
    Ci,
    CiLog,
    Clock,
    Cron,
    DriftFiles,
    DriftMemory,
    Engine,
    Evaluations,
    Forge,
    GateCalls,
    Inbox,
    IncidentLog,
    Incidents,
    Links,
    Measuring,
    MetricRuns,
    Posts,
    Registry,
    RegistryMemory,
    Retrainer,
    Retrains,
    SignalLog,
    Subscriptions,
)
from bot.ports.signin import SignIn
from bot.usecases.version_facts import VersionFacts


@dataclass(frozen=True)
class Context:
    """The ports of one running bot."""

    inbox: Inbox
    changes: Changes
    links: Links
    posts: Posts
    checkout: Checkout
    forge: Forge
    registry: Registry
    chat: Chat
    clock: Clock
    signals: SignalLog
    audit: Audit
    engines: Mapping[str, Engine] = field(default_factory=dict)
    """Engines that can be asked, by the name that the policy's `rollout.engine` uses."""
    command_prefix: str = ""
    attest: Attest | None = None
    """Signs what the bot records for people without an account; None: it records nothing."""
    signin: SignIn | None = None
    """What linking accounts needs; None: nobody can link."""
    charts: Charts | None = None
    """Draws; None: no pictures."""
    gate_calls: GateCalls | None = None
    """Asks HTTP gates; None: they are unknown."""
    incidents: Incidents | None = None
    evaluations: Evaluations | None = None
    """What details pages show; None: there are none."""
    registry_memory: RegistryMemory | None = None
    ci: Ci | None = None
    ci_log: CiLog | None = None
    subscriptions: Subscriptions | None = None
    incident_log: IncidentLog | None = None
    """Drift and what came of it; None: nothing is kept of it."""
    cron: Cron | None = None
    drift_memory: DriftMemory | None = None
    drift_files: DriftFiles | None = None
    metric_runs: MetricRuns | None = None
    measuring: Measuring | None = None
    retrainers: Mapping[str, Retrainer] = field(default_factory=dict)
    """Engines that train, by the policy's name for them."""
    retrains: Retrains | None = None
    version_facts: VersionFacts = field(default_factory=VersionFacts)
    """What never changes about versions, kept for the process."""
    public_url: str = ""
    """Where people reach the bot's own pages; empty where they cannot."""
    hold: Callable[[], None] = lambda: None
    """Asked right before what cannot be taken back: raises LeaseLost where another worker carries this row out."""
