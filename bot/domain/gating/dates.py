"""A date that somebody wrote into a tag."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime

SKEW_SECONDS = 600.0
"""By so much may another machine's clock be ahead of ours."""
ZONE_SECONDS = 14 * 3600.0
"""A day without a time zone may have begun that much before it did in UTC."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EPOCH = re.compile(r"\d{9,14}(\.\d{1,9})?", re.ASCII)
_MILLISECONDS = 1e11  # as seconds, the year 5138; as milliseconds, 1973


@dataclass(frozen=True)
class Moment:
    """``at`` in seconds since the epoch, which may be ahead of our clock by ``slack`` seconds."""

    at: float
    slack: float


def read_moment(text: str) -> Moment | None:
    """An ISO 8601 day or date and time (UTC where it names no zone), or seconds or milliseconds since the epoch; None
    for anything else."""
    said = text.strip()
    if len(said) > 40 or not said.isascii():
        return None
    if _EPOCH.fullmatch(said):
        value = float(said)
        return Moment(value / 1000 if value >= _MILLISECONDS else value, SKEW_SECONDS)
    try:
        found = datetime.fromisoformat(said)
        at = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return Moment(at, ZONE_SECONDS if _DAY.fullmatch(said) else SKEW_SECONDS) if math.isfinite(at) else None
