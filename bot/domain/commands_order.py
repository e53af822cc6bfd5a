"""Which rows of the inbox are carried out one after the other."""

from __future__ import annotations

from zlib import crc32

from bot.domain.commands import (
    AnchorAudit,
    AskEngines,
    Ban,
    ChainOn,
    CheckMembers,
    ClimbStep,
    CloseChange,
    Command,
    ConfirmLink,
    Freeze,
    HoldChange,
    JoinStorm,
    JudgeGroup,
    Link,
    Linked,
    LookCi,
    LookDigests,
    LookIncident,
    LookRegistry,
    LookRetrain,
    LookStorm,
    MeasureDrift,
    MergeChange,
    PollCi,
    PollDrift,
    PollRegistry,
    Promote,
    ProposeByRule,
    ReadDriftSource,
    Reconcile,
    Retrain,
    Review,
    Rollback,
    SendDigest,
    SettleGlass,
    ShowIncident,
    SnoozeCi,
    SteerLadder,
    Subscribe,
    Sweep,
    TakeDrift,
    TakeOn,
    TellCi,
    TellPush,
    TellSubscribers,
    Unban,
    Unfreeze,
    Unlink,
    Unpin,
    WaiveGate,
    Watch,
)

LANES = 2
"""So many runs of drift are carried out at the same time."""


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
        case TakeDrift(windows=windows):
            return f"drift:{windows[0].model}" if windows else None  # one row is about one model
        case LookIncident(incident=incident) | ShowIncident(incident=incident):
            return f"incident:{incident}"
        case LookStorm(storm=storm):
            return f"storm:{storm}"
        case Retrain(model=model):
            return f"retrain:{model}"
        case LookRetrain(retrain=retrain):
            return f"retraining:{retrain}"
        case MeasureDrift(run=name):  # runs may take long and much: they leave room for what people ask for
            return f"{command.kind}:{crc32(name.encode(errors='replace')) % LANES}"
        case ReadDriftSource(source=name) | SendDigest(digest=name):
            return f"{command.kind}:{name}"
        case PollDrift() | LookDigests() | JoinStorm():
            return command.kind
        case Sweep() | AskEngines() | CheckMembers() | AnchorAudit() | TellPush() | PollRegistry() | PollCi():
            return command.kind
        case _:
            return None
