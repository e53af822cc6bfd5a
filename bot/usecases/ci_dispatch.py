"""From a row of the inbox to its use case: what concerns CI."""

from __future__ import annotations

from bot.domain.commands import LookCi, PollCi, RerunCi, SnoozeCi, TellCi
from bot.ports import Row
from bot.usecases.ci_asked import rerun_ci, snooze_ci
from bot.usecases.ci_look import look_ci, poll_ci
from bot.usecases.ci_window import tell_ci
from bot.usecases.context import Context
from bot.usecases.repo import Repo

OfCi = LookCi | PollCi | TellCi | RerunCi | SnoozeCi


def carry_out_ci(ctx: Context, repo: Repo, row: Row, command: OfCi) -> None:
    """Carry out one row of this kind."""
    match command:
        case LookCi():
            look_ci(ctx, repo, row, command)
        case PollCi():
            poll_ci(ctx, repo, row)
        case TellCi():
            tell_ci(ctx, repo, row, command)
        case RerunCi():
            rerun_ci(ctx, repo, row, command)
        case SnoozeCi():
            snooze_ci(ctx, repo, row, command)
