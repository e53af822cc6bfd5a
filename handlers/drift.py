"""What a monitor's webhook may start: verified, parsed, written down, and only then accepted."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.domain.drifting.arriving import rows
from bot.domain.drifting.windows import Window
from bot.errors import StoreUnavailable
from bot.ports.inbox import Intake
from bot.signals.drift import given, read
from bot.signals.reading import BadBody
from bot.signals.verify import either
from handlers.signals import Count, answer

SOURCE = "drift"


def drift_webhook(
    intake: Intake, secret: str | None, count: Count, now: Callable[[], float] = time.time
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of ``POST /webhooks/drift``; closed (404) when there is no ``secret``."""

    async def receive(request: Request) -> Response:
        if not secret:
            return answer(404, "this source is closed")
        raw = await request.body()
        if not either(secret, raw, request.headers):
            return answer(401, "the token or the signature is missing or wrong")
        said, at = dict(request.query_params), now()
        try:  # beside the event loop: a report may be a megabyte, and Slack waits for its answers there
            windows = await run_in_threadpool(lambda: read(raw, given(said), at))
        except BadBody as error:
            return answer(400, str(error))
        return await _take(intake, windows, count, at)

    return receive


async def _take(intake: Intake, windows: Sequence[Window], count: Count, now: float) -> Response:
    if not windows:
        count(SOURCE, "ignored")
        return answer(202, "ignored")
    try:
        saved = [await intake.put(key, command) for key, command in rows(windows, now)]
    except StoreUnavailable:
        count(SOURCE, "not_saved")
        return answer(503, "not saved, deliver again")
    new = any(saved)
    count(SOURCE, "accepted" if new else "repeated")
    words = "accepted" if new else "accepted before"
    return JSONResponse({"status": words, "windows": [_short(window) for window in windows]}, status_code=202)


def _short(window: Window) -> dict[str, object]:
    """What was understood, for whoever sets a monitor up."""
    return window.model_dump(mode="json", include={"model", "environment", "kind", "verdict", "score", "at"})
