"""Which repositories the policy names, for the door: an App may be installed on a thousand that it does not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from bot.errors import Refused, SlackOpsError
from bot.usecases.ci_places import known_repos
from bot.usecases.context import Context
from bot.usecases.repo import Repo

FRESH_SECONDS = 60.0


def named_now(ctx: Context, repo: Repo) -> Collection[str]:
    """The repositories that the policy names at the head of the default branch; while it cannot be read, the deployment
    repo alone."""
    try:
        return known_repos(repo.policy(ctx.checkout.fetch()), ctx.forge.repository)
    except Refused:
        return (ctx.forge.repository,)


def in_background(work: Callable[[], None]) -> None:
    """On a thread of its own, which ends with the process."""
    threading.Thread(target=work, name="declared repos", daemon=True).start()


class DeclaredRepos:
    """Answers at once, from memory. What is not known to be declared is asked for again once a minute at most, beside
    the answer; until that is known, the answer is yes, and the worker decides. Thread-safe."""

    def __init__(
        self,
        names: Callable[[], Collection[str]],
        now: Callable[[], float],
        start: Callable[[Callable[[], None]], None] = in_background,
    ) -> None:
        self._names, self._now, self._start = names, now, start
        self._lock = threading.Lock()
        self._known: frozenset[str] | None = None
        self._asked = float("-inf")

    def __call__(self, repository: str) -> bool:
        """Whether the CI of this repository may concern anybody."""
        known = self._known
        if known is not None and repository.casefold() in known:
            return True
        with self._lock:
            due = self._now() - self._asked >= FRESH_SECONDS
            self._asked = self._now() if due else self._asked
        if due:
            self._start(self._ask)
        return due or known is None

    def _ask(self) -> None:
        try:
            self._known = frozenset(name.casefold() for name in self._names())
        except SlackOpsError:
            return  # what is known holds until the next minute
