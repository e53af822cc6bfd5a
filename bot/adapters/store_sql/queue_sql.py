"""The statements of the inbox, built once: SQLAlchemy caches their text by identity of shape."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, bindparam, exists, or_, select, update

from bot.adapters.store_sql.schema import RUNNING, WAITING, inbox

NOW: ColumnElement[float] = bindparam("now")
C = inbox.c

_earlier = inbox.alias("earlier")

_not_yet_begun = and_(_earlier.c.attempts == 0, _earlier.c.due_at > NOW)
"""A row that was put for later stands in nobody's way until its time has come."""

_order_is_held = exists().where(
    _earlier.c.order_key == C.order_key,
    _earlier.c.seq != C.seq,
    or_(
        _earlier.c.state == RUNNING,
        and_(_earlier.c.state == WAITING, _earlier.c.seq < C.seq, ~_not_yet_begun),
    ),
)

_lease_is_over = and_(C.state == RUNNING, C.lease_until <= NOW, C.id.not_in(bindparam("but", expanding=True)))
_may_begin = and_(C.state == WAITING, C.due_at <= NOW, or_(C.order_key.is_(None), ~_order_is_held))


def next_row(of_order: bool = False) -> Select[Any]:
    """The oldest row that may be claimed now: due and free, or left behind by an owner whose lease ended.

    ``of_order``: only among those of the order key that is bound to `order`. `but` is bound to ids of rows that are not
    taken over.
    """
    chosen = select(C.seq).where(or_(_lease_is_over, _may_begin)).order_by(C.seq).limit(1)
    return chosen.where(C.order_key == bindparam("order")) if of_order else chosen


def stands_before() -> Select[Any]:
    """A row of an order key that a new one may not overtake: one that runs, or that could be claimed now."""
    return select(C.seq).where(C.order_key == bindparam("order"), or_(C.state == RUNNING, _may_begin)).limit(1)


def claim(skip_locked: bool, of_order: bool = False) -> Update:
    """Lease the next row to an owner. ``attempts`` grows with every claim: it is the fencing token."""
    chosen = next_row(of_order)
    if skip_locked:
        chosen = chosen.with_for_update(skip_locked=True)
    return (
        update(inbox)
        .where(C.seq == chosen.scalar_subquery())
        .values(state=RUNNING, attempts=C.attempts + 1, owner=bindparam("by"), lease_until=bindparam("until"))
        .returning(C.id, C.key, C.body, C.attempts, C.created_at)
    )


def held() -> ColumnElement[bool]:
    """Still ours: nobody claimed the row since. Fenced work finds no row here."""
    return and_(C.id == bindparam("row"), C.state == RUNNING, C.attempts == bindparam("token"))
