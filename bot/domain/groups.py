"""A group of the forge's merge queue: a commit built out of pull requests, each on the one before. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commit_statuses import APPROVALS, GATES
from bot.domain.facts import QueueEntry, Status

REF = "refs/heads/gh-readonly-queue/"
_ORDER = ("success", "pending", "failure", "error")


def chain_of(entries: Sequence[QueueEntry], sha: str, base: str) -> tuple[QueueEntry, ...]:
    """The pull requests that the commit holds on top of ``base``, the first one in front; nothing where a link of the
    chain is not known."""
    by_group = {entry.group: entry for entry in entries if entry.group}
    chain: list[QueueEntry] = []
    at = sha
    while at != base:
        entry = by_group.pop(at, None)
        if entry is None:
            return ()
        chain.append(entry)
        at = entry.base or ""
    return tuple(reversed(chain))


def together(judged: Sequence[tuple[QueueEntry, Sequence[Status]]]) -> tuple[Status, ...]:
    """Both statuses of the group: of each kind the worst of its pull requests, which is named."""
    return tuple(_worst(context, judged) for context in (GATES, APPROVALS))


def _worst(context: str, judged: Sequence[tuple[QueueEntry, Sequence[Status]]]) -> Status:
    mine = [(entry, status) for entry, every in judged for status in every if status.context == context]
    entry, status = max(mine, key=lambda pair: _ORDER.index(pair[1].state))
    if status.state == "success":
        named = ", ".join(f"#{one.number}" for one, _ in mine)
        return Status(context, "success", f"All is in place for {named}"[:140])
    return Status(context, status.state, f"#{entry.number}: {status.description}"[:140])
