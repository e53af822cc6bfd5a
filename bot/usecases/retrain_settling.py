"""What follows from the end of a retraining: its version enters as a proposal, and people are told. Each once."""

from __future__ import annotations

from typing import Any

from bot.domain.commands import ProposeByRule
from bot.domain.retraining import Retraining, RetrainState
from bot.domain.retraining_version import CameOf
from bot.domain.retraining_words import rule_words
from bot.ports import Retrains
from bot.usecases.audited import BOT, note
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.retrain_rules import named
from bot.usecases.retrain_telling import shown, tell

ENDED, PROPOSED = "retrain ended", "retrain proposed"
SHOWN = 10


def settle(ctx: Context, repo: Repo, store: Retrains, one: Retraining, found: CameOf) -> None:
    """It is written down as settled last of all: a second run before that finds everything done."""
    known = {"version": found.version, "message": _message(one, found)}
    # before it is proposed: gates ask which retraining a version came of
    one = store.change(one.id, lambda row: row.model_copy(update=known)) or one
    key = f"retrain-propose:{one.id}" if found.version else ""
    done = one.model_copy(update={"settled": True, "proposed": key})
    outcome = "done" if one.state is RetrainState.SUCCEEDED else "failed"
    _note(ctx, f"retrain-ended:{one.id}", ENDED, done, outcome=outcome, evidence=_evidence(one, found))
    if found.version:
        ask = ProposeByRule(
            model=one.model, version=found.version, environment=one.to, rule=rule_words(one, named(ctx, one.by))
        )
        _note(ctx, f"retrain-proposed:{one.id}", PROPOSED, done, environment=one.to, evidence={"retrain": one.id})
        ctx.inbox.put(key, ask)
    tell(ctx, done, "ended")
    shown(ctx, repo, done)
    store.change(one.id, lambda row: row.model_copy(update={"settled": True, "proposed": key}))


def _message(one: Retraining, found: CameOf) -> str:
    if one.state is not RetrainState.SUCCEEDED or found.version:
        return one.message
    if found.trouble:
        return found.trouble
    if found.candidates:
        named = ", ".join(found.candidates[:SHOWN])
        return f"which of the versions {named} came of it is not told"
    if one.named:
        return f"version {one.named}, which it named, is not in the registry"
    return "no version that came of it is in the registry"


def _evidence(one: Retraining, found: CameOf) -> dict[str, object]:
    told: dict[str, object] = {"state": one.state.value, "run": one.run, "url": one.url, "found": found.how}
    told |= {"message": one.message, "candidates": list(found.candidates)}
    return {name: value for name, value in told.items() if value}


def _note(ctx: Context, key: str, what: str, one: Retraining, **more: Any) -> None:
    told: dict[str, Any] = {"model": one.model, "environment": one.environment, "version": one.version}
    note(ctx, key, what, BOT, **(told | {"why": one.reason} | more))
