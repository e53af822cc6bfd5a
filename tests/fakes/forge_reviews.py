"""The part of the forge in memory that tells what may make a review count, and records what is no review."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.branch_rules import BranchRules
from bot.domain.editors import BranchCommit, Writer
from bot.domain.facts import ForgeReview, Verdict
from bot.errors import Reason, Refused


@dataclass(kw_only=True)
class ReviewFacts:
    """``writers``: who wrote a commit, where it is not the account that its author is called by."""

    native_reviews: int = 0
    branch_rules: BranchRules = field(default_factory=BranchRules)
    writers: dict[str, tuple[Writer, ...]] = field(default_factory=dict)
    repository: str = "acme/ml-deployments"

    def record(self: Any, number: int, commit: str, body: str) -> ForgeReview:
        self._answer()
        identity = 1 + sum(len(one) for one in self._reviews.values())
        review = ForgeReview(identity, self.login, Verdict.COMMENTED, commit, body, self._tick(), robot=True)
        self._reviews.setdefault(number, []).append(review)
        self._write(f"record {number}")
        return review

    def commits(self: Any, number: int) -> list[BranchCommit]:
        self._answer()
        pull = self._shown(number)
        mine = self.checkout.ancestors(pull.head) - self.checkout.ancestors(pull.base)
        return [BranchCommit(sha, self.writers.get(sha, (self._writer(sha),))) for sha in sorted(mine)]

    def _writer(self: Any, sha: str) -> Writer:
        author = self.checkout.commits[sha].author
        return Writer(self.login if author.casefold() == "slackops" else author)

    def rules(self: Any) -> BranchRules:
        self._answer()
        return replace(self.branch_rules, reviews=max(self.branch_rules.reviews, self.native_reviews))

    def required_reviews(self: Any) -> int:
        return int(self.rules().reviews)

    def dismiss(self: Any, number: int, review_id: int, *, by_push: bool = False) -> None:
        """A person dismisses a review, or a push does."""
        self._reviews[number] = [
            replace(one, verdict=Verdict.DISMISSED, was=one.verdict, by_push=by_push) if one.id == review_id else one
            for one in self._reviews[number]
        ]

    def team_members(self: Any, organisation: str, team: str) -> frozenset[str]:
        self._answer()
        if f"{organisation}/{team}" not in self.teams:
            raise Refused(Reason.FORGE_REFUSED, f"The bot sees no team {organisation}/{team} on GitHub.")
        return frozenset(self.teams[f"{organisation}/{team}"])

    def edit_review(self: Any, number: int, review_id: int, body: str) -> None:
        """Somebody with the right to it edits what a review says."""
        self._reviews[number] = [
            replace(one, body=body) if one.id == review_id else one for one in self._reviews[number]
        ]
