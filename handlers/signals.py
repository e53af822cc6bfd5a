"""What a rollout engine's webhook may start: verified, parsed, written down, and only then accepted."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.domain.commands import TakeDrift, TakeSignals
from bot.domain.drifting.arriving import rows
from bot.domain.drifting.windows import Window
from bot.domain.signal import Signal
from bot.errors import StoreUnavailable
from bot.ports.inbox import Intake
from bot.signals import alert_windows, alertmanager, argocd, flux, rollout_json
from bot.signals.reading import BadBody
from bot.signals.verify import bearer, either

Count = Callable[[str, str], None]
"""Counts one delivery: (source, outcome)."""

AHEAD = 300.0
"""Seconds that an engine's clock may be ahead of ours."""


@dataclass(frozen=True)
class Source:
    """One engine that posts. ``secret`` None or empty closes it; ``parse`` is given the body and our own time.

    ``windows``: what it says of models in use besides, which is taken apart from the signals.
    """

    name: str
    secret: str | None
    verify: Callable[[str, bytes, Mapping[str, str]], bool]
    parse: Callable[[object, float], tuple[Signal, ...]]
    windows: Callable[[object], tuple[Window, ...]] = lambda _: ()


def sources(secrets: Mapping[str, str | None], repository: str) -> tuple[Source, ...]:
    """Every source, each with its secret out of ``secrets``. ``repository`` is the deployment repo, owner/name."""
    return (
        Source("argocd", secrets.get("argocd"), bearer, lambda body, _: argocd.parse(body, repository)),
        Source("flux", secrets.get("flux"), either, lambda body, _: flux.parse(body)),
        Source("rollout", secrets.get("rollout"), either, rollout_json.parse),
        Source(
            "alertmanager",
            secrets.get("alertmanager"),
            bearer,
            lambda body, _: alertmanager.parse(body),
            alert_windows.windows,
        ),
    )


def signal_webhook(
    intake: Intake, source: Source, count: Count, now: Callable[[], float] = time.time
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of one source; closed (404) when it has no secret."""

    async def receive(request: Request) -> Response:
        if not source.secret:
            return answer(404, "this source is closed")
        body = await request.body()
        if not source.verify(source.secret, body, request.headers):
            return answer(401, "the token or the signature is missing or wrong")
        try:
            payload, at = json.loads(body), now()
            signals, windows = source.parse(payload, at), source.windows(payload)
        except BadBody as error:
            return answer(400, str(error))
        except (ValueError, RecursionError):
            return answer(400, "the body is no JSON")
        return await take(intake, source.name, signals, count, at, rows(windows, at))

    return receive


async def take(
    intake: Intake,
    source: str,
    signals: Sequence[Signal],
    count: Count,
    now: float,
    more: Sequence[tuple[str, TakeDrift]] = (),
) -> Response:
    """Write the signals down under their own key, so that the same ones are taken once however often they are sent;
    and ``more``, under theirs."""
    if not signals:
        count(source, "ignored")
        return answer(202, "ignored")
    command = TakeSignals(signals=tuple(_not_ahead(signal, now) for signal in signals))
    try:
        saved = [await intake.put(f"signal:{_key(signals)}", command)]
        saved += [await intake.put(key, row) for key, row in more]
    except StoreUnavailable:
        count(source, "not_saved")
        return answer(503, "not saved, deliver again")
    new = any(saved)
    count(source, "accepted" if new else "repeated")
    return answer(202, "accepted" if new else "accepted before")


def _not_ahead(signal: Signal, now: float) -> Signal:
    """The engine's time orders signals: one from far ahead would stay the newest, whatever is told after it."""
    return signal if signal.at <= now + AHEAD else signal.model_copy(update={"at": now})


def _key(signals: Sequence[Signal]) -> str:
    """Of the engine's own times, also where ours took their place: a redelivery has the same."""
    if len(signals) == 1:
        return signals[0].key
    keys = "\n".join(sorted(signal.key for signal in signals))
    return hashlib.sha256(keys.encode()).hexdigest()


def answer(status: int, words: str) -> Response:
    """A short JSON answer."""
    return JSONResponse({"status": words}, status_code=status)
