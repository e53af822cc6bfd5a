"""Whether the row that this thread carries out is still its own: asked right before what cannot be taken back.

A heartbeat may come too late: a machine that was put to sleep, a process that got no time, a store that was locked.
Then another worker carries the row out as well, and only whoever holds it may still speak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from bot.errors import LeaseLost
from bot.ports.inbox import Inbox, Row

_renew: ContextVar[Callable[[], bool] | None] = ContextVar("renew", default=None)


@contextmanager
def holding(inbox: Inbox, row: Row, lease: float) -> Iterator[None]:
    """What runs in here works for ``row``, which is leased for ``lease`` seconds at a time."""
    before = _renew.set(partial(inbox.heartbeat, row, lease))
    try:
        yield
    finally:
        _renew.reset(before)


def hold() -> None:
    """Begin a whole new lease. Raises LeaseLost where the row was taken over; nothing happens outside of a row."""
    renew = _renew.get()
    if renew is not None and not renew():
        raise LeaseLost("the row was taken over by another worker meanwhile")
