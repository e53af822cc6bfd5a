"""Posts what a monitor found to the bot, as the tools' own senders do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

from bot.sandbox.outgoing import client

Doc = dict[str, Any]
SECONDS = 10.0


@dataclass(frozen=True)
class Target:
    """The bot's webhooks, and the bearer tokens that open them."""

    base_url: str
    drift_secret: str
    alert_token: str


class Poster:
    """Raises ValueError where the bot does not answer, or does not take it: the monitor goes on when it does."""

    def __init__(self, target: Target) -> None:
        self._target = target

    async def report(self, body: Doc, shapes: list[Doc], **about: str) -> None:
        """A report of Evidently; it names neither model nor environment and tells no distributions, so they are said
        in an envelope around it."""
        told = {"source": "evidently", **about, "shapes": shapes, "report": body}
        await self._post("drift", self._target.drift_secret, told)

    async def alert(self, body: Doc) -> None:
        """A body of Alertmanager's webhook."""
        await self._post("alertmanager", self._target.alert_token, body)

    async def _post(self, path: str, token: str, body: Doc) -> None:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        url = f"{self._target.base_url}/webhooks/{path}"
        try:
            async with client(timeout=SECONDS) as http:
                reply = await http.post(url, content=json.dumps(body), headers=headers)
        except httpx.HTTPError:
            raise ValueError("The bot does not answer; send it again in a moment.") from None
        if not reply.is_success:
            raise ValueError(f"The bot did not take it (status {reply.status_code}): {reply.text[:200]}")
