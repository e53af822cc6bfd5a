"""One Web API call: paced, timed, its errors understood. Nothing is retried here: that is the inbox's work."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from slack_sdk import WebClient

from bot.adapters.slack_chat.errors import transport, understood
from bot.adapters.slack_chat.pacing import Pacer
from bot.errors import ChatUnavailable

QUIET = logging.getLogger("slackops.slack_sdk")
QUIET.setLevel(logging.ERROR)  # the SDK logs whole requests at DEBUG


class Calls:
    """The Web API through slack_sdk. Thread-safe: the SDK's sync client keeps no connection."""

    def __init__(self, token: str, api_url: str, timeout: float, pacer: Pacer) -> None:
        self._client = WebClient(
            token=token, base_url=api_url, timeout=int(max(1, timeout)), retry_handlers=[], logger=QUIET
        )
        self._pacer = pacer

    def write(self, method: str, **args: Any) -> dict[str, Any]:
        """A call with a JSON body. Raises ChatUnavailable, or SlackSays where Slack refuses this very call."""
        return self._call(method, json={k: v for k, v in args.items() if v is not None})

    def read(self, method: str, **args: Any) -> dict[str, Any]:
        """A call with form fields, for methods that take no JSON."""
        return self._call(method, data={k: v for k, v in args.items() if v is not None})

    def pages(self, method: str, **args: Any) -> Iterator[dict[str, Any]]:
        """Every page of a cursored list."""
        cursor: str | None = None
        while True:
            page = self.read(method, **args, cursor=cursor)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def _call(self, method: str, **body: Any) -> dict[str, Any]:
        channel = str(next(iter(body.values())).get("channel") or "")
        self._pacer.wait(method, channel)
        try:
            answer = self._client.api_call(method, **body)
        except Exception as error:
            if not transport(error):
                raise
            problem = understood(error, method, channel)
            if isinstance(problem, ChatUnavailable) and problem.retry_after:
                self._pacer.quiet(method, channel, problem.retry_after)
            raise problem from None
        return answer.data if isinstance(answer.data, dict) else {}
