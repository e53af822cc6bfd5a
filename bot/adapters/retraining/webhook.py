"""A service of one's own: asked by a signed POST, and then by signed GETs at the address that it answers with.

It is signed as HTTP gates are, so that one function checks both. The retraining's id is its idempotency key: nobody can
ask the service whether it has begun, so it is asked to begin again, and must know the id.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.adapters.gate_http import SIGNATURE, signature
from bot.adapters.retraining.http import Secrets, Told, ask, refused, secret_of
from bot.domain.retraining import Retraining, RetrainRule, RetrainState, Started
from bot.domain.retraining_inputs import facts_of, filled
from bot.errors import Reason, Refused

_STATES = {
    "succeeded": RetrainState.SUCCEEDED,
    "failed": RetrainState.FAILED,
    "running": RetrainState.RUNNING,
}
_TAKEN = frozenset({200, 201, 202})
_HELP = "Look at the service's own log; the signature needs the same secret on both sides."


class WebhookRetrainer:
    """The Retrainer port. ``now`` is the clock that signatures carry. Thread-safe."""

    def __init__(self, secrets: Secrets, now: Callable[[], float] = time.time) -> None:
        self._secrets, self._now = secrets, now

    def start(self, rule: RetrainRule, asked: Retraining) -> Started:
        """As the port says."""
        told = self._ask(rule, "POST", rule.where["url"], _body(rule, asked), asked)
        return _started(asked, told, self._status(rule, told))

    def find(self, rule: RetrainRule, asked: Retraining) -> Started | None:  # noqa: ARG002
        """Nobody can tell: the service knows by the id."""
        return None

    def look(self, rule: RetrainRule, asked: Retraining) -> Started:
        """As the port says; where the service named no address, only the tag of a version tells its end."""
        if not asked.status:
            return Started(asked.run, RetrainState.RUNNING, asked.url)
        return _started(asked, self._ask(rule, "GET", asked.status, b"", asked), asked.status)

    def _ask(self, rule: RetrainRule, verb: str, url: str, body: bytes, asked: Retraining) -> Told:
        what = "Ask the training webhook" if verb == "POST" else "Ask the training webhook how it goes"
        secret = secret_of(self._secrets, rule)
        if not secret:
            raise Refused(Reason.RETRAIN_REFUSED, f"{what}: there is no secret to sign with.", "Set `secret_env`.")
        headers = {
            SIGNATURE: signature(secret, int(self._now()), body or url.encode()),
            "idempotency-key": f"slackops-{asked.id}",
        }
        more = {"content-type": "application/json"} if body else {}
        told = ask(what, verb, url, body=body or None, headers={**headers, **more})
        if told.status not in _TAKEN:
            raise refused(what, told, _HELP)
        return told

    def _status(self, rule: RetrainRule, told: Told) -> str:
        """Only at the same place: a signature is not carried anywhere else."""
        return told["status_url"] if _place(told["status_url"]) == _place(rule.where["url"]) else ""


def _body(rule: RetrainRule, asked: Retraining) -> bytes:
    told = {**facts_of(asked), "v": 1, "to": asked.to, "by": str(asked.by), "inputs": filled(rule.inputs, asked)}
    return json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def _started(asked: Retraining, told: Told, status: str) -> Started:
    state = _STATES.get(told["state"].lower(), RetrainState.RUNNING)
    shown = told["url"] if told["url"].startswith(("https://", "http://")) else asked.url
    words = told["message"] if isinstance(told.data, dict) else ""
    return Started(told["run"][:200] or asked.run, state, shown, words, told["version"] or None, status)


def _place(url: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    own = parts.username is None and parts.scheme in ("http", "https") and parts.hostname
    return (parts.scheme, parts.hostname, port) if own else None
