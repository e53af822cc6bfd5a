"""Where the sign-in pages and the token endpoint are, as on github.com and GitHub Enterprise Server."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.github.forge import Forge
from bot.sandbox.github.login.device import DeviceFlow
from bot.sandbox.github.login.web import WebFlow
from bot.sandbox.hooks import Call, Refuse

Endpoint = Callable[[Request], Awaitable[Response]]


def login_routes(forge: Forge) -> list[Route]:
    """The routes below the forge's root; the token endpoints can be watched and refused by hooks."""
    device = DeviceFlow(forge)
    web = WebFlow(forge, device)
    return [
        Route("/login/oauth/authorize", web.authorize, methods=["GET", "POST"]),
        Route("/login/oauth/access_token", _watched(forge, web.exchange), methods=["POST"]),
        Route("/login/device/code", _watched(forge, device.begin), methods=["POST"]),
        Route("/login/device", device.page, methods=["GET", "POST"]),
    ]


def _watched(forge: Forge, endpoint: Endpoint) -> Endpoint:
    async def watching(request: Request) -> Response:
        path = request.url.path.removeprefix(forge.config.prefix)
        call = Call("github", f"{request.method} {path}")
        try:
            await forge.hooks.run("before", call)
            response = await endpoint(request)
            await forge.hooks.run("after", call)
        except Refuse as refuse:
            return Response(json.dumps(refuse.body), refuse.status, refuse.headers, "application/json")
        return response

    return watching
