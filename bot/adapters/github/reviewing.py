"""Submitting a review: as the person who linked that account, with their own token, or as the bot."""

from __future__ import annotations

from bot.adapters.github.convert import to_review
from bot.adapters.github.dismissals import explained
from bot.adapters.github.refusals import refusal
from bot.adapters.github.session import Session, ask
from bot.domain.facts import ForgeReview
from bot.ports.links import LinkedAccount


def submit(
    session: Session, repo: str, account: LinkedAccount, number: int, commit: str, verdict: str, body: str
) -> ForgeReview:
    """Submit APPROVE or REQUEST_CHANGES on a commit. Raises Refused with what GitHub's refusal means."""
    what = f"Review #{number} as {account.login}"
    fields = {"commit_id": commit, "event": verdict, "body": body}
    requester = session.requesters.make(account.token)
    try:
        answer = ask(requester, "POST", what, f"/repos/{repo}/pulls/{number}/reviews", None, fields, {})
    finally:
        requester.close()
    if not answer.ok:
        raise refusal(what, repo, account.login, answer)
    return to_review(answer.data)


def record(session: Session, repo: str, number: int, commit: str, body: str) -> ForgeReview:
    """Submit a review as the bot that only comments."""
    fields = {"commit_id": commit, "event": "COMMENT", "body": body}
    path = f"/repos/{repo}/pulls/{number}/reviews"
    return to_review(session.write(f"Record a review of #{number}", "POST", path, fields, creates=True))


def reviews(session: Session, repo: str, number: int) -> list[ForgeReview]:
    """Every submitted review, oldest first."""
    pages = session.pages(f"Read the reviews of #{number}", f"/repos/{repo}/pulls/{number}/reviews")
    return explained(session, repo, number, [to_review(one) for page in pages for one in page])
