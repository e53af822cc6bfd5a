"""What was done when, over SQL and in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store_sql import SqlDriftMemory
from bot.ports import DriftMemory
from tests.fakes.drift_memory import FakeDriftMemory
from tests.support.store import BACKENDS, open_database


@pytest.fixture(params=["fake", *BACKENDS])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DriftMemory]:
    if request.param == "fake":
        yield FakeDriftMemory()
        return
    database = open_database(request.param, request, tmp_path)
    yield SqlDriftMemory(database)
    database.close()


def test_what_was_never_done(memory: DriftMemory) -> None:
    assert memory.get("run:a") is None
    assert memory.starting("") == {}


def test_the_last_word_stands(memory: DriftMemory) -> None:
    memory.save("run:a", 1.5, "one")
    memory.save("run:a", 1.25, "twö\n")
    assert memory.get("run:a") == (1.25, "twö\n")


def test_keys_by_their_beginning(memory: DriftMemory) -> None:
    """Nothing in a prefix is a pattern, and upper case is not lower case."""
    for key in ("run:a", "run:%", "run_a", "RUN:a", "source:a"):
        memory.save(key, 1.0)
    assert sorted(memory.starting("run:")) == ["run:%", "run:a"]
    assert list(memory.starting("run:%")) == ["run:%"]
    assert list(memory.starting("run_")) == ["run_a"]


@pytest.mark.parametrize(
    ("before", "at", "moves"), [(None, 5.0, True), (4.0, 5.0, True), (5.0, 5.0, False), (6.0, 5.0, False)]
)
def test_a_claim(memory: DriftMemory, before: float | None, at: float, moves: bool) -> None:
    if before is not None:
        memory.save("digest:a", before, "kept")
    assert memory.claim("digest:a", at) is moves
    assert memory.claim("digest:a", at) is False
    assert memory.get("digest:a") == (max(at, before or 0.0), "" if before is None else "kept")


def test_what_is_old_is_forgotten(memory: DriftMemory) -> None:
    for key, at in (("a", 1.0), ("b", 2.0), ("c", 3.0)):
        memory.save(key, at)
    assert memory.forget(2.0) == 1
    assert sorted(memory.starting("")) == ["b", "c"]
