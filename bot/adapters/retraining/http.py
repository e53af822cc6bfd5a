"""One request to an engine, and its answer as JSON: bounded in time and in length, no redirect followed.

The whole call has one deadline: a blocking client bounds only each wait for the next piece
(https://www.python-httpx.org/advanced/timeouts/), an event loop of its own can be left at any moment.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.retraining import RetrainRule
from bot.domain.retraining_inputs import HOSTS, is_bound_elsewhere
from bot.errors import Reason, Refused, Transient

MOST_BYTES = 1024 * 1024
SECONDS = 20.0
Secrets = Callable[[str], str | None]
"""The value of an environment variable of the bot; None where it is not set."""
_PASSING = frozenset({408, 425, 429})
_LONGEST_WORDS = 300


@dataclass(frozen=True)
class Told:
    """One answer. ``data`` is its JSON, None where it is none."""

    status: int
    data: Any = None
    retry_after: str = ""

    def __getitem__(self, name: str) -> str:
        """A text or a number of the answer, as text; empty where there is none."""
        found = self.data.get(name) if isinstance(self.data, dict) else None
        known = isinstance(found, str | int) and not isinstance(found, bool)
        return str(found).encode(errors="replace").decode()[:2000] if known else ""

    def moment(self, name: str) -> float | None:
        """A time of the answer in seconds since the epoch; None where there is none."""
        try:
            at = datetime.fromisoformat(self[name])
            return at.replace(tzinfo=at.tzinfo or UTC).timestamp()
        except (ValueError, OverflowError):
            return None

    def part(self, name: str) -> Told:
        """An object inside the answer, asked in the same way."""
        return Told(self.status, self.data.get(name) if isinstance(self.data, dict) else None)

    @property
    def words(self) -> str:
        """What the engine said of an error, under the names that Airflow and Kubeflow use."""
        said = next((self[name] for name in ("detail", "error_message", "error", "message", "title") if self[name]), "")
        return " ".join(said.split())[:_LONGEST_WORDS] or f"status {self.status}"


def ask(
    what: str,
    verb: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Told:
    """One request; refusals are answers. Raises Transient without an answer, and for one that may be another later."""
    try:
        told = asyncio.run(_within(verb, url, body, dict(headers or {}), dict(params or {}), seconds))
    except TimeoutError:
        raise Transient(f"{what}: no answer within {seconds:g} s.") from None
    except Transient as error:
        raise Transient(f"{what}: {error}") from None
    except Exception as error:  # noqa: BLE001  (their words may hold parts of the request)
        raise Transient(f"{what}: no answer ({type(error).__name__}).") from None
    if told.status >= 500 or told.status in _PASSING:
        raise Transient(f"{what}: {told.words} (status {told.status}).", _pause(told.retry_after))
    return told


def ask_json(what: str, url: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> Told:
    """A POST of JSON."""
    body = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()
    return ask(what, "POST", url, body=body, headers={"content-type": "application/json", **headers})


async def _within(
    verb: str, url: str, body: bytes | None, headers: dict[str, str], params: dict[str, str], seconds: float
) -> Told:
    import httpx

    sent = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "slackops", **headers}
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(timeout=None, verify=_trusted()) as client,  # noqa: S113  (the whole has one deadline)
        client.stream(verb, url, content=body, headers=sent, params=params or None, follow_redirects=False) as answer,
    ):
        found = bytearray()
        async for piece in answer.aiter_raw():  # not unpacked: a small body may hide a large one
            found += piece
            if len(found) > MOST_BYTES:
                raise Transient(f"its answer is longer than {MOST_BYTES // 1024} KiB")
        return Told(answer.status_code, _json(bytes(found)), answer.headers.get("retry-after", ""))


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Read once: to read all certificates takes longer than most requests."""
    import httpx

    return httpx.create_ssl_context()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _pause(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


def whole(what: str, told: Told) -> Told:
    """An answer that is an object. Raises Transient for anything else: of a run it tells neither that there is one nor
    that there is none."""
    if not isinstance(told.data, dict):
        raise Transient(f"{what}: the answer was no JSON object.")
    return told


def refused(what: str, told: Told, unblock: str) -> Refused:
    """What a person can act on."""
    if 300 <= told.status < 400:  # a login page, or another host: no secret is carried there
        unblock = "It answers with a redirect: write the address that it leads to into the policy."
    return Refused(Reason.RETRAIN_REFUSED, f"{what}: {told.words} (status {told.status}).", unblock)


def secret_of(secrets: Secrets, rule: RetrainRule) -> str:
    """The value of the variable that a rule names. Raises Refused(RETRAIN_REFUSED) where it is not set, or where
    whoever runs the bot has bound it to other hosts than the policy's."""
    name = rule.secret
    if name and is_bound_elsewhere(rule.where["url"], secrets(f"{name}{HOSTS}")):
        words = f"{name}{HOSTS} does not name the host of {rule.where['url']}."
        raise Refused(Reason.RETRAIN_REFUSED, words, "Correct the address in the policy, or ask whoever runs the bot.")
    value = secrets(name) if name else ""
    if value is None or (name and not value.strip()):
        raise Refused(
            Reason.RETRAIN_REFUSED, f"{name} is not set for the bot.", "Whoever runs the bot sets it, and restarts it."
        )
    return value.strip()
