"""What the watcher of a first region does for the others: has them asked for in time, and says how that stands."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cards import ThreadEvent, ThreadNews
from bot.domain.chain import Regions, asked, due, goes_on, note, regions_after, stopped
from bot.domain.change import Change
from bot.domain.commands import ChainOn
from bot.domain.rollout import Rollout
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.stages import targets
from bot.usecases.tell import post_once


def after_look(ctx: Context, repo: Repo, change: Change, rollout: Rollout, now: float) -> float | None:
    """Have the other regions asked for when their time has come. Always None: the rows wake by themselves."""
    regions = _regions(ctx, repo, change)
    if regions is None:
        return None
    at = due(regions, change, rollout)
    if at is not None:
        for stage in regions.rest:
            key = f"chain:{change.id}:{stage.name}" + (f":{rollout.episode}" if rollout.episode else "")
            go = ChainOn(change=change.id, model=change.intent.model, environment=stage.name)
            ctx.inbox.put(key, go, delay=max(0.0, at - now))
    left = _not_asked_yet(ctx, change, regions)
    why = stopped(left, rollout) if left.rest else ""
    if why:
        say(ctx, change, f"chain:stopped:{rollout.episode}", ThreadEvent(why))
    return None


def notes(ctx: Context, repo: Repo, change: Change, rollout: Rollout, now: float) -> tuple[str, ...]:
    """What the card of the first region says of the others; nothing on any other card."""
    regions = _regions(ctx, repo, change)
    if regions is None:
        return ()
    left = _not_asked_yet(ctx, change, regions)
    return (note(left, change, rollout, now),) if left.rest else (asked(regions),)


def _not_asked_yet(ctx: Context, change: Change, regions: Regions) -> Regions:
    """Without those that were asked for already, by the chain or by people: of them nobody may say that they did not
    follow."""
    return replace(regions, rest=tuple(stage for stage in regions.rest if not _is_asked(ctx, change, stage.name)))


def _is_asked(ctx: Context, cause: Change, environment: str) -> bool:
    current = ctx.changes.open_for(cause.intent.model, environment)
    newest = ctx.changes.merged_for(cause.intent.model, environment, 1)
    same = (one for one in (current, *newest) if one is not None and goes_on(one))
    there = any(one.intent.to == cause.intent.to and one.created_at > cause.created_at for one in same)
    return there or was_asked(ctx, cause, environment)


def was_asked(ctx: Context, cause: Change, environment: str) -> bool:
    """The chain itself asked for it once, whatever people made of that since."""
    return ctx.posts.get(cause.id, f"chain:{environment}") is not None


def _regions(ctx: Context, repo: Repo, change: Change) -> Regions | None:
    """Those of the regions after this one where the model has a target."""
    if not goes_on(change):
        return None
    head = ctx.checkout.head()
    policy = repo.policy(head)
    regions = regions_after(policy, policy.environment(change.intent.environment))
    if regions is None:
        return None
    placed = tuple(stage for stage, _ in targets(repo, policy, head, change.intent.model, regions.rest))
    return replace(regions, rest=placed) if placed else None


def say(ctx: Context, change: Change, mark: str, message: ThreadEvent | ThreadNews) -> None:
    """In the thread of the change's card, once for each mark."""
    card = ctx.posts.get(change.id, "card")
    if card is not None and card.ts is not None:
        post_once(ctx, change.id, mark, card.channel, message, thread=card.ts, broadcast=False)
