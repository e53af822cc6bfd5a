"""Close and Hold: what people do to a change besides judging it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Change, ChangeState, Remark
from bot.domain.commands import CloseChange, HoldChange
from bot.domain.people import Person
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.identity import approval_rule
from bot.usecases.reconcile import ask_reconcile
from bot.usecases.renamed import writer
from bot.usecases.repo import Repo, rules_of
from bot.usecases.review import open_change


def close(ctx: Context, repo: Repo, row: Row, command: CloseChange) -> None:
    """Give the change up. The record is closed first; the reconciler then closes the pull request."""
    change = ctx.changes.get(command.change)
    if change is None or change.closed_by != command.by or not change.state.final:
        change = open_change(ctx, command.change)
        _refuse_theirs(change)
        _may_steer(ctx, repo, change, command.by)
    remark = Remark(f"close:{row.id}", f"closed it: {command.reason or 'no reason given'}", command.by)
    told = entry(ctx, remark.mark, "closed", command.by, change, why=command.reason)
    ctx.changes.update(change.id, lambda c: _closed(c, command, remark), told)
    ask_reconcile(ctx, row, change.number or 0)


def _refuse_theirs(change: Change) -> None:
    """Raises Refused(NOT_SUPPORTED) for a pull request that people opened themselves."""
    if change.by_hand:
        raise Refused(
            Reason.NOT_SUPPORTED,
            f"People opened #{change.number} themselves, so SlackOps does not close it.",
            "Close it on the forge, or put it on hold here.",
        )


def _closed(change: Change, command: CloseChange, remark: Remark) -> Change:
    if change.state.final:
        return change
    return replace(
        change,
        state=ChangeState.CLOSED,
        closed_by=command.by,
        close_reason=command.reason,
        remarks=(*change.remarks, remark),
    )


def hold(ctx: Context, repo: Repo, row: Row, command: HoldChange) -> None:
    """Keep the change from merging, or let it go on."""
    change = open_change(ctx, command.change)
    _may_steer(ctx, repo, change, command.by)
    text = f"put it on hold: {command.reason or 'no reason given'}" if command.hold else "let it go on"
    remark = Remark(f"hold:{row.id}", text, command.by)
    did = "held" if command.hold else "released"
    told = entry(ctx, remark.mark, did, command.by, change, why=command.reason)
    ctx.changes.update(change.id, lambda c: _held(c, command, remark), told)
    ask_reconcile(ctx, row, change.number or 0)


def _held(change: Change, command: HoldChange, remark: Remark) -> Change:
    if remark.mark in {r.mark for r in change.remarks} or change.state.final:
        return change
    remarks = (*change.remarks, remark)
    theirs = change.held_by not in (None, command.by)
    if command.hold and theirs:
        return replace(change, remarks=remarks)  # it stays the hold of whoever was first, to be released by them
    if not command.hold and theirs and command.by in change.requesters:
        raise Refused(Reason.OWN_CHANGE, "Somebody else put your change on hold.", "Ask them, or another approver.")
    held_by, reason = (command.by, command.reason) if command.hold else (None, None)
    return replace(change, held_by=held_by, hold_reason=reason, remarks=remarks)


def _may_steer(ctx: Context, repo: Repo, change: Change, person: Person) -> None:
    """Those who asked, and everybody with a linked account that may write to the deployment repo."""
    login = ctx.links.login_of(person)  # who they are, whether their token still holds or not
    if person in change.requesters or (login and writer(ctx, person, login, ctx.links.account_of(person) or 0)[1]):
        return
    base = ctx.checkout.fetch()
    rules = rules_of(repo.policy(base), repo, base, change.intent.model, change.intent.environment)
    if person in approval_rule(ctx, rules, change).people:
        return
    raise Refused(
        Reason.NOT_ALLOWED,
        "Only those who asked for this change, its approvers, and people who may write to the repository can do that.",
        "Ask one of them.",
    )
