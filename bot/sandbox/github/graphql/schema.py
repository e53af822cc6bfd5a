"""What the documents may ask for: a branch's merge queue, a pull request's place in it, entering and leaving."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.github import pulls
from bot.sandbox.github.auth import Actor
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.graphql.document import Field, Malformed, Operation
from bot.sandbox.github.graphql.pull_list import listed
from bot.sandbox.github.queue.advance import settle
from bot.sandbox.github.queue.entries import NotQueued, dequeue, enqueue, entries, entry_of
from bot.sandbox.github.rules import rule_of
from bot.sandbox.github.shapes.base import node_id
from bot.sandbox.github.store import Doc

_MISSING = "Could not resolve to a {} with the {} of '{}'."
_REFUSED = "Resource not accessible by integration"


class Schema:
    """The root fields, for one caller."""

    def __init__(self, forge: Forge, actor: Actor) -> None:
        self._forge, self._actor = forge, actor

    def repo_of(self, operation: Operation) -> Repo | None:
        """The repository whose lock a mutation needs."""
        for one in operation.fields if operation.kind == "mutation" else ():
            given = one.arguments.get("input") or {}
            return self._by_node(given.get("pullRequestId", given.get("id")))[0]
        return None

    def resolve(self, kind: str, one: Field) -> Any:
        """The whole value of a root field. Raises Malformed and NotQueued."""
        table: dict[str, dict[str, Callable[[dict[str, Any]], Any]]] = {
            "query": {"repository": lambda given: self._repository(given, one), "viewer": self._viewer},
            "mutation": {"enqueuePullRequest": self._enqueue, "dequeuePullRequest": self._dequeue},
        }
        resolver = table[kind].get(one.name)
        if resolver is None:
            raise Malformed(f"Field '{one.name}' doesn't exist on type '{kind.capitalize()}'")
        return resolver(one.arguments if kind == "query" else one.arguments.get("input") or {})

    def _viewer(self, _: dict[str, Any]) -> Doc:
        return {"login": self._forge.people.display(self._actor.login)}

    def _repository(self, given: dict[str, Any], one: Field) -> Doc:
        full_name = f"{given.get('owner')}/{given.get('name')}"
        if self._forge.people.allowed(self._actor, full_name) == "none":
            raise Malformed(_MISSING.format("Repository", "name", full_name))
        repo = self._forge.repo(full_name)
        value: Doc = {"nameWithOwner": full_name, "mergeQueue": None, "pullRequest": None}
        for inner in one.fields:
            if inner.name == "mergeQueue":
                value["mergeQueue"] = self._queue(repo, str(inner.arguments.get("branch") or repo.git.default_branch))
            if inner.name == "pullRequests":
                value["pullRequests"] = listed(self._forge, repo, inner.arguments)
            if inner.name == "pullRequest":
                value["pullRequest"] = self._pull(repo, inner.arguments.get("number"))
        return value

    def _queue(self, repo: Repo, branch: str) -> Doc | None:
        if rule_of(self._forge, repo, branch).queue is None:
            return None
        waiting = entries(self._forge, repo, branch)
        nodes = [self._entry(repo, entry, deep=True) for entry in waiting]
        return {"entries": {"totalCount": len(nodes), "nodes": nodes}}

    def _pull(self, repo: Repo, number: Any) -> Doc:
        pull = self._forge.store.pulls(repo.full_name).get(number) if isinstance(number, int) else None
        if pull is None:
            raise Malformed(_MISSING.format("PullRequest", "number", number))
        return self._pull_shape(repo, pull)

    def _pull_shape(self, repo: Repo, pull: Doc, deep: bool = True) -> Doc:
        entry = entry_of(self._forge, repo, pull)
        queue = rule_of(self._forge, repo, pull["base_ref"]).queue
        state = "MERGED" if pull["merged_at"] else pull["state"].upper()
        value = {"id": node_id("PullRequest", pull["id"]), "number": pull["number"], "headRefOid": pull["head_sha"]}
        value |= {"state": state, "isInMergeQueue": entry is not None, "isMergeQueueEnabled": queue is not None}
        shown = self._entry(repo, entry, deep=False) if entry and deep else None
        return {**value, "mergeQueueEntry": shown}

    def _entry(self, repo: Repo, entry: Doc, deep: bool) -> Doc:
        order = [one["number"] for one in entries(self._forge, repo, entry["branch"])]
        place = order.index(entry["number"]) + 1 if entry["number"] in order else 0
        value = {"id": node_id("MergeQueueEntry", entry["id"]), "position": place, "state": entry["state"]}
        value |= {"enqueuedAt": entry["enqueued_at"], "enqueuer": {"login": entry["enqueuer"]}}
        value |= {"baseCommit": _commit(entry["base"]), "headCommit": _commit(entry["group"])}
        if deep:
            pull = pulls.find(self._forge, repo, entry["number"])
            value["pullRequest"] = self._pull_shape(repo, pull, deep=False)
        return value

    def _enqueue(self, given: dict[str, Any]) -> Doc:
        repo, pull = self._writable(given.get("pullRequestId"))
        entry = enqueue(self._forge, repo, pull, self._actor.login, given.get("expectedHeadOid"))
        shown = self._entry(repo, entry, deep=True)
        settle(self._forge, repo)
        return {"mergeQueueEntry": shown}

    def _dequeue(self, given: dict[str, Any]) -> Doc:
        repo, pull = self._writable(given.get("id"))
        entry = entry_of(self._forge, repo, pull)
        shown = self._entry(repo, entry, deep=True) if entry else None
        dequeue(self._forge, repo, pull, self._actor.login)
        settle(self._forge, repo)
        return {"mergeQueueEntry": shown}

    def _writable(self, node: Any) -> tuple[Repo, Doc]:
        repo, pull = self._by_node(node)
        granted = self._actor.permissions
        if self._actor.app and granted and granted.get("merge_queues") != "write":
            raise ApiError(403, _REFUSED)
        have = self._forge.people.allowed(self._actor, repo.full_name)
        if not self._forge.people.at_least(have, "write"):
            raise ApiError(403, f"{self._actor.login} does not have the correct permissions")
        return repo, pull

    def _by_node(self, node: Any) -> tuple[Repo, Doc]:
        number = _number(node)
        for document in self._forge.store.repos().all():
            if self._forge.people.allowed(self._actor, document["full_name"]) == "none":
                continue
            for pull in self._forge.store.pulls(document["full_name"]).all():
                if pull["id"] == number:
                    return self._forge.repo(document["full_name"]), pull
        raise Malformed(f"Could not resolve to a node with the global id of '{node}'.")


def _commit(sha: str | None) -> Doc | None:
    return {"oid": sha} if sha else None


def _number(node: Any) -> int | None:
    try:
        text = base64.b64decode(str(node), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    found = re.fullmatch(r"011:PullRequest(\d+)", text, re.ASCII)
    return int(found[1]) if found else None


__all__ = ["NotQueued", "Schema"]
