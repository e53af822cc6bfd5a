"""Why a single review does not count. The first rule that is broken is the one named."""

from __future__ import annotations

from bot.domain.approvals_types import ApprovalRule, Askers, SeenReview
from bot.domain.facts import Verdict
from bot.domain.people import Person, Standing

_STANDING = {
    Standing.GUEST: "is a guest of the workspace, whom the policy does not name",
    Standing.EXTERNAL: "is of another workspace, and the policy does not name them",
    Standing.DEACTIVATED: "is deactivated in Slack",
    Standing.ROBOT: "is no human",
    Standing.UNKNOWN: "is not known to Slack any more",
}
UNLINKED = "nobody linked it: /slackops link"
STRANGER = "nobody linked that account: /slackops link"
_NAMED = frozenset({Standing.GUEST, Standing.EXTERNAL})


def why_not(review: SeenReview, rule: ApprovalRule, askers: Askers) -> str:
    """Why the review does not count; empty when it does."""
    return _of_itself(review, rule) or (
        _of_objection(review, rule, askers)
        if review.verdict is Verdict.CHANGES_REQUESTED
        else _of_approval(review, rule, askers)
    )


def _of_itself(review: SeenReview, rule: ApprovalRule) -> str:
    """What holds for approvals and objections."""
    standing = review.standing
    named = standing in _NAMED and review.person in rule.named
    rules = (
        (review.robot, "is a machine's"),
        (review.verdict is Verdict.DISMISSED, "dismissed"),
        (review.voided, "was voided, because whoever gave it has left"),
        (not review.may_write and not review.recorded, "has no write access"),
        (standing is not Standing.MEMBER and not named, _STANDING.get(standing, "")),
        (review.recorded and rule.native > 0, "was recorded by the bot, and the forge requires reviews of its own"),
        (review.recorded and not rule.recorded, "was recorded by the bot, which the policy does not allow"),
    )
    return next((why for broken, why in rules if broken), "")


def _of_objection(review: SeenReview, rule: ApprovalRule, askers: Askers) -> str:
    """Whoever asked may object, and while the list is not known whoever may write."""
    heard = asked_for(review, askers) or rule.incomplete
    return "" if heard or eligible(rule, review.person, review.login) else _stranger(review, rule)


def asked_for(review: SeenReview, askers: Askers) -> bool:
    """Did whoever gave it ask for the change, by any account that they ever had?"""
    return any(askers.include(one, review.login, review.account) for one in review.humans)


def _of_approval(review: SeenReview, rule: ApprovalRule, askers: Askers) -> str:
    asked = asked_for(review, askers)
    edited = any(askers.edited(one, review.login, review.account) for one in review.humans)
    listed = asked and rule.requester_unlisted
    nobodys = review.person is None and not _is_listed(rule, None, review.login)
    rules = (
        (asked and not rule.requester_counts, "asked for this change"),
        (edited and not asked, "wrote to this branch"),
        (askers.unknown, "cannot be told from who made it: the forge does not know who wrote to the branch"),
        (askers.may_include(review.person), "cannot be told from who asked: nobody linked it"),
        (review.recorded and askers.strangers, f"may be of whoever made it on the forge: {STRANGER}"),
        (rule.anyone and nobodys, f"may be the asker's own: {UNLINKED}"),
        (rule.anyone and review.recorded, "has no account that may write"),
        (not listed and not eligible(rule, review.person, review.login), _stranger(review, rule)),
        (not review.same_change, "was given before the change moved"),
    )
    return next((why for broken, why in rules if broken), "")


def _stranger(review: SeenReview, rule: ApprovalRule) -> str:
    linked = review.person is not None or not rule.people
    return "is not on the list of approvers" if linked else f"is not on the list of approvers: {UNLINKED}"


def eligible(rule: ApprovalRule, person: Person | None, login: str | None) -> bool:
    """Is this person, by Slack user or by linked account, on the list, or in a group that a rule names?"""
    return rule.anyone or _is_listed(rule, person, (login or "").casefold())


def _is_listed(rule: ApprovalRule, person: Person | None, login: str) -> bool:
    folded = login.casefold()
    listed = (person is not None and person in rule.people) or folded in rule.logins
    return listed or any(one.include(person, folded) for one in rule.members.values())
