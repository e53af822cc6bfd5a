"""Which alias the bot itself moved, so that its own doing asks for nothing that would come back to it.

A rule may go on from what is healthy in one environment to a *later* one. That is why no loop can form: what the bot
causes climbs the promotion order, which ends. (Its tags, the other thing that it writes, no rule may name.)
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.change import Change
from bot.domain.policy import Policy
from bot.domain.registry_events import RegistryEvent, RegistryState
from bot.domain.rule_history import goes_back
from bot.ports import PostRecord
from bot.usecases.context import Context

LANDS_SECONDS = 60.0
"""An alias that says another version by then was moved on by people."""


def remember_own(ctx: Context, registered: str, alias: str, change: Change) -> None:
    """The bot is about to set the alias to what the change brought. Written before, since the registry may tell of it
    at once. What went back leads nowhere."""
    where = "" if goes_back(change) else change.intent.environment
    ctx.posts.save(PostRecord(_subject(registered), alias, "", ctx.clock.now(), change.intent.to, f"{where}@"))


def own_moves(ctx: Context, now: RegistryState, events: tuple[RegistryEvent, ...]) -> dict[str, str]:
    """By alias that the bot moved, as this look sees first: the environment where its version is healthy, "" where it
    went back. Written down with the look's number, so that a look that is done again says the same."""
    found = {}
    for event in events:
        record = ctx.posts.get(_subject(now.model), event.name) if event.kind == "alias" else None
        if record is None:
            continue
        where, _, look = record.fingerprint.partition("@")
        if look not in ("", str(now.look)):
            continue
        mine = record.ts == event.version
        if mine:
            found[event.name] = where
        if mine or ctx.clock.now() > record.since + LANDS_SECONDS:
            seen = PostRecord(record.subject, record.mark, "", record.since, record.ts, f"{where}@{now.look}")
            ctx.posts.save(seen)
    return found


def leads_back(policy: Policy, own: Mapping[str, str], event: RegistryEvent, to: str) -> bool:
    """The bot moved the alias, and the rule would not go on to a later environment."""
    if event.kind != "alias" or event.name not in own:
        return False
    order = [stage.name for stage in policy.environments]
    goals = [order.index(stage.name) for stage in policy.stages(to)]
    begin = own[event.name]
    return begin not in order or not goals or min(goals) <= order.index(begin)


def _subject(registered: str) -> str:
    return f"set-alias:{registered}"
