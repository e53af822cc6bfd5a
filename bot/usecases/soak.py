"""How a version did in the stages that its next one waits for: out of history, and of what engines told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bot.domain.change import Action
from bot.domain.gates import GateResult, GateState
from bot.domain.health import Health, health_of
from bot.domain.past import Past, distinct
from bot.domain.policy import Environment, Gate, Policy, SoakGate, Target
from bot.domain.signal import Phase
from bot.domain.soak import SoakFacts, Stood
from bot.usecases.context import Context
from bot.usecases.history import past
from bot.usecases.repo import Repo, target_at
from bot.usecases.told import Told, told_of

DEPTH = 500  # commits to one target: a version that stood longer ago than that is promoted there again
_ALERTS = frozenset({Phase.ALERT, Phase.CALM})
_TROUBLE = frozenset({Phase.DEGRADED, Phase.FAILED, Phase.ALERT})


@dataclass(frozen=True)
class Waiting:
    """A change that may have to wait: what it moves, the target's own environment included, and to which version."""

    policy: Policy
    commit: str
    model: str
    version: str
    moves: Collection[str]


def soaks(ctx: Context, repo: Repo, gates: Iterable[Gate], waiting: Waiting) -> dict[str, SoakFacts]:
    """The facts of every stage that one of the gates waits for, by its name."""
    stages = {gate.environment for gate in gates if isinstance(gate, SoakGate)}
    return {name: _facts(ctx, repo, waiting, waiting.policy.environment(name)) for name in sorted(stages)}


def _facts(ctx: Context, repo: Repo, one: Waiting, stage: Environment) -> SoakFacts:
    now = ctx.clock.now()
    target = target_at(one.policy, repo, one.commit, one.model, stage.name)
    if target is None:
        return SoakFacts(one.model, one.version, now, placed=False)
    if stage.name in one.moves:
        return SoakFacts(one.model, one.version, now, together=True)
    stood, readable = _stood(repo, one, target)
    if stood is None:
        return SoakFacts(one.model, one.version, now, readable=readable)
    told = told_of(ctx, repo, one.model, stage.name)
    health = health_of(told, one.version, stood.since, stood.until)
    return SoakFacts(
        model=one.model,
        version=one.version,
        now=now,
        heard=stage.rollout.engine != "none" and any(signal.phase not in _ALERTS for _, signal in told),
        stood=stood,
        health=health,
        calm_since=_calm_since(told, one.version, stood, health),
    )


def _stood(repo: Repo, one: Waiting, target: Target) -> tuple[Stood | None, bool]:
    """The newest stay of the version; and whether every version that stood there is known by name."""
    newer: Past | None = None
    named = True
    for stay in distinct(past(repo, one.commit, target, DEPTH)):
        if stay.version == one.version:
            if newer is None and repo.deployed(one.commit, target).version != one.version:
                return None, False  # it was the last to be read, and what stands there now is not
            back = newer is not None and newer.action == Action.ROLLBACK
            return Stood(_since(stay), None if newer is None else _since(newer), back), named
        named = named and " " not in (stay.version or "")  # an id in words: the registry did not tell
        newer = stay
    return None, named


def _since(stay: Past) -> float:
    return stay.time if stay.since is None else stay.since


def _calm_since(told: Told, version: str, stood: Stood, health: Health) -> float | None:
    """When the newest state began, where it was in trouble after it had been healthy."""
    first, end = health.healthy_at, stood.until
    if first is None:
        return None
    trouble = (
        signal.at > first and (end is None or signal.at <= end)
        for about, signal in told
        if signal.phase in _TROUBLE and about in (version, None)
    )
    return health.since if any(trouble) else None


def not_known(results: Iterable[GateResult], gates: Iterable[Gate], why: str) -> tuple[GateResult, ...]:
    """The results of the same gates, in order, where what engines told is not known: a soak is then unknown."""
    soaked = {gate.name for gate in gates if isinstance(gate, SoakGate)}
    return tuple(
        replace(result, state=GateState.UNKNOWN, observed=why, waits=False, passes_at=None)
        if result.name in soaked and result.state is not GateState.SKIPPED
        else result
        for result in results
    )
