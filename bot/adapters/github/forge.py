"""``Forge`` over GitHub's REST API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from urllib.parse import quote

from bot.adapters.github import (
    api_commits,
    branch_rules,
    checks,
    commenting,
    comparing,
    glance,
    members,
    merging,
    queue,
    reviewing,
    writers,
)
from bot.adapters.github.client import BASE_URL
from bot.adapters.github.credentials import Credentials
from bot.adapters.github.errors import failure
from bot.adapters.github.pacing import Pacing
from bot.adapters.github.pulls import Pulls
from bot.adapters.github.remember import Remember
from bot.adapters.github.session import Session
from bot.domain.branch_rules import BranchRules
from bot.domain.compared import Compared
from bot.domain.editors import BranchCommit
from bot.domain.facts import Check, ForgeReview, MergeOutcome, Pull, QueueEntry, Status
from bot.errors import Reason, Refused
from bot.ports.links import LinkedAccount

_WRITERS = frozenset({"admin", "maintain", "write"})
_MINUTES = 180.0


class GitHubForge:
    """The deployment repo ``repo`` (owner/name) at GitHub or a GitHub Enterprise server. Thread-safe.

    Rate limits, failures of the network and of GitHub raise ForgeUnavailable, with ``retry_after`` where GitHub told;
    credentials that GitHub does not take raise Fatal. Permissions and teams may be three minutes old.
    """

    def __init__(
        self, repo: str, credentials: Credentials, base_url: str = BASE_URL, pacing: Pacing | None = None
    ) -> None:
        self._repo, self._credentials = repo, credentials
        self._session = Session(base_url, credentials, pacing or Pacing())
        self._pulls = Pulls(self._session, repo)
        self._branch: Remember[str] = Remember(_MINUTES)
        self._permissions: Remember[str] = Remember(_MINUTES)
        self._rules: Remember[BranchRules] = Remember(_MINUTES)
        self._sites: Remember[str] = Remember(_MINUTES)
        self._queues: Remember[bool] = Remember(_MINUTES)
        self._compared: Remember[Compared | None] = Remember(_MINUTES, 1_000)
        self._teams: Remember[frozenset[str]] = Remember(_MINUTES)

    @cached_property
    def login(self) -> str:
        """The bot's own account, as pull requests name their author."""
        own = self._credentials.login()
        return own or str(self._session.get("Ask GitHub who the bot is", "/user")["login"])

    @property
    def repository(self) -> str:
        """The deployment repo: owner/name."""
        return self._repo

    @property
    def default_branch(self) -> str:
        """The branch that pull requests go to."""
        path = f"/repos/{self._repo}"
        return self._branch.get("", lambda: str(self._session.get("Read the repository", path)["default_branch"]))

    def make_commit(
        self, parents: tuple[str, ...], base_tree: str, files: Mapping[str, bytes], message: str
    ) -> tuple[str, str]:
        """Have GitHub make a commit, signed as the App; its id, and its tree's."""
        return api_commits.make(self._session, self._repo, parents, base_tree, files, message)

    def point(self, branch: str, commit: str, *, new: bool) -> bool:
        """Have a branch point at a commit, never by force; False where it has moved on."""
        return api_commits.point(self._session, self._repo, branch, commit, new=new)

    def commit_url(self, commit: str) -> str:
        """The page of a commit, on the server's own site."""
        path = f"/repos/{self._repo}"
        site = self._sites.get("", lambda: str(self._session.get("Read the repository", path)["html_url"]))
        return f"{site}/commit/{commit}"

    def pull(self, number: int) -> Pull:
        """One pull request. Raises Fatal when there is none."""
        pull = self._pulls.get(number)
        open_here = pull.state == "open" and pull.base_ref == self.default_branch and not pull.draft
        queued = self.queue() if open_here else None
        return replace(pull, queued=number in {entry.number for entry in queued or ()})

    def open_pulls(self) -> list[Pull]:
        """Every open pull request to the default branch, oldest first; ``mergeable`` is not told here."""
        return self._pulls.open_to(self.default_branch)

    def glance(self) -> dict[int, str] | None:
        """What moves when an open pull request does, its reviews and checks included; None where nobody tells."""
        return glance.glance(self._session, self._repo, self.default_branch)

    def find_open(self, branch: str) -> Pull | None:
        """The open pull request whose head is this branch of the deployment repo."""
        return self._pulls.find_open(branch)

    def open_pull(self, branch: str, title: str, body: str, labels: Sequence[str]) -> Pull:
        """Open a pull request to the default branch, or take the open one of that branch."""
        return self._pulls.open(branch, self.default_branch, title, body, labels)

    def edit_pull(self, number: int, *, title: str | None = None, body: str | None = None) -> None:
        """Change title or body; None leaves it."""
        fields = {"title": title, "body": body}
        self._pulls.edit(number, {key: value for key, value in fields.items() if value is not None})

    def close_pull(self, number: int, comment: str) -> None:
        """Close with a comment; nothing happens when it is closed already."""
        self._pulls.close(number, comment, self.login)

    def comment(self, number: int, mark: str, body: str) -> None:
        """Say it on a pull request, in the one comment of the bot's that carries this mark."""
        commenting.say(self._session, self._repo, number, mark, body, self.login)

    def delete_branch(self, branch: str) -> None:
        """Nothing happens when it is gone already."""
        self._pulls.delete_branch(branch)

    def reviews(self, number: int) -> list[ForgeReview]:
        """Every submitted review, oldest first."""
        return reviewing.reviews(self._session, self._repo, number)

    def review(self, account: LinkedAccount, number: int, commit: str, verdict: str, body: str) -> ForgeReview:
        """Submit a review as that person: APPROVE or REQUEST_CHANGES. Raises Refused with GitHub's words."""
        return reviewing.submit(self._session, self._repo, account, number, commit, verdict, body)

    def record(self, number: int, commit: str, body: str) -> ForgeReview:
        """Submit a review as the bot that only comments."""
        return reviewing.record(self._session, self._repo, number, commit, body)

    def commits(self, number: int) -> list[BranchCommit]:
        """The commits of a pull request with who wrote them, oldest first."""
        return writers.commits(self._session, self._repo, number)

    def may_write(self, login: str) -> bool:
        """Whether the account may push to the repository: only such reviews satisfy branch rules."""
        return self._permissions.get(login.lower(), lambda: self._permission(login)) in _WRITERS

    def is_member(self, login: str) -> bool | None:
        """As the port says."""
        return members.is_member(self._session, self._repo.partition("/")[0], login)

    def login_of(self, account: int) -> str | None:
        """As the port says."""
        return members.login_of(self._session, account)

    def team_members(self, organisation: str, team: str) -> frozenset[str]:
        """Logins of the team, child teams included. Raises Refused when the bot sees no such team."""
        return self._teams.get((organisation, team), lambda: self._members(organisation, team))

    def required_reviews(self) -> int:
        """How many native reviews the default branch's rules demand of every merge; 0 where that cannot be told."""
        return self.rules().reviews

    def rules(self) -> BranchRules:
        """What the default branch demands of every merge, as far as the bot may read it; minutes old at most."""
        branch, app = self.default_branch, self.login.removesuffix("[bot]") if self.login.endswith("[bot]") else ""
        return self._rules.get("", lambda: branch_rules.read_rules(self._session, self._repo, branch, app))

    def statuses(self, sha: str) -> dict[str, Status]:
        """The newest commit status of each context."""
        return checks.statuses(self._session, self._repo, sha)

    def set_status(self, sha: str, status: Status, url: str | None = None) -> None:
        """Write one commit status; descriptions are cut at GitHub's 140 characters."""
        checks.set_status(self._session, self._repo, sha, status, url)

    def checks(self, sha: str) -> list[Check]:
        """Newest run of each check of a head, commit statuses that are not `slackops/*` included."""
        return checks.checks(self._session, self._repo, sha)

    def merge(self, number: int, sha: str, method: str, title: str, message: str) -> MergeOutcome:
        """Merge if the head still is ``sha``; one that is merged already counts as merged. Where the branch has a merge
        queue it is put there, and the queue makes the commit."""
        pull = self.pull(number)
        if (settled := merging.settled(pull, sha)) is not None:
            return settled
        if self._has_queue():
            return queue.enqueue(self._session, self._repo, pull)
        return merging.merge(self._session, self._repo, pull, method, title, message)

    def queue(self) -> tuple[QueueEntry, ...] | None:
        """The default branch's merge queue, in order; None where it has none. That there is none may be three minutes
        old."""
        return queue.read(self._session, self._repo, self.default_branch) if self._has_queue() else None

    def dequeue(self, number: int) -> None:
        """Take it out of the merge queue; nothing happens when it is not there."""
        queue.dequeue(self._session, self._repo, number)

    def _has_queue(self) -> bool:
        branch = self.default_branch
        return self._queues.get("", lambda: queue.read(self._session, self._repo, branch) is not None)

    def update_branch(self, number: int, sha: str) -> bool:
        """Merge the base into the branch if its head still is ``sha``; False when it is not, or there is a conflict."""
        return merging.update_branch(self._session, self._repo, number, sha)

    def compare(self, repo: str, base: str, head: str) -> Compared | None:
        """Two commits or branches of any repository that the bot may read; None where it has not both."""
        return self._compared.get(
            (repo, base, head), lambda: comparing.compare(self._session, repo, base, head), comparing.settled
        )

    def _permission(self, login: str) -> str:
        what = f"Read the permission of {login}"
        answer = self._session.look(what, f"/repos/{self._repo}/collaborators/{quote(login, safe='')}/permission")
        if answer.status == 404:
            return "none"
        if not answer.ok:
            raise failure(what, answer)
        return str(answer.data.get("permission") or "none")

    def _members(self, organisation: str, team: str) -> frozenset[str]:
        name = f"{organisation}/{team}"
        path = f"/orgs/{quote(organisation, safe='')}/teams/{quote(team, safe='')}/members"
        if self._session.look(f"Read the team {name}", path, {"per_page": 100, "page": 1}).status in {403, 404}:
            raise Refused(
                Reason.FORGE_REFUSED,
                f"The bot sees no team {name} on GitHub.",
                "Correct the team's name in the policy, or grant the App the organisation permission `Members: read`.",
            )
        return frozenset(one["login"] for page in self._session.pages(f"Read the team {name}", path) for one in page)
