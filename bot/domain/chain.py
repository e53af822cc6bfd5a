"""The promotion chain: which stage comes next, and when the regions after the first one follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.change import Action, Change
from bot.domain.durations import lasting
from bot.domain.policy import Environment, Policy, SoakGate
from bot.domain.rollout import Rollout, RolloutState
from bot.domain.stops import moment
from bot.errors import Reason, Refused

STOPPED = "chain:stopped"
_ON_THE_WAY = (RolloutState.WAITING, RolloutState.SYNCING, RolloutState.PROGRESSING)


@dataclass(frozen=True)
class Pinned:
    """One stage where the model has a target, and the version that it pins now."""

    environment: str
    version: str | None


@dataclass(frozen=True)
class NextStage:
    """The stage that was chosen, and the one before it that pins the version; None where no stage does."""

    environment: str
    after: str | None

    @property
    def words(self) -> str:
        """Why this stage, in a sentence."""
        if self.after is None:
            return f"{self.environment} is the first stage."
        return f"{self.environment} is the next stage after {self.after}."


def next_stage(model: str, version: str, stages: Sequence[Pinned]) -> NextStage:
    """The stage after the last one that pins the version, in promotion order; the first where none does. ``stages`` are
    those where the model has a target. Raises Refused(NO_TARGET | ALREADY_DEPLOYED)."""
    if not stages:
        raise Refused(
            Reason.NO_TARGET,
            f"{model} has no target in any environment.",
            f"Add models.{model}.targets or a layout to the policy.",
        )
    places = [place for place, stage in enumerate(stages) if stage.version == version]
    if not places:
        return NextStage(stages[0].environment, None)
    last = stages[places[-1]]
    if last is stages[-1]:
        raise Refused(
            Reason.ALREADY_DEPLOYED,
            f"{model} {version} is pinned in {last.environment} already, and that is the last stage.",
            f"Nothing to do; or name the environment: `/promote {model} {version} ENV`.",
        )
    return NextStage(stages[places[-1] + 1].environment, last.environment)


@dataclass(frozen=True)
class Regions:
    """The regions that follow the first one of an environment, and how long it must have been healthy, in seconds."""

    first: Environment
    rest: tuple[Environment, ...]
    soak: float


def regions_after(policy: Policy, environment: Environment) -> Regions | None:
    """The regions that wait for this environment; None where it is not the first region of one."""
    if not environment.first or environment.fanned is None:
        return None
    rest = tuple(stage for stage in policy.stages(environment.fanned) if not stage.first)
    soaks = (gate for stage in rest for gate in stage.gates if isinstance(gate, SoakGate))
    waits = (gate.seconds for gate in soaks if gate.environment == environment.name)
    return Regions(environment, rest, max(waits, default=0.0)) if rest else None


def goes_on(change: Change) -> bool:
    """Whether other regions follow this change: a promotion, with all of the traffic. What was rolled back or unpinned
    in one region says nothing of the others."""
    whole = change.rung is None or (change.rung.percent == 100 and change.rung.aborted_by is None)
    return whole and change.intent.action in (Action.PROMOTE, Action.STEP)


def due(regions: Regions, change: Change, rollout: Rollout) -> float | None:
    """When the other regions are asked for, in seconds since the epoch: the soak after it was healthy, without trouble
    since; after its merge where no engine is declared. None while nobody can say."""
    if rollout.state is RolloutState.REPLACED or rollout.state.bad:
        return None
    if regions.first.rollout.engine == "none":
        return (change.merged_at if change.merged_at is not None else change.created_at) + regions.soak
    if rollout.state is not RolloutState.HEALTHY or rollout.healthy_at is None:
        return None
    return (rollout.since if rollout.episode else rollout.healthy_at) + regions.soak


def stopped(regions: Regions, rollout: Rollout) -> str:
    """Why the others are not asked for now, where that is news; else nothing."""
    if regions.first.rollout.engine == "none" or rollout.state is RolloutState.HEALTHY or rollout.state in _ON_THE_WAY:
        return ""
    if rollout.state is RolloutState.REPLACED:
        return f"Another version took its place, so {_names(regions)} did not follow."
    return f"Not healthy here, so {_names(regions)} {_were(regions)} not asked for."


def note(regions: Regions, change: Change, rollout: Rollout, now: float) -> str:
    """What the card of the first region says of the others."""
    why = stopped(regions, rollout)
    at = due(regions, change, rollout)
    if why or at is None:
        return why or f"{_names(regions)} {_follow(regions)} once it is healthy{_for(regions)}."
    if now < at:
        return f"{_names(regions)} {_follow(regions)} at {moment(at)}."
    return asked(regions)


def asked(regions: Regions) -> str:
    """That they have been asked for."""
    return f"{_names(regions)} {_were(regions)} asked for next."


def _for(regions: Regions) -> str:
    return f" for {lasting(regions.soak)}" if regions.soak else ""


def _names(regions: Regions) -> str:
    return " and ".join(stage.name for stage in regions.rest)


def _follow(regions: Regions) -> str:
    return "follow" if len(regions.rest) > 1 else "follows"


def _were(regions: Regions) -> str:
    return "were" if len(regions.rest) > 1 else "was"
