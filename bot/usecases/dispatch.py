"""From a row of the inbox to its use case; and from a refusal to the person who asked."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.commands import (
    AskEngines,
    AutoRollback,
    Ban,
    ChainOn,
    ClimbStep,
    CloseChange,
    FillForm,
    Freeze,
    HoldChange,
    ListModels,
    ListStops,
    MarkHealthy,
    Nudge,
    Promote,
    ProposeByRule,
    Reconcile,
    Retrain,
    Review,
    Rollback,
    SteerLadder,
    Sweep,
    TakeOn,
    TakeSignals,
    Unban,
    Unfreeze,
    Unpin,
    Watch,
)
from bot.errors import ChatUnavailable, ForgeUnavailable, Reason, Refused, RegistryUnavailable, Transient
from bot.ports import Row
from bot.usecases.after_merge import mark_healthy, take_on
from bot.usecases.again import put_again
from bot.usecases.applications import Applications
from bot.usecases.audit_asked import note_given_up, note_refused
from bot.usecases.auto_rollback import auto_rollback
from bot.usecases.chain import chain_on
from bot.usecases.chain import gave_up as chain_gave_up
from bot.usecases.context import Context
from bot.usecases.dispatch_drift import DRIFT_TITLES, Drifted
from bot.usecases.dispatch_gates import GATED_TITLES, Gated
from bot.usecases.dispatch_trust import TITLES, Trusted, carry_out_trust
from bot.usecases.forms import fill_form
from bot.usecases.identity import may_enter
from bot.usecases.ladder_climb import climb
from bot.usecases.ladder_steer import steer_ladder
from bot.usecases.last_good import LastGood
from bot.usecases.linking_reviews import review_or_link
from bot.usecases.models import list_models
from bot.usecases.names import VersionNames
from bot.usecases.promote import promote
from bot.usecases.reconcile import reconcile_pull
from bot.usecases.regions import spread
from bot.usecases.registry_proposing import gave_up as rule_gave_up
from bot.usecases.repo import Repo
from bot.usecases.retrain_starting import gave_up as retrain_gave_up
from bot.usecases.rollback import rollback
from bot.usecases.steer import close, hold
from bot.usecases.stop_commands import StopCommand, carry_out_stop, stop_title
from bot.usecases.sweep import Sweeper, nudge
from bot.usecases.take_signals import ask_engines, take_signals
from bot.usecases.tell import receipt, refuse
from bot.usecases.unpin import unpin_target
from bot.usecases.watch import watch_change

Asked = (
    Promote
    | Rollback
    | Unpin
    | ListModels
    | Review
    | CloseChange
    | HoldChange
    | TakeOn
    | SteerLadder
    | StopCommand
    | Trusted
    | Gated
    | Drifted
)

SAY_AGAIN_SECONDS = 5.0


class Dispatcher:
    """Carries out rows. What it raises decides the row's fate: Transient is retried, Fatal is not."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.repo = Repo(ctx.checkout, VersionNames(ctx.registry, ctx.clock))
        self.repo.back = LastGood(ctx.checkout, self.repo.names)
        self.sweeper = Sweeper()
        self.applications = Applications(self.repo)
        self._causes: dict[str, type[Exception]] = {}

    def __call__(self, row: Row) -> None:
        """Carry out one row. A refusal is told to the person who asked and ends the row."""
        try:
            if isinstance(row.command, Asked | FillForm):
                may_enter(self.ctx, self.repo, row.command)
            self._run(row)
            self._causes.pop(row.id, None)
        except Refused as why:
            if not isinstance(row.command, Asked):
                raise
            note_refused(self.ctx, row, why)
            refuse(self.ctx, row.command.by, row.command.origin, title(row.command), why)
        except Transient as why:
            self._causes[row.id] = type(why)
            if isinstance(row.command, Asked) and row.attempt == 1:
                self._waiting(row.command, why)
            raise

    def _run(self, row: Row) -> None:  # noqa: C901, PLR0912  (one line a command)
        ctx, repo, command = self.ctx, self.repo, row.command
        match command:
            case Promote():
                promote(ctx, repo, row, command)
            case Rollback():
                if not spread(ctx, repo.back, row, command):
                    rollback(ctx, repo.back, row, command)
            case Unpin():
                unpin_target(ctx, repo, row, command)
            case ListModels():
                list_models(ctx, repo, command)
            case Review():
                review_or_link(ctx, repo, row, command)
            case CloseChange():
                close(ctx, repo, row, command)
            case HoldChange():
                hold(ctx, repo, row, command)
            case Freeze() | Unfreeze() | Ban() | Unban() | ListStops():
                carry_out_stop(ctx, repo, row, command)
            case FillForm():
                fill_form(ctx, repo, command)
            case Reconcile():
                ctx.inbox.absorb(row)
                self._though_slack_is_away(row, lambda: reconcile_pull(ctx, repo, command.number))
            case Nudge():
                nudge(ctx, row, command)
            case Sweep():
                self.sweeper.sweep(ctx, row)
            case _:
                self._after_merge(row)

    def _after_merge(self, row: Row) -> None:
        ctx, repo, command = self.ctx, self.repo, row.command
        match command:
            case TakeSignals():
                take_signals(ctx, repo, self.applications, row, command)
            case AskEngines():
                ctx.inbox.absorb(row)  # what waited while an engine did not answer is asked once
                ask_engines(ctx, repo, row, command)
            case Watch():
                ctx.inbox.absorb(row)
                self._though_slack_is_away(row, lambda: watch_change(ctx, repo, command))
            case MarkHealthy():
                mark_healthy(ctx, repo, command)
            case AutoRollback():
                auto_rollback(ctx, repo, row, command)
            case ChainOn():
                chain_on(ctx, repo, row, command)
            case ClimbStep():
                climb(ctx, repo, row, command)
            case SteerLadder():
                steer_ladder(ctx, repo, row, command)
            case TakeOn():
                take_on(ctx, row, command)
            case _:
                carry_out_trust(ctx, repo, row, command)

    def _though_slack_is_away(self, row: Row, look: Callable[[], object]) -> None:
        """What could not be said is said by a look of its own, soon: a row that is tried again would keep the next look
        at the pull request waiting, and with it a merge."""
        try:
            look()
        except ChatUnavailable as why:
            now = self.ctx.clock.now()
            pause = max(why.retry_after or 0.0, SAY_AGAIN_SECONDS)
            number = getattr(row.command, "number", 0)
            self.ctx.inbox.put(f"say:{row.command.kind}:{number}:{now // pause:.0f}", row.command, delay=pause)

    def _waiting(self, command: Asked, why: Transient) -> None:
        text = f"{title(command)}: waiting. {why} It is saved and tried again by itself."
        receipt(self.ctx, command.by, command.origin, text)

    def gave_up(self, row: Row, error: str) -> None:
        """The row became a dead letter: it is written down, and the person who asked hears it."""
        note_given_up(self.ctx, row, error)
        cause = self._causes.pop(row.id, None)
        if cause is not None:
            put_again(self.ctx, row)
        if isinstance(row.command, Retrain):
            retrain_gave_up(self.ctx, row.id, error)
        if isinstance(row.command, Asked):
            why = given_up(cause, error)
            refuse(self.ctx, row.command.by, row.command.origin, title(row.command), why)
        elif isinstance(row.command, ChainOn):
            chain_gave_up(self.ctx, row.command, error)
        elif isinstance(row.command, ProposeByRule):
            rule_gave_up(self.ctx, self.repo, row, row.command, error)


