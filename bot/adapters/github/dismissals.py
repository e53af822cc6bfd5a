"""Who dismissed a review: a push, or somebody. The review itself says only that it is dismissed.

https://docs.github.com/rest/using-the-rest-api/issue-event-types#review_dismissed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.adapters.github.session import Session
from bot.domain.facts import ForgeReview, Verdict


def explained(session: Session, repo: str, number: int, reviews: Sequence[ForgeReview]) -> list[ForgeReview]:
    """The reviews, with what the dismissed ones said before, and whether a push took them away. What GitHub does not
    tell stays unknown, which counts as if somebody had done it."""
    if all(review.verdict is not Verdict.DISMISSED for review in reviews):
        return list(reviews)
    told = _told(session, repo, number)
    return [_explained(review, told.get(review.id)) for review in reviews]


def _told(session: Session, repo: str, number: int) -> dict[int, dict[str, Any]]:
    path = f"/repos/{repo}/issues/{number}/events"
    if not session.look(f"Read what happened to #{number}", path, {"per_page": 100, "page": 1}).ok:
        return {}
    events = (one for page in session.pages(f"Read what happened to #{number}", path) for one in page)
    found = [one.get("dismissed_review") for one in events if one.get("event") == "review_dismissed"]
    return {one["review_id"]: one for one in found if isinstance(one, dict) and "review_id" in one}


def _explained(review: ForgeReview, told: dict[str, Any] | None) -> ForgeReview:
    if review.verdict is not Verdict.DISMISSED or told is None:
        return review
    said = str(told.get("state") or "").upper()
    was = Verdict(said) if said in Verdict.__members__ else None
    return replace(review, was=was, by_push=bool(told.get("dismissal_commit_id")))
