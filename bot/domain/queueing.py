"""The forge's merge queue, as the reconciler sees it: who may stay in it, and when to try again. Pure."""

from __future__ import annotations

from bot.domain.cards import Stage
from bot.domain.reconcile_actions import Action, Dequeue, LeftQueue
from bot.domain.snapshot import Snapshot, note

SETTLES_SECONDS = 10.0
"""So long the forge may need until it shows in its queue what it has just taken in."""


def waits_for_queue(seen: Snapshot) -> bool:
    """It stands in the queue, or was put there a moment ago: there is nothing to merge."""
    return seen.pull.queued or seen.change.queued_at is not None


def queue_actions(seen: Snapshot, at: Stage) -> list[Action]:
    """Out of the queue with what must not merge now; and what the queue gave up is recorded, so that it is not put back
    at once."""
    if seen.pull.queued:
        return [] if fit(seen, at) else [Dequeue(note(seen, at))]
    since = seen.change.queued_at
    return [LeftQueue()] if since is not None and seen.now >= since + SETTLES_SECONDS else []


def fit(seen: Snapshot, at: Stage) -> bool:
    """Whether it may stay: sound, approved, nothing in its way, nobody holding it. Where the policy only watches, what
    people put there themselves stays."""
    if seen.change.by_hand and not seen.enforce:
        return True
    ready = seen.sound and seen.tally.complete and not seen.stuck and not seen.held
    return ready and at in (Stage.MERGING, Stage.APPROVED)
