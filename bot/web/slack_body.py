"""Whether Bolt can read a signed body: UTF-8, and where there is JSON, objects where Slack documents objects.

Bolt trusts what is signed and answers 500 to anything of another shape, for example in its middlewares for tokens and
for the bot's own events. https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

_OBJECTS = ("event", "view", "team", "user", "channel", "enterprise", "message", "container", "function_data")
_LISTS_OF_OBJECTS = ("actions", "authorizations")
_TEXTS = (
    "type",
    "command",
    "callback_id",
    "action_id",
    "team_id",
    "enterprise_id",
    "user_id",
    "channel_id",
    "trigger_id",
    "response_url",
    "bot_access_token",
)


def is_readable(body: bytes, content_type: bytes) -> bool:
    """Whether the body is of a shape that Slack documents."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    if content_type.startswith(b"application/json") or text.startswith("{"):
        return _is_payload(text)
    if "payload=" not in text:
        return True
    payload = parse_qs(text, keep_blank_values=True).get("payload")
    return payload is None or _is_payload(payload[-1])


def _is_payload(text: str) -> bool:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and _is_shaped(found) and _is_event(found.get("event"))


def _is_event(event: Any) -> bool:
    """An event's own ``user`` and ``channel`` are ids, or objects in a few kinds of events."""
    if event is None:
        return True
    named = ("type", "subtype", "bot_id", "ts", "thread_ts", "team")
    objects = ("message", "view", "assistant_thread")
    return (
        all(isinstance(event.get(k), str | None) for k in named)
        and all(isinstance(event.get(k, {}), dict) for k in objects)
        and all(isinstance(event.get(k), str | dict | None) for k in ("user", "channel"))
    )


def _is_shaped(found: dict[str, Any]) -> bool:
    return (
        all(isinstance(found[k], dict) for k in _OBJECTS if found.get(k) is not None)
        and all(_is_list_of_objects(found[k]) for k in _LISTS_OF_OBJECTS if found.get(k) is not None)
        and all(isinstance(found[k], str) for k in _TEXTS if found.get(k) is not None)
        and ("event" not in found or isinstance(found["event"], dict))
    )


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, dict) for v in value)
