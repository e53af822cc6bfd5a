"""The period of a report: `2026-11-01`, `2026-11-01T09:00+01:00`, or `30d` for so long ago."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.domain.policy.values import parse_duration
from bot.errors import Reason, Refused

HOW = "Write a day (`2026-11-01`), a moment (`2026-11-01T09:00`, UTC unless it has an offset), or how long ago (`30d`)."
DAY = 86_400.0
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Period:
    """From ``since`` up to ``until``, that moment no longer included; seconds since the epoch, None for no bound."""

    since: float | None = None
    until: float | None = None

    def holds(self, at: float) -> bool:
        """Whether the moment lies in it."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def period_of(since: str | None, until: str | None, now: float) -> Period:
    """The period; a day as the end is included whole. Raises Refused(BAD_USAGE)."""
    period = Period(
        None if since is None else _moment(since, now), None if until is None else _moment(until, now, last=True)
    )
    if period.since is not None and period.until is not None and period.since >= period.until:
        raise Refused(Reason.BAD_USAGE, "The period ends before it begins.", HOW)
    return period


def _moment(text: str, now: float, *, last: bool = False) -> float:
    try:
        if not text.isascii():
            raise ValueError(text)
        if _DAY.fullmatch(text):
            begins = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC).timestamp()
            return begins + DAY if last else begins
        if text[:4].isdigit() and "-" in text:
            at = datetime.fromisoformat(text)
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        return now - parse_duration(text).total_seconds()
    except (ValueError, OverflowError):
        raise Refused(Reason.BAD_USAGE, f"{text[:60]!a} is no time.", HOW) from None
