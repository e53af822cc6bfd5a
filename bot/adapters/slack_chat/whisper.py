"""Saying something to one person: by the response URL, else as an ephemeral message, else directly."""

from __future__ import annotations

import logging
from typing import Any

from slack_sdk.webhook import WebhookClient

from bot.adapters.slack_chat.calls import QUIET, Calls
from bot.adapters.slack_chat.errors import NO_PLACE, SlackSays, transport
from bot.errors import ChatUnavailable

LOG = logging.getLogger(__name__)
ELSEWHERE = NO_PLACE | {"user_not_in_channel", "restricted_action", "messages_tab_disabled", "cannot_reply_to_message"}


def by_response_url(url: str, body: dict[str, Any], timeout: float) -> bool:
    """True when Slack took it. A URL that is used up or too old is answered with 404; then there are other ways."""
    client = WebhookClient(url, timeout=int(max(1, timeout)), retry_handlers=[], logger=QUIET)
    try:
        answer = client.send_dict({**body, "response_type": "ephemeral", "replace_original": False})
    except Exception as error:
        if not transport(error) and not isinstance(error, ValueError):
            raise
        LOG.info("a response_url could not be used: %s", type(error).__name__)
        return False
    return answer.status_code == 200 and answer.body.strip() in ("ok", "", '{"ok":true}')


def in_channel(calls: Calls, channel: str, user: str, body: dict[str, Any], thread: str | None = None) -> bool:
    """True when the person could be told in this channel. Every other refusal is raised."""
    if not channel:
        return False
    try:
        calls.write("chat.postEphemeral", channel=channel, user=user, thread_ts=thread, **body)
    except SlackSays as said:
        if said.code in ELSEWHERE:
            return False
        raise
    return True


def directly(calls: Calls, user: str, body: dict[str, Any]) -> None:
    """A direct message."""
    opened = calls.write("conversations.open", users=user)
    place = str((opened.get("channel") or {}).get("id") or "")
    if not place:
        raise ChatUnavailable("Slack did not open a direct message.")
    calls.write("chat.postMessage", channel=place, **body)
