"""Where people read of a retraining: in the thread of the incident's card, else on a card of its own."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from bot.domain.commands import LookIncident
from bot.domain.drifting.incidents import Incident, IncidentNews
from bot.domain.notice_cards import ThreadEvent
from bot.domain.retrain_card_words import card_of
from bot.domain.retraining import Retraining
from bot.domain.retraining_words import ended_words, started_words
from bot.errors import Fatal, Refused
from bot.usecases.audited import note
from bot.usecases.context import Context
from bot.usecases.incident_changing import incident_changing
from bot.usecases.repo import Repo
from bot.usecases.tell import post_once, show_card

Moment = Literal["started", "ended"]
STARTED = "retrain started"


def began_told(ctx: Context, repo: Repo, one: Retraining) -> None:
    """What follows from a start, each once."""
    about: dict[str, Any] = {"model": one.model, "environment": one.environment, "why": one.reason}
    note(ctx, f"retrain-started:{one.id}", STARTED, one.by, **about, evidence={"run": one.run, "url": one.url})
    tell(ctx, one, "started")
    shown(ctx, repo, one)


def tell(ctx: Context, one: Retraining, moment: Moment) -> None:
    """Have each of its incidents tell it once; the card shows it as well."""
    words = started_words(one) if moment == "started" else ended_words(one)
    at = (one.ended if moment == "ended" else one.started) or one.asked
    for ident in dict.fromkeys(name for name in (one.incident, *one.also) if name):
        mark = f"retrain:{one.id}:{moment}:{ident}"
        news = IncidentNews(kind="retrain", at=at, mark=mark, words=words, by=one.by)
        found = incident_changing(ctx, ident, partial(_with_news, one=one, news=news))
        if found is not None:
            ctx.inbox.put(mark, LookIncident(incident=found.card))


def _with_news(incident: Incident, *, one: Retraining, news: IncidentNews) -> Incident:
    if any(known.mark == news.mark for known in incident.news):
        return incident
    return incident.model_copy(update={"retrain": one.id, "news": (*incident.news, news)})


def shown(ctx: Context, repo: Repo, one: Retraining) -> None:
    """Where no incident's card shows it, it has one of its own, in the environment's channel; its end is told in the
    thread, and calls whoever asked."""
    subject = f"retrain:{one.id}"
    if _has_card(ctx, one.incident) and ctx.posts.get(subject, "card") is None:
        return
    channel = _channel(ctx, repo, one, subject)
    if channel is None:
        return
    try:
        show_card(ctx, subject, channel, card_of(one))
        card = ctx.posts.get(subject, "card")
        if one.settled and card is not None and card.ts:
            event = ThreadEvent(ended_words(one), to=(one.by,))
            post_once(ctx, subject, "ended", card.channel, event, thread=card.ts, broadcast=False)
    except Fatal:
        return  # nobody invited the bot there: it is written down all the same


def _has_card(ctx: Context, incident: str) -> bool:
    """One of a storm has none, and old ones are forgotten."""
    found = ctx.incident_log.get(incident) if incident and ctx.incident_log is not None else None
    return found is not None and not found.storm


def _channel(ctx: Context, repo: Repo, one: Retraining, subject: str) -> str | None:
    """Where the card is; else the environment's channel, where the policy can be read and knows it."""
    card = ctx.posts.get(subject, "card")
    if card is not None:
        return card.channel
    try:
        return repo.policy(ctx.checkout.head()).channel_for(one.environment)
    except Refused:
        return None
