"""Telling people: receipts and refusals to the one who asked, posts that are made once."""

from __future__ import annotations

from bot.domain.cards import Message, Receipt, Refusal
from bot.domain.commands import Origin
from bot.domain.people import Person
from bot.errors import Refused, SlackOpsError
from bot.ports import Posted, PostRecord
from bot.usecases.context import Context


def answer(ctx: Context, by: Person, origin: Origin, message: Message) -> None:
    """Say to the person what they asked to know. Raises what the chat raises: it is the whole of the work."""
    ctx.chat.whisper(by, origin.channel, message, origin.response_url, origin.thread_ts)


def receipt(ctx: Context, by: Person, origin: Origin, text: str, url: str | None = None) -> None:
    """A short word to the person who asked. When it cannot be said, the work is done all the same."""
    try:
        answer(ctx, by, origin, Receipt(text, url))
    except SlackOpsError:
        return


def refuse(ctx: Context, by: Person, origin: Origin, title: str, why: Refused) -> None:
    """A no to the person who asked, with what would unblock it."""
    answer(ctx, by, origin, Refusal(title, why.reason.value, why.message, why.unblock))


def post_once(
    ctx: Context, subject: str, mark: str, channel: str, message: Message, *, thread: str | None, broadcast: bool
) -> Posted:
    """Post the message that ``mark`` names about ``subject``, exactly once, whatever happens between intent and answer.

    The intent is recorded first. When it stands there without an answer, an earlier try ended in the dark: the channel
    is searched for its mark, from the intent's time on, before anything is posted. Raises LeaseLost, with nothing
    posted, where another worker carries this out by now.
    """
    record = ctx.posts.get(subject, mark)
    if record and record.ts:
        return Posted(record.channel, record.ts)
    full_mark = f"{subject}:{mark}"
    found = ctx.chat.find(record.channel, full_mark, record.since, thread) if record else None
    record = record or PostRecord(subject, mark, channel, ctx.clock.now())
    if found is None:
        ctx.posts.save(record)
        ctx.hold()
        found = ctx.chat.post(channel, message, full_mark, thread=thread, broadcast=broadcast)
    ctx.posts.save(PostRecord(subject, mark, found.channel, record.since, found.ts, ctx.chat.fingerprint(message)))
    return found


def show_card(ctx: Context, subject: str, channel: str, message: Message) -> bool:
    """Post the card of a subject, or bring it up to date; False when it looked the same and nothing was sent."""
    record = ctx.posts.get(subject, "card")
    if record is None or record.ts is None:
        post_once(ctx, subject, "card", channel, message, thread=None, broadcast=False)
        return True
    looks = ctx.chat.fingerprint(message)
    if record.fingerprint == looks:
        return False
    if ctx.chat.update(Posted(record.channel, record.ts), message, f"{subject}:card"):
        ctx.posts.save(PostRecord(subject, "card", record.channel, record.since, record.ts, looks))
    else:  # somebody deleted it: a change has one card, so there is a new one
        ctx.posts.save(PostRecord(subject, "card", record.channel, ctx.clock.now()))
        post_once(ctx, subject, "card", channel, message, thread=None, broadcast=False)
    return True
