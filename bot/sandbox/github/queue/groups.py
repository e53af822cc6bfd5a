"""The commit that the queue builds for an entry, its branch, and the webhooks that tell of it.

https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group
"""

from __future__ import annotations

from bot.sandbox.github import merges, pushes
from bot.sandbox.github.emit import emit
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.objects import ZERO
from bot.sandbox.github.shapes.commits import push_commit
from bot.sandbox.github.store import Doc


def build(forge: Forge, repo: Repo, pull: Doc, entry: Doc, base: str, method: str) -> Doc | None:
    """The entry with a group on ``base`` (what stands before it in the queue), or None when it conflicts."""
    group = merges.prepare(forge, repo, {**pull, "frozen_base": base}, entry["enqueuer"], method)
    if group is None:
        return None
    ref = f"refs/heads/gh-readonly-queue/{pull['base_ref']}/pr-{pull['number']}-{base}"
    repo.git.update_ref(ref, group)
    entry = {**entry, "state": "AWAITING_CHECKS", "base": base, "group": group, "ref": ref}
    _tell(forge, repo, entry, "checks_requested")
    pushes.moved(forge, repo, entry["enqueuer"], [pushes.Move(ref, ZERO, group)])
    return entry


def destroy(forge: Forge, repo: Repo, entry: Doc, reason: str) -> None:
    """Remove the group's branch and say why: merged, invalidated or dequeued."""
    if entry.get("group") is None:
        return
    _tell(forge, repo, entry, "destroyed", reason=reason)
    if repo.git.ref(entry["ref"]) == entry["group"]:
        repo.git.update_ref(entry["ref"], ZERO, entry["group"])
        pushes.moved(forge, repo, entry["enqueuer"], [pushes.Move(entry["ref"], entry["group"], ZERO)])


def _tell(forge: Forge, repo: Repo, entry: Doc, action: str, **more: str) -> None:
    commit = push_commit(forge, repo, repo.git.known_commit(entry["group"]))
    keys = ("id", "tree_id", "message", "timestamp", "author", "committer")
    group = {
        "head_sha": entry["group"],
        "head_ref": entry["ref"],
        "base_sha": entry["base"],
        "base_ref": f"refs/heads/{entry['branch']}",
        "head_commit": {key: commit[key] for key in keys},
    }
    emit(forge, repo, "merge_group", entry["enqueuer"], {"action": action, **more, "merge_group": group})
