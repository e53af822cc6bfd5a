"""Which channel hears of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.commands import SubscribedEvent


@dataclass(frozen=True)
class Subscription:
    """A channel hears ``event`` of ``subject``: a model, or an environment."""

    channel: str
    subject: str
    event: SubscribedEvent
    by: str
    at: float


class Subscriptions(Protocol):
    """Subscriptions by channel."""

    def add(self, asked: Sequence[Subscription]) -> int:
        """How many of them were new."""
        ...

    def remove(self, channel: str, subject: str, events: Sequence[SubscribedEvent] = ()) -> int:
        """Without ``events`` all of the subject's; how many there were."""
        ...

    def of_channel(self, channel: str) -> list[Subscription]: ...

    def channels(self, subjects: Sequence[str], event: SubscribedEvent) -> list[str]:
        """Every channel that hears this event of one of the subjects, sorted, each once."""
        ...
