"""What Slack's errors mean for us, in one place (https://docs.slack.dev/reference/methods, "Errors" of each method)."""

from __future__ import annotations

import json
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import ChatUnavailable, Fatal

BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
DOWN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "update_failed"})
NO_PLACE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "is_inactive", "channel_is_limited_access"})
NO_ENTRY = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
_ADVICE = {
    "not_in_channel": "invite the bot there with /invite",
    "channel_not_found": "check the name in the policy and invite the bot there with /invite",
    "is_archived": "unarchive it, or name another channel in the policy",
}


class SlackSays(Fatal):
    """Slack refused a call with an error ``code``. Whoever knows better what it means catches it."""

    def __init__(self, code: str, detail: str, method: str, channel: str) -> None:
        super().__init__(_advice(code, detail, method, channel))
        self.code = code


def _advice(code: str, detail: str, method: str, channel: str) -> str:
    where = f" in {channel}" if channel else ""
    if code in NO_PLACE:
        return f"Slack refused {method}{where}: {code}; {_ADVICE.get(code, 'check that the bot may write there')}."
    if code in NO_ENTRY:
        return f"Slack refused the bot token ({code}): set SLACK_BOT_TOKEN to the installed app's xoxb token."
    if code == "missing_scope":
        return f"Slack refused {method}: the app lacks the scope {detail}; add it and install the app again."
    return f"Slack refused {method}{where}: {code}{f' ({detail})' if detail else ''}."


def understood(error: Exception, method: str, channel: str) -> Exception:
    """Transient for what passes by itself, else what Slack said. The token is in none of the texts."""
    if isinstance(error, SlackApiError):
        return _answered(error, method, channel)
    kind = "timed out" if isinstance(error, TimeoutError) or "timed out" in str(error) else "could not be reached"
    return ChatUnavailable(f"Slack {kind} ({method}).")


def transport(error: Exception) -> bool:
    """Whether this came from the network and not from a fault of ours. urllib's and aiohttp's errors are OSErrors."""
    return isinstance(error, SlackClientError | OSError | TimeoutError | EOFError) or type(error).__module__.startswith(
        ("http.client", "aiohttp")
    )


def _answered(error: SlackApiError, method: str, channel: str) -> Exception:
    status, data, headers = _parts(error)
    code = str(data.get("error") or "")
    if status == 429 or code in BUSY:
        return ChatUnavailable(f"Slack asks for a pause ({method}).", retry_after(headers))
    if status >= 500 or code in DOWN or not code:
        return ChatUnavailable(f"Slack answered {status or 'nothing usable'} ({method}).")
    notes = (data.get("response_metadata") or {}).get("messages") or []
    detail = str(data.get("needed") or "; ".join(str(note) for note in notes[:3]))
    return SlackSays(code, detail[:500], method, channel)


def _parts(error: SlackApiError) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """Status, body and headers, in whichever of its two forms the SDK left the response."""
    response: Any = error.response
    if isinstance(response, dict):
        body = response.get("body")
        return int(response.get("status") or 0), _object(body), dict(response.get("headers") or {})
    return int(response.status_code or 0), _object(response.data), dict(response.headers or {})


def _object(body: Any) -> dict[str, Any]:
    if isinstance(body, str | bytes):
        try:
            body = json.loads(body)
        except ValueError:
            return {}
    return body if isinstance(body, dict) else {}


def retry_after(headers: dict[str, Any]) -> float:
    """Seconds to wait; 1 when Slack did not say so in a number."""
    found = next((v for k, v in headers.items() if k.lower() == "retry-after"), "1")
    value = found[0] if isinstance(found, list) and found else found
    try:
        return min(3600.0, max(0.0, float(str(value))))
    except ValueError:
        return 1.0
