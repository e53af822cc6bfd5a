"""Two commits beside each other. https://docs.github.com/en/rest/commits/commits#compare-two-commits"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from bot.adapters.github.errors import failure
from bot.adapters.github.session import Session
from bot.domain.compared import Compared, ComparedCommit

_NOT_THERE = frozenset({403, 404, 422})
_SUBJECT = 200
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)


def compare(session: Session, repo: str, base: str, head: str) -> Compared | None:
    """None where the repository, or one of the two, is not there for the bot."""
    what = f"Compare {base} with {head} in {repo}"
    path = f"/repos/{repo}/compare/{quote(base, safe='')}...{quote(head, safe='')}"
    answer = session.look(what, path, {"per_page": 100, "page": 1})
    if answer.status in _NOT_THERE:
        return None
    if not answer.ok:
        raise failure(what, answer)
    said = answer.data
    return Compared(
        base=base,
        head=head,
        status=said["status"],
        ahead=int(said["ahead_by"]),
        behind=int(said["behind_by"]),
        url=str(said["html_url"]),
        commits=tuple(_commit(one) for one in said["commits"]),
    )


def settled(found: Compared | None) -> bool:
    """Whether it may be kept for some minutes: a commit stays on a branch unless somebody pushes by force, and two
    commits stay as they are to each other."""
    return found is not None and (found.contained or all(_SHA.fullmatch(one) for one in (found.base, found.head)))


def _commit(one: dict[str, Any]) -> ComparedCommit:
    login = str((one.get("author") or {}).get("login") or "")
    author = login or str(one["commit"]["author"]["name"])
    return ComparedCommit(one["sha"], one["commit"]["message"].partition("\n")[0][:_SUBJECT], author, login)
