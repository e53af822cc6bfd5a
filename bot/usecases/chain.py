"""A promotion goes on by itself: from the first region of an environment, once it is healthy there, to the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.cards import ThreadEvent, ThreadNews
from bot.domain.change import Change
from bot.domain.commands import ChainOn, Promote
from bot.domain.decide import Join, Propose, Refuse
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from bot.domain.policy import Environment, Policy, SoakGate
from bot.domain.soak import SoakFacts, judge_soak
from bot.domain.wording import step
from bot.errors import Reason, Refused, RegistryUnavailable
from bot.ports import Row
from bot.usecases.act import resumed
from bot.usecases.chain_watch import say, was_asked
from bot.usecases.context import Context
from bot.usecases.promote import promotion
from bot.usecases.propose import propose
from bot.usecases.repo import Repo
from bot.usecases.soak import Waiting, soaks

PAUSE_SECONDS = 600.0
PATIENCE_SECONDS = 7 * 86400.0  # after that somebody has to ask
_ELSE = "Somebody asked for something else there meanwhile."
NOBODY = Person(team="", user="")
_QUIET = frozenset({Reason.ALREADY_DEPLOYED, Reason.NO_TARGET})


@dataclass(frozen=True)
class _Step:
    """One region to go on to, as the world is now."""

    row: Row
    policy: Policy
    base: str
    cause: Change
    origin: Change
    stage: Environment


def chain_on(ctx: Context, repo: Repo, row: Row, command: ChainOn) -> None:
    """Ask for one more region, in the names of those who asked for the first. Looks at everything anew: whether the
    first one still stands and is healthy, and whether somebody else was faster in this one."""
    cause = ctx.changes.get(command.change)
    if cause is None:
        return
    base = ctx.checkout.fetch()
    try:
        policy = repo.policy(base)
    except Refused:
        if ctx.changes.get(row.id) or not _has_patience(ctx, cause):
            raise
        _again(ctx, cause, command.environment, _in_a_while(ctx.clock.now()))
        return
    if resumed(ctx, repo, policy, row):
        _tell_asked(ctx, cause, row)
        return
    try:
        stage = policy.environment(command.environment)
    except Refused:
        return  # the policy has this region no more
    if was_asked(ctx, cause, stage.name):
        return  # people closed it, or took it back: that holds, however often the first region recovers
    begun = ctx.changes.get(cause.rung.ladder) if cause.rung else None
    _go_on(ctx, repo, _Step(row, policy, base, cause, begun or cause, stage))


def _go_on(ctx: Context, repo: Repo, one: _Step) -> None:
    gate, facts = _soaked(ctx, repo, one)
    if gate is None or not (one.origin.requesters or one.origin.rule):
        return
    if gate.state is not GateState.PASS:
        _not_yet(ctx, one, gate)
    elif facts is not None and facts.stood is not None and facts.stood.until is not None:
        _not_asked(ctx, one, f"{one.cause.intent.environment} has another version by now.")
    elif _busy(ctx, one):
        _not_asked(ctx, one, _ELSE)
    else:
        _ask(ctx, repo, one)


def _soaked(ctx: Context, repo: Repo, one: _Step) -> tuple[GateResult | None, SoakFacts | None]:
    """The gate on the first region, by the very rule that the merge will wait for."""
    intent = one.cause.intent
    gates = [g for g in one.stage.gates if isinstance(g, SoakGate) and g.environment == intent.environment]
    waiting = Waiting(one.policy, one.base, intent.model, intent.to, (one.stage.name,))
    facts = soaks(ctx, repo, gates, waiting).get(intent.environment)
    return (judge_soak(gates[-1], facts), facts) if gates else (None, None)


def _not_yet(ctx: Context, one: _Step, gate: GateResult) -> None:
    now, at = ctx.clock.now(), gate.passes_at
    if at is None and gate.waits and _has_patience(ctx, one.cause):
        at = _in_a_while(now)
    if at is None:
        _not_asked(ctx, one, f"{gate.name}: {gate.observed}.")
        return
    _again(ctx, one.cause, one.stage.name, at)


def _has_patience(ctx: Context, cause: Change) -> bool:
    return ctx.clock.now() < cause.created_at + PATIENCE_SECONDS


def _in_a_while(now: float) -> float:
    return (now // PAUSE_SECONDS + 1) * PAUSE_SECONDS


def _again(ctx: Context, cause: Change, environment: str, at: float) -> None:
    go = ChainOn(change=cause.id, model=cause.intent.model, environment=environment)
    ctx.inbox.put(f"chain:{cause.id}:{environment}:at:{at:.0f}", go, delay=max(0.0, at - ctx.clock.now()))


def _busy(ctx: Context, one: _Step) -> bool:
    """Something else is open for the region, or another version was merged there after this was asked for."""
    intent = one.cause.intent
    current = ctx.changes.open_for(intent.model, one.stage.name)
    if current is not None and current.intent.to != intent.to:
        return True
    newest = ctx.changes.merged_for(intent.model, one.stage.name, 1)
    return any(change.created_at > one.cause.created_at and change.intent.to != intent.to for change in newest)


def _ask(ctx: Context, repo: Repo, one: _Step) -> None:
    intent, who = one.cause.intent, next(iter(one.origin.requesters), NOBODY)
    asked = Promote(by=who, model=intent.model, version=intent.to, environment=one.stage.name, reason=one.origin.reason)
    row = replace(one.row, command=asked)
    try:
        policy = one.policy if one.origin.requesters else one.policy.without_roles()  # a rule asked for the first one
        plan, decision = promotion(ctx, repo, policy, one.base, one.stage, row, asked)
    except Refused as why:
        _refused(ctx, one, why)
        return
    except RegistryUnavailable:  # nobody sits and waits here, so it is not given up after a few seconds
        if not _has_patience(ctx, one.cause):
            raise
        _again(ctx, one.cause, one.stage.name, _in_a_while(ctx.clock.now()))
        return
    if isinstance(decision, Refuse):
        _refused(ctx, one, decision.error())
    elif isinstance(decision, Propose) and decision.supersedes is not None:
        _not_asked(ctx, one, _ELSE)
    elif not isinstance(decision, Join):
        why_here = f"{intent.environment} has it, and is well with it: #{one.cause.number}."
        propose(ctx, repo, replace(plan, follows=one.origin, why=(*plan.why, why_here)), None)
        _tell_asked(ctx, one.cause, one.row)


def _refused(ctx: Context, one: _Step, why: Refused) -> None:
    """What is there already, or never was meant to be there, is no news."""
    if why.reason not in _QUIET:
        _not_asked(ctx, one, f"{why.message} {why.unblock or ''}".strip())


def _tell_asked(ctx: Context, cause: Change, row: Row) -> None:
    change = ctx.changes.get(row.id)
    if change is not None and change.number is not None:
        environment = change.intent.environment
        say(ctx, cause, f"chain:{environment}", ThreadEvent(f"{environment} is asked for: #{change.number}."))


def _not_asked(ctx: Context, one: _Step, why: str) -> None:
    """News for those who asked, in the thread of the first region's card."""
    intent = replace(one.cause.intent, environment=one.stage.name)
    notify = tuple(f"slack:{person.user}" for person in one.origin.requesters)
    news = ThreadNews(f"Not asked for: {step(intent)}", why, notify)
    say(ctx, one.cause, f"chain:not:{one.stage.name}", news)


def gave_up(ctx: Context, command: ChainOn, error: str) -> None:
    """The row became a dead letter: those who asked hear that this region was left out."""
    cause = ctx.changes.get(command.change)
    if cause is not None:
        notify = tuple(f"slack:{person.user}" for person in cause.requesters)
        news = ThreadNews(f"Not asked for: {command.model}, {command.environment}", f"Given up: {error}", notify)
        say(ctx, cause, f"chain:not:{command.environment}", news)
