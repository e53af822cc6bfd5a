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
from bot.domain.commands_drift import (
    CloseIncident,
    JoinStorm,
    ListStorm,
    LookDigests,
    LookIncident,
    LookRetrain,
    LookStorm,
    MeasureDrift,
    PollDrift,
    ReadDriftSource,
    Retrain,
    SendDigest,
    ShowDrift,
    ShowIncident,
    SnoozeIncident,
    TakeDrift,
    TakeIncident,
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
    "CloseIncident",
    "Command",
    "Compare",
    "ConfirmLink",
    "FillForm",
    "Freeze",
    "HoldChange",
    "JoinStorm",
    "JudgeGroup",
    "Leave",
    "Link",
    "Linked",
    "ListModels",
    "ListStops",
    "ListStorm",
    "LookCi",
    "LookDigests",
    "LookIncident",
    "LookRegistry",
    "LookRetrain",
    "LookStorm",
    "MarkHealthy",
    "MeasureDrift",
    "MergeChange",
    "Nudge",
    "Origin",
    "PollCi",
    "PollDevice",
    "PollDrift",
    "PollRegistry",
    "Promote",
    "ProposeByRule",
    "ReadDriftSource",
    "Reconcile",
    "RerunCi",
    "Retrain",
    "Review",
    "RevokeToken",
    "Rollback",
    "SendDigest",
    "SettleGlass",
    "ShowAudit",
    "ShowDrift",
    "ShowIncident",
    "SnoozeCi",
    "SnoozeIncident",
    "SteerLadder",
    "Subscribe",
    "SubscribedEvent",
    "Sweep",
    "TakeDrift",
    "TakeIncident",
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
    | WaiveGate
    | CloseIncident
    | JoinStorm
    | ListStorm
    | LookDigests
    | LookIncident
    | LookRetrain
    | LookStorm
    | MeasureDrift
    | PollDrift
    | ReadDriftSource
    | Retrain
    | SendDigest
    | ShowDrift
    | ShowIncident
    | SnoozeIncident
    | TakeDrift
    | TakeIncident,
    Field(discriminator="kind"),
]

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
