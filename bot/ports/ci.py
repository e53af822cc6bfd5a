"""CI at the forge, and what is remembered of it."""

from __future__ import annotations

from typing import Protocol

from bot.domain.ci import CiRun
from bot.domain.ci_branch import CiBranch


class Ci(Protocol):
    """CI of any repository that the bot may read."""

    def runs(self, repo: str, sha: str) -> list[CiRun]:
        """The newest run of each check of a commit, by name; not our own statuses. Excerpts are left out. Empty where
        the commit is not there for the bot."""
        ...

    def excerpt(self, repo: str, run: CiRun) -> str:
        """Why it failed, in a few lines: its first annotations, else what it says itself; "" where nothing is told."""
        ...

    def rerun(self, repo: str, run: CiRun) -> bool:
        """Have it run again; False where the forge does not let the bot."""
        ...

    def default_branch(self, repo: str) -> str | None:
        """None where the repository is not there for the bot."""
        ...

    def head(self, repo: str, branch: str) -> str | None:
        """The commit that a branch is at; None where it is not there for the bot."""
        ...


class CiLog(Protocol):
    """What the bot has seen of CI, by branch."""

    def get(self, repo: str, branch: str) -> CiBranch | None: ...

    def of(self, repo: str) -> list[CiBranch]:
        """All branches of a repository, the one that moved last first."""
        ...

    def save(self, branch: CiBranch) -> None:
        """Insert or replace by repository and branch."""
        ...

    def forget(self, before: float) -> int:
        """Delete branches that moved last before this time, in seconds since the epoch, except a default branch on
        which something fails; how many."""
        ...
