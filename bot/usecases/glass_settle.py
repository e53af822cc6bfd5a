"""`I reviewed it`: a second person has looked at what broke the glass."""

from __future__ import annotations

from bot.domain.change import Change
from bot.domain.commands import SettleGlass
from bot.domain.glass import owed
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.glass_debt import pay
from bot.usecases.glass_second import why_no_second
from bot.usecases.reconcile import ask_reconcile
from bot.usecases.repo import Repo
from bot.usecases.tell import receipt


def settle_glass(ctx: Context, repo: Repo, row: Row, command: SettleGlass) -> None:
    """Write it down. Raises Refused(UNKNOWN_CHANGE | ALREADY_DECIDED | OWN_CHANGE | NOT_LINKED | NOT_AN_APPROVER)."""
    change = ctx.changes.get(command.change)
    if change is None or change.glass is None or change.number is None:
        raise Refused(Reason.UNKNOWN_CHANGE, "This is no change that broke the glass.", "Look at the newest card.")
    if change.glass.settled_by != command.by:
        login = _second(ctx, repo, change, command)
        change = pay(ctx, change, command.by, login, row.created_at)
    ask_reconcile(ctx, row, change.number or 0)
    receipt(ctx, command.by, command.origin, f"Noted: you reviewed #{change.number}.", change.url)


def _second(ctx: Context, repo: Repo, change: Change, command: SettleGlass) -> str:
    """The account of whoever pressed it, whose look counts."""
    if not owed(change):
        message = f"#{change.number} is not merged, or somebody reviewed it already."
        raise Refused(Reason.ALREADY_DECIDED, message, "The card shows which.")
    if command.by in change.requesters or (change.glass and change.glass.by == command.by):
        raise Refused(Reason.OWN_CHANGE, "You broke the glass, or asked for it too.", "Somebody else must look at it.")
    login = ctx.links.login_of(command.by)
    if login is None:
        unblock = f"Link it (`/{ctx.command_prefix}slackops link`), or approve #{change.number} on the forge."
        raise Refused(Reason.NOT_LINKED, "Your Slack user is not linked to a GitHub account.", unblock)
    repo, account = repo.back, ctx.links.account_of(command.by) or 0
    why = why_no_second(ctx, repo, repo.policy(ctx.checkout.fetch()), change, command.by, login, account)
    if why:
        unblock = "The policy's approvals.from says who may; they need write access to the repository too."
        raise Refused(Reason.NOT_AN_APPROVER, f"Your review would not count: @{login} {why}.", unblock)
    return login
