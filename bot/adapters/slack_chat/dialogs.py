"""The Dialogs port: opening views from a handler, within Slack's three seconds."""

from __future__ import annotations

import hashlib
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_blocks import render_form
from bot.adapters.slack_chat.calls import QUIET
from bot.adapters.slack_chat.errors import SlackSays, transport, understood
from bot.domain.forms import Form
from bot.errors import ChatUnavailable

LATE = frozenset(
    {"expired_trigger_id", "trigger_expired", "invalid_trigger_id", "exchanged_trigger_id", "trigger_exchanged"}
)
EXTERNAL_ID = 255


class SlackDialogs:
    """views.open. ``timeout`` in seconds leaves room for the ack, which Slack waits three seconds for."""

    def __init__(self, token: str, api_url: str = "https://slack.com/api/", *, timeout: float = 2.0) -> None:
        self._client = AsyncWebClient(
            token=token, base_url=api_url, timeout=int(max(1, timeout)), retry_handlers=[], logger=QUIET
        )

    async def open(self, trigger_id: str, form: Form, key: str) -> tuple[str, str | None]:
        """Open the view; its id and hash. ``key`` makes it one view however often the request comes.

        Raises ChatUnavailable when it is too late or Slack does not answer, Fatal when Slack refuses the view.
        """
        view = {**render_form(form), "external_id": key if len(key) <= EXTERNAL_ID else _digest(key)}
        try:
            answer = await self._client.api_call("views.open", json={"trigger_id": trigger_id, "view": view})
        except Exception as error:
            if not transport(error):
                raise
            raise _verdict(understood(error, "views.open", "")) from None
        opened: dict[str, Any] = answer.get("view") or {}
        return str(opened.get("id") or ""), opened.get("hash")


def _verdict(problem: Exception) -> Exception:
    late = isinstance(problem, SlackSays) and problem.code in LATE
    return ChatUnavailable("The three seconds to open a form were over.") if late else problem


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
