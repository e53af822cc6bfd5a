"""What moves a queue on: after each change of a branch, a review or a check, every group is looked at again."""

from __future__ import annotations

from bot.sandbox.github import merges, pulls
from bot.sandbox.github.checks import required_state
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.mergeability import review_blockers
from bot.sandbox.github.queue import groups
from bot.sandbox.github.queue.entries import dequeue, entries
from bot.sandbox.github.rules import BranchRule, rule_of
from bot.sandbox.github.store import Doc

BOT = "github-merge-queue[bot]"


def settle(forge: Forge, repo: Repo) -> None:
    """Bring every queue of the repository up to date. What that changes itself is looked at in the same call."""
    if repo.settling:
        return
    repo.settling = True
    try:
        for branch in forge.store.queue_branches(repo.full_name):
            while _step(forge, repo, branch):
                pass
    finally:
        repo.settling = False


def _step(forge: Forge, repo: Repo, branch: str) -> bool:
    """Do the first thing that is due, and say whether there was one."""
    rule, before = rule_of(forge, repo, branch), repo.git.branch(branch) or ""
    for place, entry in enumerate(entries(forge, repo, branch)):
        pull = pulls.find(forge, repo, entry["number"])
        reason = _out(forge, repo, pull, entry, rule)
        if reason:
            dequeue(forge, repo, pull, BOT, reason)
            return True
        if entry["base"] != before:
            _build(forge, repo, pull, entry, before, rule)
            return True
        if place == 0 and _green(forge, repo, entry, rule):
            merges.land(forge, repo, pull, entry["enqueuer"], entry["group"])
            dequeue(forge, repo, pull, BOT, "MERGE")
            return True
        before = entry["group"]
    return False


def _out(forge: Forge, repo: Repo, pull: Doc, entry: Doc, rule: BranchRule) -> str | None:
    """Why an entry may not stay (the reasons of ``pull_request.dequeued``), or None."""
    if rule.queue is None:
        return "QUEUE_CLEARED"
    if pull["state"] != "open" or pull["head_sha"] != entry["head"] or pull["base_ref"] != entry["branch"]:
        return "GIT_TREE_INVALID"
    if review_blockers(forge, repo, pull, rule):
        return "BRANCH_PROTECTIONS"
    failed = entry["group"] and "failure" in _states(forge, repo, entry, rule)
    return "CI_FAILURE" if failed else None


def _build(forge: Forge, repo: Repo, pull: Doc, entry: Doc, base: str, rule: BranchRule) -> None:
    groups.destroy(forge, repo, entry, "invalidated")
    built = groups.build(forge, repo, pull, entry, base, rule.queue or "merge")
    if built:
        forge.store.queue(repo.full_name, entry["branch"]).put(entry["number"], built)
    else:
        dequeue(forge, repo, pull, BOT, "MERGE_CONFLICT")


def _green(forge: Forge, repo: Repo, entry: Doc, rule: BranchRule) -> bool:
    return all(state == "success" for state in _states(forge, repo, entry, rule))


def _states(forge: Forge, repo: Repo, entry: Doc, rule: BranchRule) -> list[str]:
    return [required_state(forge, repo, entry["group"], check) for check in rule.checks]
