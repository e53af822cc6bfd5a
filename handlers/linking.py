"""`GET /link/…`: the way through the browser. The steps are the use case's; here is only what HTTP brings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.ports.signin import LinkingSteps, Onward, Shown
from handlers.linking_pages import COOKIE, HEADERS, show

MOST = 1_000
"""Characters of anything that a browser may bring: tickets, states and codes are far shorter."""

Endpoint = Callable[[Request], Awaitable[Response]]


def link_routes(steps: LinkingSteps, *, secure: bool) -> list[Route]:
    """The three steps. ``secure``: the bot is reached by https, so the cookie never leaves by anything else."""
    return [
        Route("/link/start", _endpoint(lambda r: steps.begin(_given(r, "t"), _cookie(r)), secure), methods=["GET"]),
        Route("/link/slack", _endpoint(lambda r: steps.slack(*_brought(r)), secure), methods=["GET"]),
        Route("/link/github", _endpoint(lambda r: steps.github(*_brought(r)), secure), methods=["GET"]),
    ]


def _endpoint(step: Callable[[Request], Onward | Shown], secure: bool) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if request.method != "GET":  # Starlette takes HEAD too: whoever only looks must not use the link up
            return Response(status_code=405, headers=HEADERS | {"allow": "GET"})
        return show(await run_in_threadpool(step, request), secure=secure)

    return endpoint


def _brought(request: Request) -> tuple[str, str, str, str]:
    return _given(request, "code"), _given(request, "state"), _given(request, "error"), _cookie(request)


def _given(request: Request, name: str) -> str:
    """A parameter; "" where it is missing, doubled or too long."""
    found = request.query_params.getlist(name)
    return found[0] if len(found) == 1 and len(found[0]) <= MOST else ""


def _cookie(request: Request) -> str:
    return request.cookies.get(COOKIE, "")[:MOST]
