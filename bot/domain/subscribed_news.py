"""Which news of a change subscribers hear, and in what words. Pure."""

from __future__ import annotations

from bot.domain.cards import ThreadEvent, ThreadNews
from bot.domain.change import Change
from bot.domain.commands_gates import SubscribedEvent, TellSubscribers
from bot.domain.reconcile_actions import Say
from bot.domain.wording import step

_EVENTS: dict[str, SubscribedEvent] = {
    "needs-review": "review",
    "merged": "merged",
    "healthy": "live",
    "recovered": "live",
    "bad": "degraded",
    "failed": "degraded",
    "silent": "degraded",
    "stalled": "degraded",
    "closed": "ended",
    "superseded": "ended",
    "nothing left to do": "ended",
}
_HEADLINES: dict[SubscribedEvent, str] = {"merged": "Merged", "live": "Live", "ended": "Ended"}


def news_of(change: Change, say: Say, heard: str) -> TellSubscribers | None:
    """What subscribers hear when this is said in the change's thread; None for what concerns its own people alone.
    ``heard`` is the channel that hears it anyway."""
    event, message = _EVENTS.get(say.mark.partition(":")[0]), say.message
    if event is None or not isinstance(message, ThreadEvent | ThreadNews):
        return None
    return TellSubscribers(
        key=f"{change.id}:{say.mark}",
        event=event,
        model=change.intent.model,
        environment=change.intent.environment,
        text=_words(change, event, message),
        url=change.url or "",
        but=(heard,),
    )


def _words(change: Change, event: SubscribedEvent, message: ThreadEvent | ThreadNews) -> str:
    """`Live: fraud-detector 41→42, production. Healthy after 3 min.`"""
    if isinstance(message, ThreadNews):
        return f"{message.headline}. {message.text}"
    return f"{_HEADLINES.get(event, 'News')}: {step(change.intent)}. {message.text}"
