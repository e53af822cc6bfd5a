"""What a pull request by hand does to the files that hold the values it moves."""

from __future__ import annotations

from bot.domain.change import Change
from bot.errors import Reason, Refused
from bot.usecases.context import Context

Files = dict[str, bytes]


def hand_diff(ctx: Context, change: Change) -> tuple[Files, Files]:
    """Those files before and after, whole. Raises Refused(CHANGE_MOVED) where its branch cannot be read any more."""
    head = change.head or ""
    base = ctx.checkout.merge_base(head, change.base) if head and ctx.checkout.ensure(head) else None
    if base is None:
        raise Refused(Reason.CHANGE_MOVED, "The branch cannot be read any more.", "Look at the pull request.")
    paths = sorted({edit.file for edit in change.intent.edits})
    before, after = ctx.checkout.read(base, paths), ctx.checkout.read(head, paths)
    return {path: before.get(path, b"") for path in paths}, {path: after.get(path, b"") for path in paths}
