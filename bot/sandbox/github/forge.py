"""The forge's parts in one hand: what every resource works on."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.github.auth import Auth
from bot.sandbox.github.changes import Changes
from bot.sandbox.github.config import AppSeed, GitHubConfig
from bot.sandbox.github.errors import not_found
from bot.sandbox.github.installation import Installations
from bot.sandbox.github.limits import Limits
from bot.sandbox.github.people import People
from bot.sandbox.github.repo import BareRepo
from bot.sandbox.github.store import Doc, Store, now
from bot.sandbox.github.webhooks import Webhooks
from bot.sandbox.hooks import Hooks
from bot.sandbox.state import State

_NAME = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass
class Repo:
    """A repository of the forge. ``lock`` is held while anything is written.

    ``settling`` is set while the merge queues are brought up to date, which changes things itself.
    """

    full_name: str
    git: BareRepo
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    settling: bool = False

    @property
    def owner(self) -> str:
        """The part before the slash."""
        return self.full_name.split("/")[0]


class Forge:
    """State, Git, people, limits and webhooks. Methods may be called from any thread.

    ``settle`` is told after each change that may move a merge queue on; who builds the forge sets it.
    """

    def __init__(self, state: State, hooks: Hooks, config: GitHubConfig) -> None:
        self.hooks, self.config, self.store = hooks, config, Store(state)
        self.installations = Installations(state)
        self.auth, self.people = Auth(state, config, self.installations), People(state, config)
        self.limits = Limits(config.rate_limit, config.content_limits)
        self.changes, self.webhooks = Changes(), Webhooks(self.store)
        self.settle: Callable[[Repo], None] = lambda _: None
        self._repos: dict[str, Repo] = {}
        self._lock = threading.Lock()

    def repo(self, full_name: str) -> Repo:
        """A repository. Raises ApiError 404."""
        found = self._repos.get(full_name) or self._open(full_name)
        if found is None:
            raise not_found()
        return found

    def document(self, repo: Repo) -> Doc:
        """The repository's document."""
        found = self.store.repos().get(repo.full_name)
        assert found is not None
        return found

    def create_repo(self, full_name: str, default_branch: str = "main") -> Repo:
        """The repository, made when it is absent."""
        existing = self._repos.get(full_name) or self._open(full_name)
        if existing:
            return existing
        if not _NAME.fullmatch(full_name):
            raise ValueError(f"not a repository's name: {full_name!r}")
        document = new_document(self.store.next_id("repo"), full_name, default_branch)
        self.store.repos().put(full_name, document)
        for name, color, text in DEFAULT_LABELS:
            label = {
                "id": self.store.next_id("label"),
                "name": name,
                "color": color,
                "description": text,
                "default": True,
            }
            self.store.labels(full_name).put(name, label)
        return self.repo(full_name)

    def change_repo(self, repo: Repo, **fields: Any) -> Doc:
        """Change fields of the repository's document."""
        return self.store.repos().put(repo.full_name, {**self.document(repo), **fields})

    def app_for(self, full_name: str) -> AppSeed | None:
        """The first App that is installed on the repository."""
        return next((app for app in self.config.apps if full_name in app.repos), None)

    def close(self) -> None:
        """End the helper processes."""
        for repo in self._repos.values():
            repo.git.close()

    def event(self, repo: Repo, number: int, kind: str, actor: str, **details: Any) -> None:
        """Add to a pull request's timeline and tell whoever watches."""
        key = self.store.next_id("event")
        entry = {"id": key, "event": kind, "actor": actor, "created_at": now(), **details}
        self.store.events(repo.full_name, number).put(key, entry)
        self.changes.announce({"type": "pull", "repo": repo.full_name, "number": number, "event": kind})

    def _open(self, full_name: str) -> Repo | None:
        with self._lock:
            document = self.store.repos().get(full_name)
            if document is None or full_name in self._repos:
                return self._repos.get(full_name)
            git = BareRepo(self.config.data_dir / f"{full_name}.git")
            git.create(document["default_branch"])
            self._repos[full_name] = Repo(full_name, git)
            return self._repos[full_name]


DEFAULT_LABELS = (
    ("bug", "d73a4a", "Something isn't working"),
    ("documentation", "0075ca", "Improvements or additions to documentation"),
    ("enhancement", "a2eeef", "New feature or request"),
)


def new_document(number: int, full_name: str, default_branch: str) -> Doc:
    """A repository's document as GitHub sets it up."""
    merging = {f"allow_{way}": True for way in ("merge_commit", "squash_merge", "rebase_merge", "update_branch")}
    return {
        "id": number,
        "full_name": full_name,
        "default_branch": default_branch,
        "description": None,
        "created_at": now(),
        "pushed_at": now(),
        "delete_branch_on_merge": False,
        "open_pulls": 0,
        **merging,
    }
