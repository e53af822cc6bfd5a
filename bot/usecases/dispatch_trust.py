"""From a row of the inbox to its use case: what concerns who somebody is, what they may, and what is told of it."""

from __future__ import annotations

from contextlib import suppress

from bot.domain.commands import (
    AnchorAudit,
    CheckMembers,
    Command,
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
from bot.errors import ChatUnavailable
from bot.ports import Row
from bot.usecases.audit_anchor import anchor_audit
from bot.usecases.audit_show import show_audit
from bot.usecases.context import Context
from bot.usecases.dispatch_gates import carry_out_gates
from bot.usecases.glass_settle import settle_glass
from bot.usecases.group import judge_group
from bot.usecases.link_commands import carry_out_leaving, carry_out_link
from bot.usecases.merge_button import merge_change
from bot.usecases.pushes import tell_push
from bot.usecases.repo import Repo

Trusted = Link | Unlink | ConfirmLink | MergeChange | SettleGlass | ShowAudit
"""What people ask for."""

TITLES: dict[type, str] = {
    Link: "Not linked",
    Unlink: "Not unlinked",
    ConfirmLink: "Not confirmed",
    MergeChange: "Not merged",
    SettleGlass: "Not settled",
    ShowAudit: "Audit",
}
"""What was asked for, for the first line of a refusal."""


def carry_out_trust(ctx: Context, repo: Repo, row: Row, command: Command) -> None:
    """Carry out one row of this kind."""
    match command:
        case ShowAudit():
            show_audit(ctx, repo, command)
        case AnchorAudit():
            anchor_audit(ctx, row)
        case Link() | Unlink() | ConfirmLink() | Linked() | PollDevice() | RevokeToken():
            carry_out_link(ctx, repo, row, command)
        case Leave() | TellLeaver() | CheckMembers():
            carry_out_leaving(ctx, repo, row, command)
        case MergeChange():
            merge_change(ctx, repo, row, command)
        case SettleGlass():
            settle_glass(ctx, repo, row, command)
        case TellPush():
            tell_push(ctx, repo, command)
        case JudgeGroup():
            ctx.inbox.absorb(row)
            with suppress(ChatUnavailable):  # the next sweep asks again, and no try of this row keeps that waiting
                judge_group(ctx, repo, command)
        case _:
            carry_out_gates(ctx, repo, row, command)
