"""What the registry said last, over SQL and in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import SqlRegistryMemory
from bot.domain.registry_events import RegistryState
from bot.ports import RegistryMemory
from tests.fakes.registry_memory import FakeRegistryMemory
from tests.support.store import BACKENDS, open_database


@pytest.fixture(params=["fake", *BACKENDS])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RegistryMemory]:
    if request.param == "fake":
        yield FakeRegistryMemory()
        return
    database = open_database(request.param, request, tmp_path)
    yield SqlRegistryMemory(database)
    database.close()


def test_what_was_never_seen(memory: RegistryMemory) -> None:
    assert memory.get("fraud") is None


def test_the_last_look_stands(memory: RegistryMemory) -> None:
    memory.save(RegistryState("fraud", {"champion": "1"}, {"1": {}}), 1.0)
    tags = {"2": {"gate": "passed\n"}, "1": {}}
    seen = RegistryState("fraud", {"champion": "2", "ä": "1"}, tags, {"2": "5f"}, 7, ("a@1", "b@2"))
    memory.save(seen, 2.0)
    memory.save(RegistryState("", {"fraud": ""}), 2.0)
    found = memory.get("fraud")
    assert found is not None
    assert (found, found.look, found.rules) == (seen, 7, ("a@1", "b@2"))
