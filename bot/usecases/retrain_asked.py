"""Retrain: somebody has a model trained again. Never by itself, and each time it is asked for at most once.

It is written down before the engine is asked, under the row's own id; a second try finds what the first one began.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.commands import LookRetrain, Retrain
from bot.domain.people import Person
from bot.domain.retraining import Retraining, RetrainRule, RetrainState
from bot.domain.retraining_deciding import GIVE_UP_SECONDS, cooling_of, joined, refuse_cooling, running_of
from bot.domain.retraining_words import engine_words
from bot.errors import Reason, Refused, Transient
from bot.ports import Retrains, Row
from bot.usecases.audited import note
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.retrain_rules import Place, may_retrain, named, place_of
from bot.usecases.retrain_starting import begun
from bot.usecases.retrain_telling import began_told, tell
from bot.usecases.tell import receipt

ASKED, JOINED = "retrain asked", "retrain joined"
LONGEST_REASON = 500


def retrain(ctx: Context, repo: Repo, row: Row, command: Retrain) -> None:
    """Carry out the command. Raises Refused(BAD_USAGE | NOT_SUPPORTED | NOT_ALLOWED | UNKNOWN_MODEL | NO_TARGET |
    UNKNOWN_ENVIRONMENT | RETRAIN_COOLING | RETRAIN_REFUSED), and Transient to be run again."""
    store = log_of(ctx)
    one = store.get(row.id) or _ask(ctx, repo, row, command, store)
    if one is None:
        return
    one = begun(ctx, store, one)
    _after(ctx, repo, one, command)


def log_of(ctx: Context) -> Retrains:
    """Raises Refused(NOT_SUPPORTED) where nothing remembers retrainings."""
    if ctx.retrains is None:
        raise Refused(Reason.NOT_SUPPORTED, "Nothing remembers retrainings here.", None)
    return ctx.retrains


def _ask(ctx: Context, repo: Repo, row: Row, command: Retrain, store: Retrains) -> Retraining | None:
    """Written down; None where one runs already, which the asker joins."""
    place = place_of(ctx, repo, command.model, command.environment)
    reason = _reason(command)
    may_retrain(ctx, place, command.by)
    past = store.of(place.model, place.environment)
    running = running_of(past)
    if running is not None:
        _join(ctx, row, command, store, running)
        return None
    refuse_too_soon(ctx, past, place.rule)
    one = _new(row, command, place, reason)
    about = {"engine": place.rule.engine, "starts": engine_words(place.rule), "incident": command.incident}
    _note(ctx, f"retrain:{row.id}", ASKED, one, command.by, evidence=about)
    store.save(one)
    ctx.inbox.put(f"retrain-look:{one.id}:first", LookRetrain(retrain=one.id), delay=GIVE_UP_SECONDS)
    return one


def refuse_too_soon(ctx: Context, past: Sequence[Retraining], rule: RetrainRule) -> None:
    """Raises Refused(RETRAIN_COOLING), which names when and who."""
    now = ctx.clock.now()
    if recent := cooling_of(past, rule, now):
        raise refuse_cooling(recent, rule, named(ctx, recent.by), now)


def _reason(command: Retrain) -> str:
    reason = (command.reason or "").strip()
    if not reason:
        raise Refused(Reason.BAD_USAGE, "A model is trained again with a reason.", "Say why, in a sentence.")
    return reason[:LONGEST_REASON].encode(errors="replace").decode()


def _new(row: Row, command: Retrain, place: Place, reason: str) -> Retraining:
    return Retraining(
        id=row.id,
        model=place.model,
        registered=place.registered,
        environment=place.environment,
        state=RetrainState.ASKED,
        by=command.by,
        reason=reason,
        asked=row.created_at,
        incident=command.incident,
        engine=place.rule.engine,
        rule=place.rule,
        to=place.to,
        serving=place.serving,
    )


def _join(ctx: Context, row: Row, command: Retrain, store: Retrains, one: Retraining) -> None:
    """One at a time: whoever asks for the same hears what comes of it, on their incident too."""
    one = store.change(one.id, lambda row: joined(row, command.incident)) or one
    if not one.runs:
        raise Transient("It has ended just now.", retry_after=1.0)
    _note(ctx, f"retrain-joined:{row.id}", JOINED, one, command.by, why=command.reason, evidence={"retrain": one.id})
    if one.state is RetrainState.RUNNING and not one.unsure:
        tell(ctx, one, "started")
    how = "may be" if one.unsure else "is being"
    words = f"{one.model} {how} trained for {one.environment} already; {named(ctx, one.by)} asked for it."
    receipt(ctx, command.by, command.origin, f"{words} You hear what comes of it.", one.url or None)


def _after(ctx: Context, repo: Repo, one: Retraining, command: Retrain) -> None:
    """What follows from a start; a second run finds it all done."""
    ctx.inbox.put(f"retrain-look:{one.id}:begun", LookRetrain(retrain=one.id), delay=30.0)
    began_told(ctx, repo, one)
    what = engine_words(one.rule) if one.rule else one.engine
    receipt(ctx, command.by, command.origin, f"Started {what} for {one.model}, {one.environment}.", one.url or None)


def _note(ctx: Context, key: str, what: str, one: Retraining, by: Person, **more: Any) -> None:
    told: dict[str, Any] = {"model": one.model, "environment": one.environment, "why": one.reason}
    note(ctx, key, what, by, **(told | more))
