"""Entering and leaving the queue of a branch."""

from __future__ import annotations

from bot.sandbox.github import pulls
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.mergeability import check_blockers, review_blockers, signature_blockers
from bot.sandbox.github.queue import groups
from bot.sandbox.github.rules import rule_of
from bot.sandbox.github.store import Doc, now


class NotQueued(Exception):  # noqa: N818  (told to the caller as a GraphQL error)
    """GitHub's sentence about why a pull request does not enter or leave the queue."""


def entries(forge: Forge, repo: Repo, branch: str) -> list[Doc]:
    """The queue of a branch, first in first."""
    return sorted(forge.store.queue(repo.full_name, branch).all(), key=lambda one: one["at"])


def entry_of(forge: Forge, repo: Repo, pull: Doc) -> Doc | None:
    """A pull request's place in the queue of its base."""
    return forge.store.queue(repo.full_name, pull["base_ref"]).get(pull["number"])


def enqueue(forge: Forge, repo: Repo, pull: Doc, login: str, expected: str | None) -> Doc:
    """Put a pull request at the end. Raises NotQueued."""
    _check(forge, repo, pull, expected)
    number = forge.store.next_id("queue-entry")
    entry = {"id": number, "number": pull["number"], "branch": pull["base_ref"], "head": pull["head_sha"], "at": number}
    entry |= {"state": "QUEUED", "enqueuer": login, "enqueued_at": now(), "base": None, "group": None, "ref": None}
    forge.store.queue(repo.full_name, pull["base_ref"]).put(pull["number"], entry)
    forge.event(repo, pull["number"], "added_to_merge_queue", login)
    pulls.notify(forge, repo, pull, "enqueued", login)
    return entry


def dequeue(forge: Forge, repo: Repo, pull: Doc, login: str, reason: str = "MANUAL") -> Doc:
    """Take a pull request out. Raises NotQueued when it is in no queue."""
    entry = entry_of(forge, repo, pull)
    if entry is None:
        raise NotQueued("Pull request is not in the merge queue")
    forge.store.queue(repo.full_name, pull["base_ref"]).delete(pull["number"])
    groups.destroy(forge, repo, entry, "merged" if reason == "MERGE" else "dequeued")
    forge.event(repo, pull["number"], "removed_from_merge_queue", login, reason=reason)
    pulls.notify(forge, repo, pulls.find(forge, repo, pull["number"]), "dequeued", login, reason=reason)
    return entry


def _check(forge: Forge, repo: Repo, pull: Doc, expected: str | None) -> None:
    rule = rule_of(forge, repo, pull["base_ref"])
    if not rule.queue:
        raise NotQueued("The base branch does not have a merge queue")
    if pull["state"] != "open" or pull["draft"]:
        raise NotQueued("Pull request is not open" if pull["state"] != "open" else "Pull request is a draft")
    if entry_of(forge, repo, pull):
        raise NotQueued("Pull request is already in the merge queue")
    if expected is not None and expected != pull["head_sha"]:
        raise NotQueued("Head sha does not match the expected head oid")
    # Being up to date is what the queue itself sees to.
    against = [
        *review_blockers(forge, repo, pull, rule),
        *check_blockers(forge, repo, pull["head_sha"], rule),
        *signature_blockers(forge, repo, pull, rule),
    ]
    if against:
        raise NotQueued(f"Pull request {' '.join(against)}")
