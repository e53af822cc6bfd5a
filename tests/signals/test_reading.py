"""What the parsers believe: times, names, commits, words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.signal import MESSAGE_LIMIT
from bot.signals.reading import is_commit, moment, name, newest, qualified, words


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:01Z", 1.0),
        ("1970-01-01T02:00:01+02:00", 1.0),
        ("1970-01-01t00:00:01.5z", 1.5),
        ("2026-11-21T00:23:35.755403534Z", 1795220615.755403),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("2026-11-21T00:23:35", None),
        ("2026-11-21", None),
        ("2026-13-21T00:00:00Z", None),
        ("2026-11-21T24:00:01Z", None),
        ("2026-11-21T00:23:35+99:00", None),
        ("٢٠٢٦-11-21T00:23:35Z", None),
        ("2026-11-21T00:23:35." + "1" * 100 + "Z", None),
        ("", None),
        (None, None),
        (1795220615, None),
    ],
)
def test_moment(text: object, seconds: float | None) -> None:
    assert moment(text) == (None if seconds is None else pytest.approx(seconds, abs=1e-5))


def test_newest() -> None:
    assert newest("1970-01-01T00:00:01Z", None, "1970-01-01T00:00:03Z", "no", "1970-01-01T00:00:02Z") == 3
    assert newest("no", None) is None


@pytest.mark.parametrize("good", ["churn", "fraud detector", "ns/churn", "größe", "x" * 256])
def test_a_name_stays_as_it_is(good: str) -> None:
    assert name(good) == good


@pytest.mark.parametrize("bad", ["", " a", "a ", "a\nb", "a\0", "\u202e", "\ud800", "x" * 257, None, 7, ["a"]])
def test_what_is_no_name(bad: object) -> None:
    assert name(bad) is None


def test_qualified() -> None:
    assert qualified("argocd", "churn") == "argocd/churn"
    assert qualified(None, "churn") == "churn"
    assert qualified("argocd", "") is None


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("a" * 40, True),
        ("0123456789abcdef" * 4, True),
        ("0" * 40, False),
        ("A" * 40, False),
        ("a" * 41, False),
        ("a" * 40 + "\n", False),
        ("main", False),
        (None, False),
        (40, False),
    ],
)
def test_is_commit(value: object, is_one: bool) -> None:
    assert is_commit(value) is is_one


@given(st.text(st.characters(), max_size=1200))
def test_words_can_be_stored_and_are_cut(text: str) -> None:
    found = words(text)
    assert len(found) <= MESSAGE_LIMIT
    assert found.encode().decode() == found
    assert not set(found) & {chr(c) for c in range(32) if chr(c) not in "\n\t"}


def test_words_are_kept() -> None:
    assert words(" 2 of 3 pods\n\x1b[31m down ") == "2 of 3 pods\n [31m down"
    assert words({"not": "text"}) == ""
