"""Every version change on the default branch in a period: what it was, who did it, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.past import Past

OURS, BY_HAND, BY_TRAILERS, OUTSIDE = "slackops", "by hand", "trailers", "outside"
"""How a version came in: by a change of ours that was merged as this commit; by a pull request that people made, which
was judged like one; by what the commit says of itself, where the database does not know better; and past SlackOps."""


@dataclass(frozen=True)
class ReportLine:
    """One version change. ``at`` in seconds since the epoch. ``approved_by`` are those whose approval counted when it
    was merged; ``gates`` says in words what they said then."""

    at: float
    model: str
    environment: str
    before: str
    after: str
    commit: str
    author: str
    source: str
    action: str = ""
    change: str = ""
    number: int | None = None
    asked_by: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    merged_by: str = ""
    gates: str = ""
    digest: str = ""
    policy_commit: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The lines in the order of time. ``notes`` say what the report cannot tell."""

    lines: tuple[ReportLine, ...]
    commit: str
    since: float | None
    until: float | None
    notes: tuple[str, ...] = ()

    @property
    def outside(self) -> int:
        """How many came in past SlackOps."""
        return sum(line.source == OUTSIDE for line in self.lines)


@dataclass(frozen=True)
class Step:
    """A commit that moved what a target says. ``before`` is None where it is the first that says anything."""

    at: float
    before: Past | None
    after: Past


def steps_of(history: Sequence[Past], *, whole: bool) -> Iterator[Step]:
    """The steps in the history, oldest first; ``history`` is newest first, ``whole`` where it begins with the first
    commit. A commit cannot have come in before those that it stands on, whatever its own clock says."""
    older: Past | None = None
    at = 0.0
    for index, entry in enumerate(reversed(history)):
        at = max(at, entry.time)
        moved = entry.said != older.said if older is not None else entry.version is not None
        if moved and (index > 0 or whole):
            yield Step(at, older, entry)
        older = entry


def stands(entry: Past | None) -> str:
    """What the target says, as people read it: a version; with steps the share as well; `–` for nothing."""
    if entry is None:
        return "–"
    shown = entry.shown or entry.version or "–"
    return f"{shown}, {entry.candidate} at {entry.share} %" if entry.candidate and entry.share is not None else shown
