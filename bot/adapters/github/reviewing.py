"""Submitting a review as the person who linked that account, with their own token."""

from __future__ import annotations

from bot.adapters.github.convert import to_review
from bot.adapters.github.errors import Answer, failure
from bot.adapters.github.session import Session, ask
from bot.domain.facts import ForgeReview
from bot.errors import Reason, Refused, SlackOpsError
from bot.ports.links import LinkedAccount


def submit(
    session: Session, repo: str, account: LinkedAccount, number: int, commit: str, verdict: str, body: str
) -> ForgeReview:
    """Submit APPROVE or REQUEST_CHANGES on a commit. Raises Refused in GitHub's words."""
    what = f"Review #{number} as {account.login}"
    fields = {"commit_id": commit, "event": verdict, "body": body}
    requester = session.requesters.make(account.token)
    try:
        answer = ask(requester, "POST", what, f"/repos/{repo}/pulls/{number}/reviews", None, fields, {})
    finally:
        requester.close()
    if not answer.ok:
        raise _refusal(what, repo, account, answer)
    return to_review(answer.data)


def _refusal(what: str, repo: str, account: LinkedAccount, answer: Answer) -> SlackOpsError:
    said = answer.words
    if answer.status == 401:
        return Refused(
            Reason.NOT_LINKED,
            f"GitHub no longer accepts the link to {account.login}.",
            "Link your account again: `/slackops link`.",
        )
    if answer.status in {403, 404}:
        return Refused(
            Reason.APPROVAL_REFUSED,
            f"{account.login} may not review in {repo}: {said}.",
            f"Ask an owner of {repo} for access, or authorise your account for the organisation's single sign-on.",
        )
    return _unprocessable(account, answer, said) if answer.status == 422 else failure(what, answer)


def _unprocessable(account: LinkedAccount, answer: Answer, said: str) -> Refused:
    lower = answer.words.lower()
    if "own pull request" in lower:
        return Refused(
            Reason.OWN_CHANGE, f"{account.login} opened this pull request: {said}.", "Somebody else has to review it."
        )
    if "commit_id" in lower:
        return Refused(
            Reason.CHANGE_MOVED,
            "The pull request has moved on since the card was drawn.",
            "Look at it again, then decide.",
        )
    unblock = (
        "Submit or discard your pending review on GitHub first."
        if "pending review" in lower
        else "Look at the pull request on GitHub: it may be closed, or your account may be limited."
    )
    return Refused(Reason.APPROVAL_REFUSED, f"GitHub did not take the review of {account.login}: {said}.", unblock)
