"""Links to details pages: they last, they stay the same, and no two changes share one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.page_links import LASTS, PERIOD, expires_at, is_change_id, moment_in, page_link, signed_bytes

IDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)
MOMENTS = st.floats(1e6, 1e11)


@settings(deadline=None)
@given(IDS, MOMENTS)
def test_a_link_lasts_from_14_to_28_days(change: str, now: float) -> None:
    assert LASTS <= expires_at(change, now) - int(now) < LASTS + PERIOD


@settings(deadline=None)
@given(IDS, MOMENTS, st.floats(0, PERIOD))
def test_it_is_written_anew_at_most_once_a_fortnight(change: str, now: float, later: float) -> None:
    first, second = expires_at(change, now), expires_at(change, now + later)
    assert second - first in (0, PERIOD)
    assert expires_at(change, first - LASTS) == first


def test_changes_do_not_renew_theirs_at_the_same_moment() -> None:
    assert len({expires_at(f"01J{number:023d}", 1.8e9) % PERIOD for number in range(100)}) > 90


def test_what_is_signed_names_its_purpose_and_each_part_apart() -> None:
    assert signed_bytes("01A", 2) == b"slackops details page v1\x0001A\x002"
    assert signed_bytes("01A1", 2) != signed_bytes("01A", 12)


@pytest.mark.parametrize("root", ["https://bot.test", "https://bot.test/"])
def test_a_link(root: str) -> None:
    assert page_link(root, "01A", 7, "ab") == "https://bot.test/changes/01A?e=7&s=ab"


@pytest.mark.parametrize("text", ["", "-1", "0", "01", "1.5", "١٢", "9" * 13, " 7", "1e3"])
def test_odd_moments_are_none(text: str) -> None:
    assert moment_in(text) is None


@pytest.mark.parametrize(
    ("text", "may_be"), [("HAND0000000000000000000007", True), ("", False), ("../x", False), ("a" * 27, False)]
)
def test_ids(text: str, may_be: bool) -> None:
    assert is_change_id(text) is may_be
