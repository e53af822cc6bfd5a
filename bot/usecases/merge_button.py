"""Merge, pressed on a card: somebody's word that it may go, where the environment does not merge by itself."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Change, Remark
from bot.domain.commands import MergeChange
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.merge_asked import may_merge_it
from bot.usecases.reconcile import ask_reconcile
from bot.usecases.repo import Repo
from bot.usecases.review import open_change


def merge_change(ctx: Context, repo: Repo, row: Row, command: MergeChange) -> None:
    """Write the word down; the reconciler merges, with all of its checks. Raises Refused(UNKNOWN_CHANGE |
    ALREADY_DECIDED | NOT_ALLOWED | CHANGE_MOVED)."""
    mark = f"merge-asked:{row.id}"
    change = ctx.changes.get(command.change)
    if change is None or mark not in {remark.mark for remark in change.remarks}:
        change = open_change(ctx, command.change)
        _refuse(ctx, repo, change, command)
        told = entry(ctx, mark, "merge asked", command.by, change)
        remark = Remark(mark, "pressed Merge", command.by)
        ctx.changes.update(change.id, lambda c: _asked(c, command, remark), told)
    ask_reconcile(ctx, row, change.number or 0)


def _refuse(ctx: Context, repo: Repo, change: Change, command: MergeChange) -> None:
    policy = (repo.back if change.swift else repo).policy(ctx.checkout.fetch())
    if change.by_hand or not may_merge_it(ctx, policy, change, command.by):
        raise Refused(
            Reason.NOT_ALLOWED,
            "Merge is for those who asked for this change, and for the role that may ask for it.",
            "Ask one of them; a pull request made by hand is merged on the forge.",
        )
    if command.digest != change.intent.digest:
        raise Refused(
            Reason.CHANGE_MOVED, "The change has moved since the card that you clicked.", "Look at the card again."
        )


def _asked(change: Change, command: MergeChange, remark: Remark) -> Change:
    if change.state.final or remark.mark in {one.mark for one in change.remarks}:
        return change
    return replace(change, merge_asked=command.by, merge_digest=command.digest, remarks=(*change.remarks, remark))
