"""Where a rollback goes: the version that the target had before, out of its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.errors import Reason, Refused


@dataclass(frozen=True)
class Past:
    """What the target said as of a first-parent commit. ``action``, ``change`` and ``requesters`` are the commit's
    trailers, where it has them; ``author`` is who made the commit; ``state`` is how the version stands there."""

    commit: str
    time: float
    version: str | None
    variables: dict[str, str] = field(default_factory=dict)
    action: str | None = None
    change: str | None = None
    requesters: tuple[str, ...] = ()
    author: str = ""
    state: str = "pinned"
    since: float | None = None
    """When the version came in, for an entry that stands for a run of equal versions."""
    said: tuple[object, ...] = field(default=(), compare=False)
    """All that the target said, for comparing two commits; for people it is ``shown``, ``candidate`` and ``share``."""
    shown: str | None = field(default=None, compare=False)
    candidate: str | None = field(default=None, compare=False)
    share: int | None = field(default=None, compare=False)


class Replay(Iterable[Past]):
    """A history that can be gone through again; each entry is read once, and only when it is asked for."""

    def __init__(self, history: Iterable[Past]) -> None:
        self._rest, self._read = iter(history), list[Past]()

    def __iter__(self) -> Iterator[Past]:
        place = 0
        while True:
            if place == len(self._read):
                try:
                    self._read.append(next(self._rest))
                except StopIteration:
                    return
            yield self._read[place]
            place += 1


def distinct(history: Iterable[Past]) -> Iterator[Past]:
    """One entry for each run of equal versions, newest first: the newest commit of the run, whose values were the last
    to stand, with action, change, people and time of the oldest, which brought the version in."""
    run: list[Past] = []
    for entry in history:
        if entry.version is None:
            continue
        if run and entry.version != run[0].version:
            yield _brought_in(run[0], run[-1])
            run = []
        run = [*run[:1], entry]
    if run:
        yield _brought_in(run[0], run[-1])


def _brought_in(newest: Past, oldest: Past) -> Past:
    return replace(
        newest,
        action=oldest.action,
        change=oldest.change,
        requesters=oldest.requesters,
        author=oldest.author,
        since=oldest.time,
    )


def quiet_steps(history: Iterable[Past], goal: Past) -> Iterator[tuple[Past, Past]]:
    """The steps (older, newer) from ``goal`` to today that left the version alone: what they changed, they changed for
    another reason."""
    newer: Past | None = None
    for entry in history:
        if entry.version is None:
            continue  # what came with a commit that says no version is seen in the step around it
        if newer is not None and entry.version == newer.version:
            yield entry, newer
        if entry.commit == goal.commit:
            return
        newer = entry


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
