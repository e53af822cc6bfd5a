"""What MLflow's registry webhook may start: a look at one registered model. Verified, written down, then accepted."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.commands import LookRegistry
from bot.errors import StoreUnavailable
from bot.ports.inbox import Intake
from bot.signals import mlflow
from handlers.signals import Count, answer


def mlflow_webhook(
    intake: Intake, secret: str | None, count: Count, now: Callable[[], float] = time.time
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of ``POST /webhooks/mlflow``; closed (404) when there is no ``secret``."""

    async def receive(request: Request) -> Response:
        if not secret:
            return answer(404, "this source is closed")
        body = await request.body()
        if not mlflow.verify(secret, body, request.headers, now()):
            return answer(401, "the signature is missing, wrong, or not of the last five minutes")
        try:
            model = mlflow.parse(json.loads(body))
        except (ValueError, RecursionError):
            return answer(400, "the body is no JSON")
        if model is None:
            count(mlflow.SOURCE, "ignored")
            return answer(202, "ignored")
        return await _take(intake, mlflow.delivery(request.headers), model, count)

    return receive


async def _take(intake: Intake, delivery: str, model: str, count: Count) -> Response:
    try:
        new = await intake.put(f"mlflow:{delivery}", LookRegistry(model=model))
    except StoreUnavailable:
        count(mlflow.SOURCE, "not_saved")
        return answer(503, "not saved, deliver again")
    count(mlflow.SOURCE, "accepted" if new else "repeated")
    return answer(202, "accepted" if new else "accepted before")
