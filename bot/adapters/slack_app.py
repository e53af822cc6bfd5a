"""Bolt, set up for an app whose listeners only write down what came in.

``process_before_response`` answers when the listener has ended, which takes under a millisecond, instead of polling for
its ack every ten (https://docs.slack.dev/tools/bolt-python/concepts/lazy-listeners). Slack is not asked who the bot is:
the token is ours, no listener needs more, and a Slack that does not answer must not keep a command from being saved.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


def build_app(token: str, signing_secret: str | None, api_url: str, *, guarded: bool = False) -> AsyncApp:
    """The Bolt app, with no listeners yet. Without a signing secret it takes nothing but Socket Mode.

    ``guarded``: what stands in front has verified the signature already, so Bolt need not do it again.
    """
    client = AsyncWebClient(base_url=api_url, timeout=10)
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.ERROR)
    return AsyncApp(
        name="slackops",  # else it looks for one by the source of every module on the stack
        logger=logger,
        signing_secret=signing_secret or "unused: Socket Mode only",
        client=client,
        authorize=_authorize(token),
        process_before_response=True,
        request_verification_enabled=not guarded,
        raise_error_for_unhandled_request=True,  # its own way with them trips over odd payloads
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _authorize(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize


def asgi_app(app: AsyncApp) -> ASGIApp:
    """Bolt's own ASGI adapter, at the one path that all of Slack's requests go to."""
    bolt = cast(ASGIApp, AsyncSlackRequestHandler(app, path="/slack/events"))

    async def only_posts(scope: Scope, receive: Receive, send: Send) -> None:
        # With SLACK_CLIENT_ID set, Bolt would serve install pages of its own.
        if scope["method"] == "POST":
            await bolt(scope, receive, send)
        else:
            await PlainTextResponse("not here", status_code=404)(scope, receive, send)

    return only_posts


class SocketRunner:
    """Socket Mode: the same app, over a websocket that we open."""

    def __init__(self, app: AsyncApp, app_token: str, api_url: str) -> None:
        client = AsyncWebClient(token=app_token, base_url=api_url)
        self._handler: Any = AsyncSocketModeHandler(app, app_token, web_client=client)

    async def start(self) -> None:
        """Connect; the SDK connects again by itself."""
        await self._handler.connect_async()

    async def stop(self) -> None:
        """Disconnect."""
        await self._handler.close_async()
