"""Where a rollback goes: the version that the target had before, out of its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.domain.change import Action
from bot.errors import Reason, Refused


@dataclass(frozen=True)
class Past:
    """What the target pinned as of a first-parent commit. ``action`` is the commit's trailer, where it has one."""

    commit: str
    time: float
    version: str | None
    variables: dict[str, str] = field(default_factory=dict)
    action: str | None = None


def distinct(history: Iterable[Past]) -> Iterator[Past]:
    """One entry for each run of equal versions, newest first: the newest commit of the run, whose values were the last
    to stand, with the action of the oldest, which brought the version in."""
    newest: Past | None = None
    action: str | None = None
    for entry in history:
        if entry.version is None:
            continue
        if newest is not None and entry.version != newest.version:
            yield replace(newest, action=action)
            newest = None
        newest, action = newest or entry, entry.action
    if newest is not None:
        yield replace(newest, action=action)


def earlier(history: Iterable[Past], deployed: str | None) -> Past | None:
    """The last version before the deployed one that was not itself left by a rollback.

    Without that exception a second `/rollback` would bring back the version that the first one took away.
    """
    left: set[str] = {deployed} if deployed else set()
    rolled_back = False
    for entry in distinct(history):
        if rolled_back and entry.version:
            left.add(entry.version)
        rolled_back = entry.action == Action.ROLLBACK
        if entry.version not in left:
            return entry
    return None


def at_version(history: Iterable[Past], version: str) -> Past | None:
    """The newest point at which the target pinned this version."""
    return next((entry for entry in history if entry.version == version), None)


def nothing_earlier(model: str, environment: str, asked: str | None, known: Iterable[str]) -> Refused:
    """There is nowhere to go back to."""
    seen = ", ".join(dict.fromkeys(known))
    if asked:
        message = f"{model} {asked} was never pinned in {environment}."
        unblock = f"Versions it had: {seen or 'none'}. Or `/promote {model} {asked} {environment}`."
    else:
        message = f"{environment} has had no other version of {model} to go back to."
        unblock = f"Name one that the registry has: `/promote {model} VERSION {environment}`."
    return Refused(Reason.NO_EARLIER_VERSION, message, unblock)
