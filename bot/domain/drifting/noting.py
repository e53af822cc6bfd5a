"""What is odd about a window beside the one before: features that are gone, or new. A renamed one is both."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.drifting.incidents import Note, monitor_of
from bot.domain.drifting.windows import Window

MOST_NOTES = 5
SHOWN = 3
"""Features that a note names."""


def with_note(notes: tuple[Note, ...], before: Window | None, after: Window | None) -> tuple[Note, ...]:
    """The notes, with one where a monitor tells of other features than before. Where it told more of them than are
    kept, nobody can say which are gone."""
    if before is None or after is None or before is after or not (_is_whole(before) and _is_whole(after)):
        return notes
    words = "; ".join(part for part in (_told("no more told of", before, after), _told("new", after, before)) if part)
    if not words:
        return notes
    return (*notes, Note(monitor=monitor_of(after), at=after.at, words=words))[-MOST_NOTES:]


def _is_whole(window: Window) -> bool:
    return bool(_features(window)) and window.total <= len(window.readings)


def _told(what: str, here: Window, there: Window) -> str:
    gone = [name for name in _features(here) if name not in _features(there)]
    return f"{what}: {_named(gone)}" if gone else ""


def _features(window: Window) -> dict[str, None]:
    return dict.fromkeys(sorted(reading.feature for reading in window.readings if reading.feature))


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
