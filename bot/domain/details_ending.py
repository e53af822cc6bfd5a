"""What a details page tells once a change has ended: its gates as they were judged, and what became of the rollout."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.chart import Chart
from bot.domain.details import Details, Passed, short

STAGES = 20
"""The most stages after the merge that a page holds."""
ROLLED_BACK = "Rolled back"


def settled(now: Details, before: Details | None) -> Details:
    """What is to be kept of a look: the chart as it was drawn; of a change that has ended all that it was judged by.
    What is looked at after the end tells how it ended, and no more: base, policy and versions have moved on."""
    if before is None:
        return now
    if not now.ended:
        return replace(now, chart=before.chart)
    if before.rollout:
        return before
    return replace(before, stage=now.stage, note=now.note, ended=True)


def rolled_out(before: Details, stage: str, note: str, at: float) -> Details:
    """With what the watcher says of it now, since that moment. A rollback is the last word."""
    if before.stage == ROLLED_BACK:
        return before
    passed = Passed(short(stage, 40), short(note), at)
    last = before.rollout[-1] if before.rollout else None
    if last is not None and last.stage == passed.stage:
        rollout = (*before.rollout[:-1], replace(passed, at=last.at))
    else:
        rollout = (*before.rollout, passed)[-STAGES:]
    return replace(before, stage=passed.stage, note=passed.note, ended=True, rollout=rollout)


def charted(before: Details, chart: Chart | None) -> Details:
    """With its picture."""
    return replace(before, chart=chart)
