"""What the bot has itself do: looks that were asked for by a webhook, by the clock, or by another row."""

from __future__ import annotations

from typing import Literal

from bot.domain.commands_asked import FrozenCommand
from bot.domain.signal import Signal


class Nudge(FrozenCommand):
    """Something happened at the forge: re-read what it may concern. Carries names only, never state."""

    kind: Literal["nudge"] = "nudge"
    source: str
    pulls: tuple[int, ...] = ()
    shas: tuple[str, ...] = ()
    default_branch_moved: bool = False
    before: str = ""
    after: str = ""
    pusher: str = ""
    """Of a push to the default branch: from where to where, and by which account."""


class Reconcile(FrozenCommand):
    """Re-read one pull request, derive its state, do what is missing."""

    kind: Literal["reconcile"] = "reconcile"
    number: int


class Sweep(FrozenCommand):
    """The clock's nudge: look at every open pull request and every open change. Heals what a webhook missed."""

    kind: Literal["sweep"] = "sweep"


class TakeSignals(FrozenCommand):
    """What a rollout engine said; verified, and parsed."""

    kind: Literal["take_signals"] = "take_signals"
    signals: tuple[Signal, ...]


class AskEngines(FrozenCommand):
    """The clock asks the engines that can be asked about every change that is watched: heals what was missed."""

    kind: Literal["ask_engines"] = "ask_engines"


class Watch(FrozenCommand):
    """Look at the rollout of one merged change, and do what is missing."""

    kind: Literal["watch"] = "watch"
    change: str
    number: int


class MarkHealthy(FrozenCommand):
    """Set the registry's alias and tags for a change that is healthy."""

    kind: Literal["mark_healthy"] = "mark_healthy"
    change: str


class AutoRollback(FrozenCommand):
    """The policy's `on_degraded` rule asks to take a change back. ``change`` is the one that degraded."""

    kind: Literal["auto_rollback"] = "auto_rollback"
    change: str
    merge: bool = False


class ClimbStep(FrozenCommand):
    """The next rung of a ladder, or its end after an abort; ``change`` is the change of the rung before. ``clicked``: a
    person asked for it, even if an earlier one was closed."""

    kind: Literal["climb_step"] = "climb_step"
    change: str
    model: str
    percent: int
    clicked: bool = False


class ChainOn(FrozenCommand):
    """A promotion goes on by itself to the other regions; ``change`` is the one of the first region."""

    kind: Literal["chain_on"] = "chain_on"
    change: str
    model: str
    environment: str
