"""The rich_text block (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from __future__ import annotations

from bot.sandbox.slack.block_objects import ID, URL
from bot.sandbox.slack.block_shapes import Rule, anything, array, boolean, by_type, enum, number, record, string

MANY = 10_000
STYLE = record(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)


def inline(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    """One run of a line, which may carry a style."""
    return record({"type": anything, **required}, {"style": STYLE, **(optional or {})})


INLINE = by_type(
    {
        "text": inline({"text": string(40_000)}),
        "link": inline({"url": URL}, {"text": string(40_000), "unsafe": boolean}),
        "emoji": inline({"name": string(255)}, {"unicode": string(255), "url": URL, "skin_tone": number}),
        "user": inline({"user_id": ID}),
        "channel": inline({"channel_id": ID}),
        "usergroup": inline({"usergroup_id": ID}),
        "team": inline({"team_id": ID}),
        "broadcast": inline({"range": enum("here", "channel", "everyone")}),
        "color": inline({"value": string(20)}),
        "date": inline({"timestamp": number, "format": string(255)}, {"url": URL, "fallback": string(255)}),
    }
)
LINE = array(INLINE, MANY, 0)
SECTION = record({"type": anything, "elements": LINE})
BORDER: dict[str, Rule] = {"border": number}
PARTS = by_type(
    {
        "rich_text_section": SECTION,
        "rich_text_list": record(
            {
                "type": anything,
                "style": enum("bullet", "ordered"),
                "elements": array(by_type({"rich_text_section": SECTION}), MANY),
            },
            {**BORDER, "indent": number, "offset": number},
        ),
        "rich_text_preformatted": record({"type": anything, "elements": LINE}, {**BORDER, "language": string(50)}),
        "rich_text_quote": record({"type": anything, "elements": LINE}, BORDER),
    }
)
RICH_TEXT = by_type(
    {"rich_text": record({"type": anything, "elements": array(PARTS, MANY, 0)}, {"block_id": string(255)})}
)
