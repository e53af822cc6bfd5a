"""What nobody tells is looked at again by the clock."""

from __future__ import annotations

from bot.domain.cards import Stage
from bot.domain.commands import Reconcile
from bot.domain.gates import GateResult, GateState
from bot.domain.reconcile import FINAL
from bot.domain.snapshot import Snapshot, stage
from bot.usecases.context import Context

SOON_SECONDS, SOON_FOR_SECONDS = 3.0, 600.0
IN_A_WHILE_SECONDS = 120.0


def look_again_later(ctx: Context, seen: Snapshot) -> None:
    """That the forge has worked out whether a branch merges, that the registry is back, that a service has changed its
    mind: nobody tells. A webhook about a check may be lost. Whatever waits for such a thing is looked at again, soon or
    in a while; once an interval, however often it is asked for."""
    pause = _pause(seen)
    if pause is not None:
        tick = int(seen.now // pause)
        ctx.inbox.put(f"again:{seen.pull.number}:{pause:g}:{tick}", Reconcile(number=seen.pull.number), pause)


def _pause(seen: Snapshot) -> float | None:
    at, fresh = stage(seen), seen.now - seen.pull.updated_at < SOON_FOR_SECONDS
    undecided = seen.pull.mergeable is None and at in (Stage.MERGING, Stage.APPROVED) and fresh
    if undecided or seen.awaits_successor:
        return SOON_SECONDS
    pauses = () if at in FINAL else map(_pause_of, seen.stuck)
    return min((pause for pause in pauses if pause is not None), default=None)


def _pause_of(gate: GateResult) -> float | None:
    """None for what somebody tells of, and for what knows its own time."""
    if gate.passes_at is not None:
        return None
    return IN_A_WHILE_SECONDS if gate.state is GateState.UNKNOWN else gate.look_again
