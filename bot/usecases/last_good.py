"""The deployment repo under the newest policy that can be read: going back must work while today's policy is broken."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.policy import Policy
from bot.errors import Reason, Refused
from bot.usecases.repo import FOLDER, SINGLE, Repo

OLDEST = 50  # commits of the policy that are looked through


class LastGood(Repo):
    """A Repo whose policy, where it is broken at a commit, is the newest one before it that was not."""

    def _policy(self, commit: str) -> Policy:
        try:
            return super()._policy(commit)
        except Refused as broken:
            if broken.reason is not Reason.POLICY_INVALID:
                raise
            for older in self._older(commit):
                try:
                    return super()._policy(older)
                except Refused:
                    continue
            raise

    def _older(self, commit: str) -> Iterator[str]:
        files = {SINGLE, *(path for path in self.checkout.folder(commit, FOLDER) if path.endswith((".yaml", ".yml")))}
        for entry in self.checkout.history(commit, sorted(files), OLDEST):
            if entry.parent is not None:
                yield entry.parent


def fault_of(repo: Repo, commit: str) -> str | None:
    """What is wrong with the policy at a commit, where another one holds for it; else None."""
    try:
        if isinstance(repo, LastGood):
            Repo(repo.checkout, repo.names).policy(commit)
    except Refused as why:
        return why.message
    return None
