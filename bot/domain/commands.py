"""What was asked for, frozen: these are the rows of the inbox.

A command is written down before it is acknowledged and read back by a worker, perhaps in another process and another
release, so fields may be added with defaults and are never renamed.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.domain.commands_asked import (
    Ban,
    CloseChange,
    FillForm,
    Freeze,
    HoldChange,
    ListModels,
    ListStops,
    Origin,
    Promote,
    Review,
    Rollback,
    SteerLadder,
    TakeOn,
    Unban,
    Unfreeze,
    Unpin,
)
from bot.domain.commands_gates import (
    Compare,
    LookCi,
    LookRegistry,
    PollCi,
    PollRegistry,
    ProposeByRule,
    RerunCi,
    SnoozeCi,
    Subscribe,
    SubscribedEvent,
    TellCi,
    TellSubscribers,
    WaiveGate,
)
from bot.domain.commands_own import (
    AskEngines,
    AutoRollback,
    ChainOn,
    ClimbStep,
    MarkHealthy,
    Nudge,
    Reconcile,
    Sweep,
    TakeSignals,
    Watch,
)
from bot.domain.commands_trust import (
    AnchorAudit,
    CheckMembers,
    ConfirmLink,
    JudgeGroup,
    Leave,
    Link,
    Linked,
    MergeChange,
    PollDevice,
    RevokeToken,
    SettleGlass,
    ShowAudit,
    TellLeaver,
    TellPush,
    Unlink,
)

__all__ = [
    "COMMAND",
    "AnchorAudit",
    "AskEngines",
    "AutoRollback",
    "Ban",
    "ChainOn",
    "CheckMembers",
    "ClimbStep",
    "CloseChange",
    "Command",
    "Compare",
    "ConfirmLink",
    "FillForm",
    "Freeze",
    "HoldChange",
    "JudgeGroup",
    "Leave",
    "Link",
    "Linked",
    "ListModels",
    "ListStops",
    "LookCi",
    "LookRegistry",
    "MarkHealthy",
    "MergeChange",
    "Nudge",
    "Origin",
    "PollCi",
    "PollDevice",
    "PollRegistry",
    "Promote",
    "ProposeByRule",
    "Reconcile",
    "RerunCi",
    "Review",
    "RevokeToken",
    "Rollback",
    "SettleGlass",
    "ShowAudit",
    "SnoozeCi",
    "SteerLadder",
    "Subscribe",
    "SubscribedEvent",
    "Sweep",
    "TakeOn",
    "TakeSignals",
    "TellCi",
    "TellLeaver",
    "TellPush",
    "TellSubscribers",
    "Unban",
    "Unfreeze",
    "Unlink",
    "Unpin",
    "WaiveGate",
    "Watch",
    "order_key",
]

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
    | ChainOn
    | Link
    | Unlink
    | ConfirmLink
    | PollDevice
    | Leave
    | Linked
    | RevokeToken
    | TellLeaver
    | CheckMembers
    | MergeChange
    | SettleGlass
    | ShowAudit
    | JudgeGroup
    | TellPush
    | AnchorAudit
    | Compare
    | LookCi
    | LookRegistry
    | PollCi
    | PollRegistry
    | ProposeByRule
    | RerunCi
    | SnoozeCi
    | Subscribe
    | TellCi
    | TellSubscribers
    | WaiveGate,
    Field(discriminator="kind"),
]

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)


def order_key(command: Command) -> str | None:  # noqa: C901, PLR0911, PLR0912  (one line a command)
    """Commands with the same key are carried out one after the other, in the order they came in.

    The model is the key, not the target: an environment may be written by its alias, and only the policy knows that.
    Going back never waits for a promotion that is being tried again, nor a hold for an approval or a Merge.
    """
    match command:
        case (
            Promote(model=model)
            | Unpin(model=model)
            | ClimbStep(model=model)
            | ChainOn(model=model)
            | ProposeByRule(model=model)
        ):
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
        case Link(by=by) | Unlink(by=by) | ConfirmLink(person=by) | Linked(person=by):
            return f"link:{by.team}/{by.user}"
        case MergeChange(change=change) | SettleGlass(change=change):
            return f"{command.kind}:{change}"
        case JudgeGroup(sha=sha):
            return f"group:{sha}"  # what was judged first must not be written last
        case WaiveGate(change=change):
            return f"waive:{change}"
        case LookRegistry(model=model):
            return f"registry:{model}"
        case LookCi(repo=repo) | SnoozeCi(repo=repo):
            return f"ci:{repo.casefold()}"  # what is told together, and the last green commit, are a repository's
        case Subscribe(origin=origin):
            return f"subscribe:{origin.channel}"
        case TellSubscribers(key=key):
            return f"news:{key}"  # rows of several models are one piece of news, and a channel hears it once
        case TellCi(channel=channel):
            return f"tell_ci:{channel}"
        case Sweep() | AskEngines() | CheckMembers() | AnchorAudit() | TellPush() | PollRegistry() | PollCi():
            return command.kind
        case _:
            return None
