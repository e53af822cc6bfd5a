"""How far a source was read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.drifting.cursor import FIRST, OVERLAP, SETTLE, Cursor, dump, is_new, load, moved
from bot.ports import DriftFile

NOW = 1_800_000_000.0


def file(name: str, modified: float, tag: str = "t") -> DriftFile:
    return DriftFile(name, tag, modified, 1)


@pytest.mark.parametrize(
    ("modified", "tag", "new"),
    [
        (NOW - 100, "t", False),
        (NOW - 100, "other", True),
        (NOW - 50, "t", False),  # the tag is what tells
        (NOW - 100 - OVERLAP - 1, "other", False),
        (NOW - SETTLE + 1, "other", False),
        (NOW + 1, "other", True),
    ],
)
def test_what_is_new(modified: float, tag: str, new: bool) -> None:
    cursor = moved(Cursor(NOW - FIRST), [file("a", NOW - 100)], NOW)
    assert is_new(cursor, file("a", modified, tag), NOW) is new


def test_it_is_read_back_as_it_was_written() -> None:
    cursor = moved(load(None, NOW), [file("ä", NOW - 100)], NOW)
    assert load(dump(cursor), NOW) == cursor
    assert load(None, NOW) == Cursor(NOW - FIRST)


TIMES = st.lists(st.floats(NOW - FIRST, NOW + FIRST), max_size=30)


@settings(deadline=None)
@given(st.lists(TIMES, max_size=5))
def test_nothing_is_read_twice_and_little_is_remembered(turns: list[list[float]]) -> None:
    cursor, number = load(None, NOW), 0
    for times in turns:
        files = []
        for at in times:
            files.append(file(f"f{number}", at))
            number += 1
        cursor = moved(cursor, files, NOW)
        assert not any(is_new(cursor, one, NOW) for one in files)
        assert cursor.since <= NOW
        assert all(at >= cursor.begin for at in cursor.read.values())
