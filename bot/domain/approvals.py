"""Which reviews count, and whether they are enough. Who may approve is data; the answer is a pure function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.approvals_counting import asked_for, eligible, why_not
from bot.domain.approvals_meeting import Approver, Asked, Members, Need, left, missing
from bot.domain.approvals_types import ApprovalRule, Askers, SeenReview, Tally
from bot.domain.cards import ReviewLine
from bot.domain.facts import Verdict
from bot.domain.people import Person

__all__ = [
    "ApprovalRule",
    "Askers",
    "Members",
    "Need",
    "SeenReview",
    "Tally",
    "asked_for",
    "asked_of",
    "eligible",
    "tally",
    "why_not",
]

TWICE = "is by an account that somebody had who approved already"
COULD_BE = "may be that of somebody who approved through the bot: nobody linked it"


def tally(reviews: Sequence[SeenReview], rule: ApprovalRule, askers: Askers) -> Tally:
    """Count the reviews, oldest first: each human's last word is the one that holds."""
    last = _last_words(reviews, lambda review: not why_not(review, rule, askers))
    whys = _once({whose: why_not(review, rule, askers) for whose, review in last.items()}, last)
    found = (_tallied(last, {**whys, **blurred}, rule, askers) for blurred in _readings(last, whys))
    return max(found, key=lambda one: (one.complete, one.approvals))


def _last_words(reviews: Sequence[SeenReview], counts: Callable[[SeenReview], bool]) -> dict[object, SeenReview]:
    """Each human's last word. Of one who spoke by several accounts it is the last that counts, for a word that counts
    nowhere must not take away an objection; but nothing that was said before an objection is left of them."""
    spoken: dict[object, SeenReview] = {}
    for review in reviews:
        if review.verdict in (Verdict.APPROVED, Verdict.CHANGES_REQUESTED, Verdict.DISMISSED):
            spoken.pop(review.source, None)
            spoken[review.source] = review
    found: dict[object, SeenReview] = {}
    for review in spoken.values():
        before = found.pop(review.whose, None)
        found[review.whose] = before if before is not None and _stands(before, review, counts) else review
    return found


def _stands(before: SeenReview, after: SeenReview, counts: Callable[[SeenReview], bool]) -> bool:
    """Whether the earlier of two words of one human, by different accounts, is the one that holds."""
    objects = before.verdict is Verdict.CHANGES_REQUESTED
    return counts(before) and not counts(after) and (objects or after.verdict is Verdict.APPROVED)


def _once(whys: Mapping[object, str], last: Mapping[object, SeenReview]) -> dict[object, str]:
    """The same, where of approvals by accounts that one human had only the first counts."""
    found, seen = dict(whys), set[Person | None]()
    for whose, review in last.items():
        if _counts(review, whys[whose]):
            humans = {one for one in review.humans if one is not None}
            found[whose] = TWICE if humans & seen else ""
            seen |= humans
    return found


def _readings(last: Mapping[object, SeenReview], whys: Mapping[object, str]) -> list[dict[object, str]]:
    """An account that nobody linked may be that of somebody whose word the bot recorded: one human must not count
    twice, so either kind counts, whichever is the more."""
    given = {whose: review for whose, review in last.items() if _counts(review, whys[whose])}
    recorded = [whose for whose, review in given.items() if review.recorded]
    strangers = [whose for whose, review in given.items() if review.person is None]
    if not recorded or not strangers:
        return [{}]
    return [dict.fromkeys(strangers, COULD_BE), dict.fromkeys(recorded, COULD_BE)]


def _tallied(
    last: Mapping[object, SeenReview], whys: Mapping[object, str], rule: ApprovalRule, askers: Askers
) -> Tally:
    lines = tuple(_line(review, whys[whose], rule) for whose, review in last.items())
    given = [_approver(review) for whose, review in last.items() if _counts(review, whys[whose])]
    listed = sum(_on_list(rule, one, askers) for one in given)
    asked = asked_of(rule, askers)
    short = left(asked, given, listed)
    objections = tuple(line.login for line in lines if line.counts and line.verdict == Verdict.CHANGES_REQUESTED)
    approvals = asked.total - short if short else max(listed, len(given) if rule.rules else 0)
    return Tally(approvals, asked.total, objections, lines, missing(asked, given, listed))


def asked_of(rule: ApprovalRule, askers: Askers) -> Asked:
    """What the rule asks for, and who may not give it."""

    def barred(person: Person | None, login: str) -> bool:
        asked = askers.include(person, login) and not rule.requester_counts
        return asked or askers.edited(person, login)

    members = {**rule.members, **rule.listed}
    return Asked(rule.required, rule.refs, rule.anyone, rule.rules, members, barred, rule.names)


def _counts(review: SeenReview, why: str) -> bool:
    return not why and review.verdict is Verdict.APPROVED


def _approver(review: SeenReview) -> Approver:
    return Approver(review.person, "" if review.recorded else review.login.casefold())


def _on_list(rule: ApprovalRule, one: Approver, askers: Askers) -> bool:
    asked = rule.requester_unlisted and askers.include(one.person, one.login)
    return asked or rule.anyone or one.person in rule.people or one.login in rule.logins


def _line(review: SeenReview, why: str, rule: ApprovalRule) -> ReviewLine:
    again = "a push dismissed it on the forge, which wants it again" if review.stale and rule.native else ""
    note = "recorded by the bot" if review.recorded else again
    return ReviewLine(review.login, review.person, review.verdict.value, not why, why, review.comment, review.id, note)
