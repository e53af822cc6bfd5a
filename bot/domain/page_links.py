"""Links to the bot's own pages: signed, and good for a while. Pure: whoever has keys signs.

A link stays the same from look to look, so that what shows it need not be written again: it ends on a fixed grid, and
the grid of every change lies elsewhere, so that many changes do not renew theirs at the same moment.
"""

from __future__ import annotations

import hashlib
import re

LASTS = 14 * 86_400
"""Seconds that a link is good for at least, from when it was last written."""
PERIOD = 14 * 86_400
"""Seconds between two links of one change."""
PURPOSE = b"slackops details page v1"
"""What is signed begins with it: a signature for anything else opens no page."""
_ID = re.compile(r"[0-9A-Za-z]{1,26}")
_MOMENT = re.compile(r"[1-9][0-9]{0,11}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")


def expires_at(change: str, now: float) -> int:
    """When a link to a change that is written now ends, in seconds since the epoch: in 14 to 28 days."""
    offset = int.from_bytes(hashlib.sha256(change.encode()).digest()[:8], "big") % PERIOD
    return -(-(int(now) + LASTS - offset) // PERIOD) * PERIOD + offset


def signed_bytes(change: str, expires: int) -> bytes:
    """What the signature of a link is over."""
    return b"\0".join((PURPOSE, change.encode(), str(expires).encode()))


def page_link(public_url: str, change: str, expires: int, signature: str) -> str:
    """The URL of a change's details page. ``public_url`` with or without a slash at its end."""
    return f"{public_url.rstrip('/')}/changes/{change}?e={expires}&s={signature}"


def is_change_id(text: str) -> bool:
    """Whether this can be the id of a change at all."""
    return _ID.fullmatch(text) is not None


def moment_in(text: str) -> int | None:
    """The end that a link names; None for what no link of ours would say."""
    return int(text) if _MOMENT.fullmatch(text) else None


def is_signature(text: str) -> bool:
    """Whether this can be a signature at all."""
    return _SIGNATURE.fullmatch(text) is not None
