"""Whose look at broken glass counts: that of a second person, by the environment's normal rule."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.approvals import ApprovalRule, SeenReview, why_not
from bot.domain.change import Change
from bot.domain.facts import ForgeReview, Verdict
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.usecases.context import Context
from bot.usecases.identity import approval_rule, askers_of
from bot.usecases.repo import Repo, rules_of
from bot.usecases.seen_reviews import is_voided, standing_of

DECIDES = (Verdict.APPROVED, Verdict.CHANGES_REQUESTED, Verdict.DISMISSED)


def reviewed_by(ctx: Context, repo: Repo, policy: Policy, change: Change) -> tuple[Person | None, str, float] | None:
    """Who approved it on the forge as it was merged, by which account, and when; None where nobody has whose look
    counts. Each account's last word holds."""
    last = {one.account or one.login: one for one in ctx.forge.reviews(change.number or 0) if one.verdict in DECIDES}
    given = [one for one in last.values() if one.verdict is Verdict.APPROVED]
    merged = ctx.forge.pull(change.number or 0).head if given else ""
    for review in given:
        person = ctx.links.by_login(review.login, review.account)
        seen = _seen(ctx, change, person, review, same=review.commit == merged)
        if not _why_not(ctx, repo, policy, change, seen):
            return person, review.login, review.submitted_at
    return None


def why_no_second(
    ctx: Context, repo: Repo, policy: Policy, change: Change, person: Person, login: str, account: int
) -> str:
    """Why this person's look does not count; empty when it does."""
    seen = SeenReview(login, person, Verdict.APPROVED, True, ctx.forge.may_write(login), account=account)
    return _why_not(ctx, repo, policy, change, seen)


def _seen(ctx: Context, change: Change, person: Person | None, review: ForgeReview, *, same: bool) -> SeenReview:
    return SeenReview(
        login=review.login,
        person=person,
        verdict=review.verdict,
        same_change=same,
        may_write=ctx.forge.may_write(review.login),
        account=review.account,
        robot=review.robot or review.login.endswith("[bot]"),
        voided=is_voided(change, review, review.login),
    )


def _why_not(ctx: Context, repo: Repo, policy: Policy, change: Change, seen: SeenReview) -> str:
    """By the normal rule, in which nobody vouches for what they asked for themselves."""
    rule = _rule(ctx, repo, policy, change)
    former = ctx.links.people_of(seen.login, seen.account)
    standing = standing_of(ctx, rule, seen.person, seen.login, swift=False)
    return why_not(replace(seen, former=former, standing=standing), rule, askers_of(ctx, change))


def _rule(ctx: Context, repo: Repo, policy: Policy, change: Change) -> ApprovalRule:
    as_usual = replace(change, swift=False, glass=None, unattended=False, rung=None)
    rules = rules_of(policy, repo, ctx.checkout.head(), change.intent.model, change.intent.environment)
    return replace(approval_rule(ctx, rules, as_usual), requester_counts=False, requester_unlisted=False)
