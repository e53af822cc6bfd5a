"""From a row of the inbox to its use case: what concerns who somebody is, what they may, and what is told of it."""

from __future__ import annotations

from bot.domain.commands import Command, ConfirmLink, Link, MergeChange, SettleGlass, ShowAudit, Unlink
from bot.errors import Fatal
from bot.ports import Row
from bot.usecases.context import Context
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


def carry_out_trust(ctx: Context, repo: Repo, row: Row, command: Command) -> None:  # noqa: ARG001
    """Carry out one row of this kind."""
    match command:
        case _:
            raise Fatal(f"nothing carries out {command.kind}")
