"""Whether a review that somebody gives in Slack would count, before it is given: nobody waits for one that does not."""

from __future__ import annotations

from bot.domain.approvals import ApprovalRule, Askers, SeenReview, asked_for, why_not
from bot.domain.by_hand import parts
from bot.domain.change import Change
from bot.domain.commands import Review
from bot.domain.facts import Pull
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.errors import Reason, Refused
from bot.ports import LinkedAccount
from bot.usecases.context import Context
from bot.usecases.identity import approval_rule, askers_of, with_editors
from bot.usecases.recorded import VERDICT, may_record
from bot.usecases.renamed import writer
from bot.usecases.repo import Repo, rules_of
from bot.usecases.seen_reviews import standing_of


def may_review(
    ctx: Context, repo: Repo, policy: Policy, change: Change, pull: Pull, command: Review
) -> LinkedAccount | None:
    """The account to review with; None where the bot is to record their word, for they have none. A pull request by
    hand may move several targets: a word that counts for one of them is one to give.

    Raises Refused(NOT_LINKED | OWN_CHANGE | NOT_AN_APPROVER | NO_ACCESS | FORGE_REQUIRES_REVIEW).
    """
    *others, last = parts(change)
    for part in others:
        try:
            return _may_review(ctx, repo, policy, part, pull, command)
        except Refused:
            continue
    return _may_review(ctx, repo, policy, last, pull, command)


def _may_review(
    ctx: Context, repo: Repo, policy: Policy, change: Change, pull: Pull, command: Review
) -> LinkedAccount | None:
    account = ctx.links.of(command.by)
    environment = rules_of(policy, repo, ctx.checkout.head(), change.intent.model, change.intent.environment)
    rule = approval_rule(ctx, environment, change)
    if account is None and (ctx.links.login_of(command.by) or not may_record(ctx, rule)):
        raise not_linked(ctx, change, command.by)  # who has an account reviews with it
    askers = with_editors(ctx, askers_of(ctx, change), change, pull)
    seen = _seen(ctx, rule, change, command, account)
    why = why_not(seen, rule, askers)
    if why:
        raise _refusal(seen, rule, askers, why)
    return account


def not_linked(ctx: Context, change: Change, person: Person) -> Refused:
    """Nobody knows which account is theirs, or it cannot act for them any more."""
    login = ctx.links.login_of(person)
    dead = f"GitHub does not take the link to {login} any more, so your word cannot become a review."
    return Refused(
        Reason.NOT_LINKED,
        dead if login else "Your Slack user is not linked to a GitHub account, so your word cannot become a review.",
        f"Link it (`/{ctx.command_prefix}slackops link`), or review #{change.number} on the forge.",
    )


def _seen(
    ctx: Context, rule: ApprovalRule, change: Change, command: Review, account: LinkedAccount | None
) -> SeenReview:
    """The review as it would be seen. The head is looked at apart."""
    login, may_write = str(command.by), False
    if account is not None:
        login, may_write = writer(ctx, command.by, account.login, account.account)
    return SeenReview(
        login=login,
        person=command.by,
        verdict=VERDICT[command.verdict],
        same_change=True,
        may_write=may_write,
        account=account.account if account else 0,
        former=ctx.links.people_of(login, account.account) if account else frozenset(),
        standing=standing_of(ctx, rule, command.by, login, swift=change.swift),
        recorded=account is None,
    )


def _refusal(seen: SeenReview, rule: ApprovalRule, askers: Askers, why: str) -> Refused:
    if asked_for(seen, askers):
        return Refused(
            Reason.OWN_CHANGE, "You asked for this change, so you cannot approve it.", "Somebody else must approve it."
        )
    name = "it" if seen.recorded else f"@{seen.login}"
    if not seen.may_write and not seen.recorded:
        return Refused(
            Reason.NO_ACCESS,
            f"Your review would not count: {name} {why}.",
            "An owner of the repository gives your account write access.",
        )
    whom = f"Who may: {', '.join(rule.refs)}." if rule.refs else "Whoever may write to the repository may."
    return Refused(
        Reason.NOT_AN_APPROVER, f"Your review would not count: {name} {why}.", f"{whom} The policy says so (approvals)."
    )
