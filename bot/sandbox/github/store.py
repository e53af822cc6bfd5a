"""The forge's documents: one namespace a kind and repository."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.state import State

Doc = dict[str, Any]


def now() -> str:
    """The time as GitHub prints it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Collection:
    """Documents of one kind, oldest first."""

    state: State
    ns: str

    def get(self, key: str | int) -> Doc | None:
        """One document."""
        found: Doc | None = self.state.get(self.ns, key)
        return found

    def put(self, key: str | int, doc: Doc) -> Doc:
        """Write a document and return it."""
        self.state.put(self.ns, key, doc)
        return doc

    def all(self) -> list[Doc]:
        """Every document."""
        return self.state.all(self.ns)

    def delete(self, key: str | int) -> None:
        """Remove a document."""
        self.state.delete(self.ns, key)


class Store:
    """Where each kind of document is."""

    def __init__(self, state: State) -> None:
        self.state = state

    def next_id(self, kind: str) -> int:
        """The next number of a kind."""
        return self.state.next_id(f"github:{kind}")

    def repos(self) -> Collection:
        """Repositories by full name."""
        return self._collection("repos")

    def pulls(self, repo: str) -> Collection:
        """Pull requests by number."""
        return self._collection("pulls", repo)

    def reviews(self, repo: str, number: int) -> Collection:
        """Reviews of a pull request by id."""
        return self._collection("reviews", repo, number)

    def comments(self, repo: str, number: int) -> Collection:
        """Comments of a pull request's conversation by id."""
        return self._collection("comments", repo, number)

    def events(self, repo: str, number: int) -> Collection:
        """What happened to a pull request, in order."""
        return self._collection("events", repo, number)

    def labels(self, repo: str) -> Collection:
        """Labels by lower-case name."""
        return self._collection("labels", repo)

    def statuses(self, repo: str, sha: str) -> Collection:
        """Commit statuses of a commit by id."""
        return self._collection("statuses", repo, sha)

    def checks(self, repo: str, sha: str) -> Collection:
        """Check runs of a commit by id."""
        return self._collection("checks", repo, sha)

    def check_index(self, repo: str) -> Collection:
        """The commit of a check run by its id."""
        return self._collection("check-index", repo)

    def suites(self, repo: str, sha: str) -> Collection:
        """Check suites of a commit by App."""
        return self._collection("suites", repo, sha)

    def suite_index(self, repo: str) -> Collection:
        """The commit and the App of a check suite by its id."""
        return self._collection("suite-index", repo)

    def workflow_runs(self, repo: str) -> Collection:
        """Workflow runs by id, which is that of their check suite."""
        return self._collection("workflow-runs", repo)

    def log_links(self) -> Collection:
        """Addresses of job logs by their key."""
        return self._collection("log-links")

    def protections(self, repo: str) -> Collection:
        """Branch protections by branch."""
        return self._collection("protections", repo)

    def rules(self, repo: str) -> Collection:
        """Rulesets' rules by branch."""
        return self._collection("rules", repo)

    def hooks(self, repo: str) -> Collection:
        """Webhooks of a repository by id."""
        return self._collection("hooks", repo)

    def deliveries(self) -> Collection:
        """Webhook deliveries by number."""
        return self._collection("deliveries")

    def signed(self, repo: str) -> Collection:
        """Commits that the forge signed, by name."""
        return self._collection("signed", repo)

    def queue(self, repo: str, branch: str) -> Collection:
        """A branch's merge queue, in order, by the pull request's number."""
        return self._collection("queue", repo, branch)

    def queue_branches(self, repo: str) -> list[str]:
        """The branches that somebody waits for in a merge queue."""
        prefix = f"github:queue:{repo}:"
        return [space.removeprefix(prefix) for space in self.state.spaces(prefix)]

    def deployments(self, repo: str) -> Collection:
        """Deployments by id, with their statuses inside."""
        return self._collection("deployments", repo)

    def _collection(self, *parts: str | int) -> Collection:
        return Collection(self.state, ":".join(["github", *map(str, parts)]))
