"""From a row of the inbox to its use case; and from a refusal to the person who asked."""

from __future__ import annotations

from bot.domain.commands import (
    CloseChange,
    FillForm,
    HoldChange,
    ListModels,
    Nudge,
    Promote,
    Reconcile,
    Review,
    Rollback,
    Sweep,
    Unpin,
)
from bot.errors import ForgeUnavailable, Reason, Refused, RegistryUnavailable, Transient
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.forms import fill_form
from bot.usecases.identity import at_home
from bot.usecases.models import list_models
from bot.usecases.names import VersionNames
from bot.usecases.promote import promote
from bot.usecases.reconcile import reconcile_pull
from bot.usecases.repo import Repo
from bot.usecases.review import review
from bot.usecases.rollback import rollback
from bot.usecases.steer import close, hold
from bot.usecases.sweep import Sweeper, nudge
from bot.usecases.tell import receipt, refuse
from bot.usecases.unpin import unpin_target

Asked = Promote | Rollback | Unpin | ListModels | Review | CloseChange | HoldChange


class Dispatcher:
    """Carries out rows. What it raises decides the row's fate: Transient is retried, Fatal is not."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.repo = Repo(ctx.checkout, VersionNames(ctx.registry, ctx.clock))
        self.sweeper = Sweeper()
        self._causes: dict[str, type[Exception]] = {}

    def __call__(self, row: Row) -> None:
        """Carry out one row. A refusal is told to the person who asked and ends the row."""
        try:
            if isinstance(row.command, Asked | FillForm):
                at_home(self.ctx, row.command.by)
            self._run(row)
            self._causes.pop(row.id, None)
        except Refused as why:
            if not isinstance(row.command, Asked):
                raise
            refuse(self.ctx, row.command.by, row.command.origin, title(row.command), why)
        except Transient as why:
            self._causes[row.id] = type(why)
            if isinstance(row.command, Asked) and row.attempt == 1:
                self._waiting(row.command, why)
            raise

    def _run(self, row: Row) -> None:  # noqa: C901  (one line a command)
        ctx, repo, command = self.ctx, self.repo, row.command
        match command:
            case Promote():
                promote(ctx, repo, row, command)
            case Rollback():
                rollback(ctx, repo, row, command)
            case Unpin():
                unpin_target(ctx, repo, row, command)
            case ListModels():
                list_models(ctx, repo, command)
            case Review():
                review(ctx, repo, row, command)
            case CloseChange():
                close(ctx, repo, row, command)
            case HoldChange():
                hold(ctx, repo, row, command)
            case FillForm():
                fill_form(ctx, repo, command)
            case Reconcile():
                ctx.inbox.absorb(row)
                reconcile_pull(ctx, repo, command.number)
            case Nudge():
                nudge(ctx, row, command)
            case Sweep():
                self.sweeper.sweep(ctx, row)

    def _waiting(self, command: Asked, why: Transient) -> None:
        text = f"{title(command)}: waiting. {why} It is saved and tried again by itself."
        receipt(self.ctx, command.by, command.origin, text)

    def gave_up(self, row: Row, error: str) -> None:
        """The row became a dead letter: the person who asked hears it."""
        if isinstance(row.command, Asked):
            why = given_up(self._causes.pop(row.id, None), error)
            refuse(self.ctx, row.command.by, row.command.origin, title(row.command), why)


GIVEN_UP: dict[type[Exception] | None, Reason] = {
    RegistryUnavailable: Reason.REGISTRY_UNAVAILABLE,
    ForgeUnavailable: Reason.FORGE_UNAVAILABLE,
}


def given_up(cause: type[Exception] | None, error: str) -> Refused:
    """What is told of a dead letter; ``cause`` is the class of its last error, where that was a passing one."""
    unblock = "Ask again when it is mended; `slackops status` lists dead letters."
    return Refused(GIVEN_UP.get(cause, Reason.INTERNAL), f"Given up: {error}", unblock)


def title(command: Asked) -> str:  # noqa: PLR0911  (one line a command)
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
        case CloseChange():
            return "Not closed"
        case HoldChange():
            return "Not held" if command.hold else "Not released"


def _what(model: str, version: str | None, environment: str | None) -> str:
    return ", ".join(part for part in (f"{model} {version}" if version else model, environment) if part)
