"""The policy as the rest of the bot asks it: plain frozen facts, every default filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.policy.model_gates import (
    ArtifactGate,
    At,
    BranchGate,
    CheckGate,
    DatasetGate,
    Direction,
    Gate,
    HttpGate,
    IncidentGate,
    Margin,
    MetricGate,
    Mode,
    Regression,
    SignatureGate,
    SoakGate,
    TagGate,
)
from bot.domain.policy.model_rules import (
    Approvals,
    CiRule,
    EngineName,
    MergeRule,
    OnDegraded,
    ProposeRule,
    RollbackRule,
    RolloutRule,
    StepMode,
    StepsRule,
    StormRule,
)
from bot.domain.policy.model_targets import (
    Binding,
    Block,
    Declared,
    DocSelector,
    Format,
    Role,
    Target,
)
from bot.domain.policy.model_windows import RemindRule, WindowRule

__all__ = [
    "Approvals",
    "ArtifactGate",
    "At",
    "Binding",
    "Block",
    "BranchGate",
    "CheckGate",
    "CiRule",
    "DatasetGate",
    "Declared",
    "Direction",
    "DocSelector",
    "EngineName",
    "Environment",
    "Format",
    "Gate",
    "HttpGate",
    "IncidentGate",
    "Margin",
    "MergeRule",
    "MetricGate",
    "Mode",
    "ModelPolicy",
    "OnDegraded",
    "ProposeRule",
    "Regression",
    "RemindRule",
    "Role",
    "RollbackRule",
    "RolloutRule",
    "SignatureGate",
    "SoakGate",
    "StepMode",
    "StepsRule",
    "StormRule",
    "TagGate",
    "Target",
    "WindowRule",
]


@dataclass(frozen=True)
class Environment:
    """One stage of the promotion order. ``gates`` still say `primary`; `Policy.gates_for` resolves it for a model.

    ``fanned`` is the environment of the policy that this one is a region of; the region that goes first is ``first``.
    """

    name: str
    aliases: tuple[str, ...]
    channel: str
    approvals: Approvals
    rollback: RollbackRule
    gates: tuple[Gate, ...]
    merge: MergeRule
    notify: Mapping[str, tuple[str, ...]] = field(hash=False)
    rollout: RolloutRule = field(default_factory=RolloutRule)
    steps: StepsRule | None = None
    healthy_alias: str | None = None
    fanned: str | None = None
    region: str | None = None
    first: bool = False
    windows: tuple[WindowRule, ...] = ()
    """Those of every environment that a change moves: all must be open."""
    reminding: RemindRule = field(default_factory=RemindRule)
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Who may do what here, in the place of the policy's own lists."""
    together: tuple[Environment, ...] = ()
    """All environments by whose rules a change is judged, this one among them; none: by its own alone."""


@dataclass(frozen=True)
class ModelPolicy:
    """What the policy says of one model; a model that only a layout covers gets all the defaults."""

    name: str
    owners: tuple[str, ...] = ()
    primary_metric: str | None = None
    greater_is_better: bool | None = None
    registry: str | None = None
    gates: tuple[Gate, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict, hash=False)
    steps: Mapping[str, StepsRule | None] = field(default_factory=dict, hash=False)
    """By environment, where it differs from the environment's own rule; None: all at once."""
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Who may do what with it, in the place of the policy's own lists."""
    repo: str | None = None
    """The repository that trains it, owner/name."""
    channel: str | None = None
    """Its owners' channel."""
