"""Composition objects: text, options, confirmation dialogs (https://docs.slack.dev/reference/block-kit/composition-objects)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_shapes import (
    Fault,
    Rule,
    anything,
    array,
    boolean,
    by_type,
    enum,
    exactly_one,
    record,
    string,
)

ID = string(255)
URL = string(3000)
STYLE = enum("primary", "danger")


def plain(most: int, least: int = 1) -> Rule:
    """A plain_text object."""
    return by_type({"plain_text": record({"type": anything, "text": string(most, least)}, {"emoji": boolean})})


def mrkdwn(most: int) -> Rule:
    """A mrkdwn object."""
    return by_type({"mrkdwn": record({"type": anything, "text": string(most)}, {"verbatim": boolean})})


def text(most: int) -> Rule:
    """A text object of either kind."""

    def rule(value: Any, at: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, dict) else None
        yield from (mrkdwn(most) if kind == "mrkdwn" else plain(most))(value, at)

    return rule


def option(words: Rule, *, url: bool = False) -> Rule:
    """One choice; ``url`` is for overflow menus only."""
    extra = {"url": URL} if url else {}
    return record({"text": words, "value": string(150)}, {"description": plain(75), **extra})


PLAIN_OPTION = option(plain(75))
RICH_OPTION = option(text(75))
OVERFLOW_OPTION = option(plain(75), url=True)
OPTIONS = array(PLAIN_OPTION, 100)
OPTION_GROUPS = array(record({"label": plain(75), "options": OPTIONS}), 100)

CONFIRM = record({"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE})
FILTER = record(
    {},
    {
        "include": array(enum("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
DISPATCH = record({}, {"trigger_actions_on": array(enum("on_enter_pressed", "on_character_entered"), 2)})
SLACK_FILE = record({}, {"id": string(255), "url": URL}, exactly_one("id", "url"))
