"""Which reviews count, and whether they are enough. Who may approve is data; the answer is a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.cards import ReviewLine
from bot.domain.facts import Verdict
from bot.domain.people import Person


@dataclass(frozen=True)
class ApprovalRule:
    """Who may approve and how many must. ``logins`` are in lower case; ``anyone``: everybody with write access may."""

    required: int
    people: frozenset[Person] = frozenset()
    logins: frozenset[str] = frozenset()
    anyone: bool = False
    requester_counts: bool = False
    requester_unlisted: bool = False
    """The requester counts without being on the list: a rollback to the version before."""
    incomplete: bool = False
    """Not everybody on the list is known now, so whoever may write may object."""


@dataclass(frozen=True)
class Askers:
    """Who asked for a change. ``unlinked``: one of them has no account that is known, so it may be any."""

    people: tuple[Person, ...]
    logins: tuple[str, ...] = ()
    unlinked: bool = False

    def include(self, person: Person | None, login: str) -> bool:
        """Is this account one of theirs?"""
        return person in self.people or login.casefold() in {one.casefold() for one in self.logins}

    def may_include(self, person: Person | None) -> bool:
        """Could it be, for all that is known?"""
        return self.unlinked and person is None


@dataclass(frozen=True)
class SeenReview:
    """A review and what was looked up about it. ``same_change``: its head means what the change means today."""

    login: str
    person: Person | None
    verdict: Verdict
    same_change: bool
    may_write: bool
    comment: str = ""
    id: int = 0


@dataclass(frozen=True)
class Tally:
    """How far the approvals are. ``objections`` are the accounts whose last word is a request for changes."""

    approvals: int
    required: int
    objections: tuple[str, ...]
    lines: tuple[ReviewLine, ...]

    @property
    def complete(self) -> bool:
        """Enough approvals, and nobody whose word counts objects."""
        return self.approvals >= self.required and not self.objections


def tally(reviews: Sequence[SeenReview], rule: ApprovalRule, askers: Askers) -> Tally:
    """Count the reviews, oldest first: each account's last word is the one that holds."""
    last: dict[str, SeenReview] = {}
    for review in reviews:
        if review.verdict in (Verdict.APPROVED, Verdict.CHANGES_REQUESTED, Verdict.DISMISSED):
            last.pop(review.login, None)
            last[review.login] = review
    lines = tuple(_line(review, rule, askers) for review in last.values())
    approvals = sum(line.counts for line in lines if line.verdict == Verdict.APPROVED)
    objections = tuple(line.login for line in lines if line.counts and line.verdict == Verdict.CHANGES_REQUESTED)
    return Tally(approvals, rule.required, objections, lines)


def _line(review: SeenReview, rule: ApprovalRule, askers: Askers) -> ReviewLine:
    why = why_not(review, rule, askers)
    return ReviewLine(review.login, review.person, review.verdict.value, not why, why, review.comment, review.id)


def why_not(review: SeenReview, rule: ApprovalRule, askers: Askers) -> str:
    """Why the review does not count; empty when it does. The first rule that is broken is the one named."""
    objection = review.verdict is Verdict.CHANGES_REQUESTED
    asked = askers.include(review.person, review.login)
    unlisted = (asked and (objection or rule.requester_unlisted)) or (objection and rule.incomplete)
    rules = (
        (review.verdict is Verdict.DISMISSED, "dismissed"),
        (not review.may_write, "has no write access"),
        (asked and not objection and not rule.requester_counts, "asked for this change"),
        (not objection and askers.may_include(review.person), "cannot be told from who asked: nobody linked it"),
        (not unlisted and not eligible(rule, review.person, review.login), "is not on the list of approvers"),
        (not objection and not review.same_change, "was given before the change moved"),
    )
    return next((why for broken, why in rules if broken), "")


def eligible(rule: ApprovalRule, person: Person | None, login: str | None) -> bool:
    """Is this person, by Slack user or by linked account, on the list?"""
    return rule.anyone or (person is not None and person in rule.people) or (login or "").casefold() in rule.logins
