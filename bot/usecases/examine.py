"""Look at everything that a decision about a new change needs, and decide. The same for every action."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.change import Action, Aim, Change, Intent, Rung
from bot.domain.commands import Promote, Rollback, Unpin
from bot.domain.decide import Decision, Facts, decide, not_allowed
from bot.domain.facts import ModelVersion
from bot.domain.gates import GateResult
from bot.domain.gating import advisory, judge
from bot.domain.gating.artifact import digest_of
from bot.domain.glass import ROLE
from bot.domain.people import Person
from bot.domain.policy import Environment, Policy, Target
from bot.domain.stops import Stoppable, takes_out
from bot.domain.waiving import with_waivers
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.gate_facts import Judged, facts_for
from bot.usecases.identity import allowed
from bot.usecases.promotion_incidents import gates_beside, rules_beside
from bot.usecases.propose import Proposal
from bot.usecases.repo import Repo
from bot.usecases.stops import ban_of, gates_of_stoppable, places
from bot.usecases.versions import known_versions
from bot.usecases.waiving_asked import asked_waivers
from bot.usecases.waiving_roles import may_waive
from bot.usecases.windows import timed_gates


@dataclass(frozen=True)
class Goal:
    """Where a command wants to go: the version, what is done to the target for it, and under which rules."""

    action: Action
    version: str
    aim: Aim
    candidate: ModelVersion | None = None
    swift: bool = False
    why: tuple[str, ...] = ()
    """Why this version, in sentences."""
    rung: Rung | None = None
    """Its place in a ladder of steps."""


@dataclass(frozen=True)
class Place:
    """Where it wants to go there: the target, and the commit that it is looked at."""

    policy: Policy
    base: str
    environment: Environment
    target: Target


def place_of(repo: Repo, policy: Policy, base: str, target: Target) -> Place:
    """The target, under the rules of every environment that a change of it moves."""
    return Place(policy, base, repo.rules(policy, base, target), target)


def refuse_others(
    ctx: Context,
    policy: Policy,
    person: Person,
    action: Action,
    environment: str = "",
    model: str | None = None,
    role: str | None = None,
) -> None:
    """Raises Refused(NOT_ALLOWED) for somebody without the action's role there, before anything of the repo is told.
    ``role`` is another one, in its place."""
    role = role or role_of(action)
    if not allowed(ctx, policy, person, role, environment, model):
        raise not_allowed(role).error()


def role_of(action: Action) -> str:
    """The role that an action needs. Taking a pin out brings another version in, so it is a promotion."""
    return Action.PROMOTE.value if action is Action.UNPIN else action.value


def breaks_glass(command: Promote | Rollback | Unpin) -> bool:
    """Whether it is to merge with nobody's approval."""
    return isinstance(command, Rollback) and command.break_glass


def role_for(command: Promote | Rollback | Unpin, action: Action) -> str:
    """The role that a command needs: breaking the glass has one of its own."""
    return ROLE if breaks_glass(command) else role_of(action)


def examine(
    ctx: Context, repo: Repo, place: Place, row: Row, command: Promote | Rollback | Unpin, goal: Goal
) -> tuple[Proposal, Decision]:
    """The proposal as it would be, and whether it may be."""
    policy, environment, target = place.policy, place.environment, place.target
    seen = repo.deployed(place.base, target)
    digest = digest_of(policy.gates_of(command.model, environment), goal.candidate) if goal.candidate else None
    intent = Intent(goal.action, command.model, environment.name, None, goal.version, digest, ())
    if seen.state != "unreadable":
        intent = repo.intent(place.base, target, intent, goal.aim)
    also = repo.served(policy, place.base, target)
    environment = rules_beside(ctx, policy, intent, (environment.name, *also), environment)
    asked_for, deployed = known_versions(ctx, policy, intent)
    plan = Proposal(
        row=row,
        command=command,
        policy=policy,
        environment=environment,
        target=target,
        base=place.base,
        intent=intent,
        aim=goal.aim,
        candidate=goal.candidate or asked_for,
        deployed=deployed,
        gates=(),
        swift=goal.swift,
        also=also,
        why=goal.why,
        rung=goal.rung,
        glass=breaks_glass(command),
    )
    plan = _with_gates(ctx, plan, _judged(ctx, repo, plan))
    facts = Facts(
        intent=intent,
        allowed=allowed(
            ctx, policy, command.by, role_for(command, goal.action), (environment.name, *plan.also), command.model
        ),
        role=role_for(command, goal.action),
        deployed=seen,
        gates=plan.gates,
        open_change=_open_change(ctx, target),
        ban=None if takes_out(goal.rung) else ban_of(ctx, intent.model, intent.to),
        may_waive=may_waive(policy, (environment.name, *plan.also), intent.model),
    )
    return plan, decide(facts)


def _with_gates(ctx: Context, plan: Proposal, results: tuple[GateResult, ...]) -> Proposal:
    """The proposal with everything that would hold it up, and with the waivers that are asked for with it."""
    stops, digest = _stop_gates(ctx, plan), plan.intent.digest
    places_ = (plan.environment.name, *plan.also)
    gates = with_waivers(results, (), digest)
    waivers = asked_waivers(ctx, plan.policy, plan.row, plan.command, digest, (*gates, *stops), places_)
    gates = with_waivers(results, waivers, digest)
    return replace(plan, waivers=waivers, gates=(*(advisory(gates) if plan.swift or plan.glass else gates), *stops))


def _judged(ctx: Context, repo: Repo, plan: Proposal) -> tuple[GateResult, ...]:
    """The policy's gates, before there is a commit. A later step of a ladder is opened with any of them closed: nobody
    asks for it, so its own card is the only place where a gate of it can be waived."""
    moves = (plan.environment.name, *plan.also)
    gates = plan.policy.gates_of(plan.intent.model, plan.environment)
    gates = gates_beside(ctx, plan.policy, plan.intent, moves, gates)
    asked = Judged(
        plan.policy,
        plan.environment,
        plan.base,
        plan.intent,
        moves,
        plan.candidate,
        plan.deployed,
        hurried=plan.swift or plan.glass,
    )
    results = judge(gates, facts_for(ctx, repo, gates, asked))
    later = plan.rung is not None and plan.rung.index > 0
    return tuple(replace(one, at="merge") for one in results) if later else results


def _stop_gates(ctx: Context, plan: Proposal) -> tuple[GateResult, ...]:
    """Freezes and windows, as they would keep it from merging; a ban refuses it before."""
    leaves = takes_out(plan.rung)
    back = plan.intent.action is Action.ROLLBACK or leaves
    obeys = (not plan.swift or plan.environment.rollback.freezes == "obey") and not leaves and not plan.glass
    moved = places(plan.policy, (plan.environment.name, *plan.also))
    one = Stoppable(plan.intent, moved, obeys, back, leaves)
    timed = timed_gates(ctx, plan.environment, one, swift=plan.swift, glass=plan.glass)
    return (*gates_of_stoppable(ctx, one), *timed)


def _open_change(ctx: Context, target: Target) -> Change | None:
    """The change that is open for the target, or for one that shares its values: there is one change of one value."""
    every = (ctx.changes.open_for(target.model, name) for name in (target.environment, *target.shared_with))
    return next((change for change in every if change), None)
