"""What was asked for, frozen: these are the rows of the inbox.

A command is written down before it is acknowledged and read back by a worker, perhaps in another process and another
release, so fields may be added with defaults and are never renamed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain.people import Person
from bot.domain.signal import Signal


class Origin(BaseModel):
    """Where a command was given, so that the answer can go there. ``response_url`` holds for 30 minutes and 5 uses."""

    model_config = ConfigDict(frozen=True)
    channel: str = ""
    thread_ts: str | None = None
    response_url: str | None = None


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Asked(_Command):
    """A command that a person gave."""

    by: Person
    origin: Origin = Origin()


class Promote(_Asked):
    """`/promote MODEL VERSION|@ALIAS ENV`. Exactly one of ``version`` and ``alias`` is set."""

    kind: Literal["promote"] = "promote"
    model: str
    version: str | None = None
    alias: str | None = None
    environment: str | None = None
    plan: bool = False
    reason: str | None = None


class Rollback(_Asked):
    """`/rollback MODEL ENV [--to VERSION]`, or a click on Roll back.

    ``change`` is the change whose card was clicked. ``confirm``: only show what would happen, with a button that does
    it. ``digest``: the person saw this and said yes, so what is proposed must mean the same, and their approval is
    given with it.
    """

    kind: Literal["rollback"] = "rollback"
    model: str
    environment: str
    to: str | None = None
    plan: bool = False
    reason: str | None = None
    change: str | None = None
    confirm: bool = False
    digest: str | None = None


class Unpin(_Asked):
    """`/slackops unpin MODEL ENV`."""

    kind: Literal["unpin"] = "unpin"
    model: str
    environment: str
    plan: bool = False
    reason: str | None = None


class ListModels(_Asked):
    """`/models [MODEL]`."""

    kind: Literal["list_models"] = "list_models"
    model: str | None = None


class Review(_Asked):
    """Approve or Request changes, on the change and the digest that the card showed."""

    kind: Literal["review"] = "review"
    change: str
    digest: str
    verdict: Literal["approve", "request_changes"]
    comment: str | None = None


class CloseChange(_Asked):
    """Give the change up: close its pull request."""

    kind: Literal["close_change"] = "close_change"
    change: str
    reason: str | None = None


class HoldChange(_Asked):
    """Keep the change from merging (``hold``), or let it go on."""

    kind: Literal["hold_change"] = "hold_change"
    change: str
    hold: bool = True
    reason: str | None = None


class TakeOn(_Asked):
    """I'm on it: this person looks after a change that degraded."""

    kind: Literal["take_on"] = "take_on"
    change: str


class SteerLadder(_Asked):
    """Pause or resume a ladder of steps, abort it, or go by hand to its next rung. ``change``: any of its changes."""

    kind: Literal["steer_ladder"] = "steer_ladder"
    change: str
    do: Literal["pause", "resume", "abort", "next"]
    reason: str | None = None


class Freeze(_Asked):
    """`/slackops freeze ENV|MODEL ENV`. ``until`` is a duration or a moment as it was written; None has no end."""

    kind: Literal["freeze"] = "freeze"
    environment: str
    model: str | None = None
    until: str | None = None
    reason: str | None = None


class Unfreeze(_Asked):
    """`/slackops unfreeze ENV|MODEL ENV`."""

    kind: Literal["unfreeze"] = "unfreeze"
    environment: str
    model: str | None = None
    reason: str | None = None


class Ban(_Asked):
    """`/slackops ban MODEL VERSION|@ALIAS`. Exactly one of ``version`` and ``alias`` is set."""

    kind: Literal["ban"] = "ban"
    model: str
    version: str | None = None
    alias: str | None = None
    reason: str | None = None


class Unban(_Asked):
    """`/slackops unban MODEL VERSION|@ALIAS --reason TEXT`."""

    kind: Literal["unban"] = "unban"
    model: str
    version: str | None = None
    alias: str | None = None
    reason: str


class ListStops(_Asked):
    """`/slackops freezes` or `/slackops bans`."""

    kind: Literal["list_stops"] = "list_stops"
    what: Literal["freezes", "bans"]


