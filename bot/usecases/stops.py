"""What freezes and bans mean for a change: asked at every look, out of the branch `slackops-state`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.change import Change
from bot.domain.gates import GateResult
from bot.domain.policy import Environment, Policy
from bot.domain.stops import Banned, Stoppable, stop_gates, stoppable
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.glass import as_judged
from bot.usecases.repo import Repo, rules_of
from bot.usecases.state_branch import read_stops
from bot.usecases.windows import timed_gates


def banned(ctx: Context, repo: Repo, model: str) -> frozenset[str]:  # noqa: ARG001  (asked like every other question)
    """The model's banned versions as of the last fetch: what no rollback may choose by itself. Empty where that cannot
    be read, because going back must go on."""
    return read_stops(ctx.checkout).banned(model)


def ban_of(ctx: Context, model: str, version: str) -> Banned | None:
    """The ban of this version as of the last fetch."""
    return read_stops(ctx.checkout).ban_of(model, version)


def gates_of_change(
    ctx: Context, policy: Policy, rules: Environment, change: Change, served: Iterable[str]
) -> tuple[GateResult, ...]:
    """The stops that concern a recorded change, and what time says to it. ``rules`` is the environment that judges it,
    ``served`` the others that it moves."""
    names, glass = places(policy, (change.intent.environment, *served)), change.glass is not None
    one = stoppable(change, names, obey=rules.rollback.freezes == "obey")
    one = replace(one, obeys=one.obeys and not glass)
    return (*gates_of_stoppable(ctx, one), *timed_gates(ctx, rules, one, swift=change.swift, glass=glass))


def gates_of_stoppable(ctx: Context, one: Stoppable) -> tuple[GateResult, ...]:
    """The same for what is not recorded yet."""
    return stop_gates(read_stops(ctx.checkout), one, ctx.clock.now())


def stopped_meanwhile(ctx: Context, repo: Repo, change: Change, served: Iterable[str]) -> bool:
    """Whether a freeze or a ban came while the change was looked at: asked anew right before it is merged."""
    base = ctx.checkout.fetch()
    repo = repo.back if change.swift else repo
    try:
        policy = repo.policy(base)
        rules = rules_of(policy, repo, base, change.intent.model, change.intent.environment)
    except Refused:
        return True
    judged = as_judged(ctx, policy, change, tuple(served))
    return any(gate.holds_up for gate in gates_of_change(ctx, policy, rules, judged, served))


def places(policy: Policy, names: Iterable[str]) -> frozenset[str]:
    """What a freeze of these environments may be written as: their names, and aliases, which an edit by hand or a
    renaming leaves there; and those that they are regions of: who freezes `production` freezes all its regions."""
    found: set[str] = set()
    for name in names:
        found.add(name)
        try:
            stage = policy.environment(name)
        except Refused:
            continue
        found |= {stage.name, *stage.aliases, *whole_of(stage)}
    return frozenset(found)


def whole_of(stage: Environment) -> frozenset[str]:
    """The environment that a region is part of, by its name and its aliases; nothing for what is no region."""
    if not stage.fanned:
        return frozenset()
    return frozenset({stage.fanned, *(alias.removesuffix(f"-{stage.region}") for alias in stage.aliases)})
