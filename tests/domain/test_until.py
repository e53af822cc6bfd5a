"""Ends that people write: durations and moments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.until import check_until, end_of
from bot.errors import Reason, Refused

NOW = 1_798_000_000.0  # 2026-12-23T04:26:40Z


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2h", 7_200),
        ("1h30m", 5_400),
        ("3d", 259_200),
        ("2026-12-24T18:00", 1_798_135_200 - NOW),
        ("2026-12-24T18:00Z", 1_798_135_200 - NOW),
        ("2026-12-24t18:00z", 1_798_135_200 - NOW),
        ("2026-12-24 18:00", 1_798_135_200 - NOW),
        ("2026-12-24T19:00+01:00", 1_798_135_200 - NOW),
        ("2026-12-24T19:00+0100", 1_798_135_200 - NOW),
        ("2026-12-24T18:00:30", 1_798_135_230 - NOW),
    ],
)
def test_ends(text: str, seconds: float) -> None:
    assert check_until(text) == text
    assert end_of(text, NOW) == NOW + seconds


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2", "0h", "-2h", "2h ago", "2026-12-24", "18:00", "2026-13-01T10:00", "2026-12-24T25:00",
     "20261224T18", "2026-12-24T18:00 CET", "0001-01-01T00:00+10:00", "٢h"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_how_to_write_one(text: str) -> None:
    for read in (check_until, lambda one: end_of(one, NOW)):
        with pytest.raises(Refused) as caught:
            read(text)
        assert caught.value.reason is Reason.BAD_USAGE
        assert "2026-12-24T18:00" in (caught.value.unblock or "")


@pytest.mark.parametrize(
    ("text", "word"),
    [("2026-12-23T04:00", "over already"), ("2199-01-01T00:00", "ten years"), ("9999-12-31T23:59", "ten")],
)
def test_a_moment_must_lie_ahead_and_not_too_far(text: str, word: str) -> None:
    assert check_until(text) == text
    with pytest.raises(Refused, match=word):
        end_of(text, NOW)


@given(st.text(max_size=30) | st.from_regex(r"[0-9T:+ Z.-]{1,25}", fullmatch=True))
def test_nothing_but_an_end_or_a_refusal(text: str) -> None:
    try:
        assert end_of(text, NOW) > NOW
    except Refused as why:
        assert why.reason is Reason.BAD_USAGE
