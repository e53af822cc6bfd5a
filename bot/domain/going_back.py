"""Which version a rollback goes back to: the last one that was healthy, not merely the one before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from bot.domain.change import Action
from bot.domain.health import Health, Verdict
from bot.domain.past import Past, distinct

Judge = Callable[[Past, float | None], Health]
"""How the version of a stay did, until the time when it was left (None: it is there now)."""


@dataclass(frozen=True)
class Choice:
    """Where to go back to, how that version did, and what was passed over on the way: versions and why."""

    past: Past
    health: Health
    passed: tuple[tuple[str, str], ...] = ()


def last_healthy(
    history: Iterable[Past],
    deployed: str | None,
    judge: Judge | None,
    banned: Collection[str] = (),
    hopes: Collection[str] | None = None,
) -> Choice | None:
    """The newest version before the deployed one that was healthy when it was left. Where no engine told of any
    (``judge`` is None) or none was healthy: the newest that is not known to have been bad; else the newest.

    ``hopes`` are the versions that were ever told to be healthy: history is read no further than they go. A version
    that was itself left by a rollback, or that is banned, is never chosen: a second rollback would bring back what the
    first one took away.
    """
    left = None if hopes is None else set(hopes)
    passed: list[tuple[str, str]] = []
    second: Choice | None = None
    third: Choice | None = None
    for past, left_at, why in _candidates(history, deployed, banned):
        version = past.version or ""
        if why:
            passed.append((version, why))
            continue
        health = judge(past, left_at) if judge else Health(Verdict.UNHEARD)
        choice = Choice(past, health, tuple(dict.fromkeys(passed)))
        if judge is None or health.verdict is Verdict.HEALTHY:
            return choice
        passed.append((version, _never_healthy(health)))
        if health.verdict is Verdict.BAD:
            third = third or choice
        else:
            second = second or choice
        left = None if left is None else left - {version}
        if left is not None and not left and second:
            break
    return second or third


def _candidates(
    history: Iterable[Past], deployed: str | None, banned: Collection[str]
) -> Iterable[tuple[Past, float | None, str]]:
    """Each stay, when it was left, and why it is out of the question, if it is."""
    left: set[str] = set()
    rolled_back, left_at = False, None
    for stay in distinct(history):
        version = stay.version or ""
        if rolled_back and version != deployed:
            left.add(version)
        rolled_back = stay.action == Action.ROLLBACK
        if version != deployed:
            why = "banned" if version in banned else "left by a rollback" if version in left else ""
            yield stay, left_at, why
        left_at = stay.time if stay.since is None else stay.since


def _never_healthy(health: Health) -> str:
    if health.verdict is Verdict.BAD:
        return f"was not healthy when it was left{f': {health.words}' if health.words else ''}"
    return "no engine told that it was healthy"


def reasons(choice: Choice) -> tuple[str, ...]:
    """Why this version, in sentences."""
    version = choice.past.version or ""
    told = {
        Verdict.HEALTHY: f"{version} is the last version that was healthy.",
        Verdict.UNHEARD: f"{version} is the version before; no engine ever told how it was.",
        Verdict.PENDING: f"{version} is the version before; it was never told to be healthy.",
        Verdict.BAD: f"No earlier version was healthy when it was left; {version} is the newest of them.",
    }[choice.health.verdict]
    return (told, *(f"Passed over: {one}, {why}." for one, why in choice.passed[:3]))
