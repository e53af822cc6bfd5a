"""From a row to its use case: linking accounts, and people who leave."""

from __future__ import annotations

from bot.domain.commands import (
    CheckMembers,
    ConfirmLink,
    Leave,
    Link,
    Linked,
    PollDevice,
    RevokeToken,
    TellLeaver,
    Unlink,
)
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.leaving import leave, tell_leaver
from bot.usecases.link_members import check_members
from bot.usecases.linking import linked, revoke_token, start_link, unlink
from bot.usecases.linking_device import confirm_link, poll_device, start_device, wait_for_a_role
from bot.usecases.repo import Repo

LinkCommand = Link | Unlink | ConfirmLink | Linked | PollDevice | RevokeToken
LeavingCommand = Leave | TellLeaver | CheckMembers


def carry_out_link(ctx: Context, repo: Repo, row: Row, command: LinkCommand) -> None:
    """One row about linking."""
    match command:
        case Link(device=True):
            start_device(ctx, repo, command)
        case Link():
            start_link(ctx, command)
        case Unlink():
            unlink(ctx, row, command)
        case ConfirmLink():
            confirm_link(ctx, repo, row, command)
        case Linked():
            if not command.confirmed:
                wait_for_a_role(ctx, repo, row, command)
            linked(ctx, row, command)
        case PollDevice():
            poll_device(ctx, row, command)
        case RevokeToken():
            revoke_token(ctx, command)


def carry_out_leaving(ctx: Context, repo: Repo, row: Row, command: LeavingCommand) -> None:
    """One row about somebody who may have left."""
    match command:
        case Leave():
            leave(ctx, row, command)
        case TellLeaver():
            tell_leaver(ctx, repo, row, command)
        case CheckMembers():
            check_members(ctx, row, command)
