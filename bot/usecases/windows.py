"""What time says to a change: windows, and the moments at which time alone changes something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.change import Change
from bot.domain.facts import ForgeReview
from bot.domain.gates import GateResult
from bot.domain.glass import debt_gates
from bot.domain.policy import Environment
from bot.domain.reminding import last_act
from bot.domain.stops import Stoppable
from bot.domain.windows import clear_at, opening, window_gates
from bot.usecases.context import Context


def timed_gates(
    ctx: Context, rules: Environment, one: Stoppable, *, swift: bool, glass: bool = False
) -> tuple[GateResult, ...]:
    """The window, and what the model's broken glass keeps back. ``rules`` are those of all that it moves. A rollback to
    the version before obeys windows where the policy says so; what breaks the glass, or takes a version out, never."""
    now = ctx.clock.now()
    obeys = not glass and not one.leaves and (not swift or rules.rollback.windows == "obey")
    windows = window_gates(rules.windows, now, obeys=obeys)
    return windows if one.back else (*windows, *debt_gates(ctx.changes.in_debt(one.intent.model), now))


@dataclass(frozen=True)
class Times:
    """As the snapshot has them."""

    last_act: float
    clear_at: float | None
    closes_at: float | None


def times_of(
    ctx: Context, rules: Environment, change: Change, gates: Sequence[GateResult], reviews: Sequence[ForgeReview]
) -> Times:
    """When people last did something, when all that waits has passed, when the open window closes."""
    now = ctx.clock.now()
    seen = opening(rules.windows, now)
    return Times(
        last_act(change, reviews, now), clear_at(rules.windows, gates, now), seen.changes if seen.open else None
    )
