"""The policy as the rest of the bot asks it: plain frozen facts, every default filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Approvals:
    """How many reviews count, from whom (empty: anyone who may write), and whether the requester's own does."""

    required: int
    from_: tuple[str, ...]
    requester: bool


@dataclass(frozen=True)
class RollbackRule:
    """What going back to the version before needs. It ignores windows; freezes only where ``freezes`` says so."""

    approvals: int
    requester: bool
    freezes: Literal["ignore", "obey"] = "ignore"


@dataclass(frozen=True)
class MergeRule:
    """How a change is merged, and whether the bot does so by itself when all gates and approvals are there."""

    method: Literal["squash", "merge", "rebase"]
    auto: bool


EngineName = Literal["none", "argocd", "flux", "fleet", "github", "rollout"]
OnDegraded = Literal["notify", "propose", "rollback"]


@dataclass(frozen=True)
class RolloutRule:
    """Who carries a merged change out, and how long it is watched; ``timeout`` and ``watch`` in seconds.

    ``application`` is a template of the engine's name for it, over `{model}` and `{environment}`.
    """

    engine: EngineName = "none"
    application: str = "{model}-{environment}"
    timeout: float = 900.0
    watch: float = 3600.0
    on_degraded: OnDegraded = "propose"

    def application_of(self, model: str, environment: str) -> str:
        """The engine's name for the model in the environment."""
        return self.application.replace("{model}", model).replace("{environment}", environment)


StepMode = Literal["kserve-serverless", "seldon", "argo-rollouts", "experiment", "blue-green", "ab"]


@dataclass(frozen=True)
class StepsRule:
    """Traffic in steps: the candidate's share at each rung, in per cent, and how long each is watched, in seconds.

    ``metric`` names what an A/B step is decided by; ``approvals`` is what each rung after the first needs.
    """

    mode: StepMode
    percents: tuple[int, ...]
    watch: float
    metric: str | None = None
    approvals: int = 0
    slots: tuple[str, str] = ("blue", "green")
    """What a blue/green switch says for the primary's slot, and for the candidate's."""


@dataclass(frozen=True)
class StormRule:
    """More than so many incidents within so many seconds are one storm, in which nothing acts by itself."""

    incidents: int = 5
    within: float = 900.0


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
    rollout: RolloutRule = RolloutRule()
    steps: StepsRule | None = None
    healthy_alias: str | None = None
    fanned: str | None = None
    region: str | None = None
    first: bool = False


@dataclass(frozen=True)
class DocSelector:
    """The document of a file that is meant: by its `kind`, its `metadata.name`, or both."""

    kind: str | None
    name: str | None


Role = Literal["primary", "companion", "candidate", "percent", "rest", "switch"]
Format = Literal["yaml", "json", "toml", "dotenv", "regex"]


@dataclass(frozen=True)
class Binding:
    """One scalar that declares a version: where it stands, and the template of its value.

    ``at`` is a selector; for the format ``regex`` a regular expression with one named group, ``value``. ``absent`` is
    what holds where the file does not say it: `refuse`, `insert`, or `inherit:ENVIRONMENT`.
    """

    file: str
    doc: DocSelector | None
    at: str
    template: str
    role: Role = "primary"
    format: Format = "yaml"
    absent: str = "refuse"
    number: bool = False
    """Where it is put in because it was absent, it is written as a whole number."""

    @property
    def inherits(self) -> str | None:
        """The environment whose version holds where this file says none."""
        kind, _, environment = self.absent.partition(":")
        return environment if kind == "inherit" else None


@dataclass(frozen=True)
class Block:
    """A part of a file that a rollback restores whole: everything under the selector ``scope``."""

    file: str
    doc: DocSelector | None
    scope: str
    format: Format = "yaml"


@dataclass(frozen=True)
class Declared:
    """A variable of the policy's own. ``pattern`` (RE2 syntax) is what its value may be; ``source`` says where it comes
    from, such as `registry.tags.image_build`."""

    name: str
    pattern: str
    source: str


@dataclass(frozen=True)
class Target:
    """Where the deployment repo declares the version of one model in one environment.

    ``shared_with`` names other environments that the same values serve; ``declared`` the model's own variables.
    ``traffic`` are the places of a ladder: candidate, percent, rest, switch; ``steps`` is its rule, where one is
    declared for the model in the environment.
    """

    model: str
    environment: str
    bindings: tuple[Binding, ...]
    blocks: tuple[Block, ...] = ()
    shared_with: tuple[str, ...] = ()
    declared: tuple[Declared, ...] = ()
    traffic: tuple[Binding, ...] = ()
    steps: StepsRule | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the bindings are in, each once, in the policy's order."""
        bound, whole = [one.file for one in self.bindings], [one.file for one in self.blocks]
        return tuple(dict.fromkeys([*bound, *whole, *(one.file for one in self.traffic)]))


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
