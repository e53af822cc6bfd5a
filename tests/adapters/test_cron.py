"""When cron's fields are due, in zones whose clocks change."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.cron import SchedulerCron
from bot.domain.policy.crontab import parse_crontab

CRON = SchedulerCron()
BERLIN = "Europe/Berlin"


def at(text: str) -> float:
    return dt.datetime.fromisoformat(f"{text}+00:00").timestamp()


@pytest.mark.parametrize(
    ("expression", "zone", "after", "until", "due"),
    [
        ("0 9 * * *", "UTC", "2026-03-01T09:00", "2026-03-02T08:59", None),
        ("0 9 * * *", "UTC", "2026-03-01T08:59", "2026-03-01T09:00", "2026-03-01T09:00"),
        ("0 9 * * *", "UTC", "2026-03-01T08:59", "2026-03-20T10:00", "2026-03-20T09:00"),
        ("0 9 * * 1-5", "UTC", "2026-03-01T00:00", "2026-03-08T23:00", "2026-03-06T09:00"),  # a Friday
        ("0 9 * * 0", "UTC", "2026-03-01T10:00", "2026-03-09T23:00", "2026-03-08T09:00"),  # 0 is Sunday
        ("0 9 * * 7", "UTC", "2026-03-01T10:00", "2026-03-09T23:00", "2026-03-08T09:00"),
        ("0 9 * * fri-sun", "UTC", "2026-03-01T10:00", "2026-03-09T23:00", "2026-03-08T09:00"),
        ("0 9 13 * 5", "UTC", "2026-03-01T00:00", "2026-03-09T00:00", "2026-03-06T09:00"),  # either day
        ("0 9 13 * 5", "UTC", "2026-03-10T00:00", "2026-03-16T00:00", "2026-03-13T09:00"),
        ("0 0 29 2 *", "UTC", "2020-01-01T00:00", "2026-01-01T00:00", "2024-02-29T00:00"),
        ("0 0 29 2 *", "UTC", "2024-03-01T00:00", "2026-01-01T00:00", None),
        ("*/15 * * * *", "UTC", "2026-03-01T09:00", "2026-03-01T09:44", "2026-03-01T09:30"),
        ("0 9 * * *", "America/New_York", "2026-03-01T00:00", "2026-03-01T23:00", "2026-03-01T14:00"),
        ("0 9 * * *", BERLIN, "2026-03-28T00:00", "2026-03-29T12:00", "2026-03-29T07:00"),
        # 2 to 3 o'clock is left out
        ("30 2 * * *", BERLIN, "2026-03-28T12:00", "2026-03-29T01:29", None),
        ("30 2 * * *", BERLIN, "2026-03-28T12:00", "2026-03-29T01:30", "2026-03-29T01:30"),
        ("*/30 * * * *", BERLIN, "2026-03-29T00:00", "2026-03-29T01:10", "2026-03-29T01:00"),
        # 2 to 3 o'clock comes twice
        ("30 2 * * *", BERLIN, "2026-10-24T12:00", "2026-10-25T00:40", "2026-10-25T00:30"),
        ("30 2 * * *", BERLIN, "2026-10-24T12:00", "2026-10-25T01:10", "2026-10-25T00:30"),
        ("30 2 * * *", BERLIN, "2026-10-25T00:30", "2026-10-25T23:00", None),
        ("*/30 * * * *", BERLIN, "2026-10-25T00:30", "2026-10-25T01:10", "2026-10-25T01:00"),
        ("*/30 * * * *", BERLIN, "2026-10-25T01:00", "2026-10-25T01:40", "2026-10-25T01:30"),
        # half an hour
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00", "2026-10-04T00:00", "2026-10-03T15:45"),
    ],
)
def test_what_is_due(expression: str, zone: str, after: str, until: str, due: str | None) -> None:
    found = CRON.fires(expression, zone, at(after), at(until))
    assert found == (None if due is None else at(due))


def test_what_was_never_begun_and_is_long_ago_takes_no_time() -> None:
    assert CRON.fires("* * * * *", BERLIN, 0.0, at("2026-10-25T01:10")) == at("2026-10-25T01:10")


FIELDS = st.sampled_from(["0", "*", "*/7", "5,45", "10-20/5"])
EXPRESSIONS = st.tuples(
    FIELDS, st.sampled_from(["*", "2", "0,3,23", "*/6"]), st.sampled_from(["*", "1", "31", "13"]), st.just("*"),
    st.sampled_from(["*", "0", "mon-fri", "5-7"]),
)  # fmt: skip
ZONES = st.sampled_from([BERLIN, "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])


@settings(deadline=None)
@given(EXPRESSIONS, ZONES, st.integers(1_700_000_000, 1_900_000_000))
def test_a_time_that_is_due_fits_and_the_next_one_lies_behind_it(
    fields: tuple[str, ...], zone: str, until: int
) -> None:
    expression = " ".join(fields)
    found = CRON.fires(expression, zone, until - 40 * 86400.0, float(until))
    if found is None:
        return
    assert until - 40 * 86400.0 < found <= until
    assert CRON.fires(expression, zone, found, float(until)) is None
    assert CRON.fires(expression, zone, found - 1, found) == found
    wall, table = dt.datetime.fromtimestamp(found, ZoneInfo(zone)), parse_crontab(expression)
    shifted = wall.replace(tzinfo=None) != dt.datetime.fromtimestamp(found - 7200, ZoneInfo(zone)).replace(
        tzinfo=None
    ) + dt.timedelta(hours=2)
    assert shifted or (wall.minute in table.minutes and wall.hour in table.hours)
