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
    "MarkHealthy",
    "MergeChange",
    "Nudge",
    "Origin",
    "PollDevice",
    "Promote",
    "Reconcile",
    "Review",
    "RevokeToken",
    "Rollback",
    "SettleGlass",
    "ShowAudit",
    "SteerLadder",
    "Sweep",
    "TakeOn",
    "TakeSignals",
    "TellLeaver",
    "TellPush",
    "Unban",
    "Unfreeze",
    "Unlink",
    "Unpin",
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
    | AnchorAudit,
    Field(discriminator="kind"),
]

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)


def order_key(command: Command) -> str | None:  # noqa: C901, PLR0911  (one line a command)
    """Commands with the same key are carried out one after the other, in the order they came in.

    The model is the key, not the target: an environment may be written by its alias, and only the policy knows that.
    Going back never waits for a promotion that is being tried again, nor a hold for an approval or a Merge.
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
        case Link(by=by) | Unlink(by=by) | ConfirmLink(person=by) | Linked(person=by):
            return f"link:{by.team}/{by.user}"
        case MergeChange(change=change) | SettleGlass(change=change):
            return f"{command.kind}:{change}"
        case JudgeGroup(sha=sha):
            return f"group:{sha}"  # what was judged first must not be written last
        case Sweep() | AskEngines() | CheckMembers() | AnchorAudit() | TellPush():
            return command.kind
        case _:
            return None
