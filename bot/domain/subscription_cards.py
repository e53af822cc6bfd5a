"""What is said of subscriptions, by meaning."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.commands_gates import SubscribedEvent
from bot.domain.people import Person


@dataclass(frozen=True)
class SubscriptionLine:
    """What a channel hears of one model or environment."""

    subject: str
    events: tuple[SubscribedEvent, ...]


@dataclass(frozen=True)
class SubscriptionList:
    """`/slackops subscribe` with nothing behind it: what this channel hears."""

    lines: tuple[SubscriptionLine, ...]


@dataclass(frozen=True)
class SubscriptionNews:
    """A channel hears of something from now on, or no more: told there, so that everybody in it knows why."""

    by: Person
    line: SubscriptionLine
    off: bool = False


@dataclass(frozen=True)
class Subscribed:
    """One piece of news, for a channel that subscribed. ``why``: to what."""

    text: str
    url: str
    why: str
