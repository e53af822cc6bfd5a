"""A change followed from a terminal: looked at as the bot would, each state said once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from bot.cli.tables import printable
from bot.cli.terminal import GroupUnknown
from bot.cli.words import state_line
from bot.errors import ChatUnavailable, Transient
from bot.usecases.progress import Progress
from bot.worker import words_of

SETTLES = 20.0
"""Seconds in which a change that waits for nobody merges, or is left to the bot."""
WAITS = 900.0
"""Seconds that `--wait` waits for people."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0


class Looks(Protocol):
    """Has a pull request looked at; the error that it ended with."""

    def __call__(self, key: str, number: int, /) -> Exception | None: ...


class Follower:
    """``look`` brings the pull request on, ``progress`` tells where it is, ``say`` shows a line to the person.

    ``pause``: seconds before the second look; later ones grow.
    """

    def __init__(
        self,
        look: Looks,
        progress: Callable[[], Progress | None],
        say: Callable[[str], None],
        pause: float = FIRST_PAUSE,
    ) -> None:
        self._look, self._progress, self._say, self._pause = look, progress, say, pause
        self._said: set[str] = set()

    def follow(self, run: str, number: int, *, wait: bool) -> Progress | None:
        """Until it is merged or closed (``wait``), or until it waits for somebody; not longer than a while.

        ``run`` makes the keys of its looks. Where it stands then; None where that could not be told.
        """
        until, pause, count = time.monotonic() + (WAITS if wait else SETTLES), self._pause, 0
        while True:
            count += 1
            seen, trouble = self._once(f"{run}:look:{count}", number)
            stuck = isinstance(trouble, GroupUnknown)
            over = not wait and stuck if seen is None else seen.ended if wait else seen.settled
            if over or time.monotonic() + pause > until:
                return seen
            time.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 1.5)

    def _once(self, key: str, number: int) -> tuple[Progress | None, Exception | None]:
        seen = None
        try:
            trouble = self._look(key, number)
        except Transient as error:  # the store was away for a moment: what was proposed is proposed all the same
            trouble = error
        try:
            seen = self._progress()
        except Exception as error:  # noqa: BLE001  (looked at again in a moment; said, so that nobody waits in the dark)
            trouble = error
        if seen is not None:
            self._say_once(state_line(seen))
        if trouble is not None:
            self._say_once(_sentence(trouble))
        return seen, trouble

    def _say_once(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._say(line)


def _sentence(trouble: Exception) -> str:
    words = printable(words_of(trouble)).rstrip(".")
    if isinstance(trouble, GroupUnknown):
        return f"{words}. It counts no approval until then; github:ORG/TEAM in the policy needs no Slack."
    if isinstance(trouble, ChatUnavailable):
        return "Slack does not answer. What belongs there is said later."
    return f"Not finished: {words}. It is tried again."
