"""Cursors: opaque, and refused when they are not ours."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from bot.sandbox.slack.arguments import Args, whole
from bot.sandbox.slack.refusal import SlackError

T = TypeVar("T")


def encode(word: str, value: str) -> str:
    """A cursor that remembers one value."""
    return base64.b64encode(f"{word}:{value}".encode()).decode()


def decode(args: Args, word: str) -> str | None:
    """The value in the cursor argument, or None. Raises SlackError invalid_cursor."""
    cursor = args.get("cursor")
    if not cursor:
        return None
    try:
        name, _, value = base64.b64decode(str(cursor), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise SlackError("invalid_cursor") from error
    if name != word or not value:
        raise SlackError("invalid_cursor")
    return value


def page(items: Sequence[T], args: Args, *, default: int = 100, most: int = 999) -> tuple[list[T], dict[str, Any]]:
    """One page of a list, and the fields that lead to the next. Raises SlackError invalid_cursor, invalid_limit."""
    limit = whole(args, "limit", default, most)
    offset = decode(args, "offset") or "0"
    if not offset.isdigit():
        raise SlackError("invalid_cursor")
    start, end = int(offset), int(offset) + limit
    cursor = encode("offset", str(end)) if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": cursor}}
