"""A change that nobody cares for is given up; and where many wait at once, one line reminds of them all."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cards import ThreadNews
from bot.domain.change import Change, ChangeState
from bot.domain.reconcile_actions import Say
from bot.domain.reminding import last_act
from bot.domain.snapshot import Snapshot
from bot.domain.wording import step
from bot.ports import PostRecord
from bot.usecases.audited import BOT, entry
from bot.usecases.context import Context
from bot.usecases.tell import post_once

MANY, NAMED = 5, 10
"""More reviews than this that are waited for in one channel are told in one line, which names so many of them."""


def expire(ctx: Context, seen: Snapshot, why: str) -> None:
    """Close the record, unless somebody did something meanwhile; the next look closes the pull request."""
    change = seen.change

    def closed(now: Change) -> Change:
        return replace(now, state=ChangeState.CLOSED, close_reason=why) if now == change else now

    ctx.changes.update(change.id, closed, entry(ctx, f"expired:{change.id}", "expired", BOT, change, why=why))


def told_together(ctx: Context, seen: Snapshot, say: Say, channel: str) -> bool:
    """Whether one line in the channel reminds of this change and of all others that wait there: then it is posted, once
    in the time between two reminders, and the change's own reminder counts as told."""
    if not isinstance(say.message, ThreadNews):
        return False
    subject, mark = f"remind:{channel}", f"{seen.now // seen.reminding.remind:.0f}"
    line = ctx.posts.get(subject, mark)  # a thousand that wait are not counted a thousand times
    if line is not None and line.ts is not None:
        ctx.posts.save(PostRecord(seen.change.id, say.mark, line.channel, seen.now, line.ts))
        return True
    waiting = [one for one in ctx.changes.all_open() if _waits(ctx, one, channel, seen)]
    if len(waiting) <= MANY:
        return False
    shown = "; ".join(f"{step(one.intent)} (#{one.number})" for one in waiting[:NAMED])
    more = f"; and {len(waiting) - NAMED} more" if len(waiting) > NAMED else ""
    news = ThreadNews(f"{len(waiting)} changes still need review", f"{shown}{more}.", say.message.notify)
    posted = post_once(ctx, subject, mark, channel, news, thread=None, broadcast=False)
    ctx.posts.save(PostRecord(seen.change.id, say.mark, posted.channel, seen.now, posted.ts))
    return True


def _waits(ctx: Context, change: Change, channel: str, seen: Snapshot) -> bool:
    """Whether it, too, stands there for as long as a reminder takes, by what the record says."""
    card = ctx.posts.get(change.id, "card")
    here = card is not None and card.channel == channel and change.number is not None
    return here and change.held_by is None and seen.now - last_act(change, (), seen.now) >= seen.reminding.remind
