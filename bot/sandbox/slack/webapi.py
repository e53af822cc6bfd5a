"""The Web API: one request in, one answer out, with hooks, token, limits and arguments checked in Slack's order."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.hooks import Call, Refuse
from bot.sandbox.slack import (
    methods_chat,
    methods_conversations,
    methods_files,
    methods_openid,
    methods_people,
    methods_views,
)
from bot.sandbox.slack.arguments import Args, read
from bot.sandbox.slack.method import Method
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.scopes import NEEDED
from bot.sandbox.slack.services import Services

METHODS: dict[str, Method] = {
    method.name: method
    for module in (
        methods_chat,
        methods_conversations,
        methods_files,
        methods_openid,
        methods_people,
        methods_views,
    )
    for method in module.METHODS
}


class WebApi:
    """Answers POST and GET /api/{method}."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def handle(self, request: Request) -> Response:
        """One call, whatever comes of it."""
        name = request.path_params["method"]
        try:
            method = METHODS.get(name)
            token, args = await read(request, json_allowed=method is None or method.json)
        except SlackError as error:
            return refused(error)
        call = Call("slack", name, args, self._actor(token))
        try:
            await self._services.hooks.run("before", call)
            response = self._answer(method, token, args)
            await self._services.hooks.run("after", call)
        except Refuse as refuse:
            return JSONResponse(refuse.body, refuse.status, refuse.headers)
        return response

    def _actor(self, token: str | None) -> str:
        config = self._services.config
        return {config.bot_token: config.bot_user_id, config.app_token: config.app_id}.get(token or "", "")

    def _answer(self, method: Method | None, token: str | None, args: Args) -> Response:
        try:
            if method is None:
                raise SlackError("unknown_method")
            self._check_token(method, token)
            self._check_scope(method)
            if method.auth == "person":
                args = {**args, "token": token}
            self._services.limits.check(method.name, method.tier, str(args.get("channel", "")))
            check_required(method, args)
            body: dict[str, Any] = {"ok": True, **method.run(self._services, args)}
        except SlackError as error:
            return refused(error)
        return JSONResponse(body, headers=self._headers(method))

    def _headers(self, method: Method) -> dict[str, str]:
        """Which scopes the token has, and which the method takes, as Slack tells with every answer."""
        told = {"X-OAuth-Scopes": ",".join(self._services.scopes.granted), "X-Slack-Req-Id": "sandbox"}
        needed = NEEDED.get(method.name)
        return {**told, "X-Accepted-OAuth-Scopes": ",".join(needed)} if needed else told

    def _check_scope(self, method: Method) -> None:
        lacking = self._services.scopes.lacks(method.name) if method.auth == "bot" else ()
        if lacking:
            told = {"needed": ",".join(lacking), "provided": ",".join(self._services.scopes.granted)}
            raise SlackError("missing_scope", extra=told, headers=self._headers(method))

    def _check_token(self, method: Method, token: str | None) -> None:
        config = self._services.config
        if method.auth == "none":
            return
        if not token:
            raise SlackError("not_authed")
        kinds = {config.bot_token: "bot", config.app_token: "app"}
        if method.auth == "person":
            return
        if token not in kinds:
            raise SlackError("invalid_auth")
        if method.auth not in ("any", kinds[token]):
            raise SlackError("not_allowed_token_type")


def check_required(method: Method, args: Args) -> None:
    """Raises SlackError invalid_arguments that names each missing argument."""
    missing = [name for name in method.required if args.get(name) in (None, "")]
    if missing:
        raise SlackError("invalid_arguments", *(f"[ERROR] missing required field: {name}" for name in missing))


def refused(error: SlackError) -> Response:
    """Slack's refusal as a response."""
    return JSONResponse(error.body(), error.status, error.headers)
