"""The policy's `on_degraded` rule: take a change back by itself, or propose to. Once a change, whatever happens."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.auto import Act, AutoFacts, Stand, decide
from bot.domain.change import Action, Change, ChangeState
from bot.domain.commands import AutoRollback, Rollback
from bot.domain.decide import Propose
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.stops import stands_by, takes_out
from bot.errors import Refused, Transient
from bot.ports import Row
from bot.usecases.act import resumed
from bot.usecases.audit_health import auto_entry
from bot.usecases.confirming import explained
from bot.usecases.context import Context
from bot.usecases.examine import Goal, Place, examine, place_of
from bot.usecases.propose import Proposal, propose
from bot.usecases.repo import Repo, find_target
from bot.usecases.rollback import completed, goal_of
from bot.usecases.watch import POLICY_SECONDS, ask_watch, look

NOBODY = Person(team="", user="")
RECENT_SECONDS = 7 * 86400.0  # who was asked for longer ago and is not watched any more went bad long ago as well


def auto_rollback(ctx: Context, repo: Repo, row: Row, command: AutoRollback) -> None:
    """Decide on the world as it is now, and write down what was done, or why nothing was."""
    change = ctx.changes.get(command.change)
    if change is None or change.state is not ChangeState.WATCHING:
        return
    base = ctx.checkout.fetch()
    try:
        policy = repo.policy(base)
    except Refused as why:
        if ctx.changes.get(row.id) is not None:  # an earlier run began it: only this very row can finish it
            raise Transient(why.message, retry_after=POLICY_SECONDS) from why
        key = f"auto:{change.id}:policy:{ctx.clock.now() // POLICY_SECONDS:.0f}"
        ctx.inbox.put(key, command, delay=POLICY_SECONDS)
        return
    if not resumed(ctx, repo, policy, row):
        try:
            text = _act(ctx, repo, policy, base, row, change)
        except Refused as why:
            text = f"Not taken back by itself: {why.message} ({why.reason})"
        told = auto_entry(ctx, change, text)
        ctx.changes.update(change.id, lambda c: replace(c, auto=c.auto or text), told)
    elif change.auto is None:
        done = "The policy had it taken back: on_degraded."
        ctx.changes.update(change.id, lambda c: replace(c, auto=done), auto_entry(ctx, change, done))
    ask_watch(ctx, row.key, change)


def _act(ctx: Context, repo: Repo, policy: Policy, base: str, row: Row, change: Change) -> str | None:
    """Raises Refused where a rollback cannot be rendered, or is not allowed."""
    intent = change.intent
    if stands_by(change.rung):
        return "Nothing is taken back: no traffic goes to it yet. Abort on its card ends the ladder."
    target = find_target(policy, repo, base, intent.model, policy.environment(intent.environment))
    place = place_of(repo, policy, base, target)
    asked = Rollback(by=NOBODY, model=intent.model, environment=intent.environment, reason=_reason(ctx, repo, change))
    goal = completed(ctx, place, goal_of(ctx, repo, place, asked))
    decision = decide(_facts(ctx, repo, place, change, goal))
    if isinstance(decision, Stand):
        return decision.text or None
    return _propose(ctx, repo, place, replace(row, command=asked), goal, decision, change)


def _reason(ctx: Context, repo: Repo, change: Change) -> str:
    rollout = look(ctx, repo, repo.policy(ctx.checkout.head()), change).rollout
    return f"{rollout.state.value}: {rollout.words}" if rollout.words else rollout.state.value


def _propose(ctx: Context, repo: Repo, place: Place, row: Row, goal: Goal, decision: Act, change: Change) -> str:
    assert isinstance(row.command, Rollback)
    plan, judged = examine(ctx, repo, _for_rules(place), row, row.command, goal)
    if not isinstance(judged, Propose) or _other(change, judged.supersedes):
        why = getattr(judged, "message", "another change is open for it")
        return f"Not taken back by itself: {why}"
    unattended: Proposal = replace(explained(repo, plan), cause=change.id, unattended=decision.merge)
    propose(ctx, repo, unattended, judged.supersedes)
    return decision.text


def _other(change: Change, open_one: Change | None) -> Change | None:
    """The open change, unless it only goes on from this one: a further step of its ladder is no reason to wait."""
    step, mine = open_one.rung if open_one else None, change.rung
    own = step is not None and mine is not None and step.ladder == mine.ladder and not takes_out(step)
    return None if own else open_one


def _for_rules(place: Place) -> Place:
    """Roles say what people may; a rule is the policy itself."""
    return replace(place, policy=place.policy.without_roles())


def _facts(ctx: Context, repo: Repo, place: Place, change: Change, goal: Goal) -> AutoFacts:
    policy = place.policy
    seen = look(ctx, repo, policy, change)
    rule = replace(seen.rule, on_degraded=place.environment.rollout.on_degraded)  # of all that its values serve
    rollout, intent = seen.rollout, change.intent
    open_one = _other(change, ctx.changes.open_for(intent.model, intent.environment))
    return AutoFacts(
        rule=rule,
        action=intent.action,
        bad_now=rollout.state.bad,
        in_time=rollout.relapsed_at is not None and rollout.relapsed_at <= rollout.watched_until,
        replaced=not rollout.watching,
        open_change=open_one.number or 0 if open_one else None,
        storm=gone_bad(ctx, ctx.clock.now() - policy.storm.within),
        limit=policy.storm.incidents,
        back_to=goal.version,
        swift=goal.swift,
        required_reviews=ctx.forge.required_reviews() if rule.on_degraded == "rollback" else 0,
    )


def gone_bad(ctx: Context, since: float) -> int:
    """How many targets went bad after this time: rollouts that degraded, and incidents that opened. Those that were
    taken back meanwhile count too: they are watched no more, and a storm in which each one is taken back would never
    be seen."""
    known = (*ctx.changes.all_watching(), *ctx.changes.merged_since(since - RECENT_SECONDS))
    bad = [c for c in known if c.degraded_at is not None and c.degraded_at >= since]
    drifting = [one for one in (ctx.incident_log.open() if ctx.incident_log else []) if one.opened >= since]
    places = {(c.intent.model, c.intent.environment) for c in bad}
    return len(places | {(one.model, one.environment) for one in drifting})


__all__ = ["Action", "auto_rollback", "gone_bad"]
