"""A local forge: GitHub's REST API over real bare repositories, served by Git smart HTTP.

``GitHub.app`` answers programs; the other methods are what people do on github.com. It plays the outside world and
enforces GitHub's own rules, so that what works here is not refused there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.routing import Route

from bot.sandbox.github import pulls as pull_requests
from bot.sandbox.github.api import Api
from bot.sandbox.github.checks import latest_runs
from bot.sandbox.github.compare import pull_diff
from bot.sandbox.github.config import Account, AppSeed, Collaborator, GitHubConfig, Org, Permission, Team
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.git_http import GitHttp
from bot.sandbox.github.graphql.endpoint import GraphQl
from bot.sandbox.github.joblogs import log_routes
from bot.sandbox.github.limits import Limits
from bot.sandbox.github.login.routes import login_routes
from bot.sandbox.github.membership import set_member
from bot.sandbox.github.mergeability import mergeability
from bot.sandbox.github.objects import ZERO, Identity
from bot.sandbox.github.persons import Persons
from bot.sandbox.github.protection import parse_protection
from bot.sandbox.github.pushes import Move, moved
from bot.sandbox.github.queue.advance import settle
from bot.sandbox.github.shapes.pulls import full_pull, pull_shape
from bot.sandbox.github.shapes.repos import repository
from bot.sandbox.github.timeline import timeline
from bot.sandbox.github.webhooks import Webhooks
from bot.sandbox.github.writes import commit_files, read_folder
from bot.sandbox.hooks import Hooks
from bot.sandbox.state import State

__all__ = [
    "Account",
    "ApiError",
    "AppSeed",
    "Collaborator",
    "GitHub",
    "GitHubConfig",
    "Org",
    "Permission",
    "Team",
]

T = TypeVar("T")


class GitHub(Persons):
    """The forge. Methods raise ApiError (status, message) where GitHub would refuse."""

    def __init__(self, state: State, hooks: Hooks, config: GitHubConfig) -> None:
        forge = Forge(state, hooks, config)
        super().__init__(forge)
        forge.settle = lambda repo: settle(forge, repo)
        api, verbs = Api(forge).answer, ["GET", "POST", "PUT", "PATCH", "DELETE"]
        git = Route("/{owner}/{name}.git/{tail:path}", GitHttp(forge).answer, methods=["GET", "POST"])
        rest = [Route(path, api, methods=verbs) for path in ("/api/v3", "/api/v3/{path:path}")]
        graphql = [Route(path, GraphQl(forge).answer, methods=["POST"]) for path in ("/api/graphql", "/graphql")]
        self.app = Starlette(routes=[*rest, *graphql, *login_routes(forge), *log_routes(forge), git])

    @property
    def limits(self) -> Limits:
        """The rate limits; they may be changed while it runs."""
        return self._forge.limits

    @property
    def webhooks(self) -> Webhooks:
        """The deliveries; ``webhooks.enabled = False`` loses webhooks, ``await webhooks.drain()`` waits for them."""
        return self._forge.webhooks

    async def start(self) -> None:
        """Begin to deliver webhooks."""
        await self._forge.webhooks.start()

    async def stop(self) -> None:
        """Stop delivering and end the helper processes."""
        await self._forge.webhooks.stop()
        await asyncio.to_thread(self._forge.close)

    def repo_path(self, full_name: str) -> Path:
        """The bare repository on disk."""
        return self._forge.repo(full_name).git.path

    async def seed_repo(
        self, full_name: str, files: dict[str, bytes] | Path, message: str, author: str, default_branch: str = "main"
    ) -> None:
        """Create the repository with one commit, when it has none yet. ``author`` is a login or ``Name <address>``."""
        repo = await asyncio.to_thread(self._forge.create_repo, full_name, default_branch)
        who = self._author(author)
        async with repo.lock:
            await asyncio.to_thread(self._seed, full_name, files, message, who)

    def pull(self, full_name: str, number: int) -> dict[str, Any]:
        """A pull request as GET shows it."""
        repo = self._forge.repo(full_name)
        found = pull_requests.find(self._forge, repo, number)
        return full_pull(self._forge, repo, found, mergeability(self._forge, repo, found))

    def pulls(self, full_name: str, state: str = "all") -> list[dict[str, Any]]:
        """Pull requests, oldest first, as lists show them; ``state`` is open, closed or all."""
        repo = self._forge.repo(full_name)
        shown = repository(self._forge, repo)
        found = self._forge.store.pulls(full_name).all()
        return [pull_shape(self._forge, repo, pull, shown) for pull in found if state in ("all", pull["state"])]

    def reviews(self, full_name: str, number: int) -> list[dict[str, Any]]:
        """The stored reviews of a pull request, oldest first: user, state, body, commit_id."""
        return self._forge.store.reviews(full_name, number).all()

    def comments(self, full_name: str, number: int) -> list[dict[str, Any]]:
        """The stored comments of a pull request, oldest first."""
        return self._forge.store.comments(full_name, number).all()

    def statuses(self, full_name: str, sha: str) -> list[dict[str, Any]]:
        """The stored statuses of a commit, oldest first."""
        return self._forge.store.statuses(full_name, sha).all()

    def check_runs(self, full_name: str, sha: str) -> list[dict[str, Any]]:
        """The newest stored check run of every name of a commit, newest first."""
        return latest_runs(self._forge, self._forge.repo(full_name), sha)

    def subject(self, full_name: str, sha: str) -> str:
        """The first line of a commit's message."""
        return self._forge.repo(full_name).git.known_commit(sha).message.partition("\n")[0]

    def diff(self, full_name: str, number: int) -> str:
        """The pull request as a unified diff."""
        repo = self._forge.repo(full_name)
        return pull_diff(repo, pull_requests.find(self._forge, repo, number))

    def timeline(self, full_name: str, number: int) -> list[dict[str, Any]]:
        """What happened to it, in order; see ``timeline.timeline``."""
        return timeline(self._forge, self._forge.repo(full_name), number)

    def head(self, full_name: str, branch: str = "main") -> str | None:
        """The commit a branch points to."""
        return self._forge.repo(full_name).git.branch(branch)

    def protect(self, full_name: str, branch: str, protection: dict[str, Any] | None) -> None:
        """Set (a PUT's body) or remove (None) the classic protection of a branch."""
        store = self._forge.store.protections(full_name)
        if protection is None:
            store.delete(branch)
        else:
            store.put(branch, parse_protection(protection))

    def set_rules(self, full_name: str, branch: str, rules: list[dict[str, Any]]) -> None:
        """Replace the rulesets' rules of a branch: {"type": "pull_request", "parameters": {...}}, ..."""
        self._forge.store.rules(full_name).put(branch, {"rules": rules})

    def set_permission(self, full_name: str, login: str, permission: Permission) -> None:
        """Grant or take away what an account may do."""
        self._forge.people.set_permission(full_name, login, permission)

    def rename(self, login: str, name: str) -> None:
        """Give an account another login; its number stays. ``login`` is the one of the start. Raises ValueError."""
        self._forge.people.rename(login, name)

    def grant(self, login: str) -> dict[str, Any]:
        """The tokens that a person's consent to the first App with a client id gives, without a browser."""
        account = self._forge.people.account(login)
        app = next((one for one in self._forge.config.apps if one.client_id), None)
        if account is None or app is None:
            raise LookupError(f"no account {login}, or no App that people can let in")
        return self._forge.auth.users.issue(app, account.id)

    def granted(self) -> list[str]:
        """The logins of those who let an App act for them at present."""
        accounts = [self._forge.people.by_id(number) for number in self._forge.auth.users.accounts()]
        return [account.login for account in accounts if account]

    def file(self, full_name: str, branch: str, path: str) -> bytes | None:
        """What a file of a branch holds."""
        git = self._forge.repo(full_name).git
        head = git.branch(branch)
        found = git.at_path(head, path) if head else None
        return found.data if found and found.kind == "blob" else None

    def revoke_grant(self, login: str) -> None:
        """Take back everything that a person let the Apps do, as in the settings on github.com."""
        account = self._forge.people.account(login)
        for app in self._forge.config.apps:
            self._forge.auth.users.revoke_grant(app, account.id if account else 0)

    def set_team(self, org: str, slug: str, members: list[str]) -> None:
        """Replace a team's members."""
        self._forge.people.set_team(org, slug, members)

    def set_member(self, org: str, login: str, member: bool) -> None:
        """Let somebody join or leave an organisation, and tell the App. Raises LookupError."""
        set_member(self._forge, org, login, member)

    def set_app(self, permissions: Mapping[str, str] | None = None, events: tuple[str, ...] | None = None) -> None:
        """Change what the first App may do and hears of; a token that was issued before keeps what it had."""
        self._forge.installations.change(self._forge.config.apps[0], permissions, events)

    def deliveries(self) -> list[dict[str, Any]]:
        """Webhook deliveries, oldest first: id, guid, event, action, status_code, payload."""
        return self._forge.store.deliveries().all()

    def redeliver(self, delivery_id: int) -> int | None:
        """Send a delivery again with the same X-GitHub-Delivery; returns the new delivery's id."""
        return self._forge.webhooks.redeliver(delivery_id)

    async def wait_for(self, predicate: Callable[[], T | None], timeout: float = 20) -> T:  # noqa: ASYNC109
        """The first true value of ``predicate``, looked at after each change. Raises TimeoutError (seconds)."""
        return await self._forge.changes.wait_for(predicate, timeout)

    def subscribe(self) -> AsyncIterator[dict[str, Any]]:
        """Small change events from now on: {"type": "pull" | "push" | "status" | "check" | …, "repo": ..., ...}."""
        return self._forge.changes.subscribe()

    def _author(self, author: str) -> Identity:
        name, found, address = author.partition(" <")
        if found:
            return Identity(name, address.rstrip(">"), int(time.time()))
        return self._forge.people.identity(author, int(time.time()))

    def _seed(self, full_name: str, files: dict[str, bytes] | Path, message: str, who: Identity) -> None:
        repo = self._forge.repo(full_name)
        branch = self._forge.document(repo)["default_branch"]
        if repo.git.branch(branch):
            return
        contents, executable = read_folder(files) if isinstance(files, Path) else (files, frozenset[str]())
        sha = commit_files(repo.git, branch, contents, message, who, executable)
        account = self._forge.people.by_email(who.email)
        login = account.login if account else repo.owner
        moved(self._forge, repo, login, [Move(f"refs/heads/{branch}", ZERO, sha)])
