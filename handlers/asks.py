"""From what the grammar understood to what is written down; the same for slash commands and mentions."""

from __future__ import annotations

from typing import Literal

from bot.domain.cards import Help, HelpLine, Message
from bot.domain.commands import (
    Command,
    FillForm,
    Link,
    ListModels,
    Origin,
    Promote,
    Rollback,
    ShowAudit,
    ShowDrift,
    SnoozeIncident,
    Subscribe,
    Unlink,
    Unpin,
    WaiveGate,
)
from bot.domain.forms import LoadingForm
from bot.domain.grammar import (
    USAGE,
    DriftAsk,
    FormAsk,
    HelpAsk,
    ModelsAsk,
    Parsed,
    PromoteAsk,
    RollbackAsk,
    UnpinAsk,
)
from bot.domain.grammar_drift import SnoozeAsk
from bot.domain.grammar_gates import WaiveAsk
from bot.domain.grammar_stops import BanAsk, FreezeAsk, StopsAsk, UnbanAsk, UnfreezeAsk
from bot.domain.grammar_subscribe import SubscribeAsk
from bot.domain.grammar_trust import AuditAsk, LinkAsk, UnlinkAsk
from bot.domain.people import Person
from handlers.doors import Doors
from handlers.stops import STOP_DOES, stop_command

DOES = {
    "promote": "Propose a version: a pull request, and a card to decide on. --plan only tells what would happen.",
    "rollback": "Propose to go back to the version before, or to the one named. --break-glass merges with no approval.",
    "models": "What runs where.",
    "drift": "What drifts or is unhealthy: what changed in a day, what is open and who has it, what is snoozed.",
    "unpin": "Propose to take an environment's own pin out, so that it inherits again, as the policy says.",
    **STOP_DOES,
    "audit": "What was decided and done about a model lately, by whom.",
    "link": "Link your GitHub account, so that what you decide here is a review of yours there.",
    "unlink": "Take the link back; its token is revoked.",
    "subscribe": "Have this channel hear of a model or an environment; --off ends it. Alone: what it hears.",
    "waive": "Let a quality gate of an open change pass, with a reason, or take that back; for a role.",
    "snooze": "Say nothing more of what drifts there until then, unless it gets worse.",
    "help": "This list.",
}
TITLES = {
    "promote": "Promote a model",
    "rollback": "Roll a model back",
    "unpin": "Unpin a model",
    "freeze": "Freeze",
    "ban": "Ban a version",
    "waive": "Waive a gate",
}
FormName = Literal["promote", "rollback", "unpin", "freeze", "ban", "waive"]
FORMS: dict[str, FormName] = {
    "rollback": "rollback",
    "unpin": "unpin",
    "freeze": "freeze",
    "ban": "ban",
    "waive": "waive",
}
NOTE = "v42 is 42, an environment may be written by its alias, @champion is an alias. A missing argument opens a form."


def command_of(parsed: Parsed, by: Person, origin: Origin) -> Command | None:  # noqa: C901, PLR0911, PLR0912  (one line an ask)
    """The command to write down; None for what is answered at once or needs a form first."""
    match parsed:
        case PromoteAsk(model, version, alias, environment, plan, reason, waive):
            return Promote(
                by=by,
                origin=origin,
                model=model,
                version=version,
                alias=alias,
                environment=environment,
                plan=plan,
                reason=reason,
                waive=waive,
            )
        case RollbackAsk(model, environment, to, reason, glass):
            asked = Rollback(by=by, origin=origin, model=model, environment=environment, to=to, reason=reason)
            return asked.model_copy(update={"break_glass": glass})
        case UnpinAsk(model, environment, plan, reason):
            return Unpin(by=by, origin=origin, model=model, environment=environment, plan=plan, reason=reason)
        case ModelsAsk(model):
            return ListModels(by=by, origin=origin, model=model)
        case DriftAsk(model):
            return ShowDrift(by=by, origin=origin, model=model)
        case AuditAsk(model):
            return ShowAudit(by=by, origin=origin, model=model)
        case LinkAsk(device):
            return Link(by=by, origin=origin, device=device)
        case SubscribeAsk(subject, events, off):
            return Subscribe(by=by, origin=origin, subject=subject, events=events, off=off)
        case WaiveAsk(number, gate, reason, withdraw) if gate:
            ask = WaiveGate(by=by, origin=origin, change=f"#{number}", gate=gate, reason=reason)
            return ask.model_copy(update={"withdraw": withdraw})
        case SnoozeAsk(model, environment, until, reason):
            named = {"model": model, "environment": environment, "until": until, "reason": reason}
            return SnoozeIncident(by=by, origin=origin, **named)
        case UnlinkAsk():
            return Unlink(by=by, origin=origin)
        case FreezeAsk() | UnfreezeAsk() | BanAsk() | UnbanAsk() | StopsAsk():
            return stop_command(parsed, by, origin)
        case _:
            return None


def help_of(parsed: HelpAsk) -> Message:
    """The commands, or the one asked about."""
    names = [parsed.topic] if parsed.topic in USAGE else list(USAGE)
    return Help(tuple(HelpLine(USAGE[name], DOES[name]) for name in names if name), NOTE)


async def open_form(doors: Doors, ask: FormAsk, by: Person, origin: Origin, trigger: str, key: str) -> None:
    """Open the loading view now, while the trigger holds, and have it filled."""
    view_id, view_hash = await doors.dialogs.open(trigger, LoadingForm(TITLES[ask.command]), key)
    fill = FillForm(
        by=by,
        origin=origin,
        form=FORMS.get(ask.command, "promote"),
        view_id=view_id,
        view_hash=view_hash,
        model=ask.model,
        version=ask.version,
        environment=ask.environment,
        reason=ask.reason,
        until=ask.until,
        change=ask.change,
    )
    await doors.intake.put(key, fill)
