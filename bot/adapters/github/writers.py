"""Who wrote the commits of a pull request. https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request"""

from __future__ import annotations

from typing import Any

from bot.adapters.github.session import Session
from bot.domain.editors import BranchCommit, Writer

MOST = 250  # GitHub lists no more of a pull request


def commits(session: Session, repo: str, number: int) -> list[BranchCommit]:
    """The commits, oldest first. Where there are more than GitHub lists, the last one is by somebody unknown."""
    pages = session.pages(f"Read the commits of #{number}", f"/repos/{repo}/pulls/{number}/commits")
    found = [_commit(one) for page in pages for one in page]
    return found if len(found) < MOST else [*found, BranchCommit("", (Writer(),))]


def _commit(data: dict[str, Any]) -> BranchCommit:
    inside = data.get("commit") or {}
    parts = ("author", "committer")
    return BranchCommit(data["sha"], tuple(_writer(data.get(part), inside.get(part)) for part in parts))


def _writer(account: Any, written: Any) -> Writer:
    user = account if isinstance(account, dict) else {}
    said = written if isinstance(written, dict) else {}
    robot = user.get("type") == "Bot"
    return Writer(str(user.get("login") or ""), int(user.get("id") or 0), str(said.get("name") or ""), robot)
