"""When both versions were registered, and whose they are. Dates, not ages: nothing here changes by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.comparison import Comparison
from bot.domain.wording import markdown, short

DAY, HOUR = 86400.0, 3600.0
_MOST = 253_402_300_799.0  # the end of the year 9999


def about_text(comparison: Comparison) -> str:
    """`42 was registered on 2026-03-04, 3 days after 41. Owners: …`, as Markdown."""
    owners = ", ".join(markdown(one[:100]) for one in comparison.owners[:10])
    told = (markdown(registered(comparison)), f"Owners: {owners}." if owners else "")
    return " ".join(part for part in told if part)


def registered(comparison: Comparison) -> str:
    """When the candidate was registered, and how long after the deployed one; plain text."""
    now, before = comparison.created_at, comparison.created_before
    if now is None or not 0 < now < _MOST:
        return ""
    when = f"{short(comparison.to)} was registered on {datetime.fromtimestamp(now, UTC):%Y-%m-%d}"
    if comparison.frm is None or before is None or not 0 < before < _MOST:
        return f"{when}."
    side = "after" if now >= before else "before"
    return f"{when}, {_span(abs(now - before))} {side} {short(comparison.frm)}."


def _span(seconds: float) -> str:
    unit, word = (DAY, "day") if seconds >= DAY else (HOUR, "hour")
    count = int(seconds // unit)
    if count == 0:
        return "less than an hour"
    return f"{count} {word}{'' if count == 1 else 's'}"
