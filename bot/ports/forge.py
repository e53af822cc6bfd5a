"""The forge: pull requests, reviews and statuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.branch_rules import BranchRules
from bot.domain.compared import Compared
from bot.domain.editors import BranchCommit
from bot.domain.facts import Check, ForgeReview, MergeOutcome, Pull, QueueEntry, Status
from bot.ports.links import LinkedAccount


class Forge(Protocol):
    """Pull requests, reviews and statuses of the deployment repo, at GitHub or its like."""

    @property
    def login(self) -> str:
        """The bot's own account, as pull requests name their author."""
        ...

    @property
    def repository(self) -> str:
        """The deployment repo: owner/name."""
        ...

    @property
    def default_branch(self) -> str:
        """The branch that pull requests go to."""
        ...

    def make_commit(
        self, parents: tuple[str, ...], base_tree: str, files: Mapping[str, bytes], message: str
    ) -> tuple[str, str]:
        """Have the forge make a commit, which it signs: its id, and its tree's. No branch points at it yet."""
        ...

    def point(self, branch: str, commit: str, *, new: bool) -> bool:
        """Have a branch point at a commit, never by force; ``new`` makes it. False where it has moved on."""
        ...

    def commit_url(self, commit: str) -> str:
        """The page of a commit."""
        ...

    def pull(self, number: int) -> Pull:
        """Raises Fatal when there is none."""
        ...

    def open_pulls(self) -> list[Pull]:
        """Every open pull request to the default branch; ``mergeable`` is not told here."""
        ...

    def glance(self) -> Mapping[int, str] | None:
        """Of every open pull request to the default branch a text that moves when it, its reviews or its checks do, in
        few requests; None where the forge cannot tell that."""
        ...

    def find_open(self, branch: str) -> Pull | None:
        """The open pull request whose head is this branch of the deployment repo."""
        ...

    def open_pull(self, branch: str, title: str, body: str, labels: Sequence[str]) -> Pull: ...

    def edit_pull(self, number: int, *, title: str | None = None, body: str | None = None) -> None: ...

    def close_pull(self, number: int, comment: str) -> None:
        """Close with a comment; nothing happens when it is closed already."""
        ...

    def comment(self, number: int, mark: str, body: str) -> None:
        """Say it on a pull request: the bot's comment with this hidden mark is made, or edited where it differs."""
        ...

    def delete_branch(self, branch: str) -> None:
        """Nothing happens when it is gone already."""
        ...

    def reviews(self, number: int) -> list[ForgeReview]: ...

    def review(self, account: LinkedAccount, number: int, commit: str, verdict: str, body: str) -> ForgeReview:
        """Submit a review as that person: APPROVE or REQUEST_CHANGES. Raises Refused with the forge's words."""
        ...

    def record(self, number: int, commit: str, body: str) -> ForgeReview:
        """Submit a review as the bot that only comments: the word of somebody without an account."""
        ...

    def commits(self, number: int) -> list[BranchCommit]:
        """The commits of a pull request with who wrote them, oldest first."""
        ...

    def may_write(self, login: str) -> bool: ...

    def is_member(self, login: str) -> bool | None:
        """Whether the account is a member of the organisation that owns the repository; None where nobody can tell."""
        ...

    def login_of(self, account: int) -> str | None:
        """What the account with this number is called now; None when it is gone."""
        ...

    def team_members(self, organisation: str, team: str) -> frozenset[str]:
        """Logins of the team, child teams included."""
        ...

    def required_reviews(self) -> int:
        """How many native reviews the default branch's rules demand of every merge; 0 where that cannot be told."""
        ...

    def rules(self) -> BranchRules:
        """What the default branch demands of every merge, as far as the bot may read it; minutes old at most."""
        ...

    def statuses(self, sha: str) -> dict[str, Status]:
        """The newest commit status of each context."""
        ...

    def set_status(self, sha: str, status: Status, url: str | None = None) -> None: ...

    def checks(self, sha: str) -> list[Check]:
        """Newest run of each check of a head, commit statuses that are not `slackops/*` included."""
        ...

    def merge(self, number: int, sha: str, method: str, title: str, message: str) -> MergeOutcome:
        """Merge if the head still is ``sha``; where the branch has a merge queue, put it there instead."""
        ...

    def queue(self) -> tuple[QueueEntry, ...] | None:
        """The default branch's merge queue, in order; None where it has none."""
        ...

    def dequeue(self, number: int) -> None:
        """Take it out of the merge queue; nothing happens when it is not there."""
        ...

    def update_branch(self, number: int, sha: str) -> bool:
        """Merge the base into the branch if its head still is ``sha``; False when it is not, or there is a conflict."""
        ...

    def compare(self, repo: str, base: str, head: str) -> Compared | None:
        """Two commits or branches of any repository that the bot may read; None where it has not both."""
        ...
