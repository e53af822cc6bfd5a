"""What a track keeps of the windows that come in, in whatever order they come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.drifting.incidents import MOST_PAST, Past, Track, monitor_of
from bot.domain.drifting.noting import with_note
from bot.domain.drifting.windows import Verdict, Window

MOST_MONITORS = 100
"""Monitors of one track that are remembered: each alert is one, and there may be one a feature. Those that were silent
for longest are forgotten first, and of these those that said nothing bad."""
_RANK = {Verdict.UNKNOWN: 0, Verdict.FINE: 1, Verdict.BAD: 2}


def remembered(track: Track, window: Window, tries: int) -> Track:
    """The track with one more window; the same object where it says nothing new. ``tries`` are the windows of each
    monitor that hysteresis looks at.

    What was said twice of the same time is kept once. Where it differs the worse counts, so that the order in which the
    two came does not."""
    past, newest = _past_with(track.past, _short(window)), _newest_with(track.newest, window)
    if past is track.past and newest is track.newest:
        return track
    kept = _kept_monitors(newest)
    left = _kept_past([one for one in past if one.monitor in kept], tries)
    if left == track.past and kept == track.newest:
        return track  # it was too old, or one monitor too many
    notes = with_note(track.notes, track.newest.get(monitor_of(window)), kept.get(monitor_of(window)))
    return track.model_copy(update={"past": left, "newest": kept, "notes": notes})


def by_monitor(past: Iterable[Past]) -> dict[str, list[Past]]:
    """The windows of each, in their order."""
    found = defaultdict[str, list[Past]](list)
    for one in past:
        found[one.monitor].append(one)
    return found


def _short(window: Window) -> Past:
    return Past(
        at=window.at,
        monitor=monitor_of(window),
        verdict=window.verdict,
        score=window.score,
        settled=window.settled,
    )


def _past_with(past: tuple[Past, ...], one: Past) -> tuple[Past, ...]:
    same = next((other for other in past if (other.monitor, other.at) == (one.monitor, one.at)), None)
    if same is not None and weight(one.verdict, one.score) <= weight(same.verdict, same.score):
        return past
    return tuple(sorted([*(other for other in past if other is not same), one], key=lambda it: (it.at, it.monitor)))


def _newest_with(newest: Mapping[str, Window], window: Window) -> Mapping[str, Window]:
    """What says nothing does not take the place of what did."""
    name = monitor_of(window)
    there = newest.get(name)
    return newest if there is not None and _age(window) <= _age(there) else {**newest, name: window}


def _age(window: Window) -> tuple[bool, float, tuple[int, float]]:
    return window.verdict is not Verdict.UNKNOWN, window.at, weight(window.verdict, window.score)


def weight(verdict: Verdict, score: float | None) -> tuple[int, float]:
    """The worse, the more."""
    return _RANK[verdict], float("-inf") if score is None else score


def _kept_monitors(newest: Mapping[str, Window]) -> Mapping[str, Window]:
    order = sorted(newest.items(), key=lambda pair: (pair[1].verdict is Verdict.BAD, pair[1].at, pair[0]))
    return dict(sorted(order[-MOST_MONITORS:]))


def _kept_past(past: Sequence[Past], tries: int) -> tuple[Past, ...]:
    """The newest ones, and as many of each monitor as are counted, however seldom it says something."""
    older, newer = past[:-MOST_PAST], past[-MOST_PAST:]
    if not older:
        return tuple(past)
    left = Counter[str](one.monitor for one in newer if one.verdict is not Verdict.UNKNOWN)
    kept = list[Past]()
    for one in reversed(older):
        if one.verdict is not Verdict.UNKNOWN and left[one.monitor] < tries:
            left[one.monitor] += 1
            kept.append(one)
    return (*reversed(kept), *newer)
