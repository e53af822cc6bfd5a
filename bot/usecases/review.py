"""Approve and Request changes: a review on the forge, by the person who clicked."""

from __future__ import annotations

from bot.domain.change import Change
from bot.domain.commands import Review
from bot.domain.facts import Pull
from bot.domain.policy import Policy
from bot.domain.wording import review_body, review_mark
from bot.errors import Reason, Refused
from bot.ports import LinkedAccount, Row
from bot.usecases.audit_reviews import note_review, note_shown
from bot.usecases.branch import digest_at
from bot.usecases.context import Context
from bot.usecases.hand_moves import target_of
from bot.usecases.reconcile import ask_reconcile
from bot.usecases.recorded import record
from bot.usecases.repo import Repo
from bot.usecases.reviewing import may_review

EVENT = {"approve": "APPROVE", "request_changes": "REQUEST_CHANGES"}


def review(ctx: Context, repo: Repo, row: Row, command: Review) -> None:
    """Submit the review on the head that the person saw. Raises Refused where it would not count."""
    base = ctx.checkout.fetch()
    change = open_change(ctx, command.change)
    repo = repo.back if change.swift else repo
    pull = ctx.forge.pull(change.number or 0)
    mark = review_mark(row.id)
    if not any(mark in given.body for given in ctx.forge.reviews(pull.number)):
        policy = repo.policy(base)
        account = may_review(ctx, repo, policy, change, pull, command)
        _unmoved(ctx, repo, policy, change, pull, command)
        shown = note_shown(ctx, repo, row, change, pull, command)
        _submit(ctx, row, change, pull, command, account, shown)
    note_review(ctx, row, change, command)
    ask_reconcile(ctx, row, pull.number)


def _submit(
    ctx: Context, row: Row, change: Change, pull: Pull, command: Review, account: LinkedAccount | None, shown: str
) -> None:
    """As that account; where there is none, and the policy says so, the bot writes their word down."""
    if account is None:
        record(ctx, row, change, pull, command, shown)
        return
    body = review_body(command.comment, row.id, shown)
    ctx.forge.review(account, pull.number, pull.head, EVENT[command.verdict], body)


def open_change(ctx: Context, change_id: str) -> Change:
    """The change, still to be decided. Raises Refused(UNKNOWN_CHANGE | ALREADY_DECIDED)."""
    change = ctx.changes.get(change_id)
    if change is None or change.number is None:
        raise Refused(Reason.UNKNOWN_CHANGE, "This change is not known here.", "Ask for it again with `/promote`.")
    if change.state.final:
        raise Refused(
            Reason.ALREADY_DECIDED, f"#{change.number} is {change.state.value} already.", "The card shows how it ended."
        )
    return change


def _unmoved(ctx: Context, repo: Repo, policy: Policy, change: Change, pull: Pull, command: Review) -> None:
    target = target_of(policy, repo, ctx.checkout.head(), change, pull.head)
    if command.digest != change.intent.digest:
        raise Refused(
            Reason.CHANGE_MOVED, "The change has moved since the card that you clicked.", "Look at the card again."
        )
    if command.verdict == "approve" and digest_at(ctx, repo, target, change, pull.head, pull) != change.intent.digest:
        raise Refused(
            Reason.CHANGE_MOVED,
            "The branch does not hold what the card shows.",
            "Somebody pushed to it, or the base moved: wait for the card, or look at the pull request.",
        )
