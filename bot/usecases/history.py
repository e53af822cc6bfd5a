"""What a target said over time, out of first-parent history."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bot.domain.cards import StayLine
from bot.domain.facts import HistoryEntry
from bot.domain.past import Past, distinct
from bot.domain.policy import Target
from bot.usecases.history_pages import entries_of
from bot.usecases.repo import Repo
from bot.usecases.standing import Standing

DEPTH = 5_000
STAYS_DEPTH = 100  # what is only shown must not cost as much as what is decided by


def past(repo: Repo, base: str, target: Target, depth: int = DEPTH) -> Iterator[Past]:
    """What the target said, commit by commit, newest first; read only as far as it is asked for. A commit at which none
    of its own files was there says nothing, whatever it would inherit today."""
    served = {target.environment, *target.shared_with, *(one.environment for one in repo.inherited_from(target))}
    for entry in entries(repo, base, target, depth):
        seen = repo.stood(entry, target)
        declared = any(file in entry.blobs for file in target.files)
        told = _ours(_trailers(entry.message), target.model, served, seen)
        yield _past(entry, seen, told) if declared else Past(entry.commit, entry.time, None, state="not_pinned")


def entries(repo: Repo, base: str, target: Target, depth: int = DEPTH) -> Iterator[HistoryEntry]:
    """The commits that may have changed what the target says, those to what it inherits from included."""
    paths = {file for one in (target, *repo.inherited_from(target)) for file in one.files}
    return entries_of(repo.checkout, base, sorted(paths), depth)


def stays(repo: Repo, base: str, target: Target, limit: int) -> tuple[StayLine, ...]:
    """The last versions that the target had, newest first, each with how it came in."""
    runs = itertools.islice(distinct(past(repo, base, target, STAYS_DEPTH)), limit)
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


def _past(entry: HistoryEntry, seen: Standing, told: dict[str, list[str | None]]) -> Past:
    return Past(
        commit=entry.commit,
        time=entry.time,
        version=seen.version,
        variables=dict(seen.variables),
        action=told.get("Action", [None])[-1],
        change=told.get("Change", [None])[-1],
        requesters=tuple(dict.fromkeys(who for who in told.get("Requested-By", ()) if who)),
        author=entry.author,
        state=seen.reading.state,
        said=(*seen.said, seen.shown),
        shown=seen.shown,
        candidate=seen.candidate,
        share=seen.share,
    )


def _ours(
    told: dict[str, list[str | None]], model: str, environments: set[str], seen: Standing
) -> dict[str, list[str | None]]:
    """The trailers, where they tell of this target and of the version that the commit holds; else none of them."""
    about = told.get("Model", [None])[-1], told.get("Environment", [None])[-1], told.get("To", [None])[-1]
    by_id = "version" not in seen.variables  # what the registry calls it may not be known now
    fits = about[0] == model and about[1] in environments and (by_id or about[2] == seen.version)
    return told if fits else {}


def _trailers(message: str) -> dict[str, list[str | None]]:
    """Our own trailers, wherever in the message they stand: a forge may put lines of its own behind them."""
    told: dict[str, list[str | None]] = {}
    for line in message.splitlines():
        key, colon, value = line.partition(": ")
        if colon and key.startswith("SlackOps-") and value.strip():
            told.setdefault(key.removeprefix("SlackOps-"), []).append(value.strip())
    return told
