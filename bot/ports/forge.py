"""The forge: pull requests, reviews and statuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.facts import Check, ForgeReview, MergeOutcome, Pull, Status
from bot.ports.links import LinkedAccount


class Forge(Protocol):
    """Pull requests, reviews and statuses of the deployment repo, at GitHub or its like."""

    @property
    def login(self) -> str:
        """The bot's own account, as pull requests name their author."""
        ...

    @property
    def default_branch(self) -> str:
        """The branch that pull requests go to."""
        ...

    def pull(self, number: int) -> Pull:
        """Raises Fatal when there is none."""
        ...

    def open_pulls(self) -> list[Pull]:
        """Every open pull request to the default branch; ``mergeable`` is not told here."""
        ...

    def find_open(self, branch: str) -> Pull | None:
        """The open pull request whose head is this branch of the deployment repo."""
        ...

    def open_pull(self, branch: str, title: str, body: str, labels: Sequence[str]) -> Pull: ...

    def edit_pull(self, number: int, *, title: str | None = None, body: str | None = None) -> None: ...

    def close_pull(self, number: int, comment: str) -> None:
        """Close with a comment; nothing happens when it is closed already."""
        ...

    def delete_branch(self, branch: str) -> None:
        """Nothing happens when it is gone already."""
        ...

    def reviews(self, number: int) -> list[ForgeReview]: ...

    def review(self, account: LinkedAccount, number: int, commit: str, verdict: str, body: str) -> ForgeReview:
        """Submit a review as that person: APPROVE or REQUEST_CHANGES. Raises Refused with the forge's words."""
        ...

    def may_write(self, login: str) -> bool: ...

    def team_members(self, organisation: str, team: str) -> frozenset[str]:
        """Logins of the team, child teams included."""
        ...

    def required_reviews(self) -> int:
        """How many native reviews the default branch's rules demand of every merge; 0 where that cannot be told."""
        ...

    def statuses(self, sha: str) -> dict[str, Status]:
        """The newest commit status of each context."""
        ...

    def set_status(self, sha: str, status: Status, url: str | None = None) -> None: ...

    def checks(self, sha: str) -> list[Check]:
        """Newest run of each check of a head, commit statuses that are not `slackops/*` included."""
        ...

    def merge(self, number: int, sha: str, method: str, title: str, message: str) -> MergeOutcome:
        """Merge if the head still is ``sha``."""
        ...

    def update_branch(self, number: int, sha: str) -> bool:
        """Merge the base into the branch if its head still is ``sha``; False when it is not, or there is a conflict."""
        ...
