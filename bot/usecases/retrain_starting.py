"""Start a training at most once: an engine that can tell is asked first whether an earlier try began it."""

from __future__ import annotations

from bot.domain.commands import LookRetrain
from bot.domain.retraining import Retraining, RetrainRule, RetrainState, Started
from bot.domain.retraining_deciding import SETTLE_SECONDS, news_of
from bot.errors import Fatal, Reason, Refused, Transient
from bot.ports import Retrainer, Retrains
from bot.usecases.context import Context

NOBODY_TELLS = "webhook"
"""The engine that cannot be asked what it began."""


def begun(ctx: Context, store: Retrains, one: Retraining) -> Retraining:
    """It runs, or ran. Raises Refused(RETRAIN_REFUSED) where the engine says no, now or the last time; Transient."""
    if one.state is RetrainState.ASKED:
        one = _start(ctx, store, one)
    if one.unsure:
        why = f"{one.unsure}. Whether an earlier try began it is not known"
        raise Refused(Reason.RETRAIN_REFUSED, f"{why.replace('..', '.')}.", "It is looked for, and you hear of it.")
    if one.state is RetrainState.FAILED and one.started is None:
        raise Refused(Reason.RETRAIN_REFUSED, one.message, "Mend that, and ask again: what failed needs no cooling.")
    return one


def _start(ctx: Context, store: Retrains, one: Retraining) -> Retraining:
    assert one.rule is not None
    try:
        found = _earlier(ctx, store, one, one.rule)
        told = found or _now(ctx, store, one, one.rule)
    except (Refused, Fatal) as why:
        return _not_begun(ctx, store, one, str(why))
    began = {"state": RetrainState.RUNNING, "started": (one.tried if found else None) or ctx.clock.now()}
    return store.change(one.id, lambda row: row.model_copy(update=news_of(row, told) | began)) or one


def engine_of(ctx: Context, rule: RetrainRule) -> Retrainer:
    """Raises Refused(NOT_SUPPORTED)."""
    engine = ctx.retrainers.get(rule.engine)
    if engine is None:
        raise Refused(Reason.NOT_SUPPORTED, f"Nothing here starts a training with {rule.engine}.", None)
    return engine


def _earlier(ctx: Context, store: Retrains, one: Retraining, rule: RetrainRule) -> Started | None:
    """What an earlier try began, whose answer was lost. An engine may not list at once what it has taken on."""
    if one.tried is None:
        return None
    found = engine_of(ctx, rule).find(rule, one)
    if found is not None and not is_anothers(store, one, found):
        return found
    left = one.tried + SETTLE_SECONDS - ctx.clock.now()
    if left > 0:
        raise Transient("Whether the training began already is not known yet.", retry_after=left)
    return None


def is_anothers(store: Retrains, one: Retraining, found: Started) -> bool:
    """Found by its time alone, it may be what another retraining began."""
    return any(other.run == found.run and other.id != one.id for other in store.running() if found.run)


def _now(ctx: Context, store: Retrains, one: Retraining, rule: RetrainRule) -> Started:
    engine, now = engine_of(ctx, rule), ctx.clock.now()
    tried = store.change(one.id, lambda row: row.model_copy(update={"tried": now})) or one
    ctx.hold()
    return engine.start(rule, tried)


def _not_begun(ctx: Context, store: Retrains, one: Retraining, why: str) -> Retraining:
    """``one`` as it was before this try. Where an earlier one may have begun it, and the engine can be asked, it is
    looked for, and holds the next one up until that is known."""
    words, now = why[:500].encode(errors="replace").decode(), ctx.clock.now()
    known: dict[str, object] = {"state": RetrainState.FAILED, "ended": now, "message": words, "settled": True}
    if one.tried is None:
        known["tried"] = None  # it never began
    elif one.engine == NOBODY_TELLS:
        known["message"] = f"{words.rstrip('.')}; whether an earlier try began it is not known"
    else:
        known = {"state": RetrainState.RUNNING, "started": one.tried, "unsure": words}
        ctx.inbox.put(f"retrain-look:{one.id}:unsure", LookRetrain(retrain=one.id), delay=SETTLE_SECONDS)
    hears = {"settled": False} if one.also and "settled" in known else {}  # who has joined is told by the next look
    return store.change(one.id, lambda row: row.model_copy(update=known | hears)) or one


def gave_up(ctx: Context, retrain: str, error: str) -> None:
    """The row became a dead letter before anything began: whoever asks next need not wait for it."""
    one = ctx.retrains.get(retrain) if ctx.retrains is not None else None
    if one is not None and ctx.retrains is not None and one.state is RetrainState.ASKED:
        _not_begun(ctx, ctx.retrains, one, f"Given up: {error}")
