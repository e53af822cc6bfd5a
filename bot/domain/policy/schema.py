"""The policy file's shape: the whole skeleton, every key with its default."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.domain.policy.approval_rules_schema import ApprovalsRule
from bot.domain.policy.base import Section
from bot.domain.policy.schema_drift import Drift
from bot.domain.policy.schema_gates import GateRule
from bot.domain.policy.schema_registry import Alerts, Propose
from bot.domain.policy.schema_retrain import Retrain
from bot.domain.policy.schema_rollout import After, FanOut, OnHealthy, Rollout, Steps
from bot.domain.policy.schema_targets import TargetEntry, VariableRule
from bot.domain.policy.schema_windows import BreakGlass, Quiet, Window
from bot.domain.policy.values import (
    Channel,
    Duration,
    EnvironmentName,
    Principal,
    Repository,
    Text,
    VariableName,
    parse_duration,
)

MAX_ENVIRONMENTS = 100
MAX_VARIABLES = 50
MAX_LAYOUTS = 100
MAX_WINDOWS = 50
NotifyEvent = Literal["needs_review", "failed", "degraded", "worse"]


class Defaults(Section):
    """What environments use where they say nothing themselves."""

    channel: Channel = "#ml-deploys"
    notify: dict[NotifyEvent, tuple[Principal, ...]] = Field(default_factory=dict)
    remind: Duration = parse_duration("4h")
    expire: Duration = parse_duration("7d")
    quiet: Quiet = Quiet()


class Roles(Section):
    """Who may do what. Of a role that is not written anybody may promote, rollback, freeze and ban, nobody the rest."""

    promote: tuple[Principal, ...] | None = None
    rollback: tuple[Principal, ...] | None = None
    freeze: tuple[Principal, ...] | None = None
    ban: tuple[Principal, ...] | None = None
    waive: tuple[Principal, ...] | None = None
    break_glass: tuple[Principal, ...] | None = None
    admin: tuple[Principal, ...] | None = None


class Linking(Section):
    """How accounts may be linked, beside the way through the browser."""

    device: bool = False


class Rollback(Section):
    """What going back to the version before needs."""

    approvals: int = Field(default=1, ge=0, le=20)
    requester: bool = True
    windows: Literal["ignore", "obey"] = "ignore"
    freezes: Literal["ignore", "obey"] = "ignore"


class Merge(Section):
    """How a change is merged."""

    method: Literal["squash", "merge", "rebase"] = "squash"
    auto: bool = True


class EnvironmentRule(Section):
    """One stage of the promotion order."""

    aliases: tuple[EnvironmentName, ...] = ()
    channel: Channel | None = None
    after: After | None = None
    approvals: ApprovalsRule = ApprovalsRule()
    rollback: Rollback = Rollback()
    windows: tuple[Window, ...] = Field(default=(), max_length=MAX_WINDOWS)
    remind: Duration | None = None
    expire: Duration | None = None
    quiet: Quiet | None = None
    gates: tuple[GateRule, ...] = ()
    merge: Merge = Merge()
    rollout: Rollout = Rollout()
    steps: Steps | None = None
    on_healthy: OnHealthy | None = None
    fan_out: FanOut | None = None
    roles: Roles = Roles()


class ModelRule(Section):
    """What differs for one model."""

    owners: tuple[Principal, ...] = ()
    channel: Channel | None = None
    repo: Repository | None = None
    roles: Roles = Roles()
    primary_metric: Text | None = None
    registry: Text | None = None
    greater_is_better: bool | None = None
    gates: tuple[GateRule, ...] = ()
    vars: dict[VariableName, VariableRule] = Field(default_factory=dict, max_length=MAX_VARIABLES)
    steps: dict[EnvironmentName, Steps] = Field(default_factory=dict)
    targets: dict[str, tuple[TargetEntry, ...]] = Field(default_factory=dict)


class PolicyFile(Section):
    """The whole policy."""

    version: Literal[1] = 1
    enforce: bool = True
    commits: Literal["push", "api"] = "push"
    defaults: Defaults = Defaults()
    roles: Roles = Roles()
    linking: Linking = Linking()
    break_glass: BreakGlass = BreakGlass()
    environments: dict[EnvironmentName, EnvironmentRule] = Field(default_factory=dict, max_length=MAX_ENVIRONMENTS)
    models: dict[str, ModelRule] = Field(default_factory=dict)
    layouts: tuple[TargetEntry, ...] = Field(default=(), max_length=MAX_LAYOUTS)
    propose: tuple[Propose, ...] = Field(default=(), max_length=MAX_LAYOUTS)
    alerts: Alerts = Alerts()
    drift: Drift = Drift()
    retrain: dict[str, Retrain] = Field(default_factory=dict)
