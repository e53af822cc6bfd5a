"""The start of a link, and what is checked at each step of it. Secrets are known here by their fingerprints only."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.commands import Origin, Review
from bot.domain.people import Person

TICKET_SECONDS = 600.0
"""How long the button in Slack, and what follows it in the browser, holds."""


class Stage(StrEnum):
    """Where somebody is on the way. ``*_back`` is between an answer that was taken and the next step: a step is never
    taken twice."""

    NEW = "new"
    SLACK = "slack"
    SLACK_BACK = "slack_back"
    GITHUB = "github"
    GITHUB_BACK = "github_back"
    DEVICE = "device"
    DONE = "done"
    REFUSED = "refused"

    @property
    def over(self) -> bool:
        """Nothing more comes of it."""
        return self in (Stage.DONE, Stage.REFUSED)


class Slip(StrEnum):
    """Why a step is not taken."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    OTHER_BROWSER = "other_browser"


@dataclass(frozen=True)
class LinkStart:
    """Somebody began to link an account. ``id`` is the fingerprint of the ticket, ``cookie`` and ``state`` those of
    what the browser holds; ``nonce``, ``verifier`` and ``device_code`` are kept sealed. Times in seconds."""

    id: str
    person: Person
    origin: Origin
    expires_at: float
    stage: Stage = Stage.NEW
    then: Review | None = None
    cookie: str = ""
    state: str = ""
    nonce: str = ""
    verifier: str = ""
    device_code: str = ""
    interval: float = 5.0


def fingerprint(secret: str) -> str:
    """SHA-256, lower-case hex: what is stored in place of a secret of 256 bits."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def challenge(verifier: str) -> str:
    """The S256 code challenge of a PKCE verifier (https://www.rfc-editor.org/rfc/rfc7636#section-4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def same_browser(start: LinkStart, cookie: str) -> bool:
    """Whether the browser holds the cookie that the start is bound to; compared in constant time."""
    return bool(start.cookie) and hmac.compare_digest(start.cookie, fingerprint(cookie))


def slip_at_begin(start: LinkStart | None, cookie: str, now: float) -> Slip | None:
    """Why the button cannot be followed; None when it can. The browser that began may begin again until it ended."""
    if start is None or start.stage is Stage.DEVICE:
        return Slip.UNKNOWN
    if start.stage.over:
        return Slip.USED
    if now >= start.expires_at:
        return Slip.EXPIRED
    if start.stage is not Stage.NEW and not same_browser(start, cookie):
        return Slip.OTHER_BROWSER
    return None


def slip_at_return(start: LinkStart | None, stage: Stage, state: str, cookie: str, now: float) -> Slip | None:
    """Why an answer that a browser brings back is not taken; None when it is. ``stage`` is the one it belongs to."""
    if start is None or not start.state or not hmac.compare_digest(start.state, fingerprint(state)):
        return Slip.UNKNOWN
    if not same_browser(start, cookie):
        return Slip.OTHER_BROWSER
    if start.stage is not stage:
        return Slip.USED
    return Slip.EXPIRED if now >= start.expires_at else None