class FillForm(_Asked):
    """Fill a loading view that stands open in front of the person; ``model`` to ``reason`` were given already."""

    kind: Literal["fill_form"] = "fill_form"
    form: Literal["promote", "rollback", "unpin", "request_changes", "close", "hold", "diff", "freeze", "ban"]
    view_id: str
    view_hash: str | None = None
    change: str | None = None
    digest: str | None = None
    model: str | None = None
    version: str | None = None
    environment: str | None = None
    reason: str | None = None
    until: str | None = None


class Nudge(_Command):
    """Something happened at the forge: re-read what it may concern. Carries names only, never state."""

    kind: Literal["nudge"] = "nudge"
    source: str
    pulls: tuple[int, ...] = ()
    shas: tuple[str, ...] = ()
    default_branch_moved: bool = False


class Reconcile(_Command):
    """Re-read one pull request, derive its state, do what is missing."""

    kind: Literal["reconcile"] = "reconcile"
    number: int


class Sweep(_Command):
    """The clock's nudge: look at every open pull request and every open change. Heals what a webhook missed."""

    kind: Literal["sweep"] = "sweep"


class TakeSignals(_Command):
    """What a rollout engine said; verified, and parsed."""

    kind: Literal["take_signals"] = "take_signals"
    signals: tuple[Signal, ...]


class AskEngines(_Command):
    """The clock asks the engines that can be asked about every change that is watched: heals what was missed."""

    kind: Literal["ask_engines"] = "ask_engines"


class Watch(_Command):
    """Look at the rollout of one merged change, and do what is missing."""

    kind: Literal["watch"] = "watch"
    change: str
    number: int


class MarkHealthy(_Command):
    """Set the registry's alias and tags for a change that is healthy."""

    kind: Literal["mark_healthy"] = "mark_healthy"
    change: str


class AutoRollback(_Command):
    """The policy's `on_degraded` rule asks to take a change back. ``change`` is the one that degraded."""

    kind: Literal["auto_rollback"] = "auto_rollback"
    change: str
    merge: bool = False


class ClimbStep(_Command):
    """The next rung of a ladder; ``change`` is the change of the rung before. ``percent`` 0 is its end by an abort."""

    kind: Literal["climb_step"] = "climb_step"
    change: str
    model: str
    percent: int


class ChainOn(_Command):
    """A promotion goes on by itself to the other regions; ``change`` is the one of the first region."""

    kind: Literal["chain_on"] = "chain_on"
    change: str
    model: str
    environment: str


Command = Annotated[
    Promote
    | Rollback
    | Unpin
    | ListModels
    | Review
    | CloseChange
    | HoldChange
    | TakeOn
    | SteerLadder
    | Freeze
    | Unfreeze
    | Ban
    | Unban
    | ListStops
    | FillForm
    | Nudge
    | Reconcile
    | Sweep
    | TakeSignals
    | AskEngines
    | Watch
    | MarkHealthy
    | AutoRollback
    | ClimbStep
    | ChainOn,
    Field(discriminator="kind"),
]

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)


def order_key(command: Command) -> str | None:  # noqa: PLR0911  (one line a command)
    """Commands with the same key are carried out one after the other, in the order they came in.

    The model is the key, not the target: an environment may be written by its alias, and only the policy knows that.
    Going back never waits for a promotion that is being tried again, nor a hold for an approval.
    """
    match command:
        case Promote(model=model) | Unpin(model=model) | ClimbStep(model=model) | ChainOn(model=model):
            return f"promote:{model}"
        case Rollback(model="", change=change):
            return f"rollback:{change}"
        case Rollback(model=model):
            return f"rollback:{model}"
        case Review(change=change):
            return f"review:{change}"
        case (
            CloseChange(change=change) | HoldChange(change=change) | TakeOn(change=change) | SteerLadder(change=change)
        ):
            return f"steer:{change}"
        case Reconcile(number=number) | Watch(number=number):
            return f"pull:{number}"
        case Freeze() | Unfreeze() | Ban() | Unban():
            return "stops"
        case Sweep() | AskEngines():
            return command.kind
        case _:
            return None
