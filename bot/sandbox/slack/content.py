"""What a message may consist of: text, blocks, attachments, metadata, checked as Slack checks them."""

from __future__ import annotations

import copy
import json
from typing import Any

from bot.sandbox.slack.arguments import Args, structure
from bot.sandbox.slack.block_shapes import Fault
from bot.sandbox.slack.blockkit import MESSAGE_CHARS, elements_of, message_faults, text_chars
from bot.sandbox.slack.ids import short
from bot.sandbox.slack.refusal import SlackError

POST_CHARS, UPDATE_CHARS, MARKDOWN_CHARS, METADATA_CHARS, ATTACHMENTS = 40_000, 4_000, 12_000, 16_000, 100


def invalid(code: str, faults: list[Fault]) -> SlackError:
    """A refusal that points at each fault."""
    lines = [f"[ERROR] {fault}" for fault in faults]
    return SlackError(code, *lines, extra={"errors": [str(fault) for fault in faults]})


def identified(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A copy in which every block and every interactive element has an id, made up where the app gave none."""
    out = copy.deepcopy(blocks)
    for block in out:
        block.setdefault("block_id", short())
        for _, element in elements_of(block):
            if element.get("type") not in (None, "image", "plain_text", "mrkdwn") and block["type"] != "rich_text":
                element.setdefault("action_id", short())
    return out


def checked_blocks(args: Args) -> list[dict[str, Any]] | None:
    """The blocks argument, or None when it is absent.

    Raises SlackError invalid_blocks_format, invalid_blocks or msg_blocks_too_long.
    """
    blocks = structure(args, "blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format", "[ERROR] blocks must be an array")
    if faults := message_faults(blocks):
        raise invalid("invalid_blocks", faults)
    if text_chars(blocks) > MESSAGE_CHARS:
        raise SlackError("msg_blocks_too_long")
    return identified(blocks)


def checked_attachments(args: Args) -> list[dict[str, Any]] | None:
    """The attachments argument, or None. Raises SlackError invalid_attachments or too_many_attachments."""
    found = structure(args, "attachments", "invalid_attachments")
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise SlackError("invalid_attachments")
    if len(found) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, item in enumerate(found):
        if faults := message_faults(item.get("blocks") or [], f"/attachments/{index}/blocks"):
            raise invalid("invalid_attachments", faults)
    return [{**a, "blocks": identified(a["blocks"])} if a.get("blocks") else a for a in copy.deepcopy(found)]


def checked_metadata(args: Args) -> dict[str, Any] | None:
    """The metadata argument, None when absent, empty to remove it.

    Raises SlackError invalid_metadata_format, invalid_metadata_schema or metadata_too_large.
    """
    found = structure(args, "metadata", "invalid_metadata_format")
    if found in (None, {}):
        return found  # type: ignore[no-any-return]
    if not isinstance(found, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(found.get("event_type"), str) or not isinstance(found.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema", "[ERROR] metadata needs event_type and event_payload")
    if len(json.dumps(found)) > METADATA_CHARS:
        raise SlackError("metadata_too_large")
    return found


def checked_text(args: Args) -> str | None:
    """The text argument as a string, or None when it is absent."""
    value = args.get("text")
    return None if value is None else str(value)


def from_markdown(args: Args) -> Args:
    """Turn markdown_text into a markdown block. Raises SlackError markdown_text_conflict or msg_too_long."""
    if not args.get("markdown_text"):
        return args
    if args.get("text") or args.get("blocks"):
        raise SlackError("markdown_text_conflict")
    words = str(args["markdown_text"])
    if len(words) > MARKDOWN_CHARS:
        raise SlackError("msg_too_long")
    return {**args, "text": words, "blocks": [{"type": "markdown", "text": words}]}


def posted(args: Args) -> dict[str, Any]:
    """The content of a new message. Raises SlackError no_text and those of the parts; text over 40,000 is cut."""
    args = from_markdown(args)
    out: dict[str, Any] = {
        "text": (checked_text(args) or "")[:POST_CHARS],
        "blocks": checked_blocks(args) or [],
        "attachments": checked_attachments(args) or [],
        "metadata": checked_metadata(args) or None,
    }
    if not out["text"].strip() and not out["blocks"] and not out["attachments"]:
        raise SlackError("no_text")
    return out


def updated(args: Args) -> dict[str, Any]:
    """The fields that change: what is left out is kept, an empty list or object removes.

    Raises SlackError msg_too_long, no_text and those of the parts.
    """
    args = from_markdown(args)
    text, metadata = checked_text(args), checked_metadata(args)
    if text is not None and len(text) > UPDATE_CHARS:
        raise SlackError("msg_too_long")
    parts = {"text": text, "blocks": checked_blocks(args), "attachments": checked_attachments(args)}
    if not any(parts.values()):
        raise SlackError("no_text")
    fields = {k: v for k, v in parts.items() if v is not None}
    return fields if metadata is None else {**fields, "metadata": metadata or None}
