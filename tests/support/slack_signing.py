"""Signed requests, as Slack sends them."""

from __future__ import annotations

import hashlib
import hmac
import time
from urllib.parse import urlencode

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def signed(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that prove a body."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
    }


def slash(command: str, text: str, trigger: str = "1.2.abc") -> bytes:
    """The form of a slash command."""
    fields = {
        "command": command,
        "text": text,
        "trigger_id": trigger,
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "channel_name": "ml",
        "user_name": "ana",
        "team_domain": "acme",
        "api_app_id": "A1",
        "token": "x",
        "response_url": "http://127.0.0.1:9/response",
    }
    return urlencode(fields).encode()
