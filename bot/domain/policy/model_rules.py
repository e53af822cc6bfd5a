"""The rules of a stage: approvals, going back, merging, rollout, steps, storms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.policy.approval_rules import OWNERS, Rule, refs_of

Reviews = Literal["own-account", "recorded-by-bot"]


@dataclass(frozen=True)
class Approvals:
    """How many reviews count, from whom, and whether the requester's own does.

    ``from_`` empty: from whom the rules name; where there are none either, from anyone who may write. Each rule of
    ``rules`` must be met besides. ``reviews``: whether the bot may record the word of somebody without an account.
    """

    required: int
    from_: tuple[str, ...]
    requester: bool
    reviews: Reviews = "own-account"
    rules: tuple[Rule, ...] = ()

    @property
    def refs(self) -> tuple[str, ...]:
        """Everybody who is named, on the list or in a rule, each once; the model's owners where they are known."""
        named = (ref for ref in refs_of(self.rules) if ref != OWNERS)
        return tuple(dict.fromkeys((*self.from_, *named)))


@dataclass(frozen=True)
class RollbackRule:
    """What going back to the version before needs. It obeys windows and freezes only where these say so."""

    approvals: int
    requester: bool
    freezes: Literal["ignore", "obey"] = "ignore"
    windows: Literal["ignore", "obey"] = "ignore"


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
class CiRule:
    """Repositories whose CI is told about besides the deployment repo, owner/name. More than ``many`` failures in a
    channel within ``within`` seconds are told in one message."""

    repos: tuple[str, ...] = ()
    many: int = 5
    within: float = 900.0


@dataclass(frozen=True)
class ProposeRule:
    """What opens a change by itself: a new version, an alias that moved, or a tag that was set in the registry.

    ``alias`` and ``tag`` name what is watched, ``equals`` the tag's value (None: any). ``models`` are patterns of the
    policy's names; none: every model that has a target in ``to``.
    """

    on: Literal["version", "alias", "tag"]
    to: str
    alias: str | None = None
    tag: str | None = None
    equals: str | None = None
    models: tuple[str, ...] = ()
