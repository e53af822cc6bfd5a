"""`/rollback MODEL ENV [--to VERSION]`: back to a version that the target had, with the variables that it had then."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.change import Action, Intent
from bot.domain.commands import Rollback
from bot.domain.decide import Decision, Facts, Propose, decide
from bot.domain.judging import advisory, judge
from bot.domain.past import Past, at_version, distinct, earlier, nothing_earlier
from bot.domain.policy import Policy, Target
from bot.ports import Row
from bot.usecases.act import act, resumed
from bot.usecases.context import Context
from bot.usecases.identity import allowed
from bot.usecases.observe import known_versions
from bot.usecases.propose import Proposal
from bot.usecases.repo import Repo, find_target

DEPTH = 500


def rollback(ctx: Context, repo: Repo, row: Row, command: Rollback) -> None:
    """Carry out the command. The registry is asked for what the card shows, but need not answer."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    if resumed(ctx, repo, policy, row):
        return
    plan, decision = examine(ctx, repo, policy, base, row, command)
    act(ctx, repo, plan, decision)


def examine(
    ctx: Context, repo: Repo, policy: Policy, base: str, row: Row, command: Rollback
) -> tuple[Proposal, Decision]:
    """Find the version to go back to, look at the target, decide."""
    environment = policy.environment(command.environment)
    target = find_target(policy, repo, base, command.model, environment)
    seen = repo.deployed(base, target)
    goal, swift = _goal(repo, base, target, command, seen.shown)
    aim = Intent(Action.ROLLBACK, command.model, environment.name, None, goal.version or "", None, ())
    intent = aim if seen.state == "unreadable" else repo.intent(base, target, aim, goal.variables)
    candidate, deployed = known_versions(ctx, policy, intent)
    gates = judge(policy.gates_for(command.model, environment.name), candidate, deployed, intent.frm is None, None)
    gates = advisory(gates) if swift else gates
    facts = Facts(
        intent=intent,
        allowed=allowed(ctx, policy, command.by, "rollback"),
        role="rollback",
        deployed=seen,
        gates=gates,
        open_change=ctx.changes.open_for(command.model, environment.name),
    )
    decision = decide(facts)
    return Proposal(
        row=row,
        command=command,
        policy=policy,
        environment=environment,
        target=target,
        base=base,
        intent=intent,
        variables=goal.variables,
        candidate=candidate,
        deployed=deployed,
        gates=gates,
        swift=swift,
        supersedes=decision.supersedes if isinstance(decision, Propose) else None,
    ), decision


def _goal(repo: Repo, base: str, target: Target, command: Rollback, deployed: str | None) -> tuple[Past, bool]:
    """Where to go back to, and whether that is the version before: then the swift rules hold."""
    before = earlier(past(repo, base, target), deployed)
    wanted = command.to
    if wanted is None or (before and before.version == wanted):
        if before is None:
            raise nothing_earlier(command.model, command.environment, None, ())
        return before, True
    goal = at_version(past(repo, base, target), wanted)
    if goal is None:
        known = (entry.version for entry in distinct(past(repo, base, target)) if entry.version)
        raise nothing_earlier(command.model, command.environment, wanted, known)
    return goal, False


def past(repo: Repo, base: str, target: Target) -> Iterator[Past]:
    """What the target pinned, commit by commit, newest first; read only as far as it is asked for."""
    paths = sorted({binding.file for binding in target.bindings})
    for entry in repo.checkout.history(base, paths, DEPTH):
        seen = repo.reading(entry.commit, target)
        version = repo.names.name(repo.registered(target), seen) if seen.state == "pinned" else None
        yield Past(entry.commit, entry.time, version, dict(seen.variables), _action(entry.message))


def _action(message: str) -> str | None:
    for line in reversed(message.splitlines()):
        key, _, value = line.partition(": ")
        if key == "SlackOps-Action":
            return value.strip()
    return None
