"""`GET /changes/ID` and its picture: the details page of a change, behind a signed link that ends. It reads the store,
and no more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.errors import StoreUnavailable
from bot.ports.details import DetailsPages, Ended
from handlers.details_page import ENDED, NOT_FOUND, UNAVAILABLE, page

MOST = 100
"""Characters of anything that a link holds."""
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}
"""Nothing of a page is kept, framed, found by a search, or told to where a link leads: its own URL is what opens it."""

Endpoint = Callable[[Request], Awaitable[Response]]


def details_routes(pages: DetailsPages) -> list[Route]:
    """The page and its picture, behind the same signature; anything but GET and HEAD is 405."""
    return [
        Route("/changes/{change}", _endpoint(_answer, pages), methods=["GET"]),
        Route("/changes/{change}/chart.png", _endpoint(_picture, pages), methods=["GET"]),
    ]


def _endpoint(answer: Callable[[DetailsPages, Request], Response], pages: DetailsPages) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return await run_in_threadpool(answer, pages, request)
        except StoreUnavailable:
            return HTMLResponse(UNAVAILABLE, 503, headers=HEADERS | {"retry-after": "5"})

    return endpoint


def _answer(pages: DetailsPages, request: Request) -> Response:
    change = request.path_params["change"]
    found = pages.page(change, _given(request, "e"), _given(request, "s")) if len(change) <= MOST else None
    if found is None:
        return HTMLResponse(NOT_FOUND, 404, headers=HEADERS)
    if isinstance(found, Ended):
        return HTMLResponse(ENDED, 410, headers=HEADERS)
    return HTMLResponse(page(found, urlencode({"e": _given(request, "e"), "s": _given(request, "s")})), headers=HEADERS)


def _picture(pages: DetailsPages, request: Request) -> Response:
    change = request.path_params["change"]
    found = pages.chart(change, _given(request, "e"), _given(request, "s")) if len(change) <= MOST else None
    if found is None:
        return HTMLResponse(NOT_FOUND, 404, headers=HEADERS)
    return Response(found, media_type="image/png", headers=HEADERS)


def _given(request: Request, name: str) -> str:
    """A parameter; "" where it is missing, doubled or too long."""
    found = request.query_params.getlist(name)
    return found[0] if len(found) == 1 and len(found[0]) <= MOST else ""
