"""The clock has the registry looked at: for servers that send no webhooks, and for what a webhook lost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.commands import LookRegistry
from bot.domain.registry_events import RegistryState
from bot.errors import RegistryUnavailable
from bot.ports import PostRecord, RegistryMemory, Row
from bot.usecases.context import Context
from bot.usecases.fleet import FleetView
from bot.usecases.registry_beginning import known_rules
from bot.usecases.registry_concerns import called, concerned, watched
from bot.usecases.registry_looking import read, seen_view
from bot.usecases.registry_mismatch import Aliases, is_waiting
from bot.usecases.repo import Repo

SLICE = 100
"""Models that are read at one tick, two calls each: of a thousand, each is read every ten minutes by default."""
TURN_SECONDS = 60.0
"""A registry that is slow is not asked for longer at one tick; the next one goes on."""
AWAY = 3
"""So many models in a row without an answer: the registry is down, and the others are not asked. One that alone cannot
be read keeps no other from being read."""
SUBJECT, CURSOR = "registry", "cursor"


@dataclass(frozen=True)
class _Known:
    """What the models of one tick are compared with."""

    view: FleetView
    memory: RegistryMemory
    rules: tuple[str, ...]
    watched: Mapping[str, tuple[str, ...]]


def poll_registry(ctx: Context, repo: Repo, row: Row) -> int:
    """Read the next models in turn, and ask for a look at those of which there is news; how many. Where nothing
    changed, nothing is written but the place. A registry that is away is asked again at the next tick."""
    ctx.inbox.absorb(row)
    memory = ctx.registry_memory
    view = seen_view(ctx, repo) if memory is not None else None
    if memory is None or view is None:
        return 0
    names = concerned(ctx, view.policy, view)  # none: nobody asks anything of the registry, nor waits for it
    try:
        rules = tuple(sorted(known_rules(ctx, memory, view.policy).values()))
    except RegistryUnavailable:  # a rule that was never seen yet waits; nothing is taken for old because of that
        return 0
    turn = _turn(ctx, names)
    known = _Known(view, memory, rules, watched(ctx, view.policy))
    news, last = 0, ""
    for last, is_new in _answers(ctx, repo, known, turn):
        if is_new:
            ctx.inbox.put(f"{row.key}:{last}", LookRegistry(model=last))
            news += 1
    if last and (len(turn) < len(names) or last != turn[-1]):
        ctx.posts.save(PostRecord(SUBJECT, CURSOR, "", ctx.clock.now(), "0", last))
    return news


def _answers(ctx: Context, repo: Repo, known: _Known, turn: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Of each model whether there is news, as long as the registry answers in time. Of what cannot be read there is
    none; the next tick goes on behind it all the same, so that it keeps nothing from being read."""
    until, away = ctx.clock.now() + TURN_SECONDS, 0
    for name in turn:
        try:
            is_new, away = _has_news(ctx, repo, known, name), 0
        except RegistryUnavailable:
            is_new, away = False, away + 1
        yield name, is_new
        if away == AWAY or ctx.clock.now() > until:
            return


def _turn(ctx: Context, names: list[str]) -> list[str]:
    """Those after the last one that was read, from the beginning again at the end."""
    last = ctx.posts.get(SUBJECT, CURSOR)
    begin = bisect_right(names, last.fingerprint) if last else 0
    return (names[begin:] + names[:begin])[:SLICE]


def _has_news(ctx: Context, repo: Repo, known: _Known, name: str) -> bool:
    """Something is not as it was remembered, or what was said of an alias is not so any more."""
    before: RegistryState | None = known.memory.get(name)
    now = read(ctx, name, known.watched.get(name, ()))
    if before is None or now is None:
        return now is not None or (before is not None and bool(before.tags or before.aliases))
    return (
        now != before
        or before.rules != known.rules
        or is_waiting(ctx, repo, known.view, Aliases(called(known.view.policy, known.view, name), now, ()))
    )
