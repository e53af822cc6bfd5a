"""The reviews of a change with all that must be looked up about them, counted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.approvals import ApprovalRule, SeenReview, Tally, eligible, tally
from bot.domain.by_hand import manual_intent
from bot.domain.change import Change
from bot.domain.facts import ForgeReview, Pull, Verdict
from bot.domain.people import Person, Standing
from bot.domain.policy import Target
from bot.domain.wording import review_comment
from bot.errors import ChatUnavailable, Fatal
from bot.usecases.branch import digest_at
from bot.usecases.context import Context
from bot.usecases.identity import askers_of, with_editors
from bot.usecases.recorded import attested
from bot.usecases.repo import Repo

COUNTED = frozenset({Verdict.APPROVED, Verdict.CHANGES_REQUESTED, Verdict.DISMISSED})


def tally_of(
    ctx: Context,
    repo: Repo,
    rule: ApprovalRule,
    target: Target,
    change: Change,
    pull: Pull,
    reviews: Sequence[ForgeReview],
) -> Tally:
    """How far the approvals are. Who wrote to the branch is asked only where there is a review to judge by it."""
    seen = [
        found
        for review in reviews
        if (found := seen_review(ctx, repo, rule, target, change, pull, review)).verdict in COUNTED
    ]
    return counted(ctx, rule, change, pull, seen)


def counted(ctx: Context, rule: ApprovalRule, change: Change, pull: Pull, seen: Sequence[SeenReview]) -> Tally:
    """The same of reviews that were looked up already."""
    askers = askers_of(ctx, change)
    if any(one.verdict is Verdict.APPROVED for one in seen):
        askers = with_editors(ctx, askers, change, pull)
    return tally(seen, rule, askers)


def seen_review(
    ctx: Context, repo: Repo, rule: ApprovalRule, target: Target, change: Change, pull: Pull, review: ForgeReview
) -> SeenReview:
    """One review. A comment of the bot's that carries a word of somebody else stands for that word."""
    record = attested(ctx, change, pull, review) if review.verdict is Verdict.COMMENTED else None
    if record is not None:
        held = digest_at(ctx, repo, target, change, review.commit, pull) == change.intent.digest
        return SeenReview(
            login=str(record.person),
            person=record.person,
            verdict=record.verdict,
            same_change=held and record.digest == _whole(change),
            may_write=False,
            comment=review_comment(review.body),
            id=review.id,
            standing=standing_of(ctx, rule, record.person, "", swift=change.swift),
            voided=is_voided(change, review, str(record.person)),
            recorded=True,
        )
    same = review.verdict in COUNTED and digest_at(ctx, repo, target, change, review.commit, pull)
    return by_account(ctx, rule, change, review, same=same == change.intent.digest)


def _whole(change: Change) -> str:
    """What somebody saw who looked at the change: all that it moves, also where it is judged a part at a time."""
    return manual_intent(change.moves).digest if change.by_hand and change.moves else change.intent.digest


def by_account(ctx: Context, rule: ApprovalRule, change: Change, review: ForgeReview, *, same: bool) -> SeenReview:
    """One that an account gave; ``same``: of what the change means today."""
    person, former = ctx.links.by_login(review.login, review.account), ctx.links.people_of(review.login, review.account)
    stale = review.verdict is Verdict.DISMISSED and review.by_push and review.was is Verdict.APPROVED
    return SeenReview(
        login=review.login,
        person=person,
        verdict=Verdict.APPROVED if stale else review.verdict,
        same_change=same,
        may_write=review.verdict in COUNTED and ctx.forge.may_write(review.login),
        comment=review_comment(review.body),
        id=review.id,
        account=review.account,
        former=former,
        robot=review.robot or review.login.endswith("[bot]"),
        standing=_standing(ctx, rule, change, review, person, former),
        voided=is_voided(change, review, review.login),
        stale=stale,
    )


def _standing(
    ctx: Context,
    rule: ApprovalRule,
    change: Change,
    review: ForgeReview,
    person: Person | None,
    former: frozenset[Person],
) -> Standing:
    """What whoever gave it is in the workspace. Unlinking hides from nobody that they are deactivated, or a guest."""
    if review.verdict not in COUNTED:
        return Standing.MEMBER
    if person is not None:
        return standing_of(ctx, rule, person, review.login, swift=change.swift)
    found = {standing_of(ctx, rule, one, review.login, swift=change.swift) for one in former}
    return next((one for one in (Standing.DEACTIVATED, Standing.GUEST) if one in found), Standing.MEMBER)


def standing_of(ctx: Context, rule: ApprovalRule, person: Person | None, login: str, *, swift: bool) -> Standing:
    """What the person is in the workspace. While Slack does not answer it is waited for, except for a rollback to the
    version before and for those whom the forge's own lists name. What Slack does not let the bot see is unknown."""
    if person is None:
        return Standing.MEMBER
    try:
        return ctx.chat.member(person)
    except ChatUnavailable:
        if swift or eligible(rule, None, login):
            return Standing.MEMBER
        raise
    except Fatal:
        return Standing.MEMBER if swift else Standing.UNKNOWN


def is_voided(change: Change, review: ForgeReview, login: str) -> bool:
    """Said before whoever it stood for left."""
    return any(
        review.submitted_at <= one.at
        and ((one.account != 0 and one.account == review.account) or one.login.casefold() == login.casefold())
        for one in change.voided
    )
