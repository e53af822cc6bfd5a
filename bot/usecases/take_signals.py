"""What engines say: kept where it is about a target, and a nudge to look at that target's changes."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.commands import AskEngines, Reconcile, TakeSignals, Watch
from bot.domain.signal import Signal
from bot.errors import Fatal, Refused, Transient
from bot.ports import Row, SignalRecord
from bot.usecases.applications import Applications, Target
from bot.usecases.context import Context
from bot.usecases.repo import Repo, target_at

PAUSE_SECONDS, UNREADABLE_SECONDS = 60.0, 86400.0


def take_signals(ctx: Context, repo: Repo, known: Applications, row: Row, command: TakeSignals) -> None:
    """Keep what concerns a target; ask for a look at it only where there was something new."""
    head = known.head(ctx.clock.now())
    try:
        about = {signal: known.about(head, signal) for signal in command.signals}
    except Refused as why:  # somebody will mend the policy, and what was said until then counts
        _when_readable(ctx, row, command, why)
        return
    targets = dict.fromkeys(target for found in about.values() for target in found)
    for target in targets:
        mine = [signal for signal, found in about.items() if target in found]
        if keep(ctx, repo, target, mine):
            ask_looks(ctx, row, target)


def _when_readable(ctx: Context, row: Row, command: TakeSignals, why: Refused) -> None:
    """Look again in a while, for a day: more than any row is tried again."""
    now = ctx.clock.now()
    if max(signal.at for signal in command.signals) < now - UNREADABLE_SECONDS:
        raise Fatal(f"Nobody can tell whose signals these are: {why.message}") from why
    key = f"{row.key.partition(':unreadable:')[0]}:unreadable:{now // PAUSE_SECONDS:.0f}"
    ctx.inbox.put(key, command, delay=PAUSE_SECONDS)


def keep(ctx: Context, repo: Repo, target: Target, signals: Iterable[Signal]) -> int:
    """Write signals down, each with the version that the target said at its revision; how many were new."""
    model, environment = target
    now = ctx.clock.now()
    told = [(signal, _version(ctx, repo, target, signal)) for signal in signals]
    records = [
        SignalRecord(model, environment, signal, version, now)
        for signal, version in told
        if version is not None or signal.revision is None
    ]
    return ctx.signals.add(records) if records else 0


def _version(ctx: Context, repo: Repo, target: Target, signal: Signal) -> str | None:
    """None for a revision that the deployment repo does not have, or that does not say the version: such a signal is
    not about it, or proves nothing."""
    if signal.revision is None or not ctx.checkout.ensure(signal.revision):
        return None
    try:
        found = target_at(repo.policy(ctx.checkout.head()), repo, signal.revision, *target)
        return repo.candidate_at(signal.revision, found) if found else None
    except Refused:
        return None


def ask_looks(ctx: Context, row: Row, target: Target) -> None:
    """Have the target's changes looked at: those that are watched, and the open one, which may be merged by now."""
    for change in ctx.changes.all_watching():
        if (change.intent.model, change.intent.environment) == target and change.number is not None:
            ctx.inbox.put(f"{row.key}:watch:{change.id}", Watch(change=change.id, number=change.number))
    open_one = ctx.changes.open_for(*target)
    if open_one and open_one.number is not None:
        ctx.inbox.put(f"{row.key}:reconcile:{open_one.id}", Reconcile(number=open_one.number))


def ask_engines(ctx: Context, repo: Repo, row: Row, _: AskEngines) -> None:
    """Ask about every change that is watched: a signal that was missed is healed. An engine that does not answer about
    one application does not keep the others from being asked."""
    try:
        policy = repo.policy(ctx.checkout.fetch())
    except Refused:
        return  # somebody will mend it; the next tick asks again
    failed: Transient | Fatal | None = None
    for change in ctx.changes.all_watching():
        intent = change.intent
        try:
            rule = policy.environment(intent.environment).rollout
            engine = ctx.engines.get(rule.engine)
            told = engine.look(rule.application_of(intent.model, intent.environment)) if engine else None
        except (Transient, Fatal) as error:
            failed = error
            continue
        except Refused:
            continue
        if told is not None and keep(ctx, repo, (intent.model, intent.environment), [told]):
            ask_looks(ctx, row, (intent.model, intent.environment))
        elif change.number is not None:
            ctx.inbox.put(f"{row.key}:look:{change.id}", Watch(change=change.id, number=change.number))
    if failed is not None:
        raise failed
