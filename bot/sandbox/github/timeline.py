"""What happened to a pull request, for a page."""

from __future__ import annotations

from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.store import Doc


def timeline(forge: Forge, repo: Repo, number: int) -> list[Doc]:
    """Every event in order, each with ``event``, ``actor``, ``created_at`` and its own fields.

    Events: opened, committed, head_ref_force_pushed, head_ref_deleted, reviewed, review_dismissed, commented, labeled,
    unlabeled, status, check_run, review_requested, review_request_removed, edited, merged, closed, reopened.
    A review carries its state of today as ``current``.
    """
    reviews = {review["id"]: review["state"] for review in forge.store.reviews(repo.full_name, number).all()}
    events = forge.store.events(repo.full_name, number).all()
    return [_with_current(event, reviews) for event in events]


def _with_current(event: Doc, reviews: dict[int, str]) -> Doc:
    return {**event, "current": reviews.get(event["review_id"])} if event["event"] == "reviewed" else event
