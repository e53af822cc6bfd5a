"""Telling what is news of a storm: of each kind at most once in a while, all that came until then in one reply.

A reply has the mark of the oldest news that it tells, and that one is taken off last: whoever dies on the way finds it
again, and by it what was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.domain.commands import LookStorm
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.telling import told
from bot.domain.notice_cards import ThreadEvent, ThreadNews
from bot.domain.storm_news import Told, gathered, waiting
from bot.ports import PostRecord
from bot.usecases.context import Context
from bot.usecases.incident_changing import incident_changing
from bot.usecases.incident_place import say_in

QUIET_SECONDS = 900.0
"""After a reply of a kind, the next one of that kind waits so long, and tells everything that came meanwhile."""


def tell_storm(
    ctx: Context, command: LookStorm, card: PostRecord, members: Sequence[Incident], of_all: Sequence[tuple[str, Said]]
) -> None:
    """Say what is to be said, and take it off; what has to wait stays, and is looked at when it may be said."""
    for mark, message in of_all:
        say_in(ctx, card, mark, message)
    kept: set[str] = set()
    for kind, news in waiting(members, card.since).items():
        kept |= {one.news.mark for one in news[_tell(ctx, command, card, kind, news) :]}
    oldest = {one.id: min((news.at for news in one.news), default=0.0) for one in members}
    for one in sorted(members, key=lambda one: (-oldest[one.id], one.id)):
        marks = {news.mark for news in one.news} - kept
        if marks:
            incident_changing(ctx, one.id, partial(told, marks=marks))


def _tell(ctx: Context, command: LookStorm, card: PostRecord, kind: str, news: Sequence[Told]) -> int:
    """How many of the oldest were told."""
    mark, now = f"{kind}:{news[0].news.mark}", ctx.clock.now()
    mine, last = ctx.posts.get(card.subject, mark), ctx.posts.get(card.subject, f"last:{kind}")
    free = last.since + QUIET_SECONDS if last else now
    if mine is None and now < free:
        key = f"storm-look:{command.storm}:{kind}:{free:.0f}"
        ctx.inbox.put(key, command, delay=free - now + 1.0)
        return 0
    until = mine.since if mine else now
    known = [one for one in news if mine is None or one.news.at <= until] or [news[0]]
    say_in(ctx, card, mark, gathered(kind, known))
    ctx.posts.save(PostRecord(card.subject, f"last:{kind}", card.channel, until))
    return len(known)


Said = ThreadNews | ThreadEvent
