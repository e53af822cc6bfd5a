"""What a target said over time, out of first-parent history."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bot.domain.cards import StayLine
from bot.domain.facts import HistoryEntry
from bot.domain.past import Past, distinct
from bot.domain.policy import Target
from bot.usecases.repo import Repo

DEPTH = 500


def past(repo: Repo, base: str, target: Target) -> Iterator[Past]:
    """What the target said, commit by commit, newest first; read only as far as it is asked for."""
    for entry in entries(repo, base, target):
        seen = repo.standing(entry.commit, target)
        yield _past(entry, seen.version, seen.variables, seen.reading.state)


def entries(repo: Repo, base: str, target: Target) -> list[HistoryEntry]:
    """The commits that may have changed what the target says, those to what it inherits from included."""
    paths = {file for one in (target, *repo.inherited_from(target)) for file in one.files}
    return repo.checkout.history(base, sorted(paths), DEPTH)


def stays(repo: Repo, base: str, target: Target, limit: int) -> tuple[StayLine, ...]:
    """The last versions that the target had, newest first, each with how it came in."""
    runs = itertools.islice(distinct(past(repo, base, target)), limit)
    return tuple(_stay(target.environment, run) for run in runs)


def _stay(environment: str, run: Past) -> StayLine:
    return StayLine(
        environment=environment,
        version=run.version or "",
        since=run.time if run.since is None else run.since,
        commit=run.commit,
        action=run.action,
        change=run.change,
        by=run.requesters or ((run.author,) if run.author else ()),
        variables=run.variables,
    )


def _past(entry: HistoryEntry, version: str | None, variables: dict[str, str], state: str) -> Past:
    told = _trailers(entry.message)
    return Past(
        commit=entry.commit,
        time=entry.time,
        version=version,
        variables=dict(variables),
        action=told.get("Action", [None])[-1],
        change=told.get("Change", [None])[-1],
        requesters=tuple(dict.fromkeys(who for who in told.get("Requested-By", ()) if who)),
        author=entry.author,
        state=state,
    )


def _trailers(message: str) -> dict[str, list[str | None]]:
    """Our own trailers, wherever in the message they stand: a forge may put lines of its own behind them."""
    told: dict[str, list[str | None]] = {}
    for line in message.splitlines():
        key, colon, value = line.partition(": ")
        if colon and key.startswith("SlackOps-") and value.strip():
            told.setdefault(key.removeprefix("SlackOps-"), []).append(value.strip())
    return told