GIVEN_UP: dict[type[Exception] | None, Reason] = {
    RegistryUnavailable: Reason.REGISTRY_UNAVAILABLE,
    ForgeUnavailable: Reason.FORGE_UNAVAILABLE,
}


def given_up(cause: type[Exception] | None, error: str) -> Refused:
    """What is told of a dead letter; ``cause`` is the class of its last error, where that was a passing one."""
    unblock = "Ask again when it is mended; `slackops status` lists dead letters."
    return Refused(GIVEN_UP.get(cause, Reason.INTERNAL), f"Given up: {error}", unblock)


def title(command: Asked) -> str:  # noqa: C901, PLR0911  (one line a command)
    """What was asked for, for the first line of the answer."""
    match command:
        case Promote():
            return f"Not proposed: {_what(command.model, command.version or f'@{command.alias}', command.environment)}"
        case Rollback():
            return f"Not rolled back: {_what(command.model, command.to, command.environment)}"
        case Unpin():
            return f"Not unpinned: {_what(command.model, None, command.environment)}"
        case ListModels():
            return "Models"
        case Review():
            return "Not approved" if command.verdict == "approve" else "Changes not requested"
        case Freeze() | Unfreeze() | Ban() | Unban() | ListStops():
            return stop_title(command)
        case CloseChange():
            return "Not closed"
        case HoldChange():
            return "Not held" if command.hold else "Not released"
        case TakeOn():
            return "Not taken on"
        case SteerLadder():
            return f"Not done: {command.do}"
        case _:
            return (TITLES | GATED_TITLES | DRIFT_TITLES)[type(command)]


def _what(model: str, version: str | None, environment: str | None) -> str:
    return ", ".join(part for part in (f"{model} {version}" if version else model, environment) if part)
