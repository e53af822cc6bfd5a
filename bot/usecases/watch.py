"""Look at the rollout of one merged change, and do what is missing. Needs neither the forge nor the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.change import Change, ChangeState
from bot.domain.commands import AutoRollback, MarkHealthy, Watch
from bot.domain.going_back import Choice
from bot.domain.health import Verdict
from bot.domain.policy import Policy, RolloutRule
from bot.domain.reconcile_actions import Say, ShowCard
from bot.domain.rollout import Rollout, RolloutState
from bot.domain.stops import offers, stands_by
from bot.domain.watching import Action_, AskRollback, EndWatch, MarkVersion, Record, Watched, card, watch
from bot.errors import ChatUnavailable, Fatal, Refused, SlackOpsError
from bot.usecases import chain_watch as chain
from bot.usecases import ladder
from bot.usecases.audit_health import health_entries, outcome_entry
from bot.usecases.context import Context
from bot.usecases.details import link_of
from bot.usecases.details_ending import keep_ending
from bot.usecases.going_back import where_to
from bot.usecases.looking import next_of, rollout_of, rule_of
from bot.usecases.observe import by_rule
from bot.usecases.repo import Repo
from bot.usecases.subscribing import ask_telling
from bot.usecases.tell import post_once, show_card

POLICY_SECONDS = 60.0


def watch_change(ctx: Context, repo: Repo, command: Watch) -> None:
    """Bring one merged change to where it should be; ask to be called again when time alone would change something."""
    change = ctx.changes.get(command.change)
    if change is not None and change.glass is not None and change.state is ChangeState.MERGED:
        _show_again(ctx, repo, change)
    if change is None or change.state is not ChangeState.WATCHING:
        return
    try:
        policy = repo.policy(ctx.checkout.fetch())
    except Refused:
        _when_readable(ctx, change)
        return
    try:
        seen = look(ctx, repo, policy, change)
    except Refused as why:
        _gone(ctx, change, why)
        return
    said = frozenset(record.mark for record in ctx.posts.of(change.id) if record.ts)
    again, broken = _go_on(ctx, repo, change, seen)
    awaited = broken is not None or any(at is not None for at in again)  # what waits for its time is watched until then
    _apply_all(ctx, change, [one for one in watch(seen, said) if not (awaited and isinstance(one, EndWatch))])
    _look_again(ctx, change, seen, *again)
    if broken is not None:
        raise broken


def _show_again(ctx: Context, repo: Repo, change: Change) -> None:
    """Watched to the end; but who looked at its broken glass since stands on the card too."""
    posted = ctx.posts.get(change.id, "card")
    try:
        policy = repo.policy(ctx.checkout.fetch())
        if posted and change.outcome is not None:
            shown = card(look(ctx, repo, policy, change))
            keep_ending(ctx, shown)
            show_card(ctx, change.id, posted.channel, shown)
    except Refused:
        return


def _go_on(
    ctx: Context, repo: Repo, change: Change, seen: Watched
) -> tuple[list[float | None], Fatal | ChatUnavailable | None]:
    """What follows from its health elsewhere, and when to look again for that. A chat that does not answer comes back
    as the second: it keeps the rule from nothing."""
    again: list[float | None] = []
    broken: Fatal | ChatUnavailable | None = None
    for go_on in (chain.after_look, ladder.after_look):
        try:
            again.append(go_on(ctx, repo, change, seen.rollout, seen.now))
        except (Fatal, ChatUnavailable) as error:
            broken = broken or error
    return again, broken


def _when_readable(ctx: Context, change: Change) -> None:
    """The policy of the default branch cannot be read: somebody will mend it, and until then nothing is known."""
    tick = ctx.clock.now() // POLICY_SECONDS
    watch = Watch(change=change.id, number=change.number or 0)
    ctx.inbox.put(f"watch:{change.id}:policy:{tick:.0f}", watch, delay=POLICY_SECONDS)


def look(ctx: Context, repo: Repo, policy: Policy, change: Change) -> Watched:
    """Everything that is to be known about it. Raises Refused where the policy declares its target no more."""
    environment = policy.stage_for(change.intent.model, change.intent.environment)
    later = next_of(ctx, change)
    rollout = rollout_of(ctx, repo, policy, change, later)
    owners = policy.model(change.intent.model).owners
    choice = _back_to(ctx, repo, policy, change, rollout)
    serving, steps = ladder.shown(ctx, repo, policy, change, rollout, ctx.clock.now())
    asked = tuple(f"slack:{person.user}" for person in change.requesters)
    return Watched(
        change=change,
        rollout=rollout,
        rule=rule_of(environment, change),
        notify=policy.notify_for(environment.name, "degraded") or owners or asked,
        now=ctx.clock.now(),
        back_to=choice.past.version if choice else None,
        back_healthy=choice is not None and choice.health.verdict is Verdict.HEALTHY,
        replaced_by=later.number if later else None,
        by_rule=by_rule(ctx, change),
        page=link_of(ctx, change.id),
        serving=serving,
        ladder=steps,
        stops=offers(change) if rollout.state is RolloutState.HEALTHY else (),
        notes=chain.notes(ctx, repo, change, rollout, ctx.clock.now()),
    )


def _back_to(ctx: Context, repo: Repo, policy: Policy, change: Change, rollout: Rollout) -> Choice | None:
    """The version that one tap would go back to; looked up only while there may be a button for it."""
    if rollout.state is RolloutState.REPLACED or not rollout.watching or stands_by(change.rung):
        return None
    return where_to(ctx, repo, policy, change.intent.model, change.intent.environment)


def _gone(ctx: Context, change: Change, why: Refused) -> None:
    """The policy declares its target no more, so there is nothing left to watch; its card says so."""
    posted = ctx.posts.get(change.id, "card")
    if posted:
        end = Rollout(RolloutState.REPLACED, ctx.clock.now(), healthy_at=change.healthy_at, watching=False)
        seen = Watched(change, end, RolloutRule(), (), ctx.clock.now(), page=link_of(ctx, change.id))
        shown = replace(card(seen), note=f"Watched no more: {why.message}")
        keep_ending(ctx, shown)
        show_card(ctx, change.id, posted.channel, shown)
    told = outcome_entry(ctx, change, RolloutState.REPLACED.value, why.message)
    ctx.changes.update(change.id, _ended(RolloutState.REPLACED.value), told)


def _apply_all(ctx: Context, change: Change, actions: list[Action_]) -> None:
    """A chat that does not answer keeps the rule from nothing; but watching does not end before all was said."""
    broken: SlackOpsError | None = None
    for action in actions:
        try:
            if not (broken and isinstance(action, EndWatch)):
                _apply(ctx, change, action)
        except (Fatal, ChatUnavailable) as error:
            if not isinstance(action, ShowCard | Say):
                raise
            broken = broken or error
    if broken is not None:
        raise broken


def _apply(ctx: Context, change: Change, action: Action_) -> None:
    match action:
        case Record(healthy_at, degraded_at):
            told = health_entries(ctx, change, healthy_at, degraded_at)
            ctx.changes.update(change.id, _recorded(healthy_at, degraded_at), *told)
        case ShowCard(card):
            keep_ending(ctx, card)
            posted = ctx.posts.get(change.id, "card")
            if posted:
                show_card(ctx, change.id, posted.channel, card)
        case Say(mark, message, broadcast):
            posted = ctx.posts.get(change.id, "card")
            if posted and posted.ts:
                ask_telling(ctx, change, action, posted.channel)
                post_once(ctx, change.id, mark, posted.channel, message, thread=posted.ts, broadcast=broadcast)
        case MarkVersion():
            ctx.inbox.put(f"healthy:{change.id}", MarkHealthy(change=change.id))
        case AskRollback(merge, since):  # it may be well again when the row runs, and bad once more later
            ctx.inbox.put(f"auto:{change.id}:{since:.3f}", AutoRollback(change=change.id, merge=merge))
        case EndWatch(outcome):
            told = (outcome_entry(ctx, change, outcome.value),)
            ctx.changes.update(change.id, _ended(outcome.value), *told)


def _recorded(healthy_at: float | None, degraded_at: float | None) -> Callable[[Change], Change]:
    return lambda change: replace(change, healthy_at=healthy_at, degraded_at=degraded_at)


def _ended(outcome: str) -> Callable[[Change], Change]:
    return lambda change: replace(change, state=ChangeState.MERGED, outcome=outcome)


def _look_again(ctx: Context, change: Change, seen: Watched, *more: float | None) -> None:
    """At the next moment at which time alone changes what is to be said: the timeout, the end of watching."""
    now, merged = seen.now, change.merged_at or change.created_at
    moments = [merged + seen.rule.timeout, seen.rollout.watched_until] if seen.rollout.watching else []
    ahead = [at for at in (*moments, *(one for one in more if one is not None)) if at > now]
    if ahead:
        at = min(ahead)
        key = f"watch:{change.id}:{at:.0f}"
        ctx.inbox.put(key, Watch(change=change.id, number=change.number or 0), delay=at - now + 0.05)


def ask_watch(ctx: Context, key: str, change: Change) -> None:
    """Have a merged change looked at after this row."""
    ctx.inbox.put(f"{key}:watch", Watch(change=change.id, number=change.number or 0))
