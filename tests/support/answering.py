"""An HTTP client that answers by itself, and notes what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from bot.adapters.signin.http import Http

Answer = Callable[[httpx.Request], httpx.Response]


def served(answer: Answer | int | dict[str, Any] | bytes, status: int = 200) -> tuple[Http, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if callable(answer):
            return answer(request)
        if isinstance(answer, int):
            return httpx.Response(answer)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return httpx.Response(status, content=body)

    return Http(httpx.Client(transport=httpx.MockTransport(serve))), asked


def fails(error: type[httpx.TransportError]) -> Http:
    def serve(_: httpx.Request) -> httpx.Response:
        raise error("secret words")

    return Http(httpx.Client(transport=httpx.MockTransport(serve)))
