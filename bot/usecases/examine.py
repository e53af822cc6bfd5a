"""Look at everything that a decision about a new change needs, and decide. The same for every action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.change import Action, Intent
from bot.domain.commands import Promote, Rollback
from bot.domain.decide import Decision, Facts, decide
from bot.domain.facts import ModelVersion
from bot.domain.judging import advisory, judge
from bot.domain.policy import Environment, Policy, Target
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.identity import allowed
from bot.usecases.observe import known_versions
from bot.usecases.propose import Proposal
from bot.usecases.repo import Repo


@dataclass(frozen=True)
class Goal:
    """Where a command wants to go: the version, what the templates are rendered with, and under which rules."""

    action: Action
    version: str
    variables: Mapping[str, str]
    candidate: ModelVersion | None = None
    swift: bool = False


@dataclass(frozen=True)
class Place:
    """Where it wants to go there: the target, and the commit that it is looked at."""

    policy: Policy
    base: str
    environment: Environment
    target: Target


def examine(
    ctx: Context, repo: Repo, place: Place, row: Row, command: Promote | Rollback, goal: Goal
) -> tuple[Proposal, Decision]:
    """The proposal as it would be, and whether it may be."""
    policy, environment, target = place.policy, place.environment, place.target
    seen = repo.deployed(place.base, target)
    digest = goal.candidate.artifact_digest if goal.candidate else None
    intent = Intent(goal.action, command.model, environment.name, None, goal.version, digest, ())
    if seen.state != "unreadable":
        intent = repo.intent(place.base, target, intent, goal.variables)
    asked_for, deployed = known_versions(ctx, policy, intent)
    plan = Proposal(
        row=row,
        command=command,
        policy=policy,
        environment=environment,
        target=target,
        base=place.base,
        intent=intent,
        variables=goal.variables,
        candidate=goal.candidate or asked_for,
        deployed=deployed,
        gates=(),
        swift=goal.swift,
    )
    gates = judge(policy.gates_for(command.model, environment.name), plan.candidate, deployed, intent.frm is None, None)
    plan = replace(plan, gates=advisory(gates) if goal.swift else gates)
    facts = Facts(
        intent=intent,
        allowed=allowed(ctx, policy, command.by, goal.action.value),
        role=goal.action.value,
        deployed=seen,
        gates=plan.gates,
        open_change=ctx.changes.open_for(command.model, environment.name),
    )
    return plan, decide(facts)
