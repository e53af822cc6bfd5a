"""Read what is new in one declared source, and hand in what it says."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.commands import ReadDriftSource
from bot.domain.drifting.arriving import rows
from bot.domain.drifting.cursor import MOST, Written, dump, is_new, load, mark, moved
from bot.domain.policy.model_drift import SourceRule
from bot.errors import Reason, Refused, Transient
from bot.ports import DriftMemory, Row
from bot.signals.reading import BadBody
from bot.usecases.context import Context
from bot.usecases.drift_polling import SOURCE, seen
from bot.usecases.drift_run import TRIES
from bot.usecases.drift_told import Told, told_by
from bot.usecases.drift_trouble import note_trouble, subject_of
from bot.usecases.repo import Repo

_CURSOR = "drift-cursor:"
_LONGEST = 1000
"""Characters of what is told of a file: a path may be that long."""


@dataclass
class _Turn:
    """What one go came to: what was read, and what could not be, with why."""

    read: list[Written] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    more: bool = False

    @property
    def trouble(self) -> str:
        """In words for people; "" where all of it could be read."""
        many = f" ({len(self.broken)} of {len(self.read)} cannot be read)" if len(self.broken) > 1 else ""
        return f"{self.broken[0]}{many}"[:_LONGEST] if self.broken else ""


def read_source(ctx: Context, repo: Repo, row: Row, command: ReadDriftSource) -> None:
    """What is broken is said once, and keeps nothing else from being read. Raises Transient a few times."""
    view, memory = seen(ctx, repo), ctx.drift_memory
    source = next((one for one in view.policy.drift.sources if one.name == command.source), None) if view else None
    if view is None or source is None or memory is None:
        return
    subject = subject_of(view.policy, SOURCE + source.name, f"Drift source {source.name}", source.environment)
    try:
        trouble = _take(ctx, memory, source)
    except Refused as why:
        note_trouble(ctx, subject, why, row.created_at)
    except Transient as why:
        if row.attempt < TRIES:
            raise
        failed = Refused(Reason.DATA_UNREADABLE, str(why), "It is tried again when the source is due next.")
        note_trouble(ctx, subject, failed, row.created_at)
    else:  # also where nothing is new: what was found before may not have been told
        note_trouble(ctx, subject, _refused(trouble) if trouble else None, row.created_at)


def _take(ctx: Context, memory: DriftMemory, source: SourceRule) -> str:
    """What is wrong there, if anything. The place is remembered last: what a kill cut off is read again, and its rows
    have the same keys."""
    key, now = _CURSOR + source.name, ctx.clock.now()
    before = memory.get(key)
    cursor = load(before[1] if before else None, now)
    told = told_by(ctx, source)
    new = [one for one in told.since(cursor.begin) if is_new(cursor, one, now)]
    turn = _Turn(more=len(new) > MOST)
    for one in new[:MOST]:
        _hand_in(ctx, told, one, turn)
    if turn.read:
        cursor = moved(cursor, turn.read, now, turn.trouble)
        memory.save(key, now, dump(cursor))
    if turn.more:
        ctx.inbox.put(f"{SOURCE}more:{source.name}:{mark(turn.read[-1])}", ReadDriftSource(source=source.name))
    return cursor.trouble


def _hand_in(ctx: Context, told: Told, one: Written, turn: _Turn) -> None:
    turn.read.append(one)
    try:
        windows = told.windows(one)
    except (BadBody, Refused) as why:
        turn.broken.append(f"{one.path}: {why}")
        return
    for key, command in rows(windows, ctx.clock.now()):
        ctx.inbox.put(key, command)


def _refused(trouble: str) -> Refused:
    how = "Look at what writes it; it is read again when its content changes."
    return Refused(Reason.DATA_UNREADABLE, trouble, how)
