"""A look at a retraining: how the engine says it goes, and which version came of it.

Level-triggered: each look puts the next one, under a key of its time, so that however many looks there are, they become
one again. What is found is written down before anything follows from it.
"""

from __future__ import annotations

from bot.domain.commands import LookRetrain
from bot.domain.retraining import Retraining, RetrainState, Started
from bot.domain.retraining_deciding import GIVE_UP_SECONDS, LATE_SECONDS, REGISTRY_LOOKS, heard, pace, told_of
from bot.domain.retraining_version import CameOf
from bot.errors import Fatal, Refused, Transient
from bot.ports import Retrains, Row
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.retrain_settling import settle
from bot.usecases.retrain_starting import engine_of, gave_up, is_anothers
from bot.usecases.retrain_telling import began_told
from bot.usecases.retrain_version import is_tagged, version_of

SWEEP_SECONDS = 1800.0


def look_retrain(ctx: Context, repo: Repo, row: Row, command: LookRetrain) -> None:
    """Carry out the row. Raises ChatUnavailable where its end could not be told."""
    store = ctx.retrains
    one = store.get(command.retrain) if store is not None else None
    if store is None or one is None or one.settled:
        return
    ctx.inbox.absorb(row)
    if one.state is RetrainState.ASKED:
        _overdue(ctx, one)
        return
    was, one = one, _looked(ctx, store, one)
    if was.unsure and not one.unsure and one.state in (RetrainState.RUNNING, RetrainState.SUCCEEDED):
        began_told(ctx, repo, one)
    found = _found(ctx, store, one)
    if one.runs or found is None:
        _again(ctx, one)
    else:
        settle(ctx, repo, store, one, found)


def ask_retrains(ctx: Context) -> None:
    """The clock has those looked at of which nothing was heard: their row may have been given up."""
    now = ctx.clock.now()
    for one in ctx.retrains.running() if ctx.retrains is not None else ():
        ctx.inbox.put(f"retrain-sweep:{one.id}:{now // SWEEP_SECONDS:.0f}", LookRetrain(retrain=one.id))


def _overdue(ctx: Context, one: Retraining) -> None:
    """The row that asked for it begins it, or gives it up; this is for one of which neither is known."""
    if ctx.clock.now() >= one.asked + GIVE_UP_SECONDS:
        gave_up(ctx, one.id, "it could not be started")


def _looked(ctx: Context, store: Retrains, one: Retraining) -> Retraining:
    """What others write meanwhile, such as who has joined, stays."""
    if not one.runs:
        return one
    told = _told(ctx, store, one)
    return store.change(one.id, lambda known: told_of(known, told, ctx.clock.now())) or one


def _told(ctx: Context, store: Retrains, one: Retraining) -> Started | str:
    """What the engine says; a sentence where it does not answer, or not to the bot: that may change."""
    if one.rule is None:
        return "nothing is known of how it was started"
    try:
        told = engine_of(ctx, one.rule).look(one.rule, one)
    except (Transient, Refused, Fatal) as why:
        return str(why)
    if not one.run and is_anothers(store, one, told):
        return "the run that was found is another retraining's"
    silent = told.state is RetrainState.RUNNING and one.engine == "webhook" and not one.status
    return Started(told.run, RetrainState.SUCCEEDED, told.url) if silent and is_tagged(ctx, one) else told


def _found(ctx: Context, store: Retrains, one: Retraining) -> CameOf | None:
    """None while one may still come: it may be registered, or tagged, a little after the run has ended."""
    if one.state is not RetrainState.SUCCEEDED:
        return CameOf()
    found = version_of(ctx, store, one)
    known = store.change(one.id, lambda row: heard(row, answered=found is not None)) or one
    if found is None:
        return CameOf(trouble="the registry does not answer") if known.silent >= REGISTRY_LOOKS else None
    late = ctx.clock.now() >= (one.ended or one.asked) + LATE_SECONDS
    return found if found.sure or late else None


def _again(ctx: Context, one: Retraining) -> None:
    now = ctx.clock.now()
    step = pace(one, now)
    key = f"retrain-look:{one.id}:{step:.0f}:{(now + step) // step:.0f}"
    ctx.inbox.put(key, LookRetrain(retrain=one.id), delay=step)
