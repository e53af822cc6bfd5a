"""What broken glass leaves behind: a second person must look at it, and is asked until one has."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Change, ChangeState
from bot.domain.commands import Reconcile, Watch
from bot.domain.glass import ROLE, due_at, is_overdue, overdue_news, owed, settled
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.errors import Refused
from bot.usecases.audited import BOT, entry, note
from bot.usecases.context import Context
from bot.usecases.glass_second import reviewed_by
from bot.usecases.repo import Repo
from bot.usecases.tell import post_once

OVERDUE = "glass-overdue"
POLICY_SECONDS = 60.0


def see_to_glass(ctx: Context, repo: Repo, change_id: str) -> bool:
    """Write down by when, take a review on the forge for an answer, tell that it is overdue. True where the record
    changed, so that its card must."""
    change = ctx.changes.get(change_id)
    if change is None or not owed(change):
        _settled(ctx, change)
        return False
    try:
        policy = repo.back.policy(ctx.checkout.head())
    except Refused:
        _when_readable(ctx, change)
        return False
    before = change
    change = _with_time(ctx, policy, change)
    _at_its_time(ctx, change)
    second = reviewed_by(ctx, repo.back, policy, change)
    if second is not None:
        change = pay(ctx, change, *second)
        _settled(ctx, change)
    elif is_overdue(change, ctx.clock.now()):
        _call(ctx, policy, change)
    _show(ctx, change)
    return change != before


def _when_readable(ctx: Context, change: Change) -> None:
    """Nobody can read how long they have: somebody will mend it, and until then it is asked again."""
    tick = ctx.clock.now() // POLICY_SECONDS
    ctx.inbox.put(f"glass:{change.id}:policy:{tick:.0f}", Reconcile(number=change.number or 0), POLICY_SECONDS)


def _with_time(ctx: Context, policy: Policy, change: Change) -> Change:
    if change.glass is None or change.glass.due_at is not None:
        return change
    end = due_at(change, policy.review_within)
    return ctx.changes.update(change.id, lambda c: replace(c, glass=c.glass and replace(c.glass, due_at=end)))


def _at_its_time(ctx: Context, change: Change) -> None:
    """Have it looked at when it is overdue. A clock that was put back meanwhile makes that later, so the minutes that
    are left are part of the key."""
    left = (change.glass.due_at or 0.0) - ctx.clock.now() if change.glass else 0.0
    if left > 0:
        ctx.inbox.put(f"glass:{change.id}:due:{left // 60:.0f}", Reconcile(number=change.number or 0), left)


def pay(ctx: Context, change: Change, person: Person | None, login: str, at: float) -> Change:
    """Write down who looked. The next look at it has what waited for that looked at again."""
    told = entry(ctx, f"glass-settled:{change.id}", "reviewed broken glass", person or f"github:{login}", change)
    return ctx.changes.update(change.id, lambda c: settled(c, person, login, at), told)


def _settled(ctx: Context, change: Change | None) -> None:
    """Only after the record says so: what is looked at before would go on waiting."""
    if change is None or change.glass is None:
        return
    if change.glass.settled_at is not None:
        _look_at_others(ctx, change, "settled")
    _show(ctx, change)


def _look_at_others(ctx: Context, change: Change, why: str) -> None:
    for one in ctx.changes.all_open():
        if one.intent.model == change.intent.model and one.number is not None:
            ctx.inbox.put(f"glass:{change.id}:{why}:{one.number}", Reconcile(number=one.number))


def _call(ctx: Context, policy: Policy, change: Change) -> None:
    """It is overdue: told once."""
    note(ctx, f"{OVERDUE}:{change.id}", "broken glass not reviewed in time", BOT, change)
    _look_at_others(ctx, change, "overdue")
    card = ctx.posts.get(change.id, "card")
    if card is not None and card.ts is not None:
        news = overdue_news(change, _called(policy, change))
        post_once(ctx, change.id, OVERDUE, card.channel, news, thread=card.ts, broadcast=True)


def _called(policy: Policy, change: Change) -> tuple[str, ...]:
    """Whoever has the role there; where nobody of Slack has it, whom trouble in the environment calls, and who did
    it."""
    lists = policy.lists(ROLE, (change.intent.environment,), change.intent.model)
    role = tuple(sorted({ref for members in lists for ref in members if ref.startswith("slack:")}))
    asked = tuple(f"slack:{person.user}" for person in change.requesters)
    return role or (*policy.notify_for(change.intent.environment, "degraded"), *asked)


def _show(ctx: Context, change: Change) -> None:
    """Have a card that the watcher writes brought up to date, once for each thing that it has to say."""
    glass = change.glass
    followed = change.state is ChangeState.WATCHING or change.outcome is not None
    if glass is None or glass.due_at is None or not followed:
        return
    said = "settled" if glass.settled_at is not None else "due"
    watch = Watch(change=change.id, number=change.number or 0)
    ctx.inbox.put(f"glass:{change.id}:card:{said}", watch)
