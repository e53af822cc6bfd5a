"""A retraining in words for its own card and for its push text. Pure."""

from __future__ import annotations

from bot.domain.retrain_cards import RetrainCard
from bot.domain.retraining import Retraining, RetrainState
from bot.domain.retraining_words import ended_words, engine_words

PUSH_TEXT, LEAST_NAME, ENVIRONMENT = 60, 8, 16
_HEADS = {
    RetrainState.ASKED: "Retraining",
    RetrainState.RUNNING: "Retraining",
    RetrainState.SUCCEEDED: "Retrained",
    RetrainState.FAILED: "Retraining FAILED",
    RetrainState.LOST: "Retraining not confirmed",
}


def card_of(one: Retraining) -> RetrainCard:
    """The card of a retraining as it is now."""
    return RetrainCard(
        retrain=one.id,
        model=one.model,
        environment=one.environment,
        state=one.state,
        engine=engine_words(one.rule) if one.rule else one.engine,
        by=one.by,
        reason=one.reason or "",
        asked=one.asked,
        started=one.started,
        ended=one.ended,
        version=one.version,
        words=ended_words(one) if one.settled else "",
        url=one.url,
    )


def headline(card: RetrainCard, limit: int = PUSH_TEXT) -> str:
    """`Retrained: fraud-detector 43, production`: what a phone shows, so a long model name gives way first."""
    head = f"{_HEADS[card.state]}: "
    tail = f"{f' {card.version}' if card.version else ''}, {_cut(card.environment, ENVIRONMENT)}"
    return f"{head}{_cut(card.model, max(LEAST_NAME, limit - len(head) - len(tail)))}{tail}"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
