"""Finding a message of the bot's own by the mark in its metadata (https://docs.slack.dev/messaging/message-metadata)."""

from __future__ import annotations

from typing import Any

from bot.adapters.slack_chat.calls import Calls
from bot.adapters.slack_chat.myself import Myself

EVENT = "slackops_message"
SKEW = 60.0


def metadata(mark: str) -> dict[str, Any]:
    """The metadata that carries a mark."""
    return {"event_type": EVENT, "event_payload": {"mark": mark}}


def find_ts(calls: Calls, myself: Myself, channel: str, mark: str, since: float, thread: str | None) -> str | None:
    """The ts of the message with this mark. ``since`` is by our clock, so a minute of difference is allowed for."""
    where = {"ts": thread} if thread else {}
    method = "conversations.replies" if thread else "conversations.history"
    oldest = f"{max(0.0, since - SKEW):.6f}"
    asked = {"channel": channel, "oldest": oldest, "inclusive": "true", "include_all_metadata": "true", "limit": "200"}
    for page in calls.pages(method, **asked, **where):
        for message in page.get("messages", []):
            if _marked(message, mark) and message.get("bot_id") == myself.bot_id():  # any app could write this mark
                return str(message["ts"])
    return None


def _marked(message: dict[str, Any], mark: str) -> bool:
    found = message.get("metadata") or {}
    return found.get("event_type") == EVENT and (found.get("event_payload") or {}).get("mark") == mark
