"""A picture in a thread, at most once.

A file cannot be found again by a mark, as a message can. So the intent to share it is written down first, and where
the answer is lost nobody tries again: a missing picture is better than two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.errors import ChatUnavailable, Fatal
from bot.ports import PostRecord
from bot.usecases.context import Context

NO_PICTURE = "-"
"""Where a message would have its time stamp: nothing to draw, or the chat takes no files."""


@dataclass(frozen=True)
class Picture:
    """A PNG; ``name`` is the file's, ``alt`` says in words what it shows."""

    name: str
    title: str
    png: bytes
    alt: str


def share_once(ctx: Context, record: PostRecord, thread: str, picture: Picture) -> int:
    """1 where it was shared now, else 0. ``record`` is the intent, which must not have been saved before. Raises
    ChatUnavailable before anything can be seen of it."""
    try:
        file = ctx.chat.upload(picture.name, picture.png, picture.alt)
    except Fatal:  # no scope, no files allowed: the message says it too
        ctx.posts.save(replace(record, ts=NO_PICTURE))
        return 0
    return show_once(ctx, record, thread, file, picture.title)


def show_once(ctx: Context, record: PostRecord, thread: str, file: str, title: str) -> int:
    """As ``share_once``, of a file that is uploaded. Raises LeaseLost."""
    ctx.hold()
    ctx.posts.save(record)
    try:
        ctx.chat.share(file, title, record.channel, thread)
    except Fatal:
        file = NO_PICTURE
    except ChatUnavailable:
        return 0
    ctx.posts.save(replace(record, ts=file))
    return int(file != NO_PICTURE)
