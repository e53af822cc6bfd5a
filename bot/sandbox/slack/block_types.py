"""Blocks, and which surface takes which (https://docs.slack.dev/reference/block-kit/blocks)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_elements import ACCESSORIES, ACTIONS, BUTTON, CONTEXT_ACTIONS, IMAGE, INPUTS
from bot.sandbox.slack.block_objects import ID, SLACK_FILE, URL, mrkdwn, plain, text
from bot.sandbox.slack.block_shapes import (
    Fault,
    Rule,
    any_of,
    anything,
    array,
    boolean,
    by_type,
    enum,
    exactly_one,
    number,
    record,
    string,
)
from bot.sandbox.slack.rich_text import RICH_TEXT

Rules = dict[str, Rule]
TABLE_CHARS = 10_000


def block(required: Rules | None = None, optional: Rules | None = None, check: Rule = anything) -> Rule:
    """A block with the two fields that all share."""
    return record({"type": anything, **(required or {})}, {"block_id": ID, **(optional or {})}, check)


def cell_chars(value: Any) -> int:
    """Characters of text in a cell, however deep."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(cell_chars(v) for v in value.values() if isinstance(v, dict | list))
    return sum(cell_chars(v) for v in value) if isinstance(value, list) else 0


def small_table(value: dict[str, Any], at: str) -> Iterator[Fault]:
    """The cells of a table together have a limit of their own."""
    if cell_chars(value["rows"]) > TABLE_CHARS:
        yield Fault(f"{at}/rows", f"must be less than {TABLE_CHARS + 1} characters in all cells")


CELL = by_type(
    {
        "raw_text": record({"type": anything, "text": string(TABLE_CHARS, 1)}),
        "raw_number": record({"type": anything, "value": number, "text": string(255)}),
        "rich_text": RICH_TEXT,
    }
)
COLUMN = record({}, {"align": enum("left", "center", "right"), "is_wrapped": boolean})
ROWS = array(array(CELL, 20), 100)
CARD_PARTS: Rules = {
    "title": mrkdwn(150),
    "subtitle": mrkdwn(150),
    "body": mrkdwn(200),
    "icon": IMAGE,
    "hero_image": IMAGE,
    "actions": array(by_type({"button": BUTTON}), 3),
}
CARD = by_type({"card": block({}, CARD_PARTS)})
TASK = block(
    {"task_id": string(255), "title": string(3000), "status": enum("pending", "in_progress", "complete", "error")},
    {
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": array(by_type({"url": record({"type": anything, "url": URL, "text": string(3000)})}), 100),
    },
)
SHARED: Rules = {
    "actions": block({"elements": array(by_type(ACTIONS), 25)}),
    "context": block(
        {"elements": array(by_type({"image": IMAGE, "plain_text": text(3000), "mrkdwn": text(3000)}), 10)}
    ),
    "divider": block(),
    "header": block({"text": plain(150)}),
    "image": block(
        {"alt_text": string(2000)},
        {"image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "input": block(
        {"label": plain(2000), "element": by_type(INPUTS)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "section": block(
        {},
        {"text": text(3000), "fields": array(text(2000), 10), "accessory": by_type(ACCESSORIES), "expand": boolean},
        any_of("text", "fields"),
    ),
    "video": block(
        {"alt_text": string(2000), "title": plain(200), "thumbnail_url": URL, "video_url": URL},
        {
            "description": plain(200),
            "title_url": URL,
            "author_name": string(50),
            "provider_name": string(200),
            "provider_icon_url": URL,
        },
    ),
    "alert": block({"text": text(3000)}, {"level": enum("default", "info", "warning", "error", "success")}),
}
TABLE = block({"rows": ROWS}, {"column_settings": array(COLUMN, 20)}, small_table)
FILE = block({"external_id": ID, "source": enum("remote")})
CONTAINED = by_type({**{k: v for k, v in SHARED.items() if k != "alert"}, "table": TABLE, "file": FILE})
MESSAGE_ONLY: Rules = {
    "markdown": block({"text": string(12_000)}),
    "table": TABLE,
    "file": FILE,
    "context_actions": block({"elements": array(by_type(CONTEXT_ACTIONS), 5)}),
    "card": block({}, CARD_PARTS),
    "carousel": block({"elements": array(CARD, 10)}),
    "task_card": TASK,
    "plan": block({"title": string(3000)}, {"tasks": array(by_type({"task_card": TASK}), 50)}),
    "data_table": block(
        {"caption": string(3000), "rows": ROWS}, {"page_size": number, "row_header_column_index": number}
    ),
    "container": block(
        {"child_blocks": array(CONTAINED, 10)},
        {
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "icon": IMAGE,
            "width": enum("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        any_of("title", "rich_text_title"),
    ),
}
IN_MESSAGE = by_type({**SHARED, **MESSAGE_ONLY})
IN_VIEW = by_type(SHARED)
