"""Which channel hears of what."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.schema import subscriptions
from bot.domain.commands import SubscribedEvent
from bot.ports.subscriptions import Subscription

C = subscriptions.c


class SqlSubscriptions:
    """The Subscriptions port over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, asked: Sequence[Subscription]) -> int:
        """As the port says."""
        new = 0
        with self._db.write() as connection:
            for one in asked:
                values = {
                    "channel": one.channel,
                    "subject": one.subject,
                    "event": one.event,
                    "at": one.at,
                    "by": one.by,
                }
                insert = self._db.insert(subscriptions).values(**values).on_conflict_do_nothing().returning(C.channel)
                new += len(connection.execute(insert).all())
        return new

    def remove(self, channel: str, subject: str, events: Sequence[SubscribedEvent] = ()) -> int:
        """As the port says."""
        query = delete(subscriptions).where(C.channel == channel, C.subject == subject)
        with self._db.write() as connection:
            return connection.execute(query.where(C.event.in_(events)) if events else query).rowcount

    def of_channel(self, channel: str) -> list[Subscription]:
        """As the port says, by subject and event."""
        query = select(subscriptions).where(C.channel == channel).order_by(C.subject, C.event)
        with self._db.read() as connection:
            return [Subscription(r.channel, r.subject, r.event, r.by, r.at) for r in connection.execute(query)]

    def channels(self, subjects: Sequence[str], event: SubscribedEvent) -> list[str]:
        """As the port says."""
        query = select(C.channel).where(C.subject.in_(subjects), C.event == event).distinct().order_by(C.channel)
        with self._db.read() as connection:
            return list(connection.scalars(query))
