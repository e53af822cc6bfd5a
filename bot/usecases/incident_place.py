"""Where a card is shown: in its channel, else, where the bot cannot write there, in the policy's default one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.cards import Message
from bot.errors import Fatal
from bot.ports import PostRecord
from bot.usecases.context import Context
from bot.usecases.tell import post_once, show_card

MEANT = "meant"
"""The bot's memory of the channel that a card was meant for, where it is shown in another one."""


def show_where_it_can(
    ctx: Context, subject: str, channel: str, otherwise: str, card: Callable[[str], Message]
) -> PostRecord:
    """Show the card, or bring it up to date; the record of it. ``card`` makes it, given the channel that it was meant
    for where that is another one: it says so as long as it stands there. Raises Fatal where neither can be written."""
    meant, before = ctx.posts.get(subject, MEANT), ctx.posts.get(subject, "card")
    away = meant.channel if meant else ""
    try:
        show_card(ctx, subject, before.channel if before else channel, card(away))
    except Fatal:
        if channel == otherwise:
            raise
        ctx.posts.save(PostRecord(subject, MEANT, away or channel, ctx.clock.now()))
        try:
            _elsewhere(ctx, subject, otherwise, before, card(away or channel))
        except Fatal:
            ctx.posts.save(PostRecord(subject, MEANT, away, ctx.clock.now()))
            raise
    return _posted(ctx, subject)


def show_and_tell(
    ctx: Context,
    subject: str,
    places: tuple[str, str],
    card: Callable[[str], Message],
    tell: Callable[[PostRecord], None],
) -> None:
    """Show the card in the first of the ``places`` that can be written, and tell what is news in its thread. Raises
    Fatal where neither can be written."""
    posted = show_where_it_can(ctx, subject, *places, card)
    try:
        tell(posted)
    except Fatal:  # a card that looks as it did was not asked about: perhaps nobody can write there any more
        ctx.posts.save(replace(posted, fingerprint=""))
        again = show_where_it_can(ctx, subject, *places, card)
        if again.ts == posted.ts:
            raise
        tell(again)


def say_in(ctx: Context, card: PostRecord, mark: str, message: Message) -> None:
    """Reply in the card's thread, once."""
    tried = ctx.posts.get(card.subject, mark)
    if tried is not None and tried.ts is None and tried.channel != card.channel:  # the card had to go elsewhere
        ctx.posts.save(PostRecord(card.subject, mark, card.channel, ctx.clock.now()))
    loud = getattr(message, "broadcast", False)
    post_once(ctx, card.subject, mark, card.channel, message, thread=card.ts, broadcast=loud)


def _elsewhere(ctx: Context, subject: str, otherwise: str, before: PostRecord | None, card: Message) -> None:
    """What was wrong may not have been the channel: then it fails there too, and the card that is there stays the
    one."""
    if before is None or before.ts is not None or before.channel != otherwise:
        ctx.posts.save(PostRecord(subject, "card", otherwise, ctx.clock.now()))
    try:
        show_card(ctx, subject, otherwise, card)
    except Fatal:
        if before is not None:
            ctx.posts.save(before)
        raise


def _posted(ctx: Context, subject: str) -> PostRecord:
    found = ctx.posts.get(subject, "card")
    if found is None or found.ts is None:
        raise Fatal(f"the card of {subject} is nowhere")
    return found
