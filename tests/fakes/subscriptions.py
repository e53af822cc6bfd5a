"""Subscriptions in memory."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.commands import SubscribedEvent
from bot.ports.subscriptions import Subscription


class FakeSubscriptions:
    """The Subscriptions port."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str, str], Subscription] = {}

    def add(self, asked: Sequence[Subscription]) -> int:
        before = len(self._all)
        for one in asked:
            self._all.setdefault((one.channel, one.subject, one.event), one)
        return len(self._all) - before

    def remove(self, channel: str, subject: str, events: Sequence[SubscribedEvent] = ()) -> int:
        gone = [key for key in self._all if key[:2] == (channel, subject) and (not events or key[2] in events)]
        for key in gone:
            del self._all[key]
        return len(gone)

    def of_channel(self, channel: str) -> list[Subscription]:
        return [one for key, one in sorted(self._all.items()) if key[0] == channel]

    def channels(self, subjects: Sequence[str], event: SubscribedEvent) -> list[str]:
        return sorted({one.channel for one in self._all.values() if one.subject in subjects and one.event == event})
