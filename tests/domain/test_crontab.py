"""Cron's five fields: what they mean, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy.crontab import parse_crontab


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("*/20 * * * *", "minutes", {0, 20, 40}),
        ("5-15/5,50 * * * *", "minutes", {5, 10, 15, 50}),
        ("50/5 * * * *", "minutes", {50, 55}),
        ("0 0 * jan,Mar-MAY *", "months", {1, 3, 4, 5}),
        ("0 0 * * 0", "weekdays", {0}),
        ("0 0 * * 7", "weekdays", {0}),
        ("0 0 * * 1-7", "weekdays", set(range(7))),
        ("0 0 * * sat-sun", "weekdays", {6, 0}),
        ("0 0 * * */2", "weekdays", {0, 2, 4, 6}),
        ("0 0 31 1,2 *", "days", {31}),
    ],
)
def test_what_a_field_means(text: str, name: str, values: set[int]) -> None:
    assert getattr(parse_crontab(text), name) == values


@pytest.mark.parametrize(
    ("text", "either"),
    [("0 0 1 * 1", True), ("0 0 * * 1", False), ("0 0 1 * *", False), ("0 0 */2 * 1", False)],
)
def test_either_day_is_enough_where_both_are_restricted(text: str, either: bool) -> None:
    assert parse_crontab(text).either_day is either


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 9 * *", "five cron fields"),
        ("0 9  * * *", "five cron fields"),
        ("@daily", "five cron fields"),
        ("60 9 * * *", "'60' is no minute"),
        ("0 24 * * *", "'24' is no hour"),
        ("0 9 0 * *", "'0' is no day of the month"),
        ("0 9 * foo *", "'foo' is no month"),
        ("0 9 * * 8", "'8' is no day of the week"),
        ("0 9 * * 5-1", "'5-1' is no day of the week"),
        ("*/0 9 * * *", "'*/0' is no minute"),
        ("1,,2 9 * * *", "'' is no minute"),
        ("-1 9 * * *", "'-1' is no minute"),
        ("0 9 30 2 *", "no day 30 ever comes in month 2"),
        ("0 9 31 4,6 *", "no day 31 ever comes"),
        ("٣ 9 * * *", "is no minute"),
        (f"{'1,' * 200}1 * * * *", "five cron fields"),
    ],
)
def test_what_is_none(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        parse_crontab(text)
    assert words in str(refused.value)


@settings(deadline=None)
@given(st.text(alphabet="0123456789*/-, abcmonfri", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        table = parse_crontab(text)
    except ValueError:
        return
    assert all((table.minutes, table.hours, table.days, table.months, table.weekdays))
