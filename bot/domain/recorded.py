"""The word of somebody without an account on the forge, as the bot records it: a comment with a signed attestation.

The attestation names all that the word was about, the sentence that people read included, so that an edited or a
copied one opens for nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import rfc8785

from bot.domain.facts import Verdict
from bot.domain.people import Person

MARK, END = "<!-- slackops:recorded:", " -->"
LONGEST = 4_000
_VERDICTS = {"approve": Verdict.APPROVED, "request_changes": Verdict.CHANGES_REQUESTED}


@dataclass(frozen=True)
class Recorded:
    """Who said what about which change. ``head`` is the commit that it was said of, ``repo`` owner/name, ``row`` the
    click, ``at`` in seconds since the epoch, ``said`` the SHA-256 of what people read in the review."""

    change: str
    digest: str
    head: str
    number: int
    repo: str
    person: Person
    verdict: Verdict
    row: str
    at: float
    said: str = ""


def said_hash(text: str) -> str:
    """SHA-256 of a text, whatever line ends and outer blanks the forge keeps."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()


def payload(record: Recorded) -> bytes:
    """What is signed: RFC 8785 JSON with the version of the form."""
    body: dict[str, Any] = asdict(record) | {
        "v": 1,
        "person": {"team": record.person.team, "user": record.person.user},
        "verdict": "approve" if record.verdict is Verdict.APPROVED else "request_changes",
    }
    return rfc8785.dumps(body)


def sealed(record: Recorded, signature: str) -> str:
    """The hidden mark: the payload in base64url, and its signature in hex."""
    return f"{MARK}{base64.urlsafe_b64encode(payload(record)).decode()}.{signature}{END}"


def opened(body: str) -> tuple[bytes, str, str] | None:
    """The payload, its signature and what people read, out of a review's body; None where there is no such mark, or
    more than one."""
    said, found, rest = body.partition(MARK)
    inside, closed, after = rest.partition(END)
    text, dot, signature = inside.partition(".")
    if not found or not closed or not dot or MARK in after or len(inside) > LONGEST:
        return None
    try:
        return base64.b64decode(text, altchars=b"-_", validate=True), signature, said + after
    except (binascii.Error, ValueError):
        return None


def parsed(data: bytes) -> Recorded | None:
    """The record that a payload holds; None for anything that this version would not have written."""
    try:
        body = json.loads(data)
        if body.pop("v") != 1:
            return None
        person, verdict = Person(**body.pop("person")), _VERDICTS[body.pop("verdict")]
        record = Recorded(person=person, verdict=verdict, **body)
        return record if payload(record) == data else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def recorded_for(body: str) -> Person | None:
    """For whom a review's body says that it was recorded, whether that holds or not: enough to take a word away."""
    found = opened(body)
    said = parsed(found[0]) if found is not None else None
    return said.person if said is not None else None
