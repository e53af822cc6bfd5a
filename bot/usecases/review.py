"""Approve and Request changes: a review on the forge, by the person who clicked."""

from __future__ import annotations

from bot.domain.approvals import SeenReview, why_not
from bot.domain.change import Change
from bot.domain.commands import Review
from bot.domain.facts import Pull, Verdict
from bot.domain.policy import Environment, Policy
from bot.domain.wording import review_body, review_mark
from bot.errors import Reason, Refused
from bot.ports import LinkedAccount, Row
from bot.usecases.branch import digest_at
from bot.usecases.context import Context
from bot.usecases.identity import approval_rule, askers_of
from bot.usecases.reconcile import ask_reconcile
from bot.usecases.repo import Repo, find_target, rules_of

EVENT = {"approve": "APPROVE", "request_changes": "REQUEST_CHANGES"}


def review(ctx: Context, repo: Repo, row: Row, command: Review) -> None:
    """Submit the review on the head that the person saw. Raises Refused where it would not count."""
    base = ctx.checkout.fetch()
    change = open_change(ctx, command.change)
    repo = repo.back if change.swift else repo
    pull = ctx.forge.pull(change.number or 0)
    account = ctx.links.of(command.by)
    mark = review_mark(row.id)
    if not any(mark in given.body for given in ctx.forge.reviews(pull.number)):
        policy = repo.policy(base)
        account = _may_review(ctx, repo, policy, change, command, account)
        _unmoved(ctx, repo, policy, change, pull, command)
        ctx.forge.review(account, pull.number, pull.head, EVENT[command.verdict], review_body(command.comment, row.id))
    ask_reconcile(ctx, row, pull.number)


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


def _may_review(
    ctx: Context, repo: Repo, policy: Policy, change: Change, command: Review, account: LinkedAccount | None
) -> LinkedAccount:
    if account is None:
        raise Refused(
            Reason.NOT_LINKED,
            "Your Slack user is not linked to a GitHub account, so your word cannot become a review.",
            f"Link it (`/{ctx.command_prefix}slackops help` says how), or review #{change.number} on the forge.",
        )
    rule = approval_rule(ctx, _rules(ctx, repo, policy, change), change)
    verdict = Verdict.APPROVED if command.verdict == "approve" else Verdict.CHANGES_REQUESTED
    askers = askers_of(ctx, change)
    seen = SeenReview(account.login, command.by, verdict, True, ctx.forge.may_write(account.login))
    why = why_not(seen, rule, askers)
    if not why:
        return account
    if askers.include(command.by, account.login):
        raise Refused(
            Reason.OWN_CHANGE, "You asked for this change, so you cannot approve it.", "Somebody else must approve it."
        )
    raise Refused(
        Reason.NOT_AN_APPROVER,
        f"Your review would not count: @{account.login} {why}.",
        "The policy's approvals.from says who may approve; they need write access to the repository too.",
    )


def _rules(ctx: Context, repo: Repo, policy: Policy, change: Change) -> Environment:
    return rules_of(policy, repo, ctx.checkout.head(), change.intent.model, change.intent.environment)


def _unmoved(ctx: Context, repo: Repo, policy: Policy, change: Change, pull: Pull, command: Review) -> None:
    environment = policy.environment(change.intent.environment)
    target = find_target(policy, repo, ctx.checkout.head(), change.intent.model, environment)
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
