"""What a target pinned over time, out of first-parent history."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.past import Past
from bot.domain.policy import Target
from bot.usecases.repo import Repo

DEPTH = 500


def past(repo: Repo, base: str, target: Target) -> Iterator[Past]:
    """What the target pinned, commit by commit, newest first; read only as far as it is asked for."""
    paths = sorted({binding.file for binding in target.bindings})
    for entry in repo.checkout.history(base, paths, DEPTH):
        seen = repo.reading(entry.commit, target)
        version = repo.names.name(repo.registered(target), seen) if seen.state == "pinned" else None
        yield Past(entry.commit, entry.time, version, dict(seen.variables), _action(entry.message))


def _action(message: str) -> str | None:
    for line in reversed(message.splitlines()):
        key, _, value = line.partition(": ")
        if key == "SlackOps-Action":
            return value.strip()
    return None
