"""When one monitor's windows say that something is wrong, and when that it is over: so many of the last so many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.drifting.incidents import Past
from bot.domain.drifting.windows import Verdict

Count = tuple[int, int]
"""So many of so many."""


def known(past: Iterable[Past], after: float | None = None) -> list[Past]:
    """Those that say something, of windows that ended later than ``after``. They come, and stay, in the order of their
    times, as a track keeps them."""
    return [one for one in past if one.verdict is not Verdict.UNKNOWN and (after is None or one.at > after)]


def is_bad(past: Sequence[Past], opens: Count, after: float | None) -> bool:
    """Whether the windows of one monitor open an incident. What ended by ``after`` belongs to the incident before,
    but an alert is what its last word says, since nothing is told again while it fires."""
    newest = known(past)[-1:]
    if newest and newest[0].settled:
        return newest[0].verdict is Verdict.BAD
    return _counts(known(past, after), opens, Verdict.BAD)


def is_fine(past: Sequence[Past], closes: Count, since: float) -> bool:
    """Whether the windows of one monitor, of which one was bad that ended at ``since``, say that it is over."""
    newest = known(past)[-1:]
    if not newest or newest[0].verdict is not Verdict.FINE:
        return False  # it may have been over while another monitor was waited for
    return newest[0].settled or _counts(known(past, since), closes, Verdict.FINE)


def last_bad(past: Iterable[Past]) -> float | None:
    """When the newest window ended that was bad."""
    return max((one.at for one in past if one.verdict is Verdict.BAD), default=None)


def _counts(past: Sequence[Past], count: Count, verdict: Verdict) -> bool:
    hits, tries = count
    return sum(one.verdict is verdict for one in past[-tries:]) >= hits
