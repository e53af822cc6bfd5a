"""Whose look at broken glass counts: that of a second person, by the environment's normal rule."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.approvals import ApprovalRule, SeenReview, why_not
from bot.domain.change import Change
from bot.domain.facts import Verdict
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.usecases.context import Context
from bot.usecases.identity import approval_rule, askers_of
from bot.usecases.renamed import writer
from bot.usecases.repo import Repo, rules_of
from bot.usecases.seen_reviews import COUNTED, by_account, standing_of


def reviewed_by(ctx: Context, repo: Repo, policy: Policy, change: Change) -> tuple[Person | None, str, float] | None:
    """Who approved it on the forge as it was merged, by which account, and when; None where nobody has whose look
    counts. Each account's last word holds."""
    last = {one.account or one.login: one for one in ctx.forge.reviews(change.number or 0) if one.verdict in COUNTED}
    given = [one for one in last.values() if one.verdict is Verdict.APPROVED]
    if not given:
        return None
    rule, usual = _rule(ctx, repo, policy, change), _as_usual(change)
    merged = ctx.forge.pull(change.number or 0).head
    for review in given:
        seen = by_account(ctx, rule, usual, review, same=review.commit == merged)
        if not why_not(seen, rule, askers_of(ctx, change)):
            return seen.person, review.login, review.submitted_at
    return None


def why_no_second(
    ctx: Context, repo: Repo, policy: Policy, change: Change, person: Person, login: str, account: int
) -> str:
    """Why this person's look does not count; empty when it does."""
    rule = _rule(ctx, repo, policy, change)
    name, may_write = writer(ctx, person, login, account)
    seen = SeenReview(
        login=name,
        person=person,
        verdict=Verdict.APPROVED,
        same_change=True,
        may_write=may_write,
        account=account,
        former=ctx.links.people_of(name, account),
        standing=standing_of(ctx, rule, person, name, swift=False),
    )
    return why_not(seen, rule, askers_of(ctx, change))


def _as_usual(change: Change) -> Change:
    """The same, with nothing that would let it pass with fewer looks."""
    return replace(change, swift=False, glass=None, unattended=False, rung=None)


def _rule(ctx: Context, repo: Repo, policy: Policy, change: Change) -> ApprovalRule:
    """The normal rule, in which nobody vouches for what they asked for themselves."""
    rules = rules_of(policy, repo, ctx.checkout.head(), change.intent.model, change.intent.environment)
    return replace(approval_rule(ctx, rules, _as_usual(change)), requester_counts=False, requester_unlisted=False)
