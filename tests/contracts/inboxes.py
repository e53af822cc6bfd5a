"""The inboxes that the contract runs over: the fake, SQLite, PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import SqlInbox
from bot.domain.commands import Promote
from bot.domain.people import Person
from bot.ports.inbox import Inbox, Row
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox
from tests.support.store import BACKENDS, open_database

ANA = Person(team="T1", user="U1")
LEASE = 30.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def puts() -> list[int]:
    return []


@pytest.fixture(params=["fake", *BACKENDS])
def inbox(
    request: pytest.FixtureRequest, clock: FakeClock, puts: list[int], tmp_path: Path
) -> Iterator[FakeInbox | SqlInbox]:
    if request.param == "fake":
        yield FakeInbox(clock, lambda: puts.append(1))
        return
    database = open_database(request.param, request, tmp_path)
    yield SqlInbox(database, clock, lambda: puts.append(1))
    database.close()


def promote(model: str = "churn", version: str = "4") -> Promote:
    return Promote(by=ANA, model=model, version=version, environment="production")


def claim(inbox: Inbox, owner: str = "w1") -> Row:
    row = inbox.claim(owner, LEASE)
    assert row is not None
    return row
