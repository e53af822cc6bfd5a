"""GitHub's refusals of a review, each as one sentence with its way out.

https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request
"""

from __future__ import annotations

import re

from bot.adapters.github.errors import Answer, failure
from bot.errors import Reason, Refused, SlackOpsError

# https://docs.github.com/rest/authentication/authenticating-to-the-rest-api#authenticating-with-saml-sso
_SSO = re.compile(r"required; ?url=(https://[^\s;,<>|]{1,500})")


def refusal(what: str, repo: str, login: str, answer: Answer) -> SlackOpsError:
    """What a refused review means to the person who gave it. ``what`` names what was attempted."""
    said = answer.words
    if answer.status == 401:
        return Refused(
            Reason.NOT_LINKED,
            f"GitHub no longer accepts the link to {login}.",
            "Link your account again: `/slackops link`.",
        )
    if answer.status == 403:
        return _forbidden(repo, login, answer, said)
    if answer.status == 404:
        return Refused(
            Reason.NO_ACCESS, f"{login} may not see {repo} on GitHub.", f"Ask an owner of {repo} for write access."
        )
    return _unprocessable(login, said) if answer.status == 422 else failure(what, answer)


def _forbidden(repo: str, login: str, answer: Answer, said: str) -> Refused:
    header = str(answer.headers.get("x-github-sso", ""))
    if header or "saml" in said.lower():
        found = _SSO.search(header)
        where = f" here, then decide again: {found[1]}" if found else f" for {repo.partition('/')[0]} on GitHub"
        return Refused(
            Reason.SSO_REQUIRED,
            f"{repo.partition('/')[0]} wants {login} to sign in by its single sign-on first.",
            f"Authorise your account{where}.",
        )
    if "locked" in said.lower():
        return _locked(said)
    return Refused(
        Reason.NO_ACCESS, f"{login} may not review in {repo}: {said}.", f"Ask an owner of {repo} for write access."
    )


def _locked(said: str) -> Refused:
    message = f"The conversation of the pull request is locked, so GitHub takes no review: {said}."
    return Refused(Reason.PULL_LOCKED, message, "Somebody with write access unlocks it on GitHub.")


def _unprocessable(login: str, said: str) -> Refused:
    lower = said.lower()
    if "own pull request" in lower:
        return Refused(
            Reason.OWN_CHANGE, f"{login} opened this pull request: {said}.", "Somebody else has to review it."
        )
    if "commit_id" in lower:
        return Refused(
            Reason.CHANGE_MOVED,
            "The pull request has moved on since the card was drawn.",
            "Look at it again, then decide.",
        )
    if "pending review" in lower:
        return Refused(
            Reason.PENDING_REVIEW,
            f"{login} has a review on GitHub that is begun and not submitted, and GitHub takes one at a time.",
            "Submit or discard your pending review on GitHub first, then decide again.",
        )
    if "locked" in lower:
        return _locked(said)
    return Refused(
        Reason.APPROVAL_REFUSED,
        f"GitHub did not take the review of {login}: {said}.",
        "Look at the pull request on GitHub: it may be closed, or your account may be limited.",
    )
