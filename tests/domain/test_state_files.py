"""The files of the state branch: what is written is read again, and what is broken is never half believed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person
from bot.domain.state_files import BrokenState, format_bans, format_freezes, parse_bans, parse_freezes
from bot.domain.stops import Banned, Frozen

ANA = Person(team="T1", user="U0ANA")
text = st.text(max_size=40)
name = st.text(min_size=1, max_size=40)
times = st.integers(1_000_000_000, 4_000_000_000).map(float)
freeze = st.builds(Frozen, name, st.none() | name, st.just(ANA), times, text, st.none() | times, st.none() | text)
ban = st.builds(Banned, name, name, st.just(ANA), times, text, st.none() | text, st.none() | text)


@given(st.lists(freeze, max_size=5), st.randoms())
def test_freezes_are_read_as_they_were_written_in_one_order(freezes: list[Frozen], random: object) -> None:
    data = format_freezes(freezes)
    assert sorted(map(repr, parse_freezes(data))) == sorted(map(repr, freezes))
    assert parse_freezes(format_freezes(parse_freezes(data))) == parse_freezes(data)


@given(st.lists(ban, max_size=5))
def test_bans_are_read_as_they_were_written(bans: list[Banned]) -> None:
    assert sorted(map(repr, parse_bans(format_bans(bans)))) == sorted(map(repr, bans))


def test_the_file_is_for_people() -> None:
    data = format_freezes([Frozen("production", "fraud", ANA, 1_798_000_000.7, "01A", 1_798_135_200.0, "é", "ana")])
    assert json.loads(data) == {
        "version": 1,
        "freezes": [
            {
                "environment": "production",
                "model": "fraud",
                "until": "2026-12-24T18:00:00Z",
                "reason": "é",
                "by": "slack:T1/U0ANA",
                "login": "ana",
                "since": "2026-12-23T04:26:40Z",
                "id": "01A",
            }
        ],
    }
    assert data.endswith(b"]\n}\n")
    assert "é".encode() in data


def test_no_file_is_nothing() -> None:
    assert parse_freezes(None) == ()
    assert parse_bans(None) == ()


def test_what_people_may_leave_out() -> None:
    least = {"model": "m", "version": "4", "by": "slack:T1/U1", "since": "2026-01-01T00:00:00Z"}
    assert parse_bans(json.dumps({"version": 1, "bans": [least]}).encode()) == (
        Banned("m", "4", Person(team="T1", user="U1"), 1_767_225_600.0, ""),
    )


GOOD = {"environment": "p", "by": "slack:T1/U1", "since": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no JSON"),
        (b"<<<<<<< HEAD\n{}", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "the file"),
        (b"{}", "version"),
        (b'{"version": 2, "freezes": []}', "version"),
        (b'{"version": 1, "freezes": [], "freezes": []}', "twice"),
        (b'{"version": 1, "freezes": [], "more": 1}', "more"),
        (json.dumps({"version": 1, "freezes": [{**GOOD, "untill": None}]}).encode(), "freezes.0.untill"),
        (json.dumps({"version": 1, "freezes": [{**GOOD, "until": "2026-01-01T00:00:00"}]}).encode(), "freezes.0.until"),
        (json.dumps({"version": 1, "freezes": [{**GOOD, "until": "9999-12-31T00:00:00Z"}]}).encode(), "no time"),
        (json.dumps({"version": 1, "freezes": [{**GOOD, "by": "ana"}]}).encode(), "freezes.0.by"),
        (json.dumps({"version": 1, "freezes": [{**GOOD, "environment": ""}]}).encode(), "freezes.0.environment"),
        (b" " * 1_000_001, "1000001 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_file_is_a_fault_with_its_place(data: bytes, word: str) -> None:
    with pytest.raises(BrokenState, match=word) as caught:
        parse_freezes(data)
    assert str(caught.value).startswith("freezes.json")
    assert len(str(caught.value)) < 300


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_nothing_but_freezes_or_a_fault(data: bytes) -> None:
    try:
        assert parse_freezes(data) == ()
    except BrokenState as why:
        assert str(why)
