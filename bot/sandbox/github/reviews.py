"""Reviews: who may say what, submitting, dismissing."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github.emit import emit
from bot.sandbox.github.errors import ApiError, invalid, not_found, unprocessable
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.pulls import MAX_BODY, find, save
from bot.sandbox.github.shapes.pulls import pull_shape, review_shape
from bot.sandbox.github.store import Doc, now

STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
_VERBS = {"APPROVE": "approve", "REQUEST_CHANGES": "request changes on"}


def create(forge: Forge, repo: Repo, number: int, login: str, fields: dict[str, Any]) -> Doc:
    """Write a review; without an event it stays pending. Raises ApiError 422."""
    pull, event, body = find(forge, repo, number), fields.get("event"), fields.get("body")
    commit = fields.get("commit_id") or pull["head_sha"]
    _check_commit(repo, pull, commit)
    _check_pending(forge, repo, number, login)
    if event is not None:
        _check_event(pull, login, event, body)
    review = {
        "id": forge.store.next_id("review"),
        "user": login,
        "body": body or "",
        "commit_id": commit,
        "state": "PENDING",
        "submitted_at": None,
    }
    forge.store.reviews(repo.full_name, number).put(review["id"], review)
    return _submit(forge, repo, pull, review, event) if event else review


def submit(forge: Forge, repo: Repo, number: int, review_id: int, login: str, fields: dict[str, Any]) -> Doc:
    """Submit a pending review. Raises ApiError 404 and 422."""
    pull, review = find(forge, repo, number), find_review(forge, repo, number, review_id, login)
    event, body = fields.get("event"), fields.get("body") or review["body"]
    if review["user"] != login:
        raise not_found()
    if review["state"] != "PENDING":
        raise unprocessable("Can not submit a review that is not pending")
    _check_event(pull, login, event, body)
    return _submit(forge, repo, pull, {**review, "body": body}, str(event))


def delete_pending(forge: Forge, repo: Repo, number: int, review_id: int, login: str) -> Doc:
    """Throw a pending review away. Raises ApiError 404 and 422."""
    review = find_review(forge, repo, number, review_id, login)
    if review["state"] != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    forge.store.reviews(repo.full_name, number).delete(review_id)
    return review


def find_review(forge: Forge, repo: Repo, number: int, review_id: int, login: str) -> Doc:
    """A review that the caller may see: pending ones are their author's. Raises ApiError 404."""
    review = forge.store.reviews(repo.full_name, number).get(review_id)
    if review is None or (review["state"] == "PENDING" and review["user"] != login):
        raise not_found()
    return review


def dismiss(forge: Forge, repo: Repo, number: int, review_id: int, login: str, message: Any) -> Doc:
    """Dismiss an approval or an objection. Raises ApiError 422."""
    pull, review = find(forge, repo, number), find_review(forge, repo, number, review_id, login)
    if not isinstance(message, str) or not message.strip():
        raise invalid("PullRequestReview", "message", "missing_field")
    if review["state"] not in {"APPROVED", "CHANGES_REQUESTED"}:
        raise unprocessable(f"Can not dismiss a {review['state'].lower()} pull request review")
    return mark_dismissed(forge, repo, pull, review, login, message)


def mark_dismissed(forge: Forge, repo: Repo, pull: Doc, review: Doc, login: str, message: str, commit: str = "") -> Doc:
    """Dismiss, note it and send the webhook. ``commit`` is the one whose push did it, "" where a person did."""
    was, review = review["state"], {**review, "state": "DISMISSED", "dismissed_by": login, "dismissal_message": message}
    forge.store.reviews(repo.full_name, pull["number"]).put(review["id"], review)
    save(forge, repo, pull)
    details = {"review_id": review["id"], "reviewer": review["user"], "message": message, "was": was, "commit": commit}
    forge.event(repo, pull["number"], "review_dismissed", login, **details)
    _notify(forge, repo, pull, review, "dismissed", login)
    forge.settle(repo)
    return review


def dismiss_stale(forge: Forge, repo: Repo, pull: Doc, login: str) -> None:
    """What a push does to approvals where the branch rule says so."""
    for review in forge.store.reviews(repo.full_name, pull["number"]).all():
        if review["state"] == "APPROVED":
            mark_dismissed(forge, repo, pull, review, login, "", pull["head_sha"])


def _check_event(pull: Doc, login: str, event: Any, body: Any) -> None:
    """https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request"""
    if event not in STATES:
        raise unprocessable(f"Variable $event of type PullRequestReviewEvent was provided invalid value {event!r}")
    if event != "COMMENT" and login == pull["user"]:
        raise unprocessable(f"Can not {_VERBS[event]} your own pull request")
    shut = pull["state"] != "open" and pull["merged_at"] is None  # merged ones can be judged still
    if event != "COMMENT" and shut:
        raise ApiError(422, "Validation Failed", [f"Can only {_VERBS[event]} open pull requests"])
    if event != "APPROVE" and not (isinstance(body, str) and body.strip()):
        raise unprocessable("Review body can't be blank")
    if isinstance(body, str) and len(body) > MAX_BODY:
        raise unprocessable(f"Body is too long (maximum is {MAX_BODY} characters)")


def _check_commit(repo: Repo, pull: Doc, commit: Any) -> None:
    heads = {pull["head_sha"], *pull.get("former_heads", [])}
    known = isinstance(commit, str) and repo.git.commit(commit) is not None
    if not known or (commit not in heads and not repo.git.is_ancestor(commit, pull["head_sha"])):
        raise unprocessable("The commit_id is not part of the pull request")


def _check_pending(forge: Forge, repo: Repo, number: int, login: str) -> None:
    reviews = forge.store.reviews(repo.full_name, number).all()
    if any(review["state"] == "PENDING" and review["user"] == login for review in reviews):
        raise unprocessable("User can only have one pending review per pull request")


def _submit(forge: Forge, repo: Repo, pull: Doc, review: Doc, event: str) -> Doc:
    login, number = review["user"], pull["number"]
    review = {**review, "state": STATES[event], "submitted_at": now()}
    forge.store.reviews(repo.full_name, number).put(review["id"], review)
    waiting = [one for one in pull["requested_reviewers"] if one != login]
    pull = save(forge, repo, {**pull, "requested_reviewers": waiting})
    details = {key: review[key] for key in ("state", "body", "commit_id")}
    forge.event(repo, number, "reviewed", login, review_id=review["id"], **details)
    _notify(forge, repo, pull, review, "submitted", login)
    forge.settle(repo)
    return review


def _notify(forge: Forge, repo: Repo, pull: Doc, review: Doc, action: str, sender: str) -> None:
    shapes = {
        "review": review_shape(forge, repo, pull, review, hook=True),
        "pull_request": pull_shape(forge, repo, pull),
    }
    emit(forge, repo, "pull_request_review", sender, {"action": action, **shapes})
